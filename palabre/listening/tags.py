"""The tags of a brand as a whole: how many mentions have each, another name, or away with it.

Tags are put on and taken off in `bulk`; an item keeps them as ids, which no key of the database guards.
"""

# A statement is put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from palabre.agency import audit
from palabre.agency.models import Brand, User
from palabre.listening.filters import MentionFilter, Show
from palabre.listening.models import Rule
from palabre.listening.narrow import narrow
from palabre.listening.record import refresh
from palabre.stream.lock import hold
from palabre.stream.models import Tag
from palabre.stream.tidy import words


@transaction.atomic
def delete_tag(*, brand: Brand, tag: Tag, by: User | None) -> int:
    """Delete the tag, off every item that has it; how many had it. Cannot be undone."""
    hold(brand)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE stream_item SET tags = array_remove(tags, %s)
               WHERE brand_id = %s AND tags @> ARRAY[%s]::bigint[] RETURNING id""",
            [tag.pk, brand.pk, tag.pk],
        )
        ids = [row[0] for row in cursor.fetchall()]
    refresh(brand=brand, ids=ids)
    audit.record(brand=brand, by=by, act="tag.delete", subject=tag.name, before=len(ids))
    tag.delete()
    return len(ids)


def tag_name(typed: str) -> str:
    """A name as tags bear it: one line of at most sixty characters."""
    return " ".join(words(typed, 200).split())[:60].strip()


_EVERYTHING = MentionFilter(days=None, spam=Show.SHOWN, ignored=Show.SHOWN)


@dataclass(frozen=True, kw_only=True)
class TagRow:
    """A tag with the mentions that have it, spam and ignored ones too."""

    tag: Tag
    items: int

    @property
    def query(self) -> str:
        """The filter that shows these mentions."""
        return _EVERYTHING.but(tags=(self.tag.pk,)).query_string()


def tag_rows(*, brand: Brand) -> list[TagRow]:
    """Every tag by name."""
    narrowed = narrow(brand=brand, mentions=_EVERYTHING, now=timezone.now())
    found: dict[int, int] = {}
    if not narrowed.is_empty:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT tag, count(*) FROM listening_card AS card, unnest(card.tags) AS tag
                    WHERE card.tags <> '{{}}' AND {narrowed.rows()} GROUP BY 1""",
                narrowed.params,
            )
            found = dict(cursor.fetchall())
    return [TagRow(tag=tag, items=found.get(tag.pk, 0)) for tag in Tag.objects.filter(brand=brand)]


@transaction.atomic
def rename_tag(*, brand: Brand, tag: Tag, name: str, by: User | None) -> bool:
    """Call the tag otherwise, also where rules put it on; False where the name is empty or taken."""
    wanted = tag_name(name)
    if not wanted or Tag.objects.filter(brand=brand, name=wanted).exclude(pk=tag.pk).exists():
        return False
    if wanted == tag.name:
        return True
    for rule in rules_with(brand=brand, name=tag.name):
        rule.actions["tags"] = [wanted if put == tag.name else put for put in rule.actions["tags"]]
        rule.save(update_fields=["actions"])
    audit.record(
        brand=brand,
        by=by,
        act="tag.rename",
        subject=wanted,
        before={"name": tag.name},
        after={"name": wanted},
    )
    tag.name = wanted
    tag.save(update_fields=["name"])
    return True


def rules_with(*, brand: Brand, name: str) -> list[Rule]:
    """The rules that put a tag on: they would make it again."""
    return [rule for rule in Rule.objects.filter(brand=brand) if name in (rule.actions.get("tags") or ())]
