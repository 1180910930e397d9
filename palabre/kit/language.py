"""Which of the two languages a terminal speaks: pages choose theirs through Django instead."""

import os
from typing import Literal

Language = Literal["fr", "en"]


def terminal_language() -> Language:
    """The language of messages on a terminal: French unless the environment asks for English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "fr"
    return "fr"
