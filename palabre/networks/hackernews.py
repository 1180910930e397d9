"""Hacker News: stories and comments by their words, newest first, through the public search of Algolia.

The official Firebase API lists ids without words: a brand would have to read everything to find itself.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from palabre.networks.answers import ask_json
from palabre.networks.contract import (
    Budget,
    Capability,
    Cursor,
    ItemKind,
    Manifest,
    Page,
    Reach,
    RemoteAuthor,
    RemoteItem,
    Session,
    Suggestion,
    Watch,
    WatchKind,
    Words,
)
from palabre.networks.errors import Rejected
from palabre.networks.formats.plain import one_line, to_text
from palabre.networks.rounds import Round
from palabre.networks.shapes import count, list_in, moment_of, rows, table, text, web_address, word

HOST = "hn.algolia.com"
SEARCH = f"https://{HOST}/api/v1/search_by_date"
SITE = "https://news.ycombinator.com"
OVERLAP = timedelta(minutes=30)
"""The search lags behind the site: each round begins a little before the last one."""
LIMIT = 100

MANIFEST = Manifest(
    key="hackernews",
    label="Hacker News",
    icon="brand-ycombinator",
    capabilities=frozenset((Capability.COLLECT,)),
    watches=(
        WatchKind(
            key="search",
            label=Words(fr="Recherche", en="Search"),
            hint=Words(
                fr="Les mots de vos sujets dans les articles signalés et les commentaires, passé compris.",
                en="The words of your topics in stories and comments, the past included.",
            ),
            reach=Reach.RADAR,
            needs_topic=True,
        ),
        WatchKind(
            key="author",
            label=Words(fr="Ce qu’écrit un membre", en="What a member writes"),
            hint=Words(fr="Son nom ou l’adresse de sa page.", en="The name or the address of the page."),
            placeholder="nom",
        ),
        WatchKind(
            key="thread",
            label=Words(fr="Les commentaires d’une discussion", en="The comments of a discussion"),
            hint=Words(
                fr="L’adresse de la discussion ou son numéro.", en="The discussion’s address or its number."
            ),
            placeholder=f"{SITE}/item?id=1",
        ),
    ),
    source="https://hn.algolia.com/api",
    checked_on=date(2026, 11, 23),
    budgets=(Budget(calls=10_000, seconds=3600),),
    cannot=(
        Words(
            fr="Lecture seule : ni réponse ni publication, le site n’a pas d’interface pour cela.",
            en="Read only: no reply and no post, the site has no interface for that.",
        ),
        Words(
            fr="Ni portée, ni vues, ni nombre d’abonnés ; une suppression n’est pas annoncée.",
            en="No reach, no views, no number of followers; a deletion is not announced.",
        ),
    ),
)

_AUTHOR = re.compile(r"(?:https?://news\.ycombinator\.com/user\?id=)?([A-Za-z0-9_-]{2,15})")
_THREAD = re.compile(r"(?:https?://news\.ycombinator\.com/item\?id=)?(\d{1,12})")
# A link is shown cut short, its whole address only in the attribute.
_CUT_LINK = re.compile(r'<a\s[^>]*?href="([^"<>]*)"[^>]*>[^<]*\.\.\.</a>')


class HackerNews:
    """See the module."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One page of hits, newest first; cursor: see `rounds`, its marks are seconds since 1970.

        The upper bound is fixed where a round begins, so that pages do not shift while they are read.
        """
        words, tags = _sought(watch)
        here = Round.of(cursor, words)
        until = here.newest or str(int(session.now().timestamp()))
        bounds = [f"created_at_i<={until}"]
        if here.since:
            bounds.append(f"created_at_i>={int(here.since) - int(OVERLAP.total_seconds())}")
        number = int(here.page or 0)
        asked = {
            "query": f'"{here.word}"' if watch.kind == "search" else "",
            "tags": tags,
            "numericFilters": ",".join(bounds),
            "hitsPerPage": str(LIMIT),
            "page": str(number),
            "typoTolerance": "false",
        }
        answer = await ask_json(session, "GET", SEARCH, params=asked)
        hits = list_in(answer, "hits", host=HOST)
        further = str(number + 1) if hits and number + 1 < (count(answer.get("nbPages")) or 0) else None
        held, more = here.next(page=further, newest=until)
        return Page(raw=tuple(hits), cursor=held, more=more)

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """A hit: a story (often a link without text) or a comment."""
        hit = table(raw)
        number = word(hit.get("objectID"))
        if not number.isascii() or not number.isdigit():
            return None
        tags = [tag for tag in rows(hit.get("_tags")) if isinstance(tag, str)]
        comment = "comment" in tags or "comment_text" in hit
        title = one_line(text(hit.get("title")))
        said = _plain(hit.get("comment_text")) if comment else _story(hit)
        if not (said or title):
            return None
        story = count(hit.get("story_id"))
        parent = count(hit.get("parent_id"))
        author = word(hit.get("author"))
        return RemoteItem(
            remote_id=number,
            url=_item(number),
            text=said,
            title=title,
            kind=ItemKind.COMMENT if comment else ItemKind.POST,
            author=_member(author) if author else None,
            published_at=moment_of(hit.get("created_at_i")),
            outlet="news.ycombinator.com",
            thread_id=str(story) if story else number,
            reply_to=str(parent) if comment and parent else None,
            likes=count(hit.get("points")),
            replies=count(hit.get("num_comments")),
        )

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """A discussion or a member behind an address of the site."""
        typed = typed.strip()
        if not typed.startswith(f"{SITE}/"):
            return ()
        if found := _THREAD.fullmatch(typed):
            return (
                Suggestion(watch=Watch(kind="thread", target=found[1]), title=f"Hacker News, {found[1]}"),
            )
        if found := _AUTHOR.fullmatch(typed):
            return (
                Suggestion(watch=Watch(kind="author", target=found[1]), title=f"{found[1]} (Hacker News)"),
            )
        return ()


connector = HackerNews()


def _sought(watch: Watch) -> tuple[tuple[str, ...], str]:
    """The words to walk over, and Algolia's tags; for a member or a discussion one empty search."""
    target = watch.target.strip()
    if watch.kind == "search":
        words = tuple(filter(None, (w.replace('"', " ").strip() for w in watch.words)))
        if not words:
            raise Rejected("no_words")
        return words, "(story,comment)"
    if watch.kind == "author" and (found := _AUTHOR.fullmatch(target)):
        return (found[1],), f"(story,comment),author_{found[1]}"
    if watch.kind == "thread" and (found := _THREAD.fullmatch(target)):
        return (found[1],), f"comment,story_{found[1]}"
    if watch.kind in ("author", "thread"):
        raise Rejected("bad_account", typed=word(target, most=80))
    raise Rejected("unknown_watch", kind=watch.kind)


def _story(hit: Mapping[str, Any]) -> str:
    """What the author wrote, then the address of the page it is about."""
    return "\n".join(filter(None, (_plain(hit.get("story_text")), web_address(hit.get("url")))))


def _plain(markup: object) -> str:
    return to_text(_CUT_LINK.sub(r"\1", text(markup)))


def _item(number: str) -> str:
    return f"{SITE}/item?id={number}"


def _member(name: str) -> RemoteAuthor:
    url = f"{SITE}/user?id={quote(name, safe='')}"
    return RemoteAuthor(remote_id=name, handle=name, name=name, url=url)
