"""What somebody who leaves a brand had here alone: words not saved, private addresses, mail links."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from palabre.agency.belongings import Kind
from palabre.agency.models import Brand, User
from palabre.publishing.models import ApprovalLink, CalendarFeed, Unsaved


def _unsaved(user: User, brands: Sequence[Brand]) -> "QuerySet[Unsaved]":
    """Crosses brands on purpose, as all here: one person leaves several at once."""
    with scopes_disabled():
        return Unsaved.objects.filter(brand__in=list(brands), by=user)


def _feeds(user: User, brands: Sequence[Brand]) -> "QuerySet[CalendarFeed]":
    with scopes_disabled():
        return CalendarFeed.objects.filter(brand__in=list(brands), user=user)


def tell(user: User, brands: Sequence[Brand]) -> str:
    """How many drafts nobody saved go, and that the private calendar ends; what they saved stays."""
    unsaved = _unsaved(user, brands).count()
    sentence = ngettext(
        "%(n)d content typed and never saved is deleted.",
        "%(n)d contents typed and never saved are deleted.",
        unsaved,
    )
    told = [sentence % {"n": unsaved}] if unsaved else []
    if _feeds(user, brands).exists():
        told.append(_("The private address of the calendar no longer answers."))
    return " ".join(told)


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Delete them, with the links of the mails that asked this person to approve."""
    _unsaved(user, brands).delete()
    _feeds(user, brands).delete()
    with scopes_disabled():
        ApprovalLink.objects.filter(brand__in=list(brands), user=user).delete()


KIND = Kind(tell=tell, drop=drop)
