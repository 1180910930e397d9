"""One writer at a time per brand: what people said, its mentions and its counts change under this lock."""

from django.db import connection

from palabre.agency.models import Brand

STREAM_LOCK = 0x53545245
"""The first half of the advisory lock; the second is the brand."""


def hold(brand: Brand) -> None:
    """Wait for the brand's lock and hold it until the transaction ends; held twice it is held once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [STREAM_LOCK, brand.pk % 2**31])
