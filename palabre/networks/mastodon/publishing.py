"""Statuses of an account: one call a part, under a key that Mastodon honours for an hour.

Servers of the family may not know the key, so what happened is looked for among the account's own
statuses. Read on 2026-11-23: https://docs.joinmastodon.org/methods/statuses/
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import regex

from palabre.networks.answers import json_of, multipart, written
from palabre.networks.checks import problems
from palabre.networks.contract import Session
from palabre.networks.errors import (
    Gone,
    NotPermitted,
    OutcomeUnknown,
    Problem,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.formats.plain import to_text
from palabre.networks.mastodon.answering import addressed, as_visible, in_front, status_at
from palabre.networks.mastodon.limits import limits
from palabre.networks.mastodon.signed import call, host
from palabre.networks.outgoing import (
    COMMENT,
    Figures,
    Media,
    Outgoing,
    Part,
    Published,
    Sent,
    Visibility,
    after,
    next_step,
)
from palabre.networks.rules import PostingRules, answering, rules_of
from palabre.networks.shapes import count, moment, rows, table, text, web_address, word

_VISIBLE = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "unlisted",
    Visibility.FOLLOWERS: "private",
}
_SKEW = timedelta(minutes=5)
"""A server's clock may be that much behind ours."""
_GONE = Problem(field="reply_to", code="reply_target_missing")
_PAGES = 10
_TRIES, _PAUSE = 60, 2.0


