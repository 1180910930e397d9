"""What a row of a file would be as a content, and everything that is wrong with it, before it is saved."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.channels.words import label_of
from palabre.kit.text import fold
from palabre.networks.checks import problems
from palabre.networks.errors import Problem
from palabre.networks.rules import PostingRules
from palabre.publishing.composing.content import Content, Medium
from palabre.publishing.composing.marking import Marks, marked, marks_for
from palabre.publishing.composing.reading import read
from palabre.publishing.delivery.outgoing import outgoing
from palabre.publishing.hours import NoSuchHour, moment
from palabre.publishing.importing.dates import NoDate, Order, read_hour
from palabre.publishing.importing.fetching import Unfetched
from palabre.publishing.importing.formats import Layout, Typed
from palabre.publishing.models import Asset

UNREADABLE = ("quotes", "too_long")
"""Faults of a row of which nothing can be kept."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with a row: a code of `importing_words.FAULTS`, or "network" and its problem."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    channel: int | None = None

    @property
    def problem(self) -> Problem:
        """What the network would refuse; for the code "network"."""
        return Problem(**self.params)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A row as a content. `due_at` None: a draft, or an hour that cannot be."""

    line: int
    content: Content
    channels: tuple[int, ...]
    due_at: datetime | None
    faults: tuple[Fault, ...]
    name: str = ""
    note: str = ""
    campaign: str = ""
    pillar: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """As JSON."""
        rest = {name: getattr(self, name) for name in ("name", "note", "campaign", "pillar")}
        return {"content": self.content.written(), "channels": list(self.channels), **rest}

    @property
    def fingerprint(self) -> str:
        """What makes it the same content again: its words, its accounts and its hour."""
        hour = self.due_at.astimezone(UTC).isoformat() if self.due_at else ""
        told = json.dumps([self.content.written(), sorted(self.channels), hour], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


class Judge:
    """Reads rows of one file for one brand: its clock, its accounts, its library, the networks' rules."""

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        now: datetime,
        layout: Layout,
        order: Order | None,
        channels: Sequence[Channel],
        chosen: Sequence[int],
        pictures: bool,
        fetch: Callable[[str], int],
    ) -> None:
        """`fetch`: the library's key of a picture named by its address; raises Unfetched."""
        self._zone, self._now, self._layout, self._order = zone, now, layout, order
        self._channels = {channel.pk: channel for channel in channels}
        self._chosen = tuple(pk for pk in chosen if pk in self._channels)
        self._rules: dict[int, PostingRules] = {}
        self._marks: dict[tuple[int, str], Marks] = {}
        self._named: dict[str, int] = {}
        for channel in channels:
            for name in (channel.network, channel.name, channel.handle, channel.handle.lstrip("@")):
                if name:
                    self._named.setdefault(fold(name), channel.pk)
        library = Asset.objects.filter(deleted_at=None).order_by("added_at") if pictures else ()
        self._fetch = fetch
        self._assets = {fold(asset.name): asset.pk for asset in library}

    def judge(self, typed: Typed) -> Judged:
        """One row."""
        faults = [Fault(code=code) for code in typed.faults]
        if any(code in UNREADABLE for code in typed.faults):
            return Judged(line=typed.line, content=Content(), channels=(), due_at=None, faults=tuple(faults))
        due_at = self._hour(typed, faults)
        channels = self._accounts(typed, faults)
        content = self._content(typed, faults)
        day = due_at.astimezone(self._zone).date() if due_at else self._now.astimezone(self._zone).date()
        for pk in channels:
            faults += (
                Fault(code="network", channel=pk, params=asdict(problem))
                for problem in self._problems(content, self._channels[pk], day, typed.campaign)
            )
        note = typed.note
        if typed.labels:
            note = "\n".join(filter(None, [note, " ".join(f"[{label}]" for label in typed.labels)]))
        return Judged(
            line=typed.line,
            content=content,
            channels=channels,
            due_at=due_at,
            faults=tuple(faults),
            name=typed.name[:160],
            note=note,
            campaign=typed.campaign[:120],
            pillar=typed.pillar[:80],
        )

    def _problems(self, content: Content, channel: Channel, day: date, campaign: str) -> Sequence[Problem]:
        """What the network would refuse; words alone are judged without asking the database again."""
        if content.media:
            return read(content, [channel], {}, day, campaign)[0].problems
        if channel.pk not in self._rules:
            self._rules[channel.pk] = rules_for(channel)
        marks = self._marks.get((channel.pk, campaign))
        if marks is None:
            label = label_of(channel.network)
            marks = marks_for(channel.brand, channel.network, label=label, campaign=campaign)
            self._marks[channel.pk, campaign] = marks
        leaving = outgoing(marked(content, marks), (), key="not-planned-yet", begun_at=self._now)
        return problems(leaving, self._rules[channel.pk])

    def _hour(self, typed: Typed, faults: list[Fault]) -> datetime | None:
        if not typed.date and not typed.time and self._layout is Layout.PALABRE:
            return None  # A draft: our own file says so.
        try:
            local = read_hour(typed.date, typed.time, self._order)
            at = moment(local, self._zone)
        except NoDate as wrong:
            shown = f"{typed.date} {typed.time}".strip()
            faults.append(Fault(code=wrong.code, params={"typed": shown[:60]}))
            return None
        except NoSuchHour as skipped:
            instead = f"{skipped.instead:%H:%M}"
            faults.append(Fault(code="no_such_hour", params={"typed": f"{local:%H:%M}", "instead": instead}))
            return None
        if at < self._now:
            faults.append(Fault(code="past"))
        return at

    def _accounts(self, typed: Typed, faults: list[Fault]) -> tuple[int, ...]:
        if not typed.accounts:
            if not self._chosen:
                faults.append(Fault(code="no_account"))
            return self._chosen
        found = []
        for name in typed.accounts:
            pk = self._named.get(fold(name)) or self._named.get(fold(name.lstrip("@")))
            if pk is None:
                faults.append(Fault(code="account_unknown", params={"name": name[:80]}))
            else:
                found.append(pk)
        return tuple(dict.fromkeys(found))

    def _content(self, typed: Typed, faults: list[Fault]) -> Content:
        link = typed.link
        if link and "://" not in link and " " not in link and "." in link:
            link = f"https://{link}"
        if link and not _is_address(link):
            faults.append(Fault(code="link", params={"typed": link[:80]}))
            link = ""
        media = []
        for place, name in enumerate(typed.images):
            if found := self._picture(name, faults):
                alt = typed.alts[place] if place < len(typed.alts) else ""
                media.append(Medium(asset=found, alt=alt))
        return Content(
            text=typed.text,
            link=link,
            title=typed.title[:500],
            first_comment=typed.comment,
            tags=typed.tags,
            media=tuple(media),
        )

    def _picture(self, name: str, faults: list[Fault]) -> int | None:
        """The file of the library: by its address, else by its name, whatever folders stand before it."""
        try:
            if _is_address(name):
                return self._fetch(name)
        except Unfetched as failed:
            faults.append(Fault(code=failed.code, params=failed.params))
            return None
        found = self._assets.get(fold(name)) or self._assets.get(fold(_last(name)))
        if found is None:
            faults.append(Fault(code="image_unknown", params={"name": name[:80]}))
        return found


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(link) & set(' \n<>"')


def _last(name: str) -> str:
    """The file's own name, of a path on somebody's disk."""
    return name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
