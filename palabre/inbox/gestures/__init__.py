"""What the account does beside answering: likes, reposts, and what becomes of an answer once it was sent."""
