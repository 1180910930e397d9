"""What is said in the rooms of an account: what is new since the last visit, then the gaps it left.

A homeserver gives at once only the last words of each room: what lies between them and the visit before
is a gap, walked backwards page by page. Read on 2026-11-23:
https://spec.matrix.org/v1.16/client-server-api/#syncing
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from palabre.networks.contract import Address, Cursor, Page, RemoteItem, Said, Session
from palabre.networks.errors import Gone, NotPermitted, Rejected, UnexpectedAnswer
from palabre.networks.matrix.calls import asked, host, of
from palabre.networks.matrix.places import address, message_id
from palabre.networks.matrix.talk import (
    Event,
    author_of,
    changed_by,
    emptied_by,
    id_of,
    item_of,
    parent_of,
    room_of,
)
from palabre.networks.shapes import count, moment_of, rows, table, word

EAR = "rooms"
PAST, MOST = timedelta(days=30), 200
"""How far back the first visit goes: at most so many messages."""
AT_ONCE, PAGE = 50, 100
_KINDS = ["m.room.message", "m.room.redaction"]
_SYNC = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"types": _KINDS, "limit": AT_ONCE},
            "state": {"types": ["m.room.member"], "lazy_load_members": True},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
        },
    }
)
_BACK = json.dumps({"types": _KINDS, "lazy_load_members": True})


class Hearing:
    """One ear. Cursor: `since` of the homeserver, the `gaps` still to walk, `left` at the first visit."""

    async def hear(self, session: Session, ear: str, cursor: Cursor | None) -> Page:
        """What is new in every room, or one page back into a gap."""
        if ear != EAR:
            raise Rejected("unknown_watch", kind=ear)
        kept = table(cursor)
        gaps = [table(gap) for gap in rows(kept.get("gaps"))]
        if gaps:
            return await _back(session, kept, gaps)
        return await _news(session, word(kept.get("since")))

    def said(self, raw: Any, ear: str, account: str) -> Said | None:
        """One message, its change, or its removal."""
        told = table(raw)
        event, room = table(told.get("event")), table(told.get("room"))
        above = room_of(room)
        if above is None:
            return None
        if gone := emptied_by(event):
            return _removed(above, gone)
        first = table(told.get("first"))
        changed = changed_by(event)
        if changed and (id_of(first) != changed or first.get("sender") != event.get("sender")):
            return None  # somebody else’s words are not changed by a stranger
        words = table(table(event.get("content")).get("m.new_content"))
        item = item_of(first, room, words=words) if changed else item_of(event, room)
        if item is None or item.author is None:
            return None
        parent = item_of(table(told.get("above")), room)
        parent = parent if parent is not None and parent.remote_id == item.reply_to else None
        ours = item.author.remote_id == account
        counterpart = None
        if ours:
            other = word(room.get("other"))
            counterpart = (
                parent.author if parent else author_of(other, word(table(room.get("names")).get(other)))
            )
        return Said(
            item=item,
            address=Address.OURS if ours else _address(event, parent, room, account),
            above=tuple(one for one in (above, parent) if one is not None),
            counterpart=None if counterpart == item.author else counterpart,
        )


def _removed(above: RemoteItem, event: str) -> Said:
    item = RemoteItem(
        remote_id=message_id(above.remote_id, event),
        url=address(above.remote_id, event),
        text="",
        thread_id=above.remote_id,
        deleted=True,
    )
    return Said(item=item, address=Address.COMMENT)


def _address(event: Event, parent: RemoteItem | None, room: Mapping[str, Any], account: str) -> Address:
    """Why it reaches the account: in private, to it, naming it, or in a room it takes part in."""
    if room.get("direct"):
        return Address.MESSAGE
    if parent is not None and parent.author is not None and parent.author.remote_id == account:
        return Address.REPLY
    content = table(event.get("content"))
    named = rows(table(content.get("m.mentions")).get("user_ids"))
    body = content.get("body")
    if account in named or (isinstance(body, str) and account in body):
        return Address.MENTION
    return Address.COMMENT


async def _news(session: Session, since: str) -> Page:
    """Since the last visit; what a homeserver leaves out becomes a gap."""
    params = {"timeout": "0", "filter": _SYNC} | ({"since": since} if since else {})
    told = await asked(session, "GET", "/sync", params=params)
    reached = word(told.get("next_batch"))
    if not reached:
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="next_batch")
    raw: list[dict[str, Any]] = []
    gaps = []
    for place, joined in table(table(told.get("rooms")).get("join")).items():
        timeline = table(table(joined).get("timeline"))
        events = [table(event) for event in rows(timeline.get("events"))]
        state = rows(table(table(joined).get("state")).get("events"))
        fresh = events if since else [event for event in events if _recent(session, event)]
        raw += await _raw(session, str(place), _once(fresh, first=not since), state)
        if (
            timeline.get("limited")
            and (back := word(timeline.get("prev_batch")))
            and len(fresh) == len(events)
        ):
            gaps.append({"room": str(place), "from": back, "to": since})
    cursor: dict[str, Any] = {"since": reached}
    left = MOST - len(raw)
    if gaps and (since or left > 0):
        cursor |= {"gaps": gaps} | ({} if since else {"left": left})
    return Page(raw=tuple(raw), cursor=cursor, more="gaps" in cursor)


async def _back(session: Session, kept: Mapping[str, Any], gaps: Sequence[Mapping[str, Any]]) -> Page:
    """One page further back into the first gap."""
    gap, left = gaps[0], count(kept.get("left"))
    room, end = word(gap.get("room")), word(gap.get("to"))
    limit = PAGE if left is None else min(PAGE, max(left, 1))
    params = {"dir": "b", "from": word(gap.get("from")), "limit": str(limit), "filter": _BACK}
    path = f"/rooms/{of(room)}/messages"
    try:
        told = await asked(session, "GET", path, params=params | ({"to": end} if end else {}))
    except (NotPermitted, Gone) as error:
        if error.code not in ("forbidden", "gone"):
            raise
        told = {}  # the account was put out of this room since: the rest of its words is not ours to read
    found = [table(event) for event in rows(told.get("chunk"))]
    fresh = found if end else [event for event in found if _recent(session, event)]
    raw = await _raw(session, room, _once(fresh, first=not end), rows(told.get("state")))
    further = word(told.get("end"))
    over = not further or further == gap.get("from") or len(fresh) < len(found)
    ahead = [dict(one) for one in gaps[1:]]
    if not over:
        ahead.insert(0, {**gap, "from": further})
    cursor: dict[str, Any] = {"since": word(kept.get("since"))}
    remaining = None if left is None else left - len(found)
    if ahead and (remaining is None or remaining > 0):
        cursor |= {"gaps": ahead} | ({} if remaining is None else {"left": remaining})
    return Page(raw=tuple(raw), cursor=cursor, more="gaps" in cursor)


def _recent(session: Session, event: Event) -> bool:
    stamp = event.get("origin_server_ts")
    said = moment_of(stamp / 1000) if isinstance(stamp, int) else None
    return said is None or said >= session.now() - PAST


async def _raw(
    session: Session, place: str, events: Sequence[Event], state: Sequence[Any]
) -> list[dict[str, Any]]:
    """Each event with its room, what it answers and what it changes."""
    if not events:
        return []
    here = {id_of(event): event for event in events}
    beside = {parent_of(event) for event in events} | {changed_by(event) for event in events}
    for missing in sorted(beside - {""} - set(here)):
        here[missing] = await _event(session, place, missing)
    for event in list(here.values()):  # what a changed message answers
        if (parent := parent_of(event)) and parent not in here:
            here[parent] = await _event(session, place, parent)
    names = {
        word(member.get("state_key")): word(table(member.get("content")).get("displayname"))
        for member in map(table, state)
        if member.get("type") == "m.room.member"
    }
    senders = {word(event.get("sender")) for event in here.values() if event}
    for sender in sorted(senders - set(names)):
        names[sender] = await _name(session, place, sender)
    room = await _room(session, place, names)
    raw = []
    for event in events:
        first = here.get(changed_by(event)) if changed_by(event) else None
        parent = parent_of(first or event)
        raw.append(
            {
                "event": _kept(event),
                "room": room,
                "first": _kept(first) if first else None,
                "above": _kept(here[parent]) if here.get(parent) else None,
            }
        )
    return raw


def _once(events: Sequence[Event], *, first: bool) -> list[Event]:
    """Without a message that is changed on the same page. A message is given with its latest words, so
    that at the first visit, which goes through them all, the changes say nothing more."""
    if first:
        return [event for event in events if not changed_by(event)]
    changed = {changed_by(event) for event in events}
    return [event for event in events if id_of(event) not in changed]


def _kept(event: Event) -> dict[str, Any]:
    """What is read of an event, and nothing else."""
    names = ("type", "event_id", "sender", "origin_server_ts", "content", "redacts")
    latest = table(table(table(event.get("unsigned")).get("m.relations")).get("m.replace"))
    words = (
        {"latest": {name: latest[name] for name in ("sender", "content") if name in latest}} if latest else {}
    )
    return {name: event[name] for name in names if name in event} | words


async def _event(session: Session, place: str, event: str) -> Event:
    """One event of a room; nothing where it cannot be seen."""
    try:
        return await asked(session, "GET", f"/rooms/{of(place)}/event/{of(event)}")
    except (Rejected, Gone, NotPermitted):
        return {}


async def _name(session: Session, place: str, user: str) -> str:
    try:
        path = f"/rooms/{of(place)}/state/m.room.member/{of(user)}"
        return word((await asked(session, "GET", path)).get("displayname"))
    except (Rejected, Gone, NotPermitted):
        return ""


async def _room(session: Session, place: str, names: Mapping[str, str]) -> dict[str, Any]:
    """A room as it shows: one without name and address is a private conversation, named by who is there."""
    name, alias = await _state(session, place, "name"), await _state(session, place, "canonical_alias")
    shown = word(name.get("name")) or word(alias.get("alias"))
    room: dict[str, Any] = {"id": place, "name": shown, "via": host(session), "names": dict(names)}
    if shown:
        return room
    told = await asked(session, "GET", f"/rooms/{of(place)}/joined_members")
    own = word((await asked(session, "GET", "/account/whoami")).get("user_id"))
    others = {
        str(user): word(table(who).get("display_name")) for user, who in table(told.get("joined")).items()
    }
    others.pop(own, None)
    room |= {"direct": True, "name": ", ".join(name or user for user, name in sorted(others.items()))[:200]}
    if len(others) == 1:
        ((user, called),) = others.items()
        room |= {"other": user, "names": {**names, user: called}}
    return room


async def _state(session: Session, place: str, kind: str) -> Mapping[str, Any]:
    try:
        return await asked(session, "GET", f"/rooms/{of(place)}/state/m.room.{kind}")
    except (Rejected, Gone, NotPermitted):
        return {}