class Publishing:
    """One status a step; see the module."""

    async def limits(self, session: Session) -> Mapping[str, Any]:
        """As the server's own description says."""
        return await limits(session)

    async def check(self, session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
        """The rules, and whether what is answered is still there."""
        if outgoing.reply_to is None:
            return problems(outgoing, _rules(session, outgoing))
        target = await _target(session, outgoing)
        missing = () if target else (_GONE,)
        return (*problems(_spoken(session, outgoing, target), _rules(session, outgoing)), *missing)

    async def publish(self, session: Session, outgoing: Outgoing, done: tuple[Sent, ...] = ()) -> Published:
        """The next part as a status; its files are uploaded before."""
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        target = {} if done else await _target(session, outgoing)
        if not done and outgoing.reply_to is not None and not target:
            # What is answered may have been taken away after our answer went out.
            there = await self.find(session, outgoing)
            if there is None:
                raise Rejected("problems_found", problems=(_GONE,), count=1)
            return there
        outgoing = _spoken(session, outgoing, target)
        refused = problems(outgoing, _rules(session, outgoing))
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        asked = await _status(session, outgoing, step, done, target)
        headers = {"Idempotency-Key": f"{outgoing.key}-{step}"}
        answer = await call(session, "POST", "/api/v1/statuses", json=asked, headers=headers, write=True)
        with written(host(session)):
            return after(outgoing, done, _sent(session, step, json_of(answer)))

    async def find(
        self,
        session: Session,
        outgoing: Outgoing,
        done: tuple[Sent, ...] = (),
        taken: frozenset[str] = frozenset(),
    ) -> Published | None:
        """Among the account's statuses since the delivery began: the same text, in the same place."""
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        part = _part(outgoing, step, done)
        target = {} if done else await _target(session, outgoing)
        above = _above(target, step, done)
        lost = outgoing.reply_to is not None and not above  # what it answers is not there any more
        others = {one.remote_id for one in done} | taken
        candidates = [
            status
            for status in reversed(await _own(session, outgoing))
            if word(status.get("uri")) not in others
            and (lost or word(status.get("in_reply_to_id")) == above)
            and len(rows(status.get("media_attachments"))) == len(part.media)
            and _may_say(status, part.text)
        ]
        # What its page says comes first: a source costs a call, and an account has few of them.
        for status in sorted(candidates, key=lambda status: not _seems(status, part.text)):
            if await _says(session, status, part.text) and not (lost and await _hangs(session, status)):
                return after(outgoing, done, _sent(session, step, status))
        return None

    async def edit(self, session: Session, outgoing: Outgoing, sent: tuple[Sent, ...]) -> tuple[Sent, ...]:
        """Each status says what the content says now; its files stay, their alt texts change."""
        refused = problems(outgoing, _rules(session, outgoing))
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        for place, one in enumerate(sent):
            path = f"/api/v1/statuses/{quote(one.extra['id'], safe='')}"
            part = _part(outgoing, one.step, sent[:place])
            there = table(json_of(await call(session, "GET", path)))
            files = [word(table(file).get("id")) for file in rows(there.get("media_attachments"))]
            alts = zip(files, part.media, strict=False)
            asked: dict[str, Any] = {
                "status": await _in_front(session, outgoing, there) + part.text,
                "spoiler_text": outgoing.warning,
                "language": outgoing.language or None,
                "media_ids": files,
                "media_attributes": [{"id": id_, "description": file.alt} for id_, file in alts],
            }
            await call(session, "PUT", path, json=asked)  # the same edit twice is one
        return sent

    async def delete(self, session: Session, sent: tuple[Sent, ...]) -> None:
        """Each status, last first."""
        for one in reversed(sent):
            try:
                await call(session, "DELETE", f"/api/v1/statuses/{quote(one.extra['id'], safe='')}")
            except Rejected as error:
                if error.code != "not_found":
                    raise
            except Gone:
                continue

    async def measure(self, session: Session, sent: tuple[Sent, ...]) -> Mapping[str, Figures]:
        """Favourites, boosts, quotes and replies, one call a status."""
        found = {}
        for one in sent:
            try:
                answer = await call(session, "GET", f"/api/v1/statuses/{quote(one.extra['id'], safe='')}")
            except (Rejected, Gone):
                found[one.remote_id] = Figures(gone=True)
                continue
            status = table(json_of(answer))
            found[one.remote_id] = Figures(
                likes=count(status.get("favourites_count")),
                reposts=count(status.get("reblogs_count")),
                quotes=count(status.get("quotes_count")),
                replies=count(status.get("replies_count")),
            )
        return found


async def _status(
    session: Session, outgoing: Outgoing, step: str, done: tuple[Sent, ...], target: Mapping[str, Any]
) -> dict[str, Any]:
    part = _part(outgoing, step, done)
    asked: dict[str, Any] = {
        "status": part.text,
        "visibility": as_visible(_VISIBLE.get(outgoing.visibility, "public"), target),
    }
    if part.media:
        asked["media_ids"] = [await _uploaded(session, file, place) for place, file in enumerate(part.media)]
    if outgoing.language:
        asked["language"] = outgoing.language.partition("-")[0]
    if outgoing.warning:
        asked |= {"spoiler_text": outgoing.warning, "sensitive": True}
    if above := _above(target, step, done):
        asked["in_reply_to_id"] = above
    return asked


def _spoken(session: Session, outgoing: Outgoing, target: Mapping[str, Any]) -> Outgoing:
    """A reply as it is sent: whom it answers is named in front."""
    if not target:
        return outgoing
    first = replace(outgoing.parts[0], text=addressed(outgoing.text, target, session.account))
    return replace(outgoing, parts=(first, *outgoing.parts[1:]))


async def _in_front(session: Session, outgoing: Outgoing, status: Mapping[str, Any]) -> str:
    """The names a reply began with, which an edit keeps unless it has its own."""
    if outgoing.reply_to is None or in_front(outgoing.text):
        return ""
    return in_front(await _source(session, status) or to_text(text(status.get("content"))))


def _part(outgoing: Outgoing, step: str, done: tuple[Sent, ...]) -> Part:
    return Part(text=outgoing.first_comment) if step == COMMENT else outgoing.parts[len(done)]


def _above(target: Mapping[str, Any], step: str, done: tuple[Sent, ...]) -> str:
    """The server's id of the status that the next one answers, "" for none."""
    if done:
        return (done[0] if step == COMMENT else done[-1]).extra["id"]
    return word(target.get("id"))


async def _target(session: Session, outgoing: Outgoing) -> Mapping[str, Any]:
    """The status that is answered, nothing when it cannot be had."""
    there = outgoing.reply_to
    return {} if there is None else await status_at(session, there.remote_id, there.url)


async def _hangs(session: Session, status: Mapping[str, Any]) -> bool:
    """Whether what a status answers is still there."""
    parent = word(status.get("in_reply_to_id"))
    if not parent:
        return False
    try:
        await call(session, "GET", f"/api/v1/statuses/{quote(parent, safe='')}")
    except (Rejected, Gone):
        return False
    return True


async def _uploaded(session: Session, file: Media, place: int) -> str:
    """The id of a file, once the server has prepared it."""
    fields = {"description": file.alt} if file.alt else {}
    kind, body = multipart(fields, name="file", file=file.name or "file", mime=file.mime, content=file.open)
    headers = {"Content-Type": kind}
    try:
        try:
            answer = await call(session, "POST", "/api/v2/media", content=body, headers=headers)
        except Rejected as error:
            if error.code != "not_found":
                raise
            answer = await call(session, "POST", "/api/v1/media", content=body, headers=headers)
    except Rejected as error:
        detail = str(error.params.get("detail") or error.params.get("status") or "")
        problem = Problem(field="media", code="file_refused", place=place, detail=detail)
        raise Rejected("problems_found", problems=(problem,), count=1) from None
    local = word(table(json_of(answer)).get("id"))
    if not local:
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="media")
    ready = answer.status == 200
    for _ in range(_TRIES):
        if ready:
            return local
        await session.rest(_PAUSE)
        ready = (await call(session, "GET", f"/api/v1/media/{quote(local, safe='')}")).status == 200
    raise Temporary("media_not_ready", host=host(session))


