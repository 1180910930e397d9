"""Messages: one write each, under an id of its own that a homeserver takes once, and found by the key inside.

Read on 2026-11-23: https://spec.matrix.org/v1.16/client-server-api/#sending-events-to-a-room
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from palabre.networks.answers import json_of
from palabre.networks.checks import problems
from palabre.networks.contract import Session
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NotPermitted,
    OutcomeUnknown,
    Problem,
    Rejected,
    UnexpectedAnswer,
)
from palabre.networks.matrix.calls import asked, call, host, of
from palabre.networks.matrix.places import PERSON, address, message_id, place_of
from palabre.networks.outgoing import Media, Outgoing, Published, Sent, after, next_step
from palabre.networks.rules import MediaKind, answering, rules_of
from palabre.networks.shapes import count, moment_of, rows, table, word

KEY = "org.palabre.key"
"""The name, inside a message, of the key of its delivery; no program of Matrix shows it."""
PAGES = 20
_SKEW = timedelta(minutes=10)
"""The clock of a homeserver is its own."""
_GONE = Problem(field="reply_to", code="reply_target_missing")
_KINDS = {
    MediaKind.IMAGE: "m.image",
    MediaKind.GIF: "m.image",
    MediaKind.VIDEO: "m.video",
    MediaKind.AUDIO: "m.audio",
}


class Publishing:
    """One message a content."""

    async def limits(self, session: Session) -> Mapping[str, Any]:
        """The bytes that a file may have here."""
        try:
            told = await asked(session, "GET", "/media/config", base="/_matrix/client/v1")
        except (Rejected, Gone):
            told = await asked(session, "GET", "/config", base="/_matrix/media/v3")
        most = count(told.get("m.upload.size"))
        return {"media": {kind.value: {"max_bytes": most} for kind in MediaKind}} if most else {}

    async def check(self, session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
        """The rules, and whether what is answered still stands."""
        found = _refused(session, outgoing)
        if outgoing.reply_to is not None and not await _answered(session, outgoing):
            found += (_GONE,)
        return found

    async def publish(self, session: Session, outgoing: Outgoing, done: tuple[Sent, ...] = ()) -> Published:
        """The message, unless it stands already under its key."""
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        refused = _refused(session, outgoing)
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        there = await self.find(session, outgoing, done)
        if there is not None:
            return there
        content = await _content(session, outgoing)
        room = _room(session, outgoing)
        event = await send(session, room, "m.room.message", outgoing.key, content, write=True)
        return after(outgoing, done, _sent(session, step, room, event))

    async def find(
        self,
        session: Session,
        outgoing: Outgoing,
        done: tuple[Sent, ...] = (),
        taken: frozenset[str] = frozenset(),
    ) -> Published | None:
        """By the key inside, among what the account said in the room since it was begun.

        Raises `OutcomeUnknown` where so much was said that its beginning is not reached.
        """
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        room = _room(session, outgoing)
        if not room:
            return None
        since, start = outgoing.begun_at - _SKEW, ""
        for _ in range(PAGES):
            params = {"dir": "b", "limit": "100"} | ({"from": start} if start else {})
            told = await asked(session, "GET", f"/rooms/{of(room)}/messages", params=params)
            if not isinstance(told.get("chunk"), list):
                raise UnexpectedAnswer("other_shape", host=host(session), excerpt="chunk")
            for event in map(table, rows(told["chunk"])):
                mine = table(event.get("content")).get(KEY) == outgoing.key
                if mine and event.get("sender") == session.account:
                    return after(outgoing, done, _sent(session, step, room, event))
                stamp = event.get("origin_server_ts")
                at = moment_of(stamp / 1000) if isinstance(stamp, int) else None
                if at is not None and at < since:
                    return None
            start = word(told.get("end"))
            if not start:
                return None
        raise OutcomeUnknown("cannot_tell", host=host(session))

    async def edit(self, session: Session, outgoing: Outgoing, sent: tuple[Sent, ...]) -> tuple[Sent, ...]:
        """A message that takes the place of the words of the first one."""
        refused = _refused(session, outgoing)
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        (one,) = sent
        room, event = place_of(one.remote_id)
        words = await _content(session, replace(outgoing, reply_to=None))
        words.pop(KEY)
        content = {
            **words,
            "body": f"* {words['body']}",
            "m.new_content": words,
            "m.relates_to": {"rel_type": "m.replace", "event_id": event},
        }
        mark = sha256(repr(sorted(words.items())).encode()).hexdigest()[:16]
        await send(session, room, "m.room.message", f"{outgoing.key}-{mark}", content)
        return sent

    async def delete(self, session: Session, sent: tuple[Sent, ...]) -> None:
        """Emptied; what is empty already is no fault."""
        for one in reversed(sent):
            room, event = place_of(one.remote_id)
            try:
                await redact(session, room, event, f"{event}-empty")
            except (Rejected, Gone) as error:
                if error.code not in ("not_found", "gone"):
                    raise


async def send(
    session: Session, room: str, kind: str, mark: str, content: Mapping[str, Any], *, write: bool = False
) -> Mapping[str, Any]:
    """The event that was made, with its id; the same `mark` twice makes one."""
    path = f"/rooms/{of(room)}/send/{kind}/{of(mark)}"
    try:
        answer = await call(session, "PUT", path, json=content, write=write)
    except Rejected as error:
        if error.code != "not_found" or not write:
            raise
        raise NotPermitted("room_left", host=host(session)) from None
    try:
        told = table(json_of(answer))
        if not word(told.get("event_id")):
            raise UnexpectedAnswer("other_shape", host=host(session), excerpt="event_id")
    except UnexpectedAnswer:
        if write:
            raise OutcomeUnknown("outcome_unknown", host=host(session)) from None
        raise
    return told


async def redact(session: Session, room: str, event: str, mark: str, *, why: str = "") -> None:
    """An event without its content, for everybody."""
    said = {"reason": why} if why else {}
    json_of(await call(session, "PUT", f"/rooms/{of(room)}/redact/{of(event)}/{of(mark)}", json=said))


async def standing_event(session: Session, room: str, event: str) -> Mapping[str, Any] | None:
    """An event that still says something; None once it was emptied, or where it never was."""
    if not room or not event:
        return None
    try:
        told = await asked(session, "GET", f"/rooms/{of(room)}/event/{of(event)}")
    except (Rejected, Gone) as error:
        if error.code not in ("not_found", "gone"):
            raise
        return None
    return (
        told if table(told.get("content")) and "redacted_because" not in table(told.get("unsigned")) else None
    )


async def _answered(session: Session, outgoing: Outgoing) -> Mapping[str, Any] | None:
    """The message that is answered, None once it is gone."""
    assert outgoing.reply_to is not None
    try:
        return await standing_event(session, *place_of(outgoing.reply_to.remote_id))
    except NotPermitted:
        return None  # the account is in that room no more


def _room(session: Session, outgoing: Outgoing) -> str:
    """Where it goes: the room of what is answered, else that of the sign-in. Raises `AuthExpired`."""
    if outgoing.reply_to is not None:
        return place_of(outgoing.reply_to.remote_id)[0]
    room = session.credentials.get("room", "")
    if not room:
        raise AuthExpired("sign_in_needed", host=host(session))
    return room


async def _content(session: Session, outgoing: Outgoing) -> dict[str, Any]:
    """The message. Raises `Rejected` where what it answers is gone."""
    part = outgoing.parts[0]
    content: dict[str, Any] = {"msgtype": "m.text", "body": part.text, KEY: outgoing.key}
    if part.media:
        (file,) = part.media
        content |= await _file(session, file)
        content["body"] = part.text or content["filename"]
    named = sorted({one.group() for one in PERSON.finditer(part.text)})
    content["m.mentions"] = {"user_ids": named} if named else {}
    if outgoing.reply_to is not None:
        target = await _answered(session, outgoing)
        if target is None:
            raise Rejected("problems_found", problems=(_GONE,), count=1)
        content["m.relates_to"] = _relation(target)
        author = word(target.get("sender"))
        content["m.mentions"] = {"user_ids": sorted({*named, author} - {""})}
    return content


def _relation(target: Mapping[str, Any]) -> dict[str, Any]:
    """An answer, in the thread of what it answers where that is in one."""
    answer = {"m.in_reply_to": {"event_id": word(target.get("event_id"))}}
    above = table(table(target.get("content")).get("m.relates_to"))
    if above.get("rel_type") != "m.thread":
        return answer
    root = word(above.get("event_id"))
    return {"rel_type": "m.thread", "event_id": root, "is_falling_back": False, **answer}


async def _file(session: Session, file: Media) -> dict[str, Any]:
    """What a message says of a file that was uploaded."""
    name = file.name or "fichier"
    try:
        answer = await call(
            session,
            "POST",
            "/upload",
            base="/_matrix/media/v3",
            params={"filename": name},
            headers={"Content-Type": file.mime},
            content=file.body(),
        )
    except Rejected as error:
        status = str(error.params.get("status") or "")
        problem = Problem(field="media", code="file_refused", place=0, detail=status)
        raise Rejected("problems_found", problems=(problem,), count=1) from None
    place = word(table(json_of(answer)).get("content_uri"))
    if not place.startswith("mxc://"):
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="content_uri")
    info: dict[str, Any] = {"mimetype": file.mime, "size": file.size}
    if file.width and file.height:
        info |= {"w": file.width, "h": file.height}
    if file.seconds:
        info["duration"] = round(file.seconds * 1000)
    return {"msgtype": _KINDS.get(file.kind, "m.file"), "url": place, "filename": name, "info": info}


def _sent(session: Session, step: str, room: str, event: Mapping[str, Any]) -> Sent:
    known = word(event.get("event_id"))
    # A homeserver does not say when it took a message: what is found later must be the same.
    return Sent(step=step, remote_id=message_id(room, known), url=address(room, known, via=host(session)))


def _refused(session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
    """What the rules refuse: those of a message, or of an answer."""
    rules = session.rules or rules_of("matrix")
    return problems(outgoing, rules if outgoing.reply_to is None else answering(rules) or rules)
