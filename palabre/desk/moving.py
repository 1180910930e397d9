"""Another time zone for a brand: wanted first, then taken with every day counted anew, in one transaction."""

from django.db import transaction
from django_scopes import scope

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.listening.record import rebuild
from palabre.stream.lock import hold
from palabre.stream.models import Item

AT_ONCE = 5_000
"""Items that are counted anew while the page waits: about a second of work."""


@transaction.atomic
def want_zone(*, brand: Brand, by: User, zone: str) -> None:
    """Choose another zone; it holds once `move_zone` has counted. The present one: a choice is taken back."""
    wanted = "" if zone == brand.time_zone else zone
    if wanted == brand.wanted_zone:
        return
    Brand.objects.filter(pk=brand.pk).update(wanted_zone=wanted)
    brand.wanted_zone = wanted
    record(brand=brand, by=by, act="brand.zone", subject=brand.name, before=brand.time_zone, after=zone)


@transaction.atomic
def move_zone(*, brand: Brand) -> None:
    """Take the wanted zone and count every item anew; nothing comes in meanwhile. Nothing wanted: nothing.

    A page sees the old zone with its counts or the new one with its own, never a mixture. Moments that
    are kept as such (what was said, what is planned) stay what they are.
    """
    hold(brand)
    brand.refresh_from_db(fields=["time_zone", "wanted_zone"])
    if not brand.wanted_zone:
        return
    brand.time_zone, brand.wanted_zone = brand.wanted_zone, ""
    brand.save(update_fields=["time_zone", "wanted_zone"])
    with scope(brand=brand):
        rebuild(brand=brand)


def is_quick(brand: Brand) -> bool:
    """Whether a page may wait for the counting; the brand is in scope."""
    return Item.objects.all()[: AT_ONCE + 1].count() <= AT_ONCE
