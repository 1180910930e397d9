"""Saved replies: written once in several wordings, put into an answer with what is known filled in."""
