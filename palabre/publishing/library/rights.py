"""Until when a file may be published, wherever an hour is given or confirmed: planned, moved, approved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery.states import PLANNED
from palabre.publishing.models import Asset, Delivery

SOON = timedelta(days=30)
"""How long before their rights end files are shown apart."""


class RightsOver(ValueError):
    """A file of the content may no longer be published that day: the first to end, and the day."""

    def __init__(self, asset: Asset, day: date) -> None:
        super().__init__(asset.pk, day)
        self.asset, self.day = asset, day


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The file of a content whose rights end first, and the moment from which it may not be published."""

    asset: Asset
    ends: datetime


def day_of(brand: Brand, moment: datetime) -> date:
    """The day of a moment on the brand's clock."""
    return moment.astimezone(ZoneInfo(brand.time_zone)).date()


def over(
    *, brand: Brand, deliveries: Sequence[Delivery], at: datetime | None = None
) -> dict[int, list[Asset]]:
    """Files that may not leave on the day of their delivery (or `at`), by delivery, first to end first."""
    hours = {one.pk: hour for one in deliveries if (hour := at or one.due_at)}
    if not hours:
        return {}
    last = day_of(brand, max(hours.values()))
    limited = {asset.pk: asset for asset in Asset.objects.filter(brand=brand, expires_on__lt=last)}
    if not limited:
        return {}
    found = {}
    for one in Delivery.objects.filter(pk__in=hours).select_related("variant__post"):
        day = day_of(brand, hours[one.pk])
        shown = [limited[medium.asset] for medium in one.variant.said.media if medium.asset in limited]
        if late := [asset for asset in shown if not asset.may_leave(day)]:
            found[one.pk] = sorted(late, key=lambda asset: str(asset.expires_on))
    return found


def hold_to_rights(*, brand: Brand, deliveries: Sequence[Delivery], at: datetime) -> None:
    """Nothing, if every file of these deliveries may leave then. Raises RightsOver."""
    for assets in over(brand=brand, deliveries=deliveries, at=at).values():
        raise RightsOver(assets[0], day_of(brand, at))


def limits_said(brand: Brand, said: Mapping[int, Content]) -> dict[int, Limit]:
    """Until when each of these contents may be published, by its key; without those whose files are free."""
    shown = {medium.asset for content in said.values() for medium in content.media}
    limited = _limited(brand, shown) if shown else {}
    found = {
        key: [limited[medium.asset] for medium in content.media if medium.asset in limited]
        for key, content in said.items()
    }
    return {key: min(limits, key=lambda one: one.ends) for key, limits in found.items() if limits}


def limits(brand: Brand, deliveries: Sequence[Delivery]) -> dict[int, Limit]:
    """`limits_said` of what deliveries say, by their keys."""
    if not deliveries or not Asset.objects.filter(brand=brand).exclude(expires_on=None).exists():
        return {}
    rows = Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).select_related("variant__post")
    return limits_said(brand, {one.pk: one.variant.said for one in rows})


def _limited(brand: Brand, assets: Collection[int]) -> dict[int, Limit]:
    """Those of the files whose rights end."""
    rows = Asset.objects.filter(brand=brand, pk__in=assets)
    return {
        asset.pk: Limit(asset=asset, ends=_over_from(brand, asset.expires_on))
        for asset in rows
        if asset.expires_on
    }


def _over_from(brand: Brand, last: date) -> datetime:
    """The midnight after the last day, on the brand's clock."""
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), ZoneInfo(brand.time_zone))


def ending(today: date) -> "QuerySet[Asset]":
    """The files of the brand in scope whose rights end within thirty days, the first to end first."""
    rows = Asset.objects.filter(deleted_at=None, expires_on__gte=today, expires_on__lte=today + SOON)
    return rows.order_by("expires_on", "name")


def planned_after(brand: Brand, asset: Asset) -> list[Delivery]:
    """The planned deliveries that show a file after its rights end, by hour."""
    if asset.expires_on is None:
        return []
    ends = _over_from(brand, asset.expires_on)
    rows = Delivery.objects.filter(state__in=PLANNED, due_at__gte=max(ends, timezone.now()))
    rows = rows.select_related("variant__post", "channel").order_by("due_at")
    return [one for one in rows if any(medium.asset == asset.pk for medium in one.variant.said.media)]
