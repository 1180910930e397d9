"""What somebody who leaves had here: their address among those that alerts write to, and the private feeds.

An address of a feed opens it for whoever knows it, and nobody can tell who kept it: each gets another.
"""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from palabre.agency.belongings import Kind
from palabre.agency.models import Brand, User
from palabre.alerts.models import Recipient, Rule
from palabre.alerts.subscriptions import readdress


def _theirs(user: User, brands: Sequence[Brand]) -> "QuerySet[Recipient]":
    """Crosses brands on purpose: one person leaves several at once."""
    with scopes_disabled():
        return Recipient.objects.filter(brand__in=list(brands), email__iexact=user.email)


def _feeds(brands: Sequence[Brand]) -> "QuerySet[Rule]":
    with scopes_disabled():
        return Rule.objects.filter(brand__in=list(brands))


def tell(user: User, brands: Sequence[Brand]) -> str:
    """How many alerts stop writing to them, how many feeds move; the alerts stay, they are the brand's."""
    alerts = _theirs(user, brands).count()
    sentence = ngettext(
        "%(n)d alert no longer writes to %(email)s.",
        "%(n)d alerts no longer write to %(email)s.",
        alerts,
    )
    told = [sentence % {"n": alerts, "email": user.email}] if alerts else []
    if feeds := _feeds(brands).count():
        moved = ngettext(
            "The private feed of %(n)d alert gets another address: whoever reads it copies the new one.",
            "The private feeds of %(n)d alerts get other addresses: whoever reads them copies the new ones.",
            feeds,
        )
        told.append(moved % {"n": feeds})
    return " ".join(told)


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Take the address out of the alerts of these brands, with the history of what was sent to it."""
    _theirs(user, brands).delete()
    readdress(_feeds(brands))


KIND = Kind(tell=tell, drop=drop)
