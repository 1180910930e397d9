"""Pages that have neither feed nor sitemap: watched for what is added to them."""

import asyncio
from datetime import date
from hashlib import blake2b
from typing import Any

from palabre.kit.http import Answer
from palabre.networks.answers import ask
from palabre.networks.contract import (
    Capability,
    Cursor,
    ItemKind,
    Manifest,
    Page,
    RemoteItem,
    Session,
    Suggestion,
    Watch,
    WatchKind,
    Words,
)
from palabre.networks.errors import Rejected
from palabre.networks.formats.addresses import site_of, typed_address
from palabre.networks.formats.article import MAX_BYTES, extract_article
from palabre.networks.formats.discovery import HtmlPage
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.page_change import added, remembered
from palabre.networks.formats.plain import clean, one_line, to_text
from palabre.networks.formats.rhythm import LONGEST, SHORTEST
from palabre.networks.formats.xml import says_xml
from palabre.networks.shapes import language, moment, table, web_address

_FIRST_WAIT = 3600.0
_MIN_TEXT = 200
"""Characters of main text below which the whole page is compared instead."""

MANIFEST = Manifest(
    key="webpage",
    label="Web",
    icon="world-www",
    capabilities=frozenset({Capability.COLLECT}),
    watches=(
        WatchKind(
            key="page",
            label=Words(fr="Changements d’une page", en="Changes of a page"),
            hint=Words(
                fr="L’adresse d’une page sans flux : ce qui y est ajouté devient une publication.",
                en="The address of a page without a feed: what is added to it becomes an item.",
            ),
            placeholder="https://exemple.fr/actualites",
        ),
    ),
    source="https://www.rfc-editor.org/rfc/rfc9110",
    checked_on=date(2026, 11, 23),
    cannot=(
        Words(
            fr="Une page dessinée par un script reste invisible : seul le texte envoyé par le site est lu.",
            en="A page drawn by a script stays unseen: only the text the site sends is read.",
        ),
    ),
)


class WebPages:
    """Collects what is added to one page; the first look only learns what is there."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One conditional request; at most one raw item, holding the added lines.

        The cursor holds the validators and short marks of the lines known, now and before.
        """
        known = dict(cursor or {})
        headers = {"accept": "text/html,*/*;q=0.5"}
        if known.get("etag"):
            headers["if-none-match"] = str(known["etag"])
        if known.get("modified"):
            headers["if-modified-since"] = str(known["modified"])
        answer = await ask(session, "GET", watch.target, headers=headers, max_bytes=MAX_BYTES)
        wait = float(known.get("wait") or _FIRST_WAIT)
        if answer.status == 304:
            known["wait"] = calmer = min(wait * 1.5, LONGEST)
            return Page(raw=(), cursor=known, unchanged=True, wait=calmer)
        now = session.now()
        title, text, tongue = await asyncio.to_thread(_main_text, answer, now)
        marks = [str(mark) for mark in known.get("marks") or ()]
        news = added(text, marks) if cursor is not None else ""
        wait = max(wait / 2, SHORTEST) if news else min(wait * 1.2, LONGEST)
        raw: dict[str, Any] = {
            "url": answer.url,
            "title": title,
            "text": news,
            "language": tongue,
            "seen": now.isoformat(),
        }
        return Page(
            raw=(raw,) if news else (),
            cursor={
                "marks": remembered(text, marks),
                "etag": answer.headers.get("etag", "")[:500],
                "modified": answer.headers.get("last-modified", "")[:100],
                "wait": wait,
            },
            wait=wait,
            moved_to=answer.moved_to,
            title=title,
            unchanged=not news,
        )

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """The added lines as an item of its own; its id is what they say."""
        page = table(raw)
        url = web_address(page.get("url")) or web_address(watch.target)
        said = page.get("text")
        text = (
            to_text(said)
            if isinstance(said, str) and "</" in said
            else clean(said)
            if isinstance(said, str)
            else ""
        )
        if not text or not url:
            return None
        title = page.get("title")
        return RemoteItem(
            remote_id=f"{url[:360]}#{blake2b(text.encode('utf-8', 'replace'), digest_size=8).hexdigest()}",
            url=url,
            title=one_line(title)[:1000] if isinstance(title, str) else "",
            text=text,
            kind=ItemKind.PAGE,
            published_at=moment(page.get("seen")),
            language=language(page.get("language")),
            outlet=site_of(url),
        )

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The page itself, if it is one and says something: XML is read as a feed or not at all."""
        address = typed_address(typed)
        if not address:
            return ()
        answer = await ask(session, "GET", address, max_bytes=MAX_BYTES)
        kind = answer.headers.get("content-type", "")
        if says_xml(decode(answer.body, kind), kind):
            return ()
        title, _, _ = await asyncio.to_thread(_main_text, answer, session.now())
        watch = Watch(kind="page", target=answer.moved_to or address)
        return (Suggestion(watch=watch, title=title, second_best=True),)


def _main_text(answer: Answer, now: Any) -> tuple[str, str, str]:
    """Title, text and language of a page. Raises `Rejected` when it is no page or says nothing."""
    kind = answer.headers.get("content-type", "")
    host = site_of(answer.url)
    if kind and not kind.lower().startswith(("text/", "application/xhtml", "application/xml")):
        raise Rejected("page_not_text", host=host, found=kind.partition(";")[0][:60])
    page = HtmlPage(answer.body, content_type=kind, url=answer.url)
    article = extract_article(answer.body, content_type=kind, url=answer.url, now=now)
    text = article.text
    if len(text) < _MIN_TEXT:
        text = to_text(decode(answer.body, kind))
    if not text:
        raise Rejected("page_empty", host=host)
    return page.title or article.title or host, text, article.language


connector = WebPages()
