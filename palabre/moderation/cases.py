"""What comes to the queue and why: on the path after `inbox.receiving`, before a person decides.

A case is a message with its reasons. Idempotent: the same reason again changes nothing, but a new reason
opens a settled case again. Everything here runs in the brand's scope and in the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import Brand, User
from palabre.enrichment.analysis import Task, reasons
from palabre.inbox.models import Message
from palabre.inbox.receiving import ROOM
from palabre.moderation.charter import policy_of
from palabre.moderation.models import Case, Kind, Reason
from palabre.moderation.rules import Ground, harm
from palabre.networks.items import Address

CLAIM = timedelta(minutes=10)
"""How long a case is somebody's after they looked at it last."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a message is to be reviewed: `label` names the rule or the word list, `words` what was found."""

    kind: Kind
    label: str = ""
    note: str = ""
    score: float | None = None
    words: Sequence[str] = ()
    by: User | None = None


@transaction.atomic
def take_in(*, message: Message, causes: Iterable[Cause], now: datetime) -> Case | None:
    """Put a message before the reviewers for these reasons; None where nothing about it is new."""
    wanted = list(causes)
    if not wanted or message.ours or message.thread.channel_id is None:
        return None  # what was brought from elsewhere stands where no account of ours can act
    case, made = Case.objects.get_or_create(
        message=message, defaults={"brand_id": message.brand_id, "opened_at": now}
    )
    new = [cause for cause in wanted if _add(case, cause, now=now)]
    if not new and not made:
        return None
    if case.state != "open":
        case.state, case.opened_at, case.settled_at = "open", now, None
        case.claimed_by = case.claimed_until = None
    weigh(case, message)
    case.save()
    tell(message.brand, ROOM, message.conversation_id or 0)
    return case


def _add(case: Case, cause: Cause, *, now: datetime) -> bool:
    values = {"note": cause.note, "score": cause.score, "words": list(cause.words), "at": now}
    _row, made = Reason.objects.get_or_create(
        case=case,
        kind=cause.kind,
        label=cause.label[:200],
        by=cause.by,
        defaults={"brand_id": case.brand_id, **values},
    )
    return made


def weigh(case: Case, message: Message) -> None:
    """Reckon a case's expected harm anew, from its reasons and from how its message stands; not saved."""
    rows = list(case.reasons.values_list("kind", "score"))
    author = message.item.author
    case.kinds = sorted({kind for kind, _ in rows})
    case.harm = harm(
        (Ground(kind=kind, score=score) for kind, score in rows),
        readers=author.followers if author else None,
        unseen=message.held or message.hidden,
        private=message.address == Address.MESSAGE,
    )


def review(*, brand: Brand, items: Sequence[int], now: datetime) -> int:
    """Bring to the queue what the network held back and what is judged toxic or spam; how many cases.

    `items` are what was just heard. Called in the transaction that stored them.
    """
    policy = policy_of(brand)
    risky = Q(held=True) | Q(item__toxicity__gte=policy.toxicity_at) | Q(item__spam__gte=policy.spam_at)
    rows = Message.objects.filter(risky, item__in=items, ours=False, gone_at=None, conversation__isnull=False)
    found = 0
    for message in rows.select_related("item__author", "brand"):
        item, causes = message.item, []
        if message.held:
            causes.append(Cause(kind=Kind.HELD))
        if item.toxicity >= policy.toxicity_at:
            causes.append(_judged(message, Kind.TOXIC, "toxicity", item.toxicity))
        if item.spam >= policy.spam_at:
            causes.append(_judged(message, Kind.SPAM, "spam", item.spam))
        found += take_in(message=message, causes=causes, now=now) is not None
    return found


def _judged(message: Message, kind: Kind, task: Task, score: float) -> Cause:
    """A guess with the words that spoke for it."""
    found = reasons(message.item.text, task, message.item.language or None)
    return Cause(kind=kind, score=score, words=[one.word for one in found if one.weight > 0])


@transaction.atomic
def flag(*, message: Message, by: User, note: str, now: datetime) -> Case | None:
    """A colleague wants somebody to look at a message; None where they said so before."""
    case = take_in(message=message, causes=[Cause(kind=Kind.FLAGGED, note=note, by=by)], now=now)
    if case is not None:
        record(brand=message.brand, by=by, act="moderation.flag", subject=subject_of(case), why=note)
    return case


def subject_of(case: Case) -> str:
    """How the log names a case: by number, so that who asks to be forgotten is not named there."""
    return f"case #{case.pk}"


def claim(*, case: Case, by: User, now: datetime) -> bool:
    """Take a case on for a while, unless a colleague has it; whether it is ours."""
    free = Q(claimed_by=None) | Q(claimed_until__lt=now) | Q(claimed_by=by)
    taken = Case.objects.filter(free, pk=case.pk, state="open")
    ours = bool(taken.update(claimed_by=by, claimed_until=now + CLAIM))
    if ours and case.claimed_by_id != by.pk:
        tell(case.brand, ROOM, case.message.conversation_id or 0)
    return ours


def release(*, by: User) -> None:
    """Give back whatever this person had taken on."""
    Case.objects.filter(claimed_by=by).update(claimed_by=None, claimed_until=None)


def settle(*, case: Case, now: datetime) -> None:
    """Nothing more waits here."""
    if case.state == "open":
        case.state, case.settled_at, case.claimed_by, case.claimed_until = "settled", now, None, None
        case.save(update_fields=["state", "settled_at", "claimed_by", "claimed_until"])
    tell(case.brand, ROOM, case.message.conversation_id or 0)
