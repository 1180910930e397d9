"""With which account the brand speaks: channels, their secrets, their health, their budgets."""
