"""The side bar: the rooms in their fixed order, where each leads, and what is said of those to come.

A room whose URL does not exist yet leads to an honest page (`ui:room`). Apps may add a badge (the
number of things that wait there) with `count` in their AppConfig.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text: TypeAlias = str | Promise


@dataclass(frozen=True, kw_only=True)
class Room:
    """One entry of the side bar.

    `url` is a URL name, tried with the current brand's slug and then bare; `spaces` are the URL
    namespaces that light the entry up; `promise` and `meanwhile` fill the page of a room to come.
    """

    key: str
    label: Text
    icon: str
    url: str
    spaces: tuple[str, ...] = ()
    promise: Text = ""
    meanwhile: Text = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A room as one reader sees it now."""

    room: Room
    href: str
    current: bool
    waiting: int
    later: bool


TODAY = Room(
    key="today", label=pgettext_lazy("room", "Today"), icon="sun-high", url="desk:today", spaces=("desk",)
)
VERBS = (
    Room(
        key="listen",
        label=pgettext_lazy("room", "Listen"),
        icon="ear",
        url="insight:listen",
        spaces=("listening", "stream", "alerts", "insight", "intake"),
    ),
    Room(
        key="answer",
        label=pgettext_lazy("room", "Answer"),
        icon="messages",
        url="inbox:conversations",
        spaces=("inbox", "moderation"),
        promise=_(
            "One inbox for every network: conversations assigned, answered and closed, "
            "comments to moderate, the time to the first answer."
        ),
        meanwhile=_(
            "Today, each mention has a link to where it was said: open it and answer there. "
            "Mark it read or tag it here, so that the team sees it is handled."
        ),
    ),
    Room(
        key="publish",
        label=pgettext_lazy("room", "Publish"),
        icon="calendar-event",
        url="publishing:calendar",
        spaces=("publishing", "channels"),
        promise=_(
            "A calendar where contents are written once, adapted to each network, approved, "
            "scheduled, and sent exactly once."
        ),
        meanwhile=_(
            "Today, listening already tells you what to talk about and when: "
            "the themes and the busiest hours are on the mentions page."
        ),
    ),
    Room(
        key="connect",
        label=pgettext_lazy("room", "Connect"),
        icon="affiliate",
        url="people:home",
        spaces=("people",),
        promise=_(
            "The people around the brand: members, fans, bloggers and creators, "
            "what they said and what was agreed with them."
        ),
        meanwhile=_("Today, the mentions page lists the authors who speak most of you, with their reach."),
    ),
    Room(
        key="measure",
        label=pgettext_lazy("room", "Measure"),
        icon="chart-dots-3",
        url="reports:home",
        spaces=("reports",),
        promise=_(
            "Audience, engagement and clicks of every account side by side, and reports for your clients."
        ),
        meanwhile=_(
            "Today, volume, sentiment, share of voice and e-reputation are on the mentions page, "
            "each with its formula and its CSV."
        ),
    ),
    Room(
        key="aim",
        label=pgettext_lazy("room", "Aim"),
        icon="target-arrow",
        url="objectives:home",
        spaces=("objectives",),
        promise=_(
            "Objectives with a date and a figure, the chance of reaching them, and what each result cost."
        ),
        meanwhile=_(
            "Today, a threshold alert can tell you when a figure of a topic goes past the line you set."
        ),
    ),
)
SEARCH = Room(
    key="search",
    label=pgettext_lazy("room", "Search"),
    icon="search",
    url="desk:search",
    promise=_("One search across mentions, contents, conversations and people."),
    meanwhile=_("Today, the mentions page has its own full-text search, in French and English."),
)
SETTINGS = Room(
    key="settings",
    label=pgettext_lazy("room", "Settings"),
    icon="settings",
    url="agency:profile",
    spaces=("agency", "account", "mfa", "usersessions"),
)
ROOMS = (TODAY, *VERBS, SEARCH, SETTINGS)
ON_PHONE = ("today", "listen", "answer", "publish")  # the fifth tab opens the sheet with the rest
OF_SETTINGS = ("desk:privacy", "desk:person", "desk:zone", "alerts:mail_server")
"""How the names of its pages in other spaces begin."""
BRAND_HOME = "insight:listen"  # where the brand switcher leads, with the brand's slug

_counters: dict[str, Callable[[HttpRequest, Any], int]] = {}


def count(key: str, counter: Callable[[HttpRequest, Any], int]) -> None:
    """Show a badge on a room: `counter` gets the request and the current brand, and must be cheap."""
    if key not in {room.key for room in ROOMS}:
        raise ValueError(f"no room called {key}")
    _counters[key] = counter


def address(name: str, brand: Any = None) -> str | None:
    """The path of a URL name, with the brand's slug or bare; None when there is no such URL."""
    attempts: list[list[str]] = [[brand.slug]] if brand else []
    for arguments in [*attempts, []]:
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return None


@dataclass(frozen=True, kw_only=True)
class SideBar:
    """The rooms as the base page lays them out: side bar, phone tabs, and the sheet behind the fifth."""

    today: Entry
    verbs: list[Entry]
    foot: list[Entry]
    tabs: list[Entry]
    more: list[Entry]
    more_current: bool
    more_waiting: int


def side_bar(request: HttpRequest, brand: Any = None) -> SideBar:
    """Every room as this request sees it."""
    rooms = entries(request, brand)
    more = [entry for key, entry in rooms.items() if key not in ON_PHONE]
    return SideBar(
        today=rooms["today"],
        verbs=[rooms[room.key] for room in VERBS],
        foot=[rooms["search"], rooms["settings"]],
        tabs=[rooms[key] for key in ON_PHONE],
        more=more,
        more_current=any(entry.current for entry in more),
        more_waiting=sum(entry.waiting for entry in more),
    )


def entries(request: HttpRequest, brand: Any = None) -> dict[str, Entry]:
    """Every room by key, in order, as this request sees it."""
    match = getattr(request, "resolver_match", None)
    space = match.namespace.split(":")[0] if match and match.namespace else ""
    name = match.view_name if match else ""
    if name.startswith(OF_SETTINGS):
        space = "agency"
    if not space and name.startswith(("account_", "mfa_", "usersessions_")):
        space = name.split("_")[0]
    exact = next((room.key for room in ROOMS if room.url == name), None)
    asked = match.kwargs.get("key") if match and name == "ui:room" else None
    current = asked or exact or next((room.key for room in ROOMS if space in room.spaces), None)
    found = {}
    for room in ROOMS:
        href = address(room.url, brand)
        counter = _counters.get(room.key)
        found[room.key] = Entry(
            room=room,
            href=href or reverse("ui:room", args=[room.key]),
            current=room.key == current,
            waiting=counter(request, brand) if counter and brand else 0,
            later=href is None,
        )
    return found
