"""Lists that come newest first: each visit walks from now down to where the last one began.

A list is not always in the order in which a network learnt of things, and what stands in it changes:
so each visit looks a little further than it must, and one an hour much further.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from palabre.networks.contract import Cursor
from palabre.networks.shapes import count, moment, table, word

PAST, MOST = timedelta(days=30), 200
"""How far back the first visit goes: at most so many entries."""


@dataclass(frozen=True, kw_only=True)
class Depth:
    """How much further each visit looks than the last one began, and how much every so often."""

    again: timedelta
    late: timedelta
    late_every: timedelta = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Descent:
    """A walk down to `until`; `top` is where it began, `late` when one last looked far back.

    `floor`: what is older than that was never asked for. `page` is the list's own mark of the next page,
    `left` how many entries may still be looked at.
    """

    until: datetime
    top: datetime
    late: datetime
    floor: datetime
    page: str = ""
    left: int | None = None

    @classmethod
    def of(cls, cursor: Cursor | None, now: datetime, depth: Depth) -> "Descent":
        """The walk that `cursor` is in the middle of, or a new one."""
        kept = table(cursor)
        top, late, floor = (moment(kept.get(name)) for name in ("top", "late", "floor"))
        if top is None or late is None or floor is None:
            return cls(until=now - PAST, top=now, late=now, floor=now - PAST, left=MOST)
        until, page = moment(kept.get("until")), word(kept.get("page"))
        if until is not None and page:
            held = cls(until=until, top=top, late=late, floor=floor, page=page)
            return replace(held, left=count(kept.get("left")))
        if now - late >= depth.late_every:
            return cls(until=max(top - depth.late, floor), top=now, late=now, floor=floor)
        return cls(until=max(top - depth.again, floor), top=now, late=late, floor=floor)

    def next(self, entries: int, oldest: datetime | None, page: str) -> tuple[dict[str, Any], bool]:
        """The cursor after a page of so many entries, and whether the walk goes on to the list's `page`."""
        left = None if self.left is None else max(self.left - entries, 0)
        floor = oldest if left == 0 and page and oldest is not None else self.floor
        held = {name: when.isoformat() for name, when in (("top", self.top), ("late", self.late))}
        held["floor"] = max(floor, self.floor).isoformat()
        deep = oldest is not None and oldest < self.until
        if not page or page == self.page or left == 0 or deep:
            return held, False
        return {**held, "until": self.until.isoformat(), "page": page, "left": left}, True
