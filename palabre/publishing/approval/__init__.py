"""Approval: who is asked, in which order, and what they decide."""
