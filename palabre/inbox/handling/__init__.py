"""What colleagues do with conversations beside answering: watch, merge and split them, keep views of them."""
