"""Filters of a page kept under a name, for oneself or for the brand: one mechanism for every room's pages.

A room makes it its own by a model of `KeptView`; its pages call the functions here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager, scopes_disabled

from palabre.agency.models import Brand, User

NAME_MOST = 80


class KeptView(models.Model):
    """A filter under a name; `owner` None is shared with the brand. `filter` is what an address holds."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_MOST)
    filter: Any = models.JSONField(default=dict)
    place = models.IntegerField(default=0)

    objects = ScopedManager(brand="brand")

    class Meta:
        abstract = True
        ordering = ("place", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def query(self) -> str:
        """The filter as the address bar holds it."""
        return urlencode(self.filter, doseq=True)


V = TypeVar("V", bound=KeptView)


def seen_by(kind: type[V], reader: User) -> list[V]:
    """The shared views and the reader's own, in their order. In the brand's scope."""
    return list(kind.objects.filter(Q(owner=None) | Q(owner=reader)))


@transaction.atomic
def keep(kind: type[V], *, brand: Brand, owner: User | None, name: str, filter: Mapping[str, Any]) -> V:
    """Keep a filter under a name, behind the others; the same name again takes the new filter."""
    name = " ".join(name.split())[:NAME_MOST]
    if not name:
        raise ValueError("a view needs a name")
    last = kind.objects.filter(brand=brand).aggregate(last=Max("place"))["last"]
    row, _made = kind.objects.update_or_create(
        brand=brand,
        owner=owner,
        name=name,
        defaults={"filter": dict(filter)},
        create_defaults={"filter": dict(filter), "place": (last or 0) + 1},
    )
    return row


def rename(view: KeptView, name: str) -> None:
    """Give a view another name. Raises ValueError for none, and for one already taken."""
    name = " ".join(name.split())[:NAME_MOST]
    rows = type(view).objects.filter(brand=view.brand_id, owner=view.owner_id, name=name)
    if not name or rows.exclude(pk=view.pk).exists():
        raise ValueError("a name of its own is needed")
    type(view).objects.filter(pk=view.pk).update(name=name)
    view.name = name


@transaction.atomic
def shift(view: KeptView, *, by: int, reader: User) -> None:
    """Move a view before (-1) or behind (1) its neighbour in what the reader sees."""
    rows = seen_by(type(view), reader)
    at = next(number for number, row in enumerate(rows) if row.pk == view.pk)
    to = max(0, min(len(rows) - 1, at + by))
    rows.insert(to, rows.pop(at))
    for place, row in enumerate(rows):
        if row.place != place:
            type(view).objects.filter(pk=row.pk).update(place=place)


def of_leaver(kind: type[V], user: User, brands: Sequence[Brand]) -> "models.QuerySet[V]":
    """The private views of somebody who leaves; crosses brands on purpose: one person leaves several."""
    with scopes_disabled():
        return kind.objects.filter(brand__in=list(brands), owner=user)
