"""Putting labels on conversations and taking them off; naming, merging and deleting them. In a brand's scope.

What is done to many conversations is one transaction: all of it, or nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import Brand, User
from palabre.inbox.models import Colour, Conversation, Label, Labelled
from palabre.inbox.receiving import ROOM
from palabre.inbox.records import subject_of


class Taken(Exception):
    """Another label has this name, or there is none."""


def labels_of(brand: Brand) -> list[Label]:
    """The brand's labels, in its order."""
    return list(Label.objects.filter(brand=brand))


@transaction.atomic
def named(*, brand: Brand, name: str) -> Label:
    """The label of this name, whatever its case; made if there is none, in the colour least used so far.

    Raises Taken for no name at all.
    """
    name = _tidy(name)
    found = Label.objects.filter(brand=brand, name__iexact=name).first()
    if found is not None:
        return found
    rows = Label.objects.filter(brand=brand)
    used = list(rows.values_list("colour", flat=True))
    colour = min(Colour.values, key=used.count)
    place = (rows.aggregate(last=Max("place"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            return Label.objects.create(brand=brand, name=name, colour=colour, place=place)
    except IntegrityError:  # a colleague was as quick
        return Label.objects.get(brand=brand, name__iexact=name)


@transaction.atomic
def label(
    *, brand: Brand, conversations: Sequence[int], label: Label | str, by: User | None, now: datetime
) -> int:
    """Put a label on conversations of the brand; how many had it not. `by` None: a rule did it.

    A word makes the label where there is none. Raises Taken for an empty one.
    """
    row = named(brand=brand, name=label) if isinstance(label, str) else label
    found = Conversation.objects.filter(brand=brand, pk__in=conversations).exclude(labelled__label=row)
    changed = list(found.order_by("pk").only("pk", "brand"))
    Labelled.objects.bulk_create(
        [Labelled(brand=brand, conversation=one, label=row, by=by, at=now) for one in changed],
        ignore_conflicts=True,
    )
    for one in changed:
        record(brand=brand, by=by, act="inbox.label", subject=subject_of(one), after=row.name)
        tell(brand, ROOM, one.pk)
    return len(changed)


@transaction.atomic
def unlabel(*, brand: Brand, conversations: Sequence[int], label: Label, by: User | None) -> int:
    """Take a label off conversations of the brand; how many had it."""
    rows = Labelled.objects.filter(brand=brand, conversation__in=conversations, label=label)
    having = Conversation.objects.filter(pk__in=rows.values("conversation")).order_by("pk")
    changed = list(having.only("pk", "brand"))
    rows.delete()
    for one in changed:
        record(brand=brand, by=by, act="inbox.unlabel", subject=subject_of(one), before=label.name)
        tell(brand, ROOM, one.pk)
    return len(changed)


@transaction.atomic
def change(*, label: Label, by: User, name: str, colour: str) -> None:
    """Give a label another name or colour. Raises Taken."""
    name = _tidy(name)
    others = Label.objects.filter(brand=label.brand_id, name__iexact=name).exclude(pk=label.pk)
    if others.exists() or colour not in Colour.values:
        raise Taken
    before = {"name": label.name, "colour": label.colour}
    Label.objects.filter(pk=label.pk).update(name=name, colour=colour)
    label.name, label.colour = name, colour
    _told(label, by, "inbox.label_change", before=before, after={"name": name, "colour": colour})


@transaction.atomic
def merge(*, label: Label, into: Label, by: User) -> int:
    """Give what has one label the other, and delete the first; how many conversations had it."""
    if label.pk == into.pk or label.brand_id != into.brand_id:
        raise ValueError("a label is merged into another of its brand")
    rows = Labelled.objects.filter(label=label)
    had = rows.count()
    rows.filter(conversation__in=Labelled.objects.filter(label=into).values("conversation")).delete()
    rows.update(label=into)
    _told(label, by, "inbox.label_merge", before=label.name, after=into.name)
    label.delete()
    return had


@transaction.atomic
def delete(*, label: Label, by: User) -> int:
    """Delete a label; on how many conversations it was. They stay."""
    had = Labelled.objects.filter(label=label).count()
    _told(label, by, "inbox.label_delete", before=label.name, after=had)
    label.delete()
    return had


@transaction.atomic
def shift(*, label: Label, by: int) -> None:
    """Move a label before (-1) or behind (1) its neighbour."""
    rows = list(Label.objects.select_for_update().filter(brand=label.brand_id))
    at = next(number for number, row in enumerate(rows) if row.pk == label.pk)
    rows.insert(max(0, min(len(rows) - 1, at + by)), rows.pop(at))
    for place, row in enumerate(rows):
        row.place = place
    Label.objects.bulk_update(rows, ["place"])


def _told(label: Label, by: User, act: str, *, before: object, after: object) -> None:
    record(brand=label.brand, by=by, act=act, subject=label.name, before=before, after=after)
    tell(label.brand, ROOM)


def _tidy(name: str) -> str:
    name = " ".join(name.replace("#", " ").split())[:40]
    if not name:
        raise Taken
    return name
