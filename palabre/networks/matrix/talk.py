"""Messages as a homeserver has them, read as plain values. Pure.

Read on 2026-11-23: https://spec.matrix.org/v1.16/client-server-api/#instant-messaging
"""

import re
from collections.abc import Mapping
from typing import Any

from palabre.networks.items import ItemKind, RemoteAuthor, RemoteItem
from palabre.networks.matrix.places import PERSON, address, message_id
from palabre.networks.shapes import moment_of, table, text, word

Event = Mapping[str, Any]

_FALLBACK = re.compile(r"\A(?:> [^\n]*\n?)+\n?")
"""What older programs put before an answer: the words that are answered, again."""
_FILES = ("m.image", "m.video", "m.audio", "m.file", "m.sticker")


def id_of(event: Event) -> str:
    """The id of an event, "" for what has none."""
    known = word(event.get("event_id"))
    return known if known.startswith("$") else ""


def parent_of(event: Event) -> str:
    """The event that is answered: below a thread its root, where nothing else is meant; "" for none."""
    relation = table(table(event.get("content")).get("m.relates_to"))
    answered = word(table(relation.get("m.in_reply_to")).get("event_id"))
    if relation.get("rel_type") == "m.thread" and (not answered or relation.get("is_falling_back")):
        return word(relation.get("event_id"))
    return answered


def changed_by(event: Event) -> str:
    """The event whose words this one changes, "" for none."""
    relation = table(table(event.get("content")).get("m.relates_to"))
    return word(relation.get("event_id")) if relation.get("rel_type") == "m.replace" else ""


def emptied_by(event: Event) -> str:
    """The event that this one takes away, "" for none. Newer rooms say it inside the content."""
    if event.get("type") != "m.room.redaction":
        return ""
    return word(event.get("redacts")) or word(table(event.get("content")).get("redacts"))


def words_of(content: Mapping[str, Any], *, answers: bool) -> str:
    """What was written; of a file its caption, else its name."""
    said = text(content.get("body"))
    if answers:
        said = _FALLBACK.sub("", said)
    if content.get("msgtype") == "m.emote":
        said = f"* {said}"
    if content.get("msgtype") in _FILES:
        said = f"📎 {said}"
    return said.strip()


def author_of(user: str, name: str = "") -> RemoteAuthor | None:
    """Somebody, as the room names them; None for what is no id of a person."""
    if not PERSON.fullmatch(user):
        return None
    return RemoteAuthor(
        remote_id=user,
        handle=user.removeprefix("@"),
        name=name or user.removeprefix("@").partition(":")[0],
        url=address(user),
    )


def item_of(
    event: Event, room: Mapping[str, Any], *, words: Mapping[str, Any] | None = None
) -> RemoteItem | None:
    """A message of a room; `words`: the content that took the place of its own. None for anything else."""
    place, known = word(room.get("id")), id_of(event)
    content = table(event.get("content"))
    if not place.startswith("!") or not known or event.get("type") != "m.room.message" or changed_by(event):
        return None
    parent = parent_of(event)
    sender = word(event.get("sender"))
    latest = table(event.get("latest"))
    if words is None and latest.get("sender") == sender:
        words = table(table(latest.get("content")).get("m.new_content"))
    said = words_of(words or content, answers=bool(parent))
    stamp = event.get("origin_server_ts")
    if not said:
        return None
    return RemoteItem(
        remote_id=message_id(place, known),
        url=address(place, known, via=word(room.get("via"))),
        text=said,
        kind=ItemKind.REPLY if parent else ItemKind.POST,
        author=author_of(sender, word(table(room.get("names")).get(sender))),
        published_at=moment_of(stamp / 1000) if isinstance(stamp, int) else None,
        outlet=word(room.get("via")),
        thread_id=place,
        reply_to=message_id(place, parent) if parent else place,
    )


def room_of(room: Mapping[str, Any]) -> RemoteItem | None:
    """The room itself, under which all of it hangs."""
    place = word(room.get("id"))
    if not place.startswith("!"):
        return None
    return RemoteItem(
        remote_id=place,
        url=address(place, via=word(room.get("via"))),
        text="",
        title=word(room.get("name")) or place,
        kind=ItemKind.PAGE,
        outlet=word(room.get("via")),
        thread_id=place,
    )
