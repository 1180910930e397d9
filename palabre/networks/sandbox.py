"""A network in memory: invented people, invented newspapers, every protocol of the contract.

Read this first when adding a network. What comes out depends on the words, the seed and the clock
alone, so that demos and tests see the same things twice. A watch can ask it to misbehave.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from random import Random
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from palabre.networks.contract import (
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
    WatchField,
    WatchKind,
    Words,
)
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.formats.tales import (
    AGENCY,
    ASIDES,
    COLON,
    FIRST_NAMES,
    LAST_NAMES,
    LEADS,
    OUTLETS,
    TALES,
    TALKS,
    Mood,
    News,
    Tale,
    Tongue,
    Trade,
)
from palabre.networks.rounds import Round
from palabre.networks.shapes import count, language, moment, table, text, web_address, word

HOST = "sandbox.example"
PAGE = 50
PAST = timedelta(days=7)
"""How far back a search looks the first time."""
PACE = 10
"""Seconds between two posts of the live stream."""
TOWN = ZoneInfo("Europe/Paris")
BRAND = "Café des Tilleuls"
"""Whom the live stream talks about when no topic gives words."""


class Behaviour(StrEnum):
    """How the sandbox acts when a watch's option `behaviour` says so."""

    WELL = "well"
    SLOW = "slow"
    DUPLICATES = "duplicates"
    REPEATED_PAGE = "repeated_page"
    BROKEN_STREAM = "broken_stream"
    AUTH_EXPIRED = "auth_expired"
    NOT_PERMITTED = "not_permitted"
    RATE_LIMITED = "rate_limited"
    REJECTED = "rejected"
    GONE = "gone"
    TEMPORARY = "temporary"
    OUTCOME_UNKNOWN = "outcome_unknown"
    UNEXPECTED_ANSWER = "unexpected_answer"


_OPTIONS = (
    WatchField(
        key="behaviour",
        label=Words(
            fr="Comportement (well, slow, rate_limited…)", en="Behaviour (well, slow, rate_limited…)"
        ),
        required=False,
        default=Behaviour.WELL,
    ),
    WatchField(key="seed", label=Words(fr="Graine", en="Seed"), required=False, default="1"),
    WatchField(
        key="language",
        label=Words(fr="Langue (fr ou en)", en="Language (fr or en)"),
        required=False,
        default="fr",
    ),
)

MANIFEST = Manifest(
    key="sandbox",
    label="Sandbox (demo)",
    icon="flask",
    capabilities=frozenset((Capability.COLLECT, Capability.STREAM)),
    watches=(
        WatchKind(
            key="search",
            label=Words(fr="Recherche de démonstration", en="Demo search"),
            hint=Words(
                fr="Des publications inventées autour des mots de vos sujets : rien n’est vrai.",
                en="Invented posts about the words of your topics: nothing is true.",
            ),
            reach=Reach.RADAR,
            needs_topic=True,
            fields=_OPTIONS,
        ),
        WatchKind(
            key="outlet",
            label=Words(fr="Journal de démonstration", en="Demo newspaper"),
            hint=Words(
                fr="Un journal inventé, par exemple gazette-des-tilleuls.example.",
                en="An invented newspaper, such as linden-gazette.example.",
            ),
            placeholder="gazette-des-tilleuls.example",
            fields=_OPTIONS,
        ),
        WatchKind(
            key="live",
            label=Words(fr="Direct de démonstration", en="Demo live stream"),
            hint=Words(
                fr="Une publication inventée toutes les dix secondes.",
                en="One invented post every ten seconds.",
            ),
            reach=Reach.RADAR,
            capability=Capability.STREAM,
            fields=_OPTIONS,
        ),
    ),
    source="palabre:networks/sandbox",
    invented=True,
    checked_on=date(2026, 11, 23),
    cannot=(
        Words(
            fr="Rien de ce qui s’y lit n’est vrai : réseau de démonstration.",
            en="Nothing read there is true: it is a network for demonstrations.",
        ),
    ),
)


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
    world = _World(tuple(brand_words), seed, language, trade=trade, bad_day=worst)
    for raw in world.said(start, end):
        item = connector.normalise(raw, Watch(kind="search", target=""))
        if item is not None:
            yield item


class Sandbox:
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


connector = Sandbox()


