"""Writing series: begun, changed from now on, paused, ended; one of its times skipped or brought back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.kit.states import move
from palabre.publishing.composing.compose import delete_post
from palabre.publishing.composing.content import Content
from palabre.publishing.models import Campaign, Occurrence, Pillar, Recurring
from palabre.publishing.recurring.making import Taken, take_away, top_up
from palabre.publishing.recurring.models import SERIES

NOTHING = Taken(gone=0, own=0)


@dataclass(frozen=True, kw_only=True)
class SeriesDraft:
    """What a person typed, checked; `rule` is tidy. `changes`: what accounts say in their own words."""

    name: str
    content: Content
    wordings: Sequence[str]
    channels: Sequence[int]
    changes: Mapping[int, Mapping[str, Any]]
    rule: str
    starts_on: date
    hour: time
    campaign: Campaign | None = None
    pillar: Pillar | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {
            "name": self.name,
            "content": self.content.written(),
            "wordings": list(self.wordings),
            "channels": sorted(self.channels),
            "changes": {str(pk): dict(own) for pk, own in self.changes.items()},
            "rule": self.rule,
            "starts_on": self.starts_on,
            "hour": self.hour,
            "campaign": self.campaign,
            "pillar": self.pillar,
        }


@transaction.atomic
def save_series(
    *, brand: Brand, by: User, draft: SeriesDraft, now: datetime, series: Recurring | None = None
) -> tuple[Recurring, Taken]:
    """Begin a series, or change it from now on: what has not left is made anew.

    What somebody moved or changed stays as it is. Saving without a change touches nothing.
    """
    if series is None:
        series = Recurring.objects.create(brand=brand, by=by, **draft.fields)
        record(brand=brand, by=by, act="recurring.begin", subject=series.name)
        top_up(series=series, now=now)
        return series, NOTHING
    series = Recurring.objects.select_for_update(of=("self",)).select_related("brand").get(pk=series.pk)
    if all(getattr(series, name) == value for name, value in draft.fields.items()):
        return series, NOTHING
    taken = take_away(series=series, by=by, now=now, all_of_it=False)
    for name, value in draft.fields.items():
        setattr(series, name, value)
    series.made_until = None
    series.save()
    record(brand=brand, by=by, act="recurring.change", subject=series.name)
    top_up(series=series, now=now)
    return series, taken


@transaction.atomic
def stop_series(*, series: Recurring, to: str, by: User, now: datetime) -> Taken:
    """Pause or end it (`to`): what has not left is taken away. Raises Moved, ValueError."""
    move(series, SERIES, to=to, made_until=None)
    taken = take_away(series=series, by=by, now=now, all_of_it=True)
    act = "recurring.pause" if to == "paused" else "recurring.end"
    record(brand=series.brand, by=by, act=act, subject=series.name, after={"gone": taken.gone})
    return taken


@transaction.atomic
def resume_series(*, series: Recurring, by: User, now: datetime) -> int:
    """It goes on from now; how many contents were made. Raises Moved, ValueError."""
    move(series, SERIES, to="active")
    record(brand=series.brand, by=by, act="recurring.resume", subject=series.name)
    return len(top_up(series=series, now=now))


@transaction.atomic
def delete_series(*, series: Recurring, by: User, now: datetime) -> Taken:
    """Forget it; what has not left is taken away, what left stays with its proof."""
    taken = take_away(series=series, by=by, now=now, all_of_it=True)
    record(brand=series.brand, by=by, act="recurring.delete", subject=series.name)
    series.delete()
    return taken


@transaction.atomic
def skip(*, occurrence: Occurrence, by: User) -> None:
    """Not this time: its content is put away and not made again. Raises Leaving."""
    if occurrence.post:
        delete_post(post=occurrence.post, by=by)


@transaction.atomic
def bring_back(*, occurrence: Occurrence, now: datetime) -> bool:
    """After all this time too: made anew as the series says; whether its hour still allows it."""
    if occurrence.post and occurrence.post.deleted_at is None:
        return True
    series, slot = occurrence.recurring, occurrence.slot
    occurrence.delete()
    top_up(series=series, now=now)
    return series.occurrences.filter(slot=slot).exists()
