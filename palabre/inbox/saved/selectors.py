"""Which saved replies a person has, and what words find among them. In the brand's scope."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from palabre.agency.models import User
from palabre.inbox.models import SavedReply


def of(user: User) -> "QuerySet[SavedReply]":
    """The shared ones and the person's own, with their wordings."""
    rows = SavedReply.objects.filter(Q(private_to=None) | Q(private_to=user))
    return rows.select_related("by").prefetch_related("texts")


def shared() -> "QuerySet[SavedReply]":
    """Those every colleague has, by title: what a rule may answer with."""
    return SavedReply.objects.filter(private_to=None).prefetch_related("texts").order_by("title", "pk")


def found(user: User, *, words: str = "", category: str = "") -> "QuerySet[SavedReply]":
    """Those that hold every word in their title, shortcut, category or text, in order of their titles."""
    rows = of(user)
    for word in words.split()[:8]:
        said = Q(texts__text__icontains=word)
        named = Q(title__icontains=word) | Q(shortcut__istartswith=word) | Q(category__icontains=word)
        rows = rows.filter(pk__in=SavedReply.objects.filter(said | named).values("pk"))
    if category:
        rows = rows.filter(category=category)
    return rows.order_by(Lower("category"), Lower("title"), "pk")


def categories(user: User) -> list[str]:
    """The categories in use, by name."""
    rows = of(user).exclude(category="").values_list("category", flat=True)
    return sorted(set(rows), key=str.casefold)
