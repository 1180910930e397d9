"""Rooms, messages and people by their ids, and the addresses under which a person opens them.

Read on 2026-11-23: https://spec.matrix.org/v1.16/appendices/#common-identifier-format
"""

import re
from urllib.parse import quote

_MESSAGE = re.compile(r"(?P<room>![^/\s]{1,254})/(?P<event>\$\S{1,254})")
ROOM = re.compile(r"[!#][^/\s]{1,254}")
PERSON = re.compile(r"@[^\s:]{0,250}:[^\s/]{1,250}")


def message_id(room: str, event: str) -> str:
    """The id of a message: its room's and its own."""
    return f"{room}/{event}"


def place_of(message: str) -> tuple[str, str]:
    """The room and the event of a message's id; empty for what is none."""
    found = _MESSAGE.fullmatch(message)
    return (found["room"], found["event"]) if found else ("", "")


def address(*ids: str, via: str = "") -> str:
    """Where a room, a message in it or a person is opened, with any program of Matrix.

    `via`: a server that knows the room.
    """
    asked = f"?via={quote(via)}" if via else ""
    return "https://matrix.to/#/" + "/".join(quote(one, safe="!@:$") for one in ids) + asked
