"""A real WordPress."""
