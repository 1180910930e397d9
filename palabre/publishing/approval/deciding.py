"""Deciding: approved, refused, expired, or let go because no step is left. One transaction each.

A decision names what its page showed (the stamps): what changed meanwhile is left alone and said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.kit.states import move_all
from palabre.publishing.approval.models import APPROVAL, Approval, ApprovalTier
from palabre.publishing.approval.queues import Asked, asked, digests, mine, pending, steps_for, steps_of_brand
from palabre.publishing.approval.rules import LASTS, MOST_STEPS, Approver, still_passed
from palabre.publishing.delivery.nudge import ASK, wake
from palabre.publishing.delivery.planning import release
from palabre.publishing.delivery.steps import advance, put_down
from palabre.publishing.library.rights import over
from palabre.publishing.models import Asset, Delivery


class Choice(StrEnum):
    """What a person decides."""

    APPROVE = "approve"
    REFUSE = "refuse"


@dataclass(kw_only=True)
class Decided:
    """What a decision did. `lost`: how many it could not touch, because they changed since the page.

    `no_rights`: the files that may not be published at the hour: what shows them was not approved.
    """

    approved: list[Delivery] = field(default_factory=list)
    passed_on: list[Delivery] = field(default_factory=list)
    refused: list[Delivery] = field(default_factory=list)
    lost: int = 0
    no_rights: list[Asset] = field(default_factory=list)

    @property
    def late(self) -> list[Delivery]:
        """Approved after their hour: they need a new one."""
        return [delivery for delivery in self.approved if delivery.state == "missed"]

    @property
    def paused(self) -> list[Delivery]:
        """Approved while everything is stopped."""
        return [delivery for delivery in self.approved if delivery.state == "paused"]


@transaction.atomic
def decide(
    *, brand: Brand, stamps: Sequence[str], by: User, choice: Choice, note: str = "", now: datetime
) -> Decided:
    """Approve or refuse, each at the step it was shown at. Raises ValueError for a refusal without a word.

    What the person may not decide on, or not any more, counts as lost: nothing is said of it.
    """
    if choice is Choice.REFUSE and not note.strip():
        raise ValueError("a refusal says why")
    wanted = dict.fromkeys(stamps)
    keys = [int(stamp.split(".")[0]) for stamp in wanted if stamp.split(".")[0].isdigit()]
    _hold(Q(pk__in=keys))
    rows = list(pending().select_for_update(of=("self",)).filter(pk__in=keys))
    said = digests([row.delivery for row in rows])
    shown = [row for row in rows if row.stamp in wanted and row.digest == said[row.delivery_id]]
    able = mine(asked(brand, shown), by)
    done = Decided(lost=len(wanted) - len(able))
    late = over(brand=brand, deliveries=[one.delivery for one in able]) if choice is Choice.APPROVE else {}
    for one in able:
        if one.delivery.pk in late:
            done.no_rights += [asset for asset in late[one.delivery.pk] if asset not in done.no_rights]
        elif choice is Choice.REFUSE:
            _refuse(one, by=by, note=note.strip(), now=now)
            done.refused.append(one.delivery)
        elif one.number < len(one.steps):
            _pass_on(one, by=by, note=note.strip(), now=now)
            done.passed_on.append(one.delivery)
        else:
            done.approved.append(_approve(one, by=by, note=note.strip(), now=now))
    if done.passed_on:
        wake(ASK)
    return done


def _hold(which: Q) -> None:
    """Deliveries before approvals, in the order of their keys: as everybody who takes both does."""
    approvals = Approval.objects.filter(which, state="pending").values("delivery")
    list(Delivery.objects.select_for_update().filter(pk__in=approvals).order_by("pk").values_list("pk"))


def _told(one: Asked) -> dict[str, Any]:
    return {"tier": one.number, "of": max(len(one.steps), one.number)}


def _subject(one: Asked) -> str:
    return f"{one.delivery.variant.post} · {one.delivery.channel}"


def _pass_on(one: Asked, *, by: User, note: str, now: datetime) -> None:
    Approval.objects.filter(pk=one.approval.pk).update(passed=one.number, turn_at=now)
    put_down([one.delivery], act="approved_step", by=by, params=_told(one), note=note, at=now)
    _log(one, act="approval.approve", by=by, note=note)


def _approve(one: Asked, *, by: User, note: str, now: datetime) -> Delivery:
    move_all([one.approval], APPROVAL, to="approved", decided_by=by, decided_at=now, note=note)
    _log(one, act="approval.approve", by=by, note=note)
    (delivery,) = release(deliveries=[one.delivery], by=by, note=note, params=_told(one), now=now)
    return delivery


def _refuse(one: Asked, *, by: User, note: str, now: datetime) -> None:
    move_all([one.approval], APPROVAL, to="refused", decided_by=by, decided_at=now, note=note)
    advance(
        [one.delivery], to="refused", act="refused", by=by, params=_told(one), note=note, at=now, told_at=None
    )
    _log(one, act="approval.refuse", by=by, note=note)


def _log(one: Asked, *, act: str, by: User | None, note: str = "") -> None:
    step = one.step.words if one.step else ""
    record(
        brand=one.approval.brand,
        by=by,
        act=act,
        subject=_subject(one),
        why=note,
        after={"step": one.number, "of": len(one.steps), "asked": step, "in_their_place": one.turn.stuck},
    )


@transaction.atomic
def expire(*, brand: Brand, now: datetime) -> list[Delivery]:
    """What nobody answered before its hour, or for ninety days: a person decides what becomes of it."""
    hour = Q(delivery__due_at__lte=now)
    over = hour | Q(asked_at__lte=now - LASTS)
    if not Approval.objects.filter(over, state="pending").exists():
        return []
    _hold(over)
    found = asked(brand, pending().select_for_update(of=("self",)).filter(over))
    for one in found:
        due_at = one.delivery.due_at
        code = "approval_hour" if due_at and due_at <= now else "approval_days"
        move_all([one.approval], APPROVAL, to="expired", decided_at=now)
        advance(
            [one.delivery],
            to="expired", act="expired", code=code, error_code=code, at=now, told_at=None,
        )  # fmt: skip
        _log(one, act="approval.expire", by=None)
    return [one.delivery for one in found]


@transaction.atomic
def let_go(*, brand: Brand, by: User | None, now: datetime) -> list[Delivery]:
    """What waits although every step that is left was passed: it goes on to its hour."""
    found = [one for one in asked(brand) if one.step is None]
    if not found:
        return []
    _hold(Q(pk__in=[one.approval.pk for one in found]))
    # Read again once held: somebody may have decided meanwhile.
    rows = pending().select_for_update(of=("self",)).filter(pk__in=[one.approval.pk for one in found])
    free = [one for one in asked(brand, rows) if one.step is None]
    for one in free:
        move_all([one.approval], APPROVAL, to="approved", decided_by=by, decided_at=now)
        _log(one, act="approval.release", by=by)
    return release(deliveries=[one.delivery for one in free], by=by, act="released", now=now)


@transaction.atomic
def save_steps(
    *, brand: Brand, channel: Channel | None, approvers: Sequence[Approver], by: User, now: datetime
) -> list[Delivery]:
    """Say who decides, for the brand or one of its accounts; none for an account: its brand's steps.

    What waits goes on from the first step that is not what it was; what has none left is let go and
    handed back. Raises ValueError for more than three.
    """
    if len(approvers) > MOST_STEPS:
        raise ValueError(f"at most {MOST_STEPS} steps")
    before = steps_of_brand()
    ApprovalTier.objects.filter(channel=channel).delete()
    ApprovalTier.objects.bulk_create(
        ApprovalTier(
            brand=brand,
            channel=channel,
            position=position,
            kind=one.kind,
            role=one.who if one.kind == "role" else "",
            person_id=int(one.who) if one.kind == "person" and one.who else None,
            team_id=int(one.who) if one.kind == "team" and one.who else None,
        )
        for position, one in enumerate(approvers, start=1)
    )
    after = steps_of_brand()
    own = channel.pk if channel else None
    record(
        brand=brand,
        by=by,
        act="approval.steps",
        subject=str(channel) if channel else brand.name,
        before=[tier.words for tier in before.get(own, ())],
        after=[tier.words for tier in after.get(own, ())],
    )
    _hold(Q())
    for row in pending().select_for_update(of=("self",)):
        old = [tier.approver for tier in steps_for(before, row.delivery.channel_id)]
        new = [tier.approver for tier in steps_for(after, row.delivery.channel_id)]
        passed = still_passed(old, new, row.passed)
        if passed != row.passed or old[passed : passed + 1] != new[passed : passed + 1]:
            Approval.objects.filter(pk=row.pk).update(passed=passed, turn_at=now)
            put_down([row.delivery], act="steps_changed", by=by, params={"tier": passed + 1}, at=now)
    wake(ASK)
    return let_go(brand=brand, by=by, now=now)
