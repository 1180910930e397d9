"""What leaves on which day: deliveries of the same content at the same moment are one entry."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, F, Func, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left, NullIf

from palabre.publishing.calendar.selection import Selection
from palabre.publishing.delivery.states import STUCK
from palabre.publishing.models import Delivery, Pillar

MOVABLE = ("awaiting", "scheduled", "paused", "missed", "failed")
"""States in which a new hour is enough for it to leave then."""
NAME_LENGTH = 70
"""Characters of a content's first words that stand in for its name."""


class Part(NamedTuple):
    """One delivery of an entry."""

    pk: int
    channel: int
    network: str
    state: str


class Entry(NamedTuple):
    """A content at a moment. `at` is in the brand's zone; `name` what the team calls it, or its words;
    `recurring` whether it comes back in a series.

    A tuple, like its parts: a month makes thousands of them to show a few.
    """

    post: int
    name: str
    at: datetime
    pillar: int | None
    parts: tuple[Part, ...]
    recurring: bool = False

    @property
    def day(self) -> date:
        """The day it is on."""
        return self.at.date()

    @property
    def networks(self) -> tuple[str, ...]:
        """Where it goes, each network once."""
        return tuple(dict.fromkeys(part.network for part in self.parts))

    @property
    def state(self) -> str:
        """The state that wants a person most."""
        if len(self.parts) == 1:
            return self.parts[0].state
        found = {part.state for part in self.parts}
        urgent = ("unknown", "failed", "rejected", "missed", "refused", "expired", "handed", "awaiting")
        return next(
            (state for state in (*urgent, "paused", "sending", "scheduled") if state in found), ""
        ) or (self.parts[0].state)

    @property
    def stuck(self) -> bool:
        """Whether something went wrong with it."""
        if len(self.parts) == 1:  # as of most: it is asked of every entry of a month
            return self.parts[0].state in STUCK
        return any(part.state in STUCK for part in self.parts)

    @property
    def movable(self) -> bool:
        """Whether all of it may still go to another hour."""
        return all(part.state in MOVABLE for part in self.parts)


class _Moment(Func):
    """A moment in microseconds: two thousand of them are read in a tenth of the time their text would take.

    An integer of the database is one of Python already: nothing has to be called for each of them.
    """

    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()

    def get_db_converters(self, connection: object) -> list[Any]:
        """None."""
        return []


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of a day to the first after another, on the clock of a zone, in UTC."""
    begins = datetime.combine(first, time(), zone).astimezone(UTC)
    return begins, datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def chosen(selection: Selection, zone: ZoneInfo) -> "QuerySet[Delivery]":
    """The deliveries of the brand in scope that a selection shows, by hour."""
    rows = Delivery.objects.filter(selection.wanted(), variant__post__deleted_at=None)
    if not selection.everything:
        begins, ends = bounds(selection.first, selection.last, zone)
        rows = rows.filter(due_at__gte=begins, due_at__lt=ends)
    return rows.order_by("due_at", "variant__post_id", "pk")


def entries(rows: "QuerySet[Delivery]", zone: ZoneInfo) -> list[Entry]:
    """Deliveries, in the order of `chosen`, as entries. One narrow query, whatever is stored."""
    words = Coalesce(
        NullIf(F("variant__post__name"), Value("")),
        NullIf(Left(KeyTextTransform("text", "variant__post__content"), NAME_LENGTH), Value("")),
        KeyTextTransform("title", "variant__post__content"),
        Value(""),
        output_field=TextField(),
    )
    narrow = rows.values_list(
        _Moment(F("due_at")), "variant__post_id", "pk", "channel_id", "channel__network", "state",
        words, "variant__post__pillar_id", "variant__post__occurrence__recurring_id",
    )  # fmt: skip
    found = []
    for (due, post), group in groupby(narrow, key=itemgetter(0, 1)):
        same = list(group)
        parts = tuple([Part(*row[2:6]) for row in same])
        name, pillar, series = same[0][6:]
        found.append(
            Entry(
                post,
                " ".join(name.split()),
                datetime.fromtimestamp(due / 1_000_000, zone),
                pillar,
                parts,
                series is not None,
            )
        )
    return found


def by_day(found: Iterable[Entry]) -> dict[date, list[Entry]]:
    """Entries under their days, in order."""
    days: dict[date, list[Entry]] = defaultdict(list)
    for entry in found:
        days[entry.at.date()].append(entry)
    return days


def at_most(row: Sequence[Entry], most: int) -> list[Entry]:
    """So many of a day's entries: what went wrong first, then by hour; shown in the order of the day."""
    if len(row) <= most:
        return list(row)
    wrong, right = (entry for entry in row if entry.stuck), (entry for entry in row if not entry.stuck)
    return sorted(islice(chain(wrong, right), most), key=lambda entry: entry.at)


@dataclass(frozen=True, kw_only=True)
class Share:
    """A pillar's part of the contents that have one; `part` and `target` in per cent."""

    pillar: Pillar
    count: int
    part: int
    target: int | None

    @property
    def aim(self) -> int:
        """Where the mark of the target begins on a bar of 100."""
        return min(99, self.target or 0)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The pillars against what is planned. `without` counts the contents that belong to none."""

    shares: tuple[Share, ...]
    total: int
    without: int


def balance(found: Iterable[Entry], pillars: Sequence[Pillar]) -> Balance:
    """Each pillar's share of the contents on these days, a content counted once."""
    of_post = {entry.post: entry.pillar for entry in found}
    counts = Counter(pillar for pillar in of_post.values() if pillar is not None)
    total = counts.total()
    shares = tuple(
        Share(
            pillar=pillar,
            count=counts[pillar.pk],
            part=round(100 * counts[pillar.pk] / total) if total else 0,
            target=pillar.target,
        )
        for pillar in pillars
    )
    return Balance(shares=shares, total=total, without=len(of_post) - total)


def waiting() -> tuple[int, int]:
    """How many deliveries of the brand in scope were not sent, and how many are to be approved."""
    rows = Delivery.objects.filter(state__in=[*STUCK, "awaiting"]).values_list("state", flat=True)
    counts = Counter(rows)
    return sum(counts[state] for state in STUCK), counts["awaiting"]
