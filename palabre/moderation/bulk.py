"""One decision on many cases: what was done is listed, what was not is kept, with its reason.

Each is decided by itself: a right that is taken away in the middle, a message that went, a colleague who was
first stop none of the others from standing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from palabre.agency.models import User
from palabre.moderation.deciding import AlreadyDecided, Pointless, Unfounded, decide
from palabre.moderation.models import Article, Case, Decision

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A case on which nothing was decided; `why` is a key of `words.KEPT`."""

    case: int
    why: str
    case_row: Case | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of each."""

    done: tuple[Decision, ...]
    kept: tuple[Kept, ...]


def decide_many(
    *,
    cases: Sequence[int],
    act: str,
    by: User,
    article: Article | None,
    why: str,
    allowed: Callable[[], bool],
    now: datetime,
) -> Outcome:
    """Decide on each case in turn. `allowed` is asked before each. In the brand's scope."""
    done: list[Decision] = []
    kept: list[Kept] = []
    for pk in cases:
        case = Case.objects.select_related("message__item__author", "claimed_by").filter(pk=pk).first()
        if not allowed():
            kept.append(Kept(case=pk, why="no_right", case_row=case))
        elif case is None:
            kept.append(Kept(case=pk, why="gone"))
        elif case.state != "open":
            kept.append(Kept(case=pk, why="decided", case_row=case))
        elif _is_another_s(case, by, now):
            kept.append(Kept(case=pk, why="claimed", case_row=case))
        else:
            try:
                made = decide(message=case.message, act=act, by=by, article=article, why=why, now=now)
                done.append(made)
            except Pointless:
                reason = "gone" if case.message.gone_at else "pointless"
                kept.append(Kept(case=pk, why=reason, case_row=case))
            except AlreadyDecided:
                kept.append(Kept(case=pk, why="decided", case_row=case))
            except Unfounded:
                kept.append(Kept(case=pk, why="unfounded", case_row=case))
    return Outcome(done=tuple(done), kept=tuple(kept))


def _is_another_s(case: Case, by: User, now: datetime) -> bool:
    return bool(
        case.claimed_by_id
        and case.claimed_by_id != by.pk
        and case.claimed_until is not None
        and case.claimed_until > now
    )
