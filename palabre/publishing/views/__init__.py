"""Pages of the way out."""
