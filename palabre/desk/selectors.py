"""What waits for a reader, across the brands they work for."""

from dataclasses import dataclass
from typing import Any

from django_scopes import scope

from palabre.agency.access import brands_of
from palabre.agency.models import Brand, User
from palabre.alerts.mail import is_configured
from palabre.alerts.models import Digest, Event, Trigger
from palabre.alerts.wording import line_of
from palabre.listening.counts import tally
from palabre.listening.filters import MentionFilter, Read
from palabre.listening.models import About, Source, Topic
from palabre.listening.reasons import ExplainedRow, explained_rows
from palabre.listening.selectors import page


@dataclass(frozen=True, kw_only=True)
class BrandToday:
    """One brand at a glance; counts are of what is unread, stopped, failed."""

    brand: Brand
    unread: int
    unread_query: str
    topics: int
    stopped: list[Source]
    unsent: int
    bursts: list[Event]

    @property
    def calm(self) -> bool:
        """Nothing needs a person."""
        return not (self.stopped or self.unsent or self.bursts)


def brand_today(brand: Brand) -> BrandToday:
    """What one brand has waiting."""
    with scope(brand=brand):
        ours = Topic.objects.filter(deleted_at=None, about=About.OURS).values_list("pk", flat=True)
        # The same filter as the page behind the link, so that both say the same number.
        unread = MentionFilter(days=None, read=Read.UNREAD, topics=tuple(ours))
        return BrandToday(
            brand=brand,
            unread=tally(brand=brand, mentions=unread).total,
            unread_query=unread.query_string(),
            topics=Topic.objects.filter(deleted_at=None).count(),
            stopped=list(Source.objects.filter(state="stopped")[:5]),
            unsent=Digest.objects.filter(state__in=("failed", "unknown")).count(),
            bursts=list(Event.objects.filter(trigger=Trigger.BURST, seen_at=None)[:3]),
        )


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a brand's mentions say of the words: the newest of them, how many in all, where to see them."""

    brand: Brand
    rows: list[ExplainedRow]
    total: int
    query: str


def found_of(user: User, words: str) -> list[Found]:
    """Each brand of the user in which the words occur, most of them first."""
    wanted = MentionFilter(days=None, q=words)
    found = []
    for brand in brands_of(user):
        with scope(brand=brand):
            shown = page(brand=brand, mentions=wanted, size=5)
            rows = explained_rows(shown.rows)
        found.append(Found(brand=brand, rows=rows, total=shown.total, query=wanted.query_string()))
    return sorted((one for one in found if one.total), key=lambda one: -one.total)


def today_of(user: User) -> dict[str, Any]:
    """The context of the home page."""
    rows = [brand_today(brand) for brand in brands_of(user)]
    return {
        "rows": rows,
        "bursts": [(row.brand, line_of(event)) for row in rows for event in row.bursts],
        "mail_ready": is_configured(),
        "waiting": any(not row.calm or row.unread for row in rows),
    }
