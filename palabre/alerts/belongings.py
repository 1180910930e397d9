"""What somebody who leaves had here: their address among those that alerts write to."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from palabre.agency.belongings import Kind
from palabre.agency.models import Brand, User
from palabre.alerts.models import Recipient


def _theirs(user: User, brands: Sequence[Brand]) -> "QuerySet[Recipient]":
    """Crosses brands on purpose: one person leaves several at once."""
    with scopes_disabled():
        return Recipient.objects.filter(brand__in=list(brands), email__iexact=user.email)


def tell(user: User, brands: Sequence[Brand]) -> str:
    """How many alerts stop writing to them; the alerts themselves stay, they are the brand's."""
    alerts = _theirs(user, brands).count()
    sentence = ngettext(
        "%(n)d alert no longer writes to %(email)s.",
        "%(n)d alerts no longer write to %(email)s.",
        alerts,
    )
    return sentence % {"n": alerts, "email": user.email} if alerts else ""


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Take the address out of the alerts of these brands, with the history of what was sent to it."""
    _theirs(user, brands).delete()


KIND = Kind(tell=tell, drop=drop)
