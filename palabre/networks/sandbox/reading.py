"""Searches, newspapers and a live stream of the invented world."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from palabre.networks.contract import (
    Cursor,
    ItemKind,
    Page,
    RemoteAuthor,
    RemoteItem,
    Session,
    Suggestion,
    Watch,
)
from palabre.networks.errors import (
    Rejected,
    Temporary,
)
from palabre.networks.rounds import Round
from palabre.networks.sandbox.invented.names import OUTLETS
from palabre.networks.sandbox.invented.shape import Tongue, Trade
from palabre.networks.sandbox.manifest import HOST, MISDEEDS, Behaviour
from palabre.networks.sandbox.world import BRAND, PACE, World
from palabre.networks.shapes import count, language, moment, table, text, web_address, word

PAGE = 50
PAST = timedelta(days=7)
"""How far back a search looks the first time."""


def demo_items(
    brand_words: Sequence[str],
    start: datetime,
    end: datetime,
    seed: int,
    language: Tongue,
    *,
    trade: Trade | None = None,
    bad_day: date | None = None,
) -> Iterator[RemoteItem]:
    """What an invented world says of a brand from `start` up to `end`, in order of time.

    `brand_words`: the brand's name first, then other ways to write it. A rhythm of hours and days, a
    mix of moods, agency stories repeated by several newspapers, and one day of bad buzz: `bad_day`,
    else at four fifths of the period. `trade` is guessed from the name.
    """
    worst = bad_day or (start + (end - start) * 0.8).date()
    world = World(tuple(brand_words), seed, language, trade=trade, bad_day=worst)
    for raw in world.said(start, end):
        item = Reading().normalise(raw, Watch(kind="search", target=""))
        if item is not None:
            yield item


class Reading:
    """See the module; every protocol, no socket."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One page of a search, word after word, or of a newspaper."""
        behaviour = await _act(watch)
        words = watch.words if watch.kind == "search" else (watch.target.strip().lower(),)
        if not words or not words[0]:
            raise Rejected("no_words")
        here = Round.of(cursor, words)
        now = session.now()
        until = moment(here.newest) or now
        since = moment(here.since) or until - PAST
        found = self._found(watch, here.word, since, until)
        offset = int(here.page or 0)
        raw = found[offset : offset + PAGE]
        further = offset + PAGE if offset + PAGE < len(found) else None
        if behaviour is Behaviour.REPEATED_PAGE and offset == 0 and not here.walked and found:
            further = 0
        held, more = here.next(page=None if further is None else str(further), newest=until.isoformat())
        raw = [post for post in raw for _ in range(2)] if behaviour is Behaviour.DUPLICATES else raw
        return Page(raw=tuple(raw), cursor=held, more=more)

    def _found(self, watch: Watch, sought: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
        world = _world(watch, (sought,) if watch.kind == "search" else (BRAND,))
        said = list(world.said(since, until))
        if watch.kind == "search":
            return said
        outlets = {host for _, host in OUTLETS[world.tongue]}
        if sought not in outlets:
            raise Rejected("not_found", host=HOST)
        return [post for post in said if post["outlet"] == sought]

    async def stream(
        self, session: Session, watch: Watch, cursor: Cursor | None
    ) -> AsyncGenerator[Page, None]:
        """A post every ten seconds, those missed since the cursor first; cursor: {"beat": number}."""
        behaviour = await _act(watch)
        world = _world(watch, watch.words or (BRAND,))
        begun = count(table(cursor).get("beat"))
        beat = int(session.now().timestamp()) // PACE - 3 if begun is None else begun
        while True:
            due = int(session.now().timestamp()) // PACE
            while beat < due:
                until = min(beat + 20, due)
                raw = tuple(world.beat(number) for number in range(beat + 1, until + 1))
                beat = until
                yield Page(raw=raw, cursor={"beat": beat})
            if behaviour is Behaviour.BROKEN_STREAM:
                raise Temporary("stream_ended", host=HOST)
            await asyncio.sleep(1)

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """One invented post."""
        post = table(raw)
        remote_id, said, title = word(post.get("id")), text(post.get("text")), word(post.get("title"))
        if not remote_id or not (said or title):
            return None
        by = table(post.get("author"))
        name = word(by.get("name"))
        kinds = {"article": ItemKind.ARTICLE, "reply": ItemKind.REPLY}
        author = RemoteAuthor(
            remote_id=word(by.get("handle")) or name,
            handle=word(by.get("handle")),
            name=name,
            url=web_address(by.get("url")),
            followers=count(by.get("followers")),
        )
        return RemoteItem(
            remote_id=remote_id,
            url=web_address(post.get("url")),
            text=said,
            title=title,
            kind=kinds.get(word(post.get("kind")), ItemKind.POST),
            author=author if author.remote_id else None,
            published_at=moment(post.get("at")),
            language=language(post.get("language")),
            outlet=word(post.get("outlet")),
            thread_id=word(post.get("thread")) or None,
            reply_to=word(post.get("reply_to")) or None,
            likes=count(post.get("likes")),
            reposts=count(post.get("shares")),
            replies=count(post.get("replies")),
            views=count(post.get("views")),
        )

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The invented newspaper behind its address."""
        host = typed.strip().lower().removeprefix("https://").partition("/")[0]
        names = {address: name for outlets in OUTLETS.values() for name, address in outlets}
        if host not in names:
            return ()
        return (Suggestion(watch=Watch(kind="outlet", target=host), title=names[host]),)


async def _act(watch: Watch) -> Behaviour:
    """The behaviour asked for; the misdeeds are done at once."""
    try:
        behaviour = Behaviour(watch.options.get("behaviour") or Behaviour.WELL)
    except ValueError:
        raise Rejected("unknown_behaviour", typed=word(watch.options.get("behaviour"), most=40)) from None
    if behaviour is Behaviour.SLOW:
        await asyncio.sleep(2)
    if behaviour in MISDEEDS:
        raise MISDEEDS[behaviour]()
    return behaviour


def _world(watch: Watch, words: tuple[str, ...]) -> "World":
    tongue: Tongue = "en" if watch.options.get("language") == "en" else "fr"
    if watch.kind == "outlet" and watch.target.strip().lower() in {host for _, host in OUTLETS["en"]}:
        tongue = "en"
    seed = watch.options.get("seed") or "1"
    return World(words, int(seed) if seed.isascii() and seed.isdigit() else 1, tongue)
