"""Lists of a server of the Mastodon API: down from the top the first time, then up from the newest mark.

A list is in the order in which the server learnt of things, and climbing (`min_id`) gives what is just
above a mark: nothing is passed over, however much was said in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from palabre.networks.contract import Cursor
from palabre.networks.descents import MOST, PAST
from palabre.networks.shapes import count, table, word


@dataclass(frozen=True, kw_only=True)
class Climb:
    """Where a walk stands: `newest` is the mark to climb from, `older` the one to go down from until
    `until` while the first visit lasts; `walked` counts the entries of that."""

    until: datetime
    newest: str = ""
    older: str = ""
    walked: int = 0

    @classmethod
    def of(cls, cursor: Cursor | None, now: datetime) -> "Climb":
        """The walk that `cursor` is in the middle of, or a new one."""
        kept = table(cursor)
        return cls(
            until=now - PAST,
            newest=word(kept.get("newest")),
            older=word(kept.get("older")),
            walked=count(kept.get("walked")) or 0,
        )

    @property
    def asked(self) -> Mapping[str, str]:
        """What to ask the list for."""
        if self.older:
            return {"max_id": self.older}
        return {"min_id": self.newest} if self.newest else {}

    def next(
        self, marks: Sequence[str], links: Mapping[str, str], *, oldest: datetime | None, page: int
    ) -> tuple[dict[str, Any], bool]:
        """The cursor after a page, and whether the walk goes on. `links` are the marks of the Link header."""
        top = links.get("prev") or next(iter(marks), "")
        bottom = links.get("next") or next(iter(marks[-1:]), "")
        full = len(marks) >= page // 2  # a server may leave some out of a full page
        if self.newest and not self.older:
            climbed = top or self.newest
            return {"newest": climbed}, full and climbed != self.newest
        begun = {"newest": self.newest or top} if self.newest or top else {}
        walked = self.walked + len(marks)
        deep = walked >= MOST or (oldest is not None and oldest < self.until)
        if not full or deep or not bottom or bottom == self.older:
            return begun, False
        return {**begun, "older": bottom, "walked": walked}, True
