"""What the mentions page shows: a filter as a value, to and from the query string. Pure but for messages.

A hostile or stale query string never breaks a page: what cannot be understood is left out, with a note.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from palabre.listening.bands import REACH_STEPS, nearest
from palabre.networks.contract import ItemKind

T = TypeVar("T")
DAYS = (7, 30, 90)
DEFAULT_DAYS = 30
MANY = 100
"""Values taken of one field; a person never chooses more."""
Q_MAX = 300
EARLIEST, LATEST = date(1995, 1, 1), date(2100, 1, 1)


class Read(StrEnum):
    """Read, unread, or both."""

    ANY = ""
    READ = "read"
    UNREAD = "unread"


class Show(StrEnum):
    """Whether what a model suspects is among the rest, left out, or all there is."""

    HIDDEN = "hidden"
    SHOWN = "shown"
    ONLY = "only"


class Order(StrEnum):
    """Newest first, furthest reach first, most negative first."""

    NEWEST = "newest"
    REACH = "reach"
    NEGATIVE = "negative"


TONES = {"negative": -1, "neutral": 0, "positive": 1}
_TONE_NAMES = {value: name for name, value in TONES.items()}


@dataclass(frozen=True, kw_only=True)
class MentionFilter:
    """Conditions that all hold; within a tuple any one does, an empty tuple asks nothing.

    `days` counts back from today, today included; None with `since` and `until` (both included), or
    with neither for all time. Days are the brand's. `reach_min` is "at least", `reach_max` is "fewer
    than"; both are steps of `REACH_STEPS`. `q` is full text: words, "phrases", or, -without.
    """

    topics: tuple[int, ...] = ()
    days: int | None = DEFAULT_DAYS
    since: date | None = None
    until: date | None = None
    networks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tones: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[int, ...] = ()
    authors: tuple[int, ...] = ()
    outlet: str = ""
    story: int | None = None
    theme: int | None = None
    reach_min: int | None = None
    reach_max: int | None = None
    read: Read = Read.ANY
    spam: Show = Show.HIDDEN
    toxic: Show = Show.SHOWN
    ignored: Show = Show.HIDDEN
    q: str = ""
    order: Order = Order.NEWEST
    notes: tuple[str, ...] = field(default=(), compare=False)

    def between(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day, both included; None is open."""
        if self.days is not None:
            return today - timedelta(days=self.days - 1), today
        return self.since, self.until

    def previous(self, today: date) -> "MentionFilter | None":
        """The same filter over as many days just before; None when the period has no first day."""
        since, until = self.between(today)
        if since is None:
            return None
        length = (until or today) - since + timedelta(days=1)
        return replace(self, days=None, since=since - length, until=since - timedelta(days=1))

    @property
    def is_counted(self) -> bool:
        """Whether the counts alone can answer; else cards are counted."""
        alone = not self.authors and self.story is None and self.theme is None
        return alone and not self.outlet and not self.q and not self.tags

    @property
    def has_reach(self) -> bool:
        """Whether the counts by reach are needed; they are kept by day."""
        return self.reach_min is not None or self.reach_max is not None

    def query_string(self) -> str:
        """The filter as the address bar holds it; the default filter is empty."""
        query = QueryDict(mutable=True)
        for name, value in self._written():
            query.appendlist(name, value)
        return query.urlencode()

    def but(self, **changes: Any) -> "MentionFilter":
        """The filter with other values."""
        return replace(self, **changes)

    def _written(self) -> Iterable[tuple[str, str]]:
        if self.days is None:
            yield "days", "all"
        elif self.days != DEFAULT_DAYS:
            yield "days", str(self.days)
        for name in ("since", "until"):
            if self.days is None and (day := getattr(self, name)):
                yield name, day.isoformat()
        for name in _MANY:
            for value in getattr(self, name):
                yield name, _TONE_NAMES[value] if name == "tones" else str(value)
        for author in self.authors:
            yield "author", str(author)
        for name in ("outlet", "story", "theme", "reach_min", "reach_max", "q"):
            if (value := getattr(self, name)) not in (None, ""):
                yield name, str(value)
        for item in fields(self):
            if item.name in _CHOICES and getattr(self, item.name) != item.default:
                yield item.name, str(getattr(self, item.name))