_MISDEEDS: dict[Behaviour, Callable[[], NetworkError]] = {
    Behaviour.AUTH_EXPIRED: partial(AuthExpired, "sign_in_needed", host=HOST),
    Behaviour.NOT_PERMITTED: partial(NotPermitted, "forbidden", host=HOST),
    Behaviour.RATE_LIMITED: partial(RateLimited, "too_many_requests", retry_after=30.0),
    Behaviour.REJECTED: partial(Rejected, "not_found", host=HOST),
    Behaviour.GONE: partial(Gone, "gone", host=HOST),
    Behaviour.TEMPORARY: partial(Temporary, "server_trouble", status=503, host=HOST),
    Behaviour.OUTCOME_UNKNOWN: partial(OutcomeUnknown, "outcome_unknown", host=HOST),
    Behaviour.UNEXPECTED_ANSWER: partial(UnexpectedAnswer, "not_json", host=HOST, excerpt="<html>"),
}


async def _act(watch: Watch) -> Behaviour:
    """The behaviour asked for; the misdeeds are done at once."""
    try:
        behaviour = Behaviour(watch.options.get("behaviour") or Behaviour.WELL)
    except ValueError:
        raise Rejected("unknown_behaviour", typed=word(watch.options.get("behaviour"), most=40)) from None
    if behaviour is Behaviour.SLOW:
        await asyncio.sleep(2)
    if behaviour in _MISDEEDS:
        raise _MISDEEDS[behaviour]()
    return behaviour


def _world(watch: Watch, words: tuple[str, ...]) -> "_World":
    tongue: Tongue = "en" if watch.options.get("language") == "en" else "fr"
    if watch.kind == "outlet" and watch.target.strip().lower() in {host for _, host in OUTLETS["en"]}:
        tongue = "en"
    seed = watch.options.get("seed") or "1"
    return _World(words, int(seed) if seed.isascii() and seed.isdigit() else 1, tongue)


# The invented world.

_HOURS = (1, 1, 0, 0, 0, 1, 3, 6, 8, 7, 7, 8, 11, 10, 6, 6, 6, 7, 10, 11, 10, 8, 5, 3)
"""How much is said at each hour of the town's day."""
_OUTCRY = (0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 12, 16, 18, 16, 14, 12, 10, 9, 10, 11, 9, 7, 4, 2)
"""The same on the bad day: a video appears at ten."""
_DAYS = (0.95, 0.9, 1.0, 1.0, 1.15, 1.35, 1.2)
_A_DAY = 14.0
"""Posts on an ordinary day; five times as many on the bad one, twice as many on the next."""


