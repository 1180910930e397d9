"""What somebody who leaves had here: the views they saved for themselves."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from palabre.agency.belongings import Kind
from palabre.agency.models import Brand, User
from palabre.listening.models import SavedView


def _theirs(user: User, brands: Sequence[Brand]) -> "QuerySet[SavedView]":
    """Crosses brands on purpose: one person leaves several at once."""
    with scopes_disabled():
        return SavedView.objects.filter(brand__in=list(brands), owner=user)


def tell(user: User, brands: Sequence[Brand]) -> str:
    """How many private views go; shared ones stay, and so do tags and corrections."""
    views = _theirs(user, brands).count()
    sentence = ngettext("%(n)d private view is deleted.", "%(n)d private views are deleted.", views)
    return sentence % {"n": views} if views else ""


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Delete the private views."""
    _theirs(user, brands).delete()


KIND = Kind(tell=tell, drop=drop)
