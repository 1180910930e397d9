"""Recurring contents: a rule says when, wordings take turns, occurrences become ordinary contents ahead."""