class _World:
    """All that is said of one brand in one language; each day is drawn from its own seed."""

    def __init__(
        self,
        words: tuple[str, ...],
        seed: int,
        tongue: Tongue,
        *,
        trade: Trade | None = None,
        bad_day: date | None = None,
    ) -> None:
        self.words = tuple(" ".join(w.split()) for w in words if w.strip()) or (BRAND,)
        self.tongue = tongue
        self._bad_day = bad_day
        self._about = f"{seed}-{tongue}-{_slug(self.words[0])}"
        guessed: Trade = "museum" if "mus" in self.words[0].lower() else "café"
        self._tale: Tale = TALES[trade or guessed, tongue]

    def said(self, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
        """Everything from `since` up to `until`, in order of time."""
        first, last = _stamp(since), _stamp(until)
        day = since.astimezone(TOWN).date() - timedelta(days=1)  # a story told late is repeated the day after
        said: list[dict[str, Any]] = []
        while day <= until.astimezone(TOWN).date():
            said += [post for post in self._day(day) if first <= post["at"] < last]
            day += timedelta(days=1)
        yield from sorted(said, key=lambda post: (post["at"], post["id"]))

    def beat(self, number: int) -> dict[str, Any]:
        """The post of one beat of the live stream."""
        random = Random(f"{self._about}-beat-{number}")  # noqa: S311 (an invention, no secret)
        at = datetime.fromtimestamp(number * PACE, UTC)
        return self._post(random, f"{self._about}-beat-{number}", at, self._mood(random, 0.0))

    def _day(self, day: date) -> list[dict[str, Any]]:
        random = Random(f"{self._about}-{day}")  # noqa: S311
        since_bad = (day - self._bad_day).days if self._bad_day else -1
        outcry, times = {0: (0.85, 5.0), 1: (0.5, 2.0), 2: (0.25, 1.2)}.get(since_bad, (0.0, 1.0))
        said: list[dict[str, Any]] = []
        for number in range(round(random.gauss(1, 0.15) * _A_DAY * _DAYS[day.weekday()] * times)):
            at = _at(random, day, _OUTCRY if since_bad == 0 else _HOURS)
            post = self._post(random, f"{self._about}-{day}-{number}", at, self._mood(random, outcry))
            earlier = [other for other in said if other["at"] < post["at"]]
            if earlier and random.random() < 0.15:
                other = random.choice(earlier)
                post |= {"kind": "reply", "reply_to": other["id"], "thread": other["thread"]}
            said.append(post)
        if since_bad == 0:
            said += self._story(random, day, self._tale.scandal, most=len(OUTLETS[self.tongue]))
        elif random.random() < 0.06 and day.weekday() < 6:
            said += self._story(random, day, random.choice(self._tale.news), most=6)
        return said

    def _mood(self, random: Random, outcry: float) -> Mood:
        if random.random() < outcry:
            return "crisis"
        moods: tuple[Mood, ...] = ("positive", "neutral", "negative")
        return random.choices(moods, weights=(5, 3, 2))[0]

    def _post(self, random: Random, name: str, at: datetime, mood: Mood) -> dict[str, Any]:
        talk = TALKS[self.tongue, mood]
        opening = random.choice(talk.openings)
        if random.random() < 0.85:
            opening = f"{random.choice(LEADS[self.tongue])}, {{brand}}{COLON[self.tongue]}"
        things = random.sample(self._tale.outrages if mood == "crisis" else self._tale.things, k=2)
        first, second = (
            f"{thing} {claim}." for thing, claim in zip(things, random.sample(talk.claims, k=2), strict=True)
        )
        parts = [opening, _capital(first) if opening[-1] in "!?." else first, _capital(second)]
        parts += random.sample(ASIDES[self.tongue], k=random.choices((0, 1, 2, 3), weights=(1, 3, 4, 2))[0])
        parts.append(random.choice(talk.closes))
        brand = random.choices(self.words, weights=[3, *[1] * (len(self.words) - 1)])[0]
        author = random.choice(_people())
        seen = round(author["followers"] * random.uniform(0.02, 0.3))
        return {
            "id": name,
            "kind": "post",
            "text": " ".join(filter(None, parts)).format(brand=brand),
            "author": author,
            "at": _stamp(at),
            "url": f"{author['url']}/{name}",
            "language": self.tongue,
            "outlet": HOST,
            "thread": name,
            "likes": round(seen * random.uniform(0, 0.05)),
            "shares": round(seen * random.uniform(0, 0.01)),
            "replies": random.choice((0, 0, 0, 1, 2, 5)),
            "views": seen,
        }

    def _story(self, random: Random, day: date, news: News, *, most: int) -> list[dict[str, Any]]:
        """One agency text, printed by several newspapers within hours, cut or signed differently."""
        outlets = random.sample(OUTLETS[self.tongue], k=random.randint(min(4, most), most))
        begun = datetime(
            day.year, day.month, day.day, random.randint(8, 11), random.randint(0, 59), tzinfo=TOWN
        )
        title = news.title.format(brand=self.words[0])
        printed = []
        for number, (outlet, host) in enumerate(outlets):
            kept = news.paragraphs[: len(news.paragraphs) - (random.random() < 0.2)]
            body = "\n".join(kept).format(brand=self.words[0])
            head = f"({AGENCY[self.tongue]}) " if random.random() < 0.5 else ""
            name = f"{self._about}-{day}-news-{number}"
            printed.append(
                {
                    "id": name,
                    "kind": "article",
                    "title": title,
                    "text": head + body,
                    "author": {"name": outlet, "handle": host, "url": f"https://{host}/"},
                    "at": _stamp(begun + timedelta(minutes=random.randint(0, 40) + number * 25)),
                    "url": f"https://{host}/{name}",
                    "language": self.tongue,
                    "outlet": host,
                    "thread": name,
                }
            )
        return printed


@cache
def _people() -> tuple[dict[str, Any], ...]:
    """Sixty people, few of them widely read."""
    random = Random("the people of the sandbox")  # noqa: S311
    names = random.sample([(first, last) for first in FIRST_NAMES for last in LAST_NAMES], k=60)
    people = []
    for first, last in names:
        handle = _slug(f"{first}-{last}")
        followers = int(10 ** random.triangular(1.0, 5.2, 2.2))
        url = f"https://{HOST}/@{handle}"
        people.append({"name": f"{first} {last}", "handle": handle, "followers": followers, "url": url})
    return tuple(people)


def _at(random: Random, day: date, hours: tuple[int, ...]) -> datetime:
    hour = random.choices(range(24), weights=hours)[0]
    minute, second = random.randint(0, 59), random.randint(0, 59)
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=TOWN)


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _slug(words: str) -> str:
    plain = normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"
