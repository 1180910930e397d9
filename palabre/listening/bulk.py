"""Acts on many mentions at once, by ids or on a whole filter; each gives back what its undo needs.

An act by a person is audited; `by` None is a rule of the brand, whose trace is the rule.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from palabre.agency.models import Brand, User
from palabre.listening.corrections import note, restore_tone
from palabre.listening.corrections import set_tone as _set_tone
from palabre.listening.filters import MentionFilter
from palabre.listening.record import refresh
from palabre.listening.selectors import ids_of
from palabre.listening.undo import Act, Undo
from palabre.stream.lock import hold
from palabre.stream.models import Tag
from palabre.stream.tidy import words

Chosen = Sequence[int] | MentionFilter
"""Items by their ids, or all that a filter means now."""

__all__ = ["Chosen", "Undo", "ignore", "mark_read", "set_tone", "tag", "undo", "untag"]


@transaction.atomic
def mark_read(*, brand: Brand, ids: Chosen, by: User | None, read: bool = True) -> Undo:
    """Read, or unread again."""
    changed = _change(brand, ids, Act.READ, "is_read", "%s::bool", read)
    return _done(brand, by, "mention.read" if read else "mention.unread", changed, read)


@transaction.atomic
def ignore(*, brand: Brand, ids: Chosen, by: User | None, ignored: bool = True) -> Undo:
    """Out of the pages and the figures, or back into them."""
    changed = _change(brand, ids, Act.IGNORE, "is_ignored", "%s::bool", ignored)
    return _done(brand, by, "mention.ignore" if ignored else "mention.restore", changed, ignored)


@transaction.atomic
def tag(*, brand: Brand, ids: Chosen, names: Sequence[str], by: User | None) -> Undo:
    """Put tags on; those that do not exist yet are made."""
    wanted = _tags(brand, names)
    changed = _change(
        brand, ids, Act.TAG, "tags", "ARRAY(SELECT DISTINCT unnest(tags || %s::bigint[]) ORDER BY 1)", wanted
    )
    return _done(brand, by, "mention.tag", changed, list(names))


@transaction.atomic
def untag(*, brand: Brand, ids: Chosen, names: Sequence[str], by: User | None) -> Undo:
    """Take tags off; the tags themselves stay."""
    unwanted = list(
        Tag.objects.filter(brand=brand, name__in=[_name(n) for n in names]).values_list("pk", flat=True)
    )
    changed = _change(
        brand,
        ids,
        Act.TAG,
        "tags",
        "ARRAY(SELECT one FROM unnest(tags) AS one WHERE one <> ALL(%s) ORDER BY 1)",
        unwanted,
    )
    return _done(brand, by, "mention.untag", changed, list(names))


@transaction.atomic
def set_tone(*, brand: Brand, ids: Chosen, tone: int, by: User | None) -> Undo:
    """Correct the tone of each; see `corrections`."""
    hold(brand)
    return _set_tone(brand=brand, ids=_ids(brand, ids), tone=tone, by=by)


@transaction.atomic
def undo(*, brand: Brand, undo: Undo, by: User | None) -> int:
    """Put back what an act found; how many items. Items of another brand are left alone."""
    hold(brand)
    for written, ids in undo.groups:
        value = json.loads(written)
        if undo.act is Act.TONE:
            restore_tone(brand, value, ids, by)
        else:
            _restore(brand, undo.act, value, ids)
    refresh(brand=brand, ids=undo.ids)
    if by is not None:
        note(brand, by, "mention.undo", undo, after=undo.act)
    return undo.count


_COLUMNS = {
    Act.READ: ("is_read", "bool"),
    Act.IGNORE: ("is_ignored", "bool"),
    Act.TAG: ("tags", "bigint[]"),
}


def _restore(brand: Brand, act: Act, value: Any, ids: Sequence[int]) -> None:
    column, kind = _COLUMNS[act]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE stream_item SET {column} = %s::{kind} WHERE id = ANY(%s) AND brand_id = %s",
            [value, list(ids), brand.pk],
        )


def _change(brand: Brand, chosen: Chosen, act: Act, column: str, new: str, value: Any) -> Undo:
    """Set `column` to `new` (SQL with one placeholder) where that changes it."""
    hold(brand)
    ids = _ids(brand, chosen)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE stream_item AS item SET {column} = before.new
                FROM (SELECT id, {column} AS old, {new} AS new FROM stream_item
                      WHERE id = ANY(%s) AND brand_id = %s) AS before
                WHERE item.id = before.id AND before.new IS DISTINCT FROM before.old
                RETURNING item.id, before.old""",
            [value, ids, brand.pk],
        )
        changed = Undo.of(act, cursor.fetchall())
    refresh(brand=brand, ids=changed.ids)
    return changed


def _ids(brand: Brand, chosen: Chosen) -> list[int]:
    return ids_of(brand=brand, mentions=chosen) if isinstance(chosen, MentionFilter) else list(chosen)


def _done(brand: Brand, by: User | None, act: str, changed: Undo, after: Any) -> Undo:
    if by is not None:
        note(brand, by, act, changed, after=after)
    return changed


def _name(name: str) -> str:
    return " ".join(words(name, 200).split())[:60]


def _tags(brand: Brand, names: Sequence[str]) -> list[int]:
    wanted = list(dict.fromkeys(clean for name in names if (clean := _name(name))))
    for name in wanted:
        Tag.objects.get_or_create(brand=brand, name=name)
    return sorted(Tag.objects.filter(brand=brand, name__in=wanted).values_list("pk", flat=True))
