"""One writer at a time per brand: what people said, its mentions and its counts change under this lock."""

from collections.abc import Iterable

from django.db import connection

from palabre.agency.models import Brand
from palabre.stream.tidy import numbers

STREAM_LOCK = 0x53545245
"""The first half of the advisory lock; the second is the brand."""


def hold(brand: Brand) -> None:
    """Wait for the brand's lock and hold it until the transaction ends; held twice it is held once."""
    hold_all([brand])


def hold_all(brands: Iterable[Brand]) -> None:
    """`hold` for several brands, in one statement and always in the order of their ids.

    Whoever needs further brands later in the same transaction asks for all of them first.
    """
    ids = numbers(sorted({brand.pk % 2**31 for brand in brands}))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS id", [STREAM_LOCK, ids]
        )
