"""The comments that were heard of late, asked for again once an hour: one that was erased leaves no trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palabre.networks.contract import Cursor, Session
from palabre.networks.errors import Gone, Rejected
from palabre.networks.shapes import count, rows, table
from palabre.networks.wordpress.rest import call

MOST = 100
"""Comments that are remembered: as many as a call gives."""
ALONE = 10
"""Comments of which a visit asks whether they are gone."""


@dataclass(frozen=True, kw_only=True)
class Recent:
    """The article of each comment, by its number, the newest first."""

    comments: Mapping[int, int]

    @classmethod
    def of(cls, cursor: Cursor | None) -> "Recent":
        """What `cursor` remembers."""
        pairs = [tuple(map(count, rows(pair))) for pair in rows(table(cursor).get("recent"))]
        return cls(comments={pair[0]: pair[1] for pair in pairs if len(pair) == 2 and pair[0] and pair[1]})

    def with_more(self, found: Sequence[Mapping[str, Any]]) -> "Recent":
        """With what was heard now."""
        heard = {count(one.get("id")): count(one.get("post")) for one in found}
        known = {**self.comments, **{id_: page for id_, page in heard.items() if id_ and page}}
        newest = sorted(known, reverse=True)[:MOST]
        return Recent(comments={id_: known[id_] for id_ in newest})

    def without(self, gone: Sequence[int]) -> "Recent":
        """But for what is gone."""
        return Recent(comments={id_: page for id_, page in self.comments.items() if id_ not in gone})

    def marks(self) -> list[list[int]]:
        """As JSON."""
        return [[id_, page] for id_, page in self.comments.items()]


async def erased(session: Session, doubtful: Sequence[int]) -> list[int]:
    """Which of these comments the site says are not there: those it merely does not show are."""
    return [number for number in doubtful[:ALONE] if await _is_erased(session, number)]


async def _is_erased(session: Session, number: int) -> bool:
    try:
        await call(session, "GET", f"/wp/v2/comments/{number}")
    except Gone:
        return True
    except Rejected as error:
        if error.code != "not_found":
            raise
        return True
    return False
