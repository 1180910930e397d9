"""Articles of a site: files and terms first, then one post, found again by the key in its source.

What answers something is a comment: see `commenting`.

Read on 2026-11-23: https://developer.wordpress.org/rest-api/reference/posts/
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC
from html import escape, unescape
from mimetypes import guess_extension
from typing import Any

from palabre.networks.answers import json_of, written
from palabre.networks.checks import problems
from palabre.networks.contract import Session
from palabre.networks.errors import Gone, NotPermitted, Problem, Rejected, UnexpectedAnswer
from palabre.networks.outgoing import (
    Figures,
    Media,
    Outgoing,
    Published,
    Sent,
    Visibility,
    after,
    next_step,
)
from palabre.networks.rules import MediaKind, answering, rules_of
from palabre.networks.shapes import count, moment, rows, table, web_address, word
from palabre.networks.twitter_text import links
from palabre.networks.wordpress import commenting
from palabre.networks.wordpress.rest import call, host

_STANDING = "publish,future,draft,pending,private"


class Publishing:
    """One post a content."""

    async def limits(self, session: Session) -> Mapping[str, Any]:
        """A person who may not publish can still leave drafts."""
        return {} if await _may(session, "publish_posts") else {"visibilities": ["draft"]}

    async def check(self, session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
        """The rules, and what this person may do on the site."""
        if outgoing.reply_to is not None:
            return (*_refused(session, outgoing), *await commenting.target_problems(session, outgoing))
        found = _refused(session, outgoing)
        if outgoing.visibility is not Visibility.DRAFT and not await _may(session, "publish_posts"):
            found += (Problem(field="visibility", code="no_such_visibility", detail=outgoing.visibility),)
        return found

    async def publish(self, session: Session, outgoing: Outgoing, done: tuple[Sent, ...] = ()) -> Published:
        """The post, unless it stands already under its key."""
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        refused = _refused(session, outgoing)
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        if outgoing.reply_to is not None:
            return await commenting.commented(session, outgoing, done, step)
        there = await self.find(session, outgoing, done)
        if there is not None:
            return there
        asked = await _post(session, outgoing)
        answer = await call(session, "POST", "/wp/v2/posts", json=asked, write=True)
        with written(host(session)):
            return after(outgoing, done, _sent(session, step, json_of(answer)))

    async def find(
        self,
        session: Session,
        outgoing: Outgoing,
        done: tuple[Sent, ...] = (),
        taken: frozenset[str] = frozenset(),
    ) -> Published | None:
        """By the key in the source of the article, whatever its state but the bin."""
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        if outgoing.reply_to is not None:
            return await commenting.found(session, outgoing, done, step)
        asked = {"search": _mark(outgoing), "status": _STANDING, "context": "edit", "per_page": "5"}
        found = json_of(await call(session, "GET", "/wp/v2/posts", params=asked))
        if not isinstance(found, list):
            raise UnexpectedAnswer("other_shape", host=host(session), excerpt="posts")
        for post in map(table, found):
            if f"<!-- {_mark(outgoing)} -->" in str(table(post.get("content")).get("raw")):
                return after(outgoing, done, _sent(session, step, post))
        return None

    async def edit(self, session: Session, outgoing: Outgoing, sent: tuple[Sent, ...]) -> tuple[Sent, ...]:
        """The same post with what the content says now."""
        refused = _refused(session, outgoing)
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        (one,) = sent
        if "comment" in one.extra:
            return (await commenting.changed(session, outgoing, one),)
        asked = await _post(session, outgoing)
        answer = await call(session, "POST", f"/wp/v2/posts/{one.extra['id']}", json=asked)
        return (_sent(session, one.step, json_of(answer)),)

    async def delete(self, session: Session, sent: tuple[Sent, ...]) -> None:
        """To the bin of the site, from where a person can take it back."""
        for one in reversed(sent):
            if "comment" in one.extra:
                await commenting.taken_back(session, one.extra["comment"])
                continue
            try:
                await call(session, "DELETE", f"/wp/v2/posts/{one.extra['id']}")
            except Rejected as error:
                if error.code != "not_found":
                    raise
            except Gone:
                continue  # it is in the bin already

    async def measure(self, session: Session, sent: tuple[Sent, ...]) -> Mapping[str, Figures]:
        """The comments that are shown: all that a site counts by itself."""
        found = {}
        for one in sent:
            if "comment" in one.extra:
                found[one.remote_id] = await commenting.counted(session, one.extra["comment"])
                continue
            try:
                asked = {"context": "edit"}
                answer = await call(session, "GET", f"/wp/v2/posts/{one.extra['id']}", params=asked)
                gone = table(json_of(answer)).get("status") == "trash"
            except (Rejected, Gone):
                gone = True
            if gone:
                found[one.remote_id] = Figures(gone=True)
                continue
            asked = {"post": one.extra["id"], "per_page": "1", "status": "approve"}
            answer = await call(session, "GET", "/wp/v2/comments", params=asked)
            total = answer.headers.get("x-wp-total", "")
            found[one.remote_id] = Figures(replies=int(total) if total.isdigit() else None)
        return found


async def _post(session: Session, outgoing: Outgoing) -> dict[str, Any]:
    """The fields of the post; files and terms are made on the way, each once."""
    article, part = outgoing.article, outgoing.parts[0]
    if article is None:
        raise Rejected("problems_found", problems=(Problem(field="title", code="title_missing"),), count=1)
    files = [await _file(session, outgoing, file, place) for place, file in enumerate(part.media)]
    shown = article.html or paragraphs(part.text)
    first_image = next((n for n, f in enumerate(part.media) if f.kind is MediaKind.IMAGE), None)
    further = [
        figure(file, url)
        for n, (file, (_, url)) in enumerate(zip(part.media, files, strict=True))
        if n != first_image
    ]
    asked: dict[str, Any] = {
        "title": article.title,
        "content": "\n\n".join([shown, *further, f"<!-- {_mark(outgoing)} -->"]),
        "excerpt": article.excerpt,
        "status": _state(session, outgoing),
        "categories": [await _term(session, "categories", name) for name in article.categories],
        "tags": [await _term(session, "tags", name) for name in article.tags],
    }
    if article.slug:
        asked["slug"] = article.slug
    if first_image is not None:
        asked["featured_media"] = files[first_image][0]
    if outgoing.publish_at is not None:
        asked["date_gmt"] = outgoing.publish_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return asked


def _state(session: Session, outgoing: Outgoing) -> str:
    if outgoing.visibility is Visibility.DRAFT:
        return "draft"
    later = outgoing.publish_at is not None and outgoing.publish_at > session.now()
    return "future" if later else "publish"


def _mark(outgoing: Outgoing) -> str:
    return f"palabre:{outgoing.key}"


def paragraphs(said: str) -> str:
    """A plain text as HTML: its paragraphs, its lines, its links."""
    place, linked = 0, ""
    for link in links(said):
        address = link.value if "://" in link.value else f"https://{link.value}"
        linked += escape(said[place : link.start])
        linked += f'<a href="{escape(address)}">{escape(link.value)}</a>'
        place = link.end
    linked += escape(said[place:])
    blocks = [block.strip() for block in linked.replace("\r\n", "\n").split("\n\n")]
    return "\n\n".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks if block)


def figure(file: Media, url: str) -> str:
    """A file inside an article."""
    if file.kind in (MediaKind.IMAGE, MediaKind.GIF):
        return f'<figure><img src="{escape(url)}" alt="{escape(file.alt)}"></figure>'
    if file.kind is MediaKind.VIDEO:
        return (
            f'<figure><video controls src="{escape(url)}" aria-label="{escape(file.alt)}"></video></figure>'
        )
    if file.kind is MediaKind.AUDIO:
        return (
            f'<figure><audio controls src="{escape(url)}" aria-label="{escape(file.alt)}"></audio></figure>'
        )
    return f'<p><a href="{escape(url)}">{escape(file.alt or file.name or url)}</a></p>'


async def _file(session: Session, outgoing: Outgoing, file: Media, place: int) -> tuple[int, str]:
    """The id and the address of a file: uploaded once, known again by the name it was given."""
    digest = await asyncio.to_thread(file.digest, salt=outgoing.key.encode())
    name = f"palabre-{digest[:20]}"
    there = rows(json_of(await call(session, "GET", "/wp/v2/media", params={"slug": name})))
    if there:
        made = table(there[0])
    else:
        ending = guess_extension(file.mime) or ""
        headers = {
            "Content-Type": file.mime,
            "Content-Disposition": f'attachment; filename="{name}{ending}"',
        }
        try:
            answer = await call(session, "POST", "/wp/v2/media", content=file.body(), headers=headers)
        except Rejected as error:
            detail = str(error.params.get("detail") or error.params.get("status") or "")
            problem = Problem(field="media", code="file_refused", place=place, detail=detail)
            raise Rejected("problems_found", problems=(problem,), count=1) from None
        made = table(json_of(answer))
    number, url = count(made.get("id")), web_address(made.get("source_url"))
    if not number or not url:
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="media")
    if file.alt and made.get("alt_text") != file.alt:
        await call(session, "POST", f"/wp/v2/media/{number}", json={"alt_text": file.alt})
    return number, url


async def _term(session: Session, kind: str, name: str) -> int:
    """The id of a category or tag of this name, made where it is missing."""
    asked = {"search": escape(name, quote=False), "per_page": "100"}  # names are kept escaped
    for term in rows(json_of(await call(session, "GET", f"/wp/v2/{kind}", params=asked))):
        number = count(table(term).get("id"))
        if number and unescape(str(table(term).get("name"))).casefold() == name.casefold():
            return number
    refused = Problem(field=kind, code="term_refused", detail=name)
    try:
        made = table(json_of(await call(session, "POST", f"/wp/v2/{kind}", json={"name": name})))
    except (NotPermitted, Rejected):
        raise Rejected("problems_found", problems=(refused,), count=1) from None
    number = count(made.get("id"))
    if not number:
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt=kind)
    return number


async def _may(session: Session, what: str) -> bool:
    answer = await call(session, "GET", "/wp/v2/users/me", params={"context": "edit"})
    return bool(table(table(json_of(answer)).get("capabilities")).get(what))


def _sent(session: Session, step: str, raw: object) -> Sent:
    post = table(raw)
    number = count(post.get("id"))
    if not number:
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="post")
    stands = post.get("status") in ("publish", "future")
    return Sent(
        step=step,
        remote_id=f"{session.credentials['server']}/?p={number}",
        url=web_address(post.get("link")) if stands else "",
        at=moment(word(post.get("date_gmt"))),
        extra={"id": str(number), "status": word(post.get("status"))},
    )


def _refused(session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
    """What the rules refuse: those of an article, or of a comment."""
    rules = session.rules or rules_of("wordpress")
    if outgoing.reply_to is None:
        return problems(outgoing, rules)
    rules = answering(rules) or rules
    return (*problems(outgoing, rules), *commenting.refused(outgoing, rules))
