"""Writing into the calendar: notes, days of the brand's own, what its almanac shows, private feeds."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from palabre.agency.models import Brand, User
from palabre.publishing.calendar.board import almanac_of
from palabre.publishing.calendar.models import Almanac, CalendarFeed, CalendarNote


def write_note(
    *, brand: Brand, by: User, text: str, first_day: date, last_day: date | None = None, yearly: bool = False
) -> CalendarNote:
    """A note on a day, or on each day up to `last_day`; each year again if it is a day of the brand's own."""
    return CalendarNote.objects.create(
        brand=brand, by=by, text=text, first_day=first_day, last_day=last_day or first_day, yearly=yearly
    )


@transaction.atomic
def choose_days(
    *, brand: Brand, countries: Sequence[str], zones: Sequence[str], marronniers: bool
) -> Almanac:
    """Which days the brand's calendar shows; what it hides stays hidden."""
    almanac = _held(brand)
    almanac.countries, almanac.zones, almanac.marronniers = list(countries), list(zones), marronniers
    almanac.save()
    return almanac


@transaction.atomic
def hide_day(*, brand: Brand, key: str, hidden: bool) -> None:
    """Leave a day out of the brand's calendar, or bring it back."""
    almanac = _held(brand)
    others = [one for one in almanac.hidden if one != key]
    almanac.hidden = [*others, key] if hidden else others
    almanac.save()


def _held(brand: Brand) -> Almanac:
    """The brand's almanac, its row made if need be, held until the end of the transaction."""
    first = almanac_of(brand)
    Almanac.objects.get_or_create(
        brand=brand, defaults={"countries": first.countries, "zones": first.zones, "hidden": first.hidden}
    )
    return Almanac.objects.select_for_update().get(brand=brand)


@transaction.atomic
def renew_feed(*, brand: Brand, user: User) -> CalendarFeed:
    """The person's private address of this calendar, new: the one before answers nobody any more."""
    feed, made = CalendarFeed.objects.get_or_create(brand=brand, user=user)
    if not made:
        feed.renew()
        feed.made_at = timezone.now()
        feed.save()
    return feed
