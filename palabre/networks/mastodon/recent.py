"""The statuses an account heard of late, asked for again: an edit or a deletion is told to nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from palabre.networks.answers import json_of
from palabre.networks.contract import Cursor, Session
from palabre.networks.errors import Gone, Rejected
from palabre.networks.mastodon.signed import call
from palabre.networks.shapes import moment, rows, table, web_address, word

AT_ONCE = 20
"""Statuses a call gives, where a server gives several; so many are looked at at each visit."""
MOST = 60
"""Statuses that are remembered, and all looked at once an hour."""
ALONE = 10
"""Calls a visit may spend on single statuses."""
AGAIN = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Recent:
    """By the server's id: the address and the moment of the last edit, newest first.

    `looked`: when all were last looked at. `single`: the server gives one status a call.
    """

    now: datetime
    looked: datetime
    statuses: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    single: bool = False

    @classmethod
    def of(cls, cursor: Cursor | None, now: datetime) -> "Recent":
        """What `cursor` remembers."""
        kept = table(cursor)
        told = {word(id_): rows(marks) for id_, marks in table(kept.get("recent")).items()}
        statuses = {
            id_: (word(marks[0], most=1000), word(marks[1])) for id_, marks in told.items() if len(marks) == 2
        }
        looked = moment(kept.get("looked")) or now
        return cls(now=now, looked=looked, statuses=statuses, single=kept.get("single") is True)

    def with_more(self, statuses: Sequence[Mapping[str, Any]]) -> "Recent":
        """With what was heard now, the newest kept."""
        marks = {}
        for status in statuses:
            address = web_address(status.get("uri")) or web_address(status.get("url"))
            if address:
                marks[word(status.get("id"))] = (address, word(status.get("edited_at")))
        fresh = {id_: mark for id_, mark in marks.items() if id_ not in self.statuses}
        kept = {id_: marks.get(id_, mark) for id_, mark in self.statuses.items()}
        return replace(self, statuses=dict(list({**fresh, **kept}.items())[:MOST]))

    def cursor(self) -> dict[str, Any]:
        """As JSON, beside the rest of the cursor."""
        statuses = {id_: list(marks) for id_, marks in self.statuses.items()}
        told: dict[str, Any] = {"recent": statuses, "looked": self.looked.isoformat()}
        return {**told, "single": True} if self.single else told


async def look(session: Session, recent: Recent) -> tuple[list[Mapping[str, Any]], list[str], Recent]:
    """What says something else now, the addresses of what is gone, and what is remembered after that.

    Nothing is taken for gone that the server does not say so of, one by one.
    """
    due = recent.now - recent.looked >= AGAIN
    ids = list(recent.statuses)[: MOST if due else AT_ONCE]
    if recent.single:
        ids = ids[: 2 * ALONE if due else 0]
    shown, single = await _shown(session, ids, single=recent.single)
    changed = [one for id_, one in shown.items() if _edited(one) != recent.statuses[id_][1]]
    doubtful = [id_ for id_ in ids if id_ not in shown]
    gone = [id_ for id_ in doubtful[:ALONE] if await _alone(session, id_) is None]
    left = {id_: marks for id_, marks in recent.statuses.items() if id_ not in gone}
    looked = recent.now if due else recent.looked
    after = replace(recent, statuses=left, single=single, looked=looked)
    return changed, [recent.statuses[id_][0] for id_ in gone], after


async def _shown(
    session: Session, ids: Sequence[str], *, single: bool
) -> tuple[dict[str, Mapping[str, Any]], bool]:
    """The statuses the server gives, by id, and whether it gives one a call."""
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, 0 if single else len(ids), AT_ONCE):
        asked = "&".join(f"id%5B%5D={quote(id_, safe='')}" for id_ in ids[start : start + AT_ONCE])
        try:
            told = json_of(await call(session, "GET", f"/api/v1/statuses?{asked}"))
        except (Rejected, Gone):
            return {}, True
        found |= {word(one.get("id")): one for one in map(table, rows(told)) if one.get("id") in ids}
    if single:
        for id_ in ids:
            if (one := await _alone(session, id_)) is not None:
                found[id_] = one
    return found, single


async def _alone(session: Session, id_: str) -> Mapping[str, Any] | None:
    """One status, None when it is gone."""
    try:
        return table(json_of(await call(session, "GET", f"/api/v1/statuses/{quote(id_, safe='')}")))
    except Gone:
        return None
    except Rejected as error:
        if error.code != "not_found":
            raise
        return None


def _edited(status: Mapping[str, Any]) -> str:
    return word(status.get("edited_at"))
