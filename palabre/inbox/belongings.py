"""What somebody who leaves a brand had here alone: answers begun and not sent."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from palabre.agency.belongings import Kind
from palabre.agency.models import Brand, User
from palabre.inbox.models import Reply


def _drafts(user: User, brands: Sequence[Brand]) -> "QuerySet[Reply]":
    """Crosses brands on purpose: one person leaves several at once."""
    with scopes_disabled():
        return Reply.objects.filter(brand__in=list(brands), by=user, state="draft").exclude(text="")


def tell(user: User, brands: Sequence[Brand]) -> str:
    """How many answers that were begun go; what was sent stays."""
    drafts = _drafts(user, brands).count()
    sentence = ngettext(
        "%(n)d answer begun and not sent is deleted.", "%(n)d answers begun and not sent are deleted.", drafts
    )
    return sentence % {"n": drafts} if drafts else ""


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Delete them."""
    with scopes_disabled():
        Reply.objects.filter(brand__in=list(brands), by=user, state="draft").delete()


KIND = Kind(tell=tell, drop=drop)
