"""Marks of people whose words were erased: enough to know them again, not enough to name them."""

from django.utils.crypto import salted_hmac
from django_scopes import scopes_disabled

from palabre.agency.models import Brand, Erased


def mark_of(network: str, remote_id: str) -> str:
    """A digest under this installation's own key: nobody without it finds out whose it is."""
    return salted_hmac("palabre.erased", f"{network}\n{remote_id}", algorithm="sha256").hexdigest()


def marks_of(brand: Brand) -> frozenset[str]:
    """The marks of a brand; usually none."""
    with scopes_disabled():
        return frozenset(Erased.objects.filter(brand=brand).values_list("mark", flat=True))
