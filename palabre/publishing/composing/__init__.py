"""Composing: what a content says, on each channel, and what helps to write it."""
