"""What somebody who leaves a brand had here alone: answers begun, saved replies, conversations taken on."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from palabre.agency.belongings import Kind
from palabre.agency.models import Brand, User
from palabre.inbox.models import Conversation, Reply, SavedReply
from palabre.inbox.states import TO_DO


def _drafts(user: User, brands: Sequence[Brand]) -> "QuerySet[Reply]":
    """Crosses brands on purpose: one person leaves several at once."""
    with scopes_disabled():
        return Reply.objects.filter(brand__in=list(brands), by=user, state="draft").exclude(text="")


def _taken(user: User, brands: Sequence[Brand]) -> "QuerySet[Conversation]":
    with scopes_disabled():
        return Conversation.objects.filter(brand__in=list(brands), assigned_to=user)


def _saved(user: User, brands: Sequence[Brand]) -> "QuerySet[SavedReply]":
    with scopes_disabled():
        return SavedReply.objects.filter(brand__in=list(brands), private_to=user)


def tell(user: User, brands: Sequence[Brand]) -> str:
    """How many answers that were begun go, and how many conversations wait for another hand; what was sent
    stays."""
    drafts = _drafts(user, brands).count()
    sentence = ngettext(
        "%(n)d answer begun and not sent is deleted.", "%(n)d answers begun and not sent are deleted.", drafts
    )
    told = [sentence % {"n": drafts}] if drafts else []
    if saved := _saved(user, brands).count():
        sentence = ngettext(
            "%(n)d saved reply of theirs alone is deleted.",
            "%(n)d saved replies of theirs alone are deleted.",
            saved,
        )
        told.append(sentence % {"n": saved})
    if taken := _taken(user, brands).filter(state__in=TO_DO).count():
        sentence = ngettext(
            "%(n)d conversation to answer is nobody’s any more.",
            "%(n)d conversations to answer are nobody’s any more.",
            taken,
        )
        told.append(sentence % {"n": taken})
    return " ".join(told)


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Delete the drafts, give the conversations back."""
    with scopes_disabled():
        Reply.objects.filter(brand__in=list(brands), by=user, state="draft").delete()
        SavedReply.objects.filter(brand__in=list(brands), private_to=user).delete()
    _taken(user, brands).update(assigned_to=None)


KIND = Kind(tell=tell, drop=drop)
