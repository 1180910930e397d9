"""A reply is a comment: it carries the key of its delivery as the name of the program that sent it.

The site keeps that name for its moderators alone, so a comment is found again without a word in its text.
Read on 2026-11-23: https://developer.wordpress.org/rest-api/reference/comments/
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from typing import Any

from palabre.networks.answers import json_of, written
from palabre.networks.contract import Session
from palabre.networks.errors import Gone, NotPermitted, OutcomeUnknown, Problem, Rejected, UnexpectedAnswer
from palabre.networks.outgoing import Figures, Outgoing, Published, Sent, after
from palabre.networks.rules import PostingRules
from palabre.networks.shapes import count, moment, table, web_address, word
from palabre.networks.wordpress.hearing import comment_id, comments
from palabre.networks.wordpress.rest import call, host

TARGET = re.compile(
    r"(?P<server>https?://.+)/\?p=(?P<page>[1-9]\d{0,17})(#comment-(?P<comment>[1-9]\d{0,17}))?"
)
_SKEW = timedelta(days=1)
"""The site compares local dates, and its clock is its own."""
_GONE = Problem(field="reply_to", code="reply_target_missing")


def refused(outgoing: Outgoing, rules: PostingRules) -> tuple[Problem, ...]:
    """The site counts a comment as it is kept, with its marks written out."""
    size = len(html_of(outgoing.text).encode())
    if rules.text_max is None or size <= rules.text_max or len(outgoing.text.encode()) > rules.text_max:
        return ()
    return (Problem(field="text", code="text_heavy", limit=rules.text_max, actual=size),)


async def target_problems(session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
    """Whether what is answered still stands, and is shown."""
    try:
        await _target(session, outgoing)
    except Rejected as error:
        return error.problems
    return ()


async def commented(session: Session, outgoing: Outgoing, done: tuple[Sent, ...], step: str) -> Published:
    """The comment, unless it stands already under its key."""
    try:
        there = await found(session, outgoing, done, step)
    except OutcomeUnknown:  # this person may write and not look: the site itself refuses to say it twice
        there = None
    if there is not None:
        return there
    page, parent = await _target(session, outgoing)
    asked = {
        "post": page,
        "parent": parent,
        "content": html_of(outgoing.text),
        "author_user_agent": _mark(outgoing),
    }
    try:
        answer = await call(session, "POST", "/wp/v2/comments", json=asked, write=True)
    except Rejected as error:
        if error.params.get("name") != "comment_duplicate":
            raise
        there = await found(session, outgoing, done, step)
        if there is None:
            raise
        return there
    with written(host(session)):
        return after(outgoing, done, _sent(session, step, json_of(answer)))


async def found(session: Session, outgoing: Outgoing, done: tuple[Sent, ...], step: str) -> Published | None:
    """The comment under the key of this delivery, whatever its state.

    Raises `OutcomeUnknown` where this person may not see who sent a comment.
    """
    page, _ = _place(outgoing)
    if not page:
        return None
    since = (outgoing.begun_at - _SKEW).isoformat()
    # Below the article, wherever: what answered a comment that was erased hangs one step higher now.
    asked = {"post": str(page), "status": "any", "after": since}
    place, total = 0, 1
    try:
        while place < total:
            listed, total = await comments(session, {**asked, "offset": str(place)})
            for comment in listed:
                if comment.get("author_user_agent") == _mark(outgoing) and comment.get("status") != "trash":
                    return after(outgoing, done, _sent(session, step, comment))
            place += 100
    except NotPermitted:
        raise OutcomeUnknown("cannot_tell", host=host(session)) from None
    return None


async def changed(session: Session, outgoing: Outgoing, one: Sent) -> Sent:
    """The same comment with what the content says now."""
    path = f"/wp/v2/comments/{one.extra['comment']}"
    return _sent(
        session,
        one.step,
        json_of(await call(session, "POST", path, json={"content": html_of(outgoing.text)})),
    )


async def counted(session: Session, number: str) -> Figures:
    """The answers to a comment that are shown."""
    try:
        told = table(json_of(await call(session, "GET", f"/wp/v2/comments/{number}")))
    except (Rejected, Gone):
        return Figures(gone=True)
    if told.get("status") not in ("approved", "hold"):
        return Figures(gone=True)
    asked = {"parent": number, "per_page": "1", "status": "approve"}
    total = (await call(session, "GET", "/wp/v2/comments", params=asked)).headers.get("x-wp-total", "")
    return Figures(replies=int(total) if total.isdigit() else None)


async def taken_back(session: Session, number: str) -> None:
    """To the bin of the site."""
    try:
        await call(session, "DELETE", f"/wp/v2/comments/{number}")
    except Rejected as error:
        if error.code != "not_found":
            raise
    except Gone:
        return  # it is in the bin already


async def _target(session: Session, outgoing: Outgoing) -> tuple[int, int]:
    """The numbers of the article and of the comment (0: the article itself). Raises `Rejected`."""
    page, parent = _place(outgoing)
    if not page:
        raise Rejected("problems_found", problems=(_GONE,), count=1)
    if not parent:
        return page, 0
    try:
        told = table(json_of(await call(session, "GET", f"/wp/v2/comments/{parent}")))
    except (Rejected, Gone):
        raise Rejected("problems_found", problems=(_GONE,), count=1) from None
    if told.get("status") == "hold":
        held = Problem(field="reply_to", code="reply_target_held")
        raise Rejected("problems_found", problems=(held,), count=1)
    if told.get("status") != "approved" or told.get("post") != page:
        raise Rejected("problems_found", problems=(_GONE,), count=1)
    return page, parent


def _place(outgoing: Outgoing) -> tuple[int, int]:
    """The article and the comment in the id of what is answered; zeros for what is no such id."""
    there = TARGET.fullmatch(outgoing.reply_to.remote_id) if outgoing.reply_to else None
    return (int(there["page"]), int(there["comment"] or 0)) if there else (0, 0)


def html_of(text: str) -> str:
    """The text as it is: the site itself makes paragraphs and links of it when it shows it."""
    return escape(text.strip(), quote=False)


def _mark(outgoing: Outgoing) -> str:
    return f"Palabre {outgoing.key}"


def _sent(session: Session, step: str, raw: object) -> Sent:
    comment: Mapping[str, Any] = table(raw)
    number, page = count(comment.get("id")), count(comment.get("post"))
    if not number or not page:
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="comment")
    return Sent(
        step=step,
        remote_id=comment_id(session.credentials["server"], page, number),
        url=web_address(comment.get("link")),
        at=moment(word(comment.get("date_gmt"))),
        extra={"comment": str(number), "status": word(comment.get("status"))},
    )
