"""What somebody who leaves a brand had here alone: the cases they looked at go back to the queue."""

from collections.abc import Sequence

from django_scopes import scopes_disabled

from palabre.agency.belongings import Kind
from palabre.agency.models import Brand, User
from palabre.moderation.models import Case, Exposure


def tell(user: User, brands: Sequence[Brand]) -> str:
    """Nothing is lost: what they decided stays, and stays theirs."""
    return ""


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Give the cases back; what they were shown is nobody's to know."""
    with scopes_disabled():
        theirs = Case.objects.filter(brand__in=list(brands), claimed_by=user)
        theirs.update(claimed_by=None, claimed_until=None)
        Exposure.objects.filter(brand__in=list(brands), user=user).delete()


KIND = Kind(tell=tell, drop=drop)
