"""What a brand lets be done by itself with what is said to it: conditions, dry run, running."""