async def _own(session: Session, outgoing: Outgoing) -> list[Mapping[str, Any]]:
    """The account's statuses since the delivery began, newest first."""
    begun, older = outgoing.begun_at - _SKEW, ""
    found: list[Mapping[str, Any]] = []
    path = f"/api/v1/accounts/{quote(session.account, safe='')}/statuses"
    for _ in range(_PAGES):
        asked = {"limit": "40", "exclude_reblogs": "true"} | ({"max_id": older} if older else {})
        statuses = json_of(await call(session, "GET", path, params=asked))
        if not isinstance(statuses, list):
            raise UnexpectedAnswer("other_shape", host=host(session), excerpt="statuses")
        for status in map(table, statuses):
            made = moment(status.get("created_at"))
            if made is not None and made >= begun:
                found.append(status)
        last = moment(table(statuses[-1]).get("created_at")) if statuses else None
        if last is None or last < begun:
            return found
        older = word(table(statuses[-1]).get("id"))
    raise OutcomeUnknown("cannot_tell", host=host(session))


def _seems(status: Mapping[str, Any], said: str) -> bool:
    """Whether the page of a status says this text, but for what a server rewrites."""
    return _folded(to_text(text(status.get("content")))) == _folded(said)


def _may_say(status: Mapping[str, Any], said: str) -> bool:
    """Whether a status may have been made from this text: no server rewrites more than half of its words.

    Of a few words, or a script that does not part them, nothing can be said.
    """
    wanted = _words(said)
    return len(wanted) < 4 or 2 * len(wanted & _words(to_text(text(status.get("content"))))) >= len(wanted)


def _words(said: str) -> set[str]:
    """The words of a text, without links, people and hashtags."""
    bare = regex.sub(r"https?://\S+|[@#＃][\w.@-]+", " ", said)
    return {found.casefold() for found in regex.findall(r"[\p{L}\p{N}]+", bare)}


async def _says(session: Session, status: Mapping[str, Any], said: str) -> bool:
    """Whether a status has this text: by its source, else by what is left of it on the page."""
    source = await _source(session, status)
    if source is not None:
        return _bare(source) == _bare(said)
    return _seems(status, said)


async def _source(session: Session, status: Mapping[str, Any]) -> str | None:
    """The text of a status as it was written, None where the server keeps it to itself."""
    path = f"/api/v1/statuses/{quote(word(status.get('id')), safe='')}/source"
    try:
        source = table(json_of(await call(session, "GET", path))).get("text")
    except (Rejected, Gone, NotPermitted):
        return None
    return source if isinstance(source, str) else None


def _bare(said: str) -> list[str]:
    """The words of a text but for the names in front."""
    return said.removeprefix(in_front(said)).split()


def _folded(said: str) -> str:
    """A text without what a server rewrites: links, the servers of people, blanks."""
    bare = regex.sub(r"https?://\S+", "", said.removeprefix(in_front(said)))
    bare = regex.sub(r"(@[\w.-]+)@[\w.-]+\w", r"\1", bare)
    return "".join(bare.split()).casefold()


def _sent(session: Session, step: str, raw: object) -> Sent:
    status = table(raw)
    local, address = word(status.get("id")), web_address(status.get("uri"))
    if not local or not (address or word(status.get("uri"))):
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="status")
    return Sent(
        step=step,
        remote_id=address or word(status.get("uri")),
        url=web_address(status.get("url")) or address,
        at=moment(status.get("created_at")),
        extra={"id": local},
    )


def _rules(session: Session, outgoing: Outgoing) -> PostingRules:
    rules = session.rules or rules_of("mastodon")
    return rules if outgoing.reply_to is None else answering(rules) or rules
