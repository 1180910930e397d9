"""Care for who reads the worst: how much of it they saw today, and when a break would do them good.

Counted for the person alone: no page shows a colleague's count.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from palabre.agency.models import Brand, User
from palabre.moderation.charter import policy_of
from palabre.moderation.models import Case, Exposure, Kind

HARD = frozenset((Kind.TOXIC, Kind.REPORTED, Kind.FLAGGED, Kind.WORD))
"""Reasons for which a message may be hard to read."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a person saw today; `pause`: a break is suggested now, once for each `break_after` of them."""

    texts: int
    pictures: int
    pause: bool = False


def is_hard(case: Case) -> bool:
    """Whether reading it counts."""
    return bool(HARD & set(case.kinds))


@transaction.atomic
def saw(*, brand: Brand, user: User, now: datetime, texts: int = 0, pictures: int = 0) -> Seen:
    """Count what a person was shown; days are those of the brand's zone."""
    today = timezone.localtime(now).date()
    row, _made = Exposure.objects.select_for_update().get_or_create(brand=brand, user=user, day=today)
    Exposure.objects.filter(pk=row.pk).update(texts=F("texts") + texts, pictures=F("pictures") + pictures)
    before = row.texts + row.pictures
    total, most = before + texts + pictures, policy_of(brand).break_after
    pause = total // most > before // most
    if pause:
        Exposure.objects.filter(pk=row.pk).update(told_at=now)
    return Seen(texts=row.texts + texts, pictures=row.pictures + pictures, pause=pause)


def seen_today(*, brand: Brand, user: User, now: datetime) -> Seen:
    """What this person saw today."""
    row = Exposure.objects.filter(brand=brand, user=user, day=timezone.localtime(now).date()).first()
    return Seen(texts=row.texts, pictures=row.pictures) if row else Seen(texts=0, pictures=0)