_MANY = ("topics", "networks", "languages", "tones", "kinds", "tags")
_CHOICES: dict[str, type[StrEnum]] = {
    "read": Read,
    "spam": Show,
    "toxic": Show,
    "ignored": Show,
    "order": Order,
}


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:19]) < 2**63 or len(text) > 19:
        raise ValueError(text)
    return int(text)


def _code(text: str) -> str:
    """A key of a network, a language: short and without surprises."""
    if (
        not text
        or len(text) > 40
        or not text.isascii()
        or not text.replace("_", "").replace("-", "").isalnum()
    ):
        raise ValueError(text)
    return text


def _kind(text: str) -> str:
    return ItemKind(text).value


def _tone(text: str) -> int:
    if text not in TONES:
        raise ValueError(text)
    return TONES[text]


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(text)
    return day


def one_line(text: str) -> str:
    """One line without what no page can show, cut to a length that a search can bear."""
    kept = "".join(c for c in text if c.isprintable() or c.isspace())
    return " ".join(kept.encode(errors="ignore").decode().split())[:Q_MAX].strip()


class _Reader:
    """Takes values out of a query string; what is refused leaves a note."""

    def __init__(self, query: Mapping[str, Any]) -> None:
        self.query = query
        self.notes: list[str] = []

    def _all(self, name: str) -> list[str]:
        if isinstance(self.query, QueryDict):
            return self.query.getlist(name)
        value = self.query.get(name, [])
        return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]

    def many(self, name: str, read: Callable[[str], T]) -> tuple[T, ...]:
        """Each distinct value, in order."""
        return tuple(dict.fromkeys(v for text in self._all(name)[:MANY] for v in self._try(name, read, text)))

    def one(self, name: str, read: Callable[[str], T]) -> T | None:
        """The last value that makes sense."""
        found = self.many(name, read)
        return found[-1] if found else None

    def _try(self, name: str, read: Callable[[str], T], text: str) -> list[T]:
        if not text.strip():
            return []
        try:
            return [read(text.strip())]
        except ValueError:
            self.notes.append(
                _("“%(value)s” means nothing for “%(name)s”: it was left out.")
                % {"value": one_line(text)[:40], "name": name}
            )
            return []


def from_query(query: Mapping[str, Any]) -> MentionFilter:
    """The filter of a request's query string, or a stored mapping of lists; `notes` say what was left out."""
    reader = _Reader(query)
    since, until = reader.one("since", _day), reader.one("until", _day)
    if since and until and since > until:
        since, until = until, since
    days = _days(reader, since, until)
    if days is not None:
        since = until = None
    steps = {name: reader.one(name, _id) for name in ("reach_min", "reach_max")}
    for name, value in steps.items():
        if value is not None and value not in REACH_STEPS:
            steps[name] = nearest(value)
            reader.notes.append(
                _("Reach is filtered by steps: %(step)s was taken for %(value)s.")
                % {"step": steps[name], "value": value}
            )
    choices = {name: reader.one(name, kind) for name, kind in _CHOICES.items()}
    return MentionFilter(
        topics=reader.many("topics", _id),
        days=days,
        since=since,
        until=until,
        networks=reader.many("networks", _code),
        languages=reader.many("languages", _code),
        tones=reader.many("tones", _tone),
        kinds=reader.many("kinds", _kind),
        tags=reader.many("tags", _id),
        authors=reader.many("author", _id),
        outlet=(reader.one("outlet", one_line) or "")[:253].casefold(),
        story=reader.one("story", _id),
        theme=reader.one("theme", _id),
        q=reader.one("q", one_line) or "",
        notes=tuple(reader.notes),
        **steps,  # type: ignore[arg-type]
        **{name: value for name, value in choices.items() if value is not None},  # type: ignore[arg-type]
    )


def _days(reader: _Reader, since: date | None, until: date | None) -> int | None:
    def read(text: str) -> int:
        if text == "all":
            return 0
        if int(text) not in DAYS:
            raise ValueError(text)
        return int(text)

    asked = reader.one("days", read)
    if asked:
        return asked
    return None if asked == 0 or since or until else DEFAULT_DAYS


def stored(mentions: MentionFilter) -> dict[str, list[str]]:
    """The filter as a saved view keeps it: `from_query` reads it back."""
    kept: dict[str, list[str]] = {}
    for name, value in mentions._written():
        kept.setdefault(name, []).append(value)
    return kept
