"""What of the calendar a person looks at: the view, the days, the filter, read from the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q

from palabre.publishing.delivery.states import DELIVERY, STUCK


class View(StrEnum):
    """How the days are laid out."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    LANES = "lanes"
    LIST = "list"


STATES: dict[str, tuple[str, ...]] = {
    "planned": ("scheduled", "paused", "sending"),
    "awaiting": ("awaiting",),
    "stuck": STUCK,
    "published": ("published", "deleted"),
}
"""The states the filter knows, by what they mean to a person."""
SHOWN = tuple(state for state in DELIVERY.moves if state not in ("draft", "cancelled"))
"""States that are on the calendar; a draft has no hour, what was cancelled does not leave."""
WAITING = ("stuck", "awaiting")
"""States that a list shows whatever their day: somebody has to do something about each."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The days from `first` to `last` (included), and which contents on them.

    `everything`: no bounds of days, for what waits for a person wherever it stands.
    """

    view: View = View.MONTH
    on: date
    channel: int | None = None
    state: str = ""
    campaign: int | None = None
    pillar: int | None = None
    author: int | None = None
    everything: bool = False
    page: int = 1

    @classmethod
    def read(cls, typed: Mapping[str, str], *, today: date) -> "Selection":
        """From an address; what makes no sense there is left out."""
        view = typed.get("view", "")
        state = typed.get("state", "")
        return cls(
            view=View(view) if view in list(View) else View.MONTH,
            on=_day(typed.get("on", "")) or today,
            state=state if state in STATES else "",
            everything=state in WAITING and view == View.LIST and not typed.get("on"),
            page=max(1, _number(typed.get("page")) or 1),
            **{name: _number(typed.get(name)) for name in ("channel", "campaign", "pillar", "author")},
        )

    @property
    def first(self) -> date:
        """The first day shown."""
        match self.view:
            case View.MONTH:
                return _monday(self.on.replace(day=1))
            case View.WEEK | View.LANES:
                return _monday(self.on)
            case View.DAY:
                return self.on
            case View.LIST:
                return self.on.replace(day=1)

    @property
    def last(self) -> date:
        """The last day shown."""
        match self.view:
            case View.MONTH:
                return _monday(_month_end(self.on)) + timedelta(days=6)
            case View.WEEK | View.LANES:
                return self.first + timedelta(days=6)
            case View.DAY:
                return self.on
            case View.LIST:
                return _month_end(self.on)

    @property
    def days(self) -> list[date]:
        """Every day shown, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def previous(self) -> date:
        """A day of the period before."""
        if self.view in (View.MONTH, View.LIST):
            return (self.on.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.first - timedelta(days=1 if self.view is View.DAY else 7)

    @property
    def next(self) -> date:
        """A day of the period after."""
        if self.view in (View.MONTH, View.LIST):
            return _month_end(self.on) + timedelta(days=1)
        return self.last + timedelta(days=1)

    @property
    def narrowed(self) -> int:
        """How many filters are set."""
        return sum(bool(one) for one in (self.channel, self.state, self.campaign, self.pillar, self.author))

    def wanted(self) -> Q:
        """The filter of its deliveries, apart from the days."""
        states = STATES.get(self.state, SHOWN)
        asked = {
            "channel": self.channel,
            "variant__post__campaign": self.campaign,
            "variant__post__pillar": self.pillar,
            "variant__post__author": self.author,
        }
        named = {name: value for name, value in asked.items() if value is not None}
        return Q(state__in=states, **named)

    @cached_property
    def here(self) -> str:
        """The query of this selection's address."""
        return self.address()

    def address(self, **changes: object) -> str:
        """The query of this selection's address, with changes; begins with “?”."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        told: dict[str, object] = {"view": other.view.value}
        if not other.everything:
            told["on"] = other.on.isoformat()
        for name in ("channel", "state", "campaign", "pillar", "author"):
            if value := getattr(other, name):
                told[name] = value
        return f"?{urlencode(told)}"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # A year away from both ends of what a date can be: the grid reaches a little further than the day.
    return day if date.min.year < day.year < date.max.year else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
