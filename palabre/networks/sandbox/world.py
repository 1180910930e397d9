"""The invented world: who says what, when, of whom."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from palabre.networks.sandbox.invented.names import AGENCY, FIRST_NAMES, LAST_NAMES, OUTLETS
from palabre.networks.sandbox.invented.shape import Mood, News, Tale, Tongue, Trade
from palabre.networks.sandbox.invented.tales import TALES
from palabre.networks.sandbox.invented.talk import COLON, LEADS, TALKS
from palabre.networks.sandbox.manifest import HOST

PACE = 10
"""Seconds between two posts of the live stream."""
TOWN = ZoneInfo("Europe/Paris")
BRAND = "Café des Tilleuls"
"""Whom the live stream talks about when no topic gives words."""


_HOURS = (1, 1, 0, 0, 0, 1, 3, 6, 8, 7, 7, 8, 11, 10, 6, 6, 6, 7, 10, 11, 10, 8, 5, 3)
"""How much is said at each hour of the town's day."""
_OUTCRY = (0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 12, 16, 18, 16, 14, 12, 10, 9, 10, 11, 9, 7, 4, 2)
"""The same on the bad day: a video appears at ten."""
_DAYS = (0.95, 0.9, 1.0, 1.0, 1.15, 1.35, 1.2)
_A_DAY = 14.0
"""Posts on an ordinary day; five times as many on the bad one, twice as many on the next."""


class World:
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
        # A question or a date is short, and begins with itself.
        plain = mood == "neutral"
        if not plain and random.random() < 0.85:
            opening = f"{random.choice(LEADS[self.tongue])}, {{brand}}{COLON[self.tongue]}"
        spoken_of = {"crisis": self._tale.outrages, "neutral": self._tale.matters}
        things = random.sample(spoken_of.get(mood, self._tale.things), k=1 if plain else 2)
        claims = random.sample(talk.claims, k=len(things))
        first, *others = (f"{thing} {claim}." for thing, claim in zip(things, claims, strict=True))
        parts = [opening, _capital(first) if opening[-1] in "!?." else first, *map(_capital, others)]
        further = random.choices((0, 1, 2, 3), weights=(1, 3, 1, 0) if plain else (1, 3, 4, 2))[0]
        parts += random.sample(talk.asides, k=further)
        parts.append(random.choice(talk.closes))
        brand = random.choices(self.words, weights=[3, *[1] * (len(self.words) - 1)])[0]
        author = random.choice(people())
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
def people() -> tuple[dict[str, Any], ...]:
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
