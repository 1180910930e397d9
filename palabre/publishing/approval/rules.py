"""Who decides on a content, in which order, and until when: pure decisions.

The pages ask before, the writes ask again. A step of approval names who decides; the steps are passed
one after the other; nobody decides on what they wrote.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from palabre.agency.roles import RIGHTS, Role

MOST_STEPS = 3
LASTS = timedelta(days=90)
"""How long nobody may answer before an approval expires by itself."""
LEAST_NOTICE = timedelta(minutes=5)
"""Time that must be left to decide when a content is sent for approval."""


@dataclass(frozen=True, kw_only=True)
class Approver:
    """Whom a step asks. `kind`: role, person or team; `who`: a role's name, else an id, "" once gone."""

    kind: str
    who: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who reaches the brand, as what, and in which teams."""

    pk: int
    role: str
    teams: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Who may decide now. `stuck`: nobody that the step names can, so the owners do."""

    people: frozenset[int]
    stuck: bool = False


def named(approver: Approver, people: Iterable[Person]) -> frozenset[int]:
    """Who is meant: a role means whoever has it in the brand, or a stronger one."""
    return frozenset(person.pk for person in people if _is_named(approver, person))


def _is_named(approver: Approver, person: Person) -> bool:
    match approver.kind:
        case "role":
            return bool(approver.who) and RIGHTS[person.role] >= RIGHTS[approver.who]
        case "person":
            return approver.who == str(person.pk)
        case _:
            return approver.who in {str(team) for team in person.teams}


def turn(
    steps: Sequence[Approver], passed: int, people: Collection[Person], writers: Collection[int]
) -> Turn:
    """Who decides once `passed` steps were passed. Where nobody named can, the owners who did not write it.

    Nobody at all may be left: then the steps have to change.
    """
    able = named(steps[passed], people) if passed < len(steps) else frozenset()
    if free := able - frozenset(writers):
        return Turn(people=free)
    owners = frozenset(person.pk for person in people if person.role == Role.OWNER)
    return Turn(people=owners - frozenset(writers), stuck=True)


def still_passed(before: Sequence[Approver], after: Sequence[Approver], passed: int) -> int:
    """How many steps stay passed when they change: those that were passed and are what they were."""
    same = 0
    for old, new in zip(before[:passed], after, strict=False):
        if old != new:
            break
        same += 1
    return same


def ends_at(*, asked_at: datetime, due_at: datetime) -> datetime:
    """When an approval that nobody gives is over: at the content’s hour, after ninety days at the latest."""
    return min(due_at, asked_at + LASTS)


def digest(said: Mapping[str, Any]) -> str:
    """What an approval is for: the same words, links and media give the same, in any order of fields."""
    whole = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def writers(author: int | None, versions: Iterable[tuple[int | None, Any]]) -> frozenset[int]:
    """Who wrote a content: its author and whoever changed it. `versions`: who saved what, in order.

    Saving it as it stands is not writing.
    """
    found = {author}
    before: object = None
    for by, said in versions:
        if said != before:
            found.add(by)
        before = said
    return frozenset(pk for pk in found if pk is not None)
