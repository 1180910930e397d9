"""Approval of answers: who is asked, and what they decide."""
