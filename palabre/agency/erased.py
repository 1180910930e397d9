"""Marks of people whose words were erased: enough to know them again, not enough to name them."""

from collections.abc import Collection

from django.db import connection
from django.utils.crypto import salted_hmac

from palabre.agency.models import Brand


def mark_of(network: str, remote_id: str) -> str:
    """A digest under this installation's own key: nobody without it finds out whose it is."""
    return salted_hmac("palabre.erased", f"{network}\n{remote_id}", algorithm="sha256").hexdigest()


def marks_of_all(brands: Collection[Brand]) -> dict[int, frozenset[str]]:
    """The marks of each of these brands that has any, in one look; crosses brands on purpose."""
    found: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT brand_id, mark FROM agency_erased WHERE brand_id = ANY(%s::bigint[])",
            ["{" + ",".join(str(brand.pk) for brand in brands) + "}"],
        )
        for brand, mark in cursor.fetchall():
            found.setdefault(brand, set()).add(mark)
    return {brand: frozenset(marks) for brand, marks in found.items()}
