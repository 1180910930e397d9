"""One person, across the rooms: what is held of them, a copy of it, and erasing it.

A person is an author as one network knows them. What others wrote stays theirs, unless it names the
person and whoever decides says so.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count, Q
from django_scopes import scope

from palabre.agency.audit import record
from palabre.agency.erased import mark_of
from palabre.agency.models import Brand, Erased, User
from palabre.alerts.keeping import forget_naming
from palabre.inbox.records import answers_to, forget, noted_of, said_to
from palabre.listening.models import Lesson, Source, Theme, Topic
from palabre.listening.record import remove
from palabre.moderation.records import decided_about
from palabre.moderation.records import forget as forget_decided
from palabre.publishing.naming import Naming, naming, strike, texts
from palabre.stream.lock import hold
from palabre.stream.models import Author, Item, Tag

NAME_MIN = 4
"""Characters a handle or an id needs before texts are searched for it: a shorter one is in every text."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is held of one author. `named_in` counts what others wrote that names them; `written` is what
    the brand itself wrote that does; `settings` are its own topics and sources, by name."""

    author: Author
    items: int
    corrections: int
    named_in: int
    written: Naming
    settings: list[str]


def look_for(*, brand: Brand, words: str, most: int = 20) -> list[Author]:
    """Authors by handle, name, id or address, with `held`, how many items; the busiest first."""
    wanted = words.strip().lstrip("@").strip()
    if not wanted:
        return []
    alike = Q()
    for field in ("handle", "name", "remote_id", "url"):
        alike |= Q(**{f"{field}__iexact": wanted}) | Q(**{f"{field}__iexact": f"@{wanted}"})
    if len(wanted) >= NAME_MIN:
        alike |= Q(handle__icontains=wanted) | Q(name__icontains=wanted)
    with scope(brand=brand):
        found = Author.objects.filter(alike).annotate(held=Count("items"))
        return list(found.order_by("-held", "pk")[:most])


def held_of(*, brand: Brand, author: Author) -> Held:
    """What is held of an author now."""
    with scope(brand=brand):
        return Held(
            author=author,
            items=Item.objects.filter(author=author).count(),
            corrections=Lesson.objects.filter(item__author=author).count(),
            named_in=len(_naming(brand, author)),
            written=naming(brand=brand, words=_full_words(author)),
            settings=_settings_naming(author),
        )


def _words(author: Author) -> list[str]:
    """What names the author and nobody else: handle and id, if long enough."""
    words = {author.handle.lstrip("@"), author.remote_id}
    return sorted(word for word in words if len(word) >= NAME_MIN)


def _full_words(author: Author) -> list[str]:
    """What names the author in what the brand wrote: the address too, and a name of several words."""
    name = [author.name] if " " in author.name.strip() else []
    return [*_words(author), *name, *([author.url] if author.url else [])]


def _pattern(words: Sequence[str]) -> str:
    """The words on their own, in PostgreSQL's regular expressions."""
    return r"(^|[^\w])(" + "|".join(re.escape(word) for word in words) + r")([^\w]|$)"


def _naming(brand: Brand, author: Author) -> list[int]:
    words = _words(author)
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM stream_item WHERE brand_id = %s AND author_id IS DISTINCT FROM %s
               AND concat_ws(' ', title, text, url) ~* %s""",
            [brand.pk, author.pk, _pattern(words)],
        )
        return [row[0] for row in cursor.fetchall()]


def _settings_naming(author: Author) -> list[str]:
    words = _words(author)
    if not words:
        return []
    topics = Topic.objects.filter(query__iregex=_pattern(words))
    sources = Source.objects.filter(Q(target__iregex=_pattern(words)) | Q(title__iregex=_pattern(words)))
    return [*(topic.name for topic in topics), *(source.title or source.target for source in sources)]


@transaction.atomic
def copy_of(*, brand: Brand, by: User, author: Author) -> str:
    """All that is held of an author, as JSON: what they said, what was guessed and done about it, and
    what the brand wrote that names them."""
    with scope(brand=brand):
        tags = dict(Tag.objects.values_list("pk", "name"))
        items = Item.objects.filter(author=author).prefetch_related("mentions__topic").order_by("occurred_at")
        fields = ("network", "remote_id", "handle", "name", "url", "avatar_url", "followers")
        held: dict[str, Any] = {
            "author": {name: getattr(author, name) for name in fields}
            | {"first_seen_at": author.first_seen_at, "last_seen_at": author.last_seen_at},
            "items": [_item(item, tags) for item in items.defer("search").iterator(chunk_size=1_000)],
            "answered_by_the_brand": said_to(author),
            "noted_by_the_brand": noted_of(author),
            "moderated_by_the_brand": decided_about(author),
            "named_by_the_brand": texts(brand=brand, words=_full_words(author)),
        }
        record(brand=brand, by=by, act="privacy.export", subject=f"#{author.pk}")
    return json.dumps(held, ensure_ascii=False, indent=1, default=_plain)


def _item(item: Item, tags: dict[int, str]) -> dict[str, Any]:
    said = ("url", "title", "text", "language", "country", "outlet", "published_at", "collected_at")
    counted = ("reach", "likes", "reposts", "replies", "views")
    guessed = ("tone", "toxicity", "spam")
    return {
        **{name: getattr(item, name) for name in (*said, *counted, *guessed)},
        "tags": [tags[tag] for tag in item.tags if tag in tags],
        "topics": [mention.topic.name for mention in item.mentions.all()],
    }


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@transaction.atomic
def erase(*, brand: Brand, by: User, author: Author, with_named: bool, with_written: bool = False) -> int:
    """Erase an author and all they said, at once; how many items went. There is no way back.

    `with_named`: what others wrote that names them goes too. `with_written`: their name is struck out of
    what the brand wrote; raises StillLeaving, nothing done, while one of these contents is leaving. They
    are not collected again: a keyed digest of them stays. The brand's own topics and sources that name
    them are for a person to change.
    """
    hold(brand)
    with scope(brand=brand):
        if with_written:
            strike(brand=brand, by=by, words=_full_words(author))
        theirs = list(Item.objects.filter(author=author).values_list("pk", "remote_id"))
        ids = [pk for pk, _ in theirs]
        if with_named:
            ids += _naming(brand, author)
        ids += answers_to(author)
        named = _pattern(_full_words(author)) if with_named and _full_words(author) else ""
        forget_decided(brand=brand, author=author, items=ids, pattern=named)
        forget(brand=brand, author=author, remote_ids=[remote_id for _, remote_id in theirs])
        # A theme is named by the words of its mentions: the page finds it anew from those that are left.
        Theme.objects.filter(items__overlap=ids).delete()
        remove(brand=brand, ids=ids)
        names = [*_words(author), *([author.name] if len(author.name) >= NAME_MIN else [])]
        if names:
            forget_naming(brand=brand, words=names)
        _clear_traces(brand, author, [remote_id for _, remote_id in theirs])
        Erased.objects.get_or_create(brand=brand, mark=mark_of(author.network, author.remote_id))
        Author.objects.filter(pk=author.pk).delete()
        record(brand=brand, by=by, act="privacy.erase", subject=f"#{author.pk}", after=len(ids))
    transaction.on_commit(cache.clear)
    return len(ids)


def _clear_traces(brand: Brand, author: Author, remote_ids: Sequence[str]) -> None:
    """Out of what answers pointed at, out of the log, out of the lists of excluded authors."""
    handle = author.handle.lstrip("@").casefold()
    given: dict[str, Any] = {
        "brand": brand.pk,
        "ids": list(remote_ids),
        "names": [name for name in (handle, "@" + handle, author.name.casefold()) if name.strip("@")],
        "pattern": _pattern(_words(author)) if _words(author) else None,
        "full": _pattern(_full_words(author)) if _full_words(author) else None,
    }
    with connection.cursor() as cursor:
        for column in ("reply_to", "thread_id"):
            cursor.execute(
                f"""UPDATE stream_item SET {column} = '' WHERE brand_id = %(brand)s AND {column} <> ''
                    AND ({column} = ANY(%(ids)s) OR {column} ~* %(pattern)s)""",
                given,
            )
        cursor.execute(
            """UPDATE listening_topic SET excluded_authors = ARRAY(
                   SELECT name FROM unnest(excluded_authors) AS name WHERE lower(name) <> ALL(%(names)s))
               WHERE brand_id = %(brand)s AND EXISTS (
                   SELECT FROM unnest(excluded_authors) AS name WHERE lower(name) = ANY(%(names)s))""",
            given,
        )
        cursor.execute(
            """UPDATE agency_auditentry SET subject = '', why = '', before = NULL, after = NULL
               WHERE brand_id = %(brand)s AND concat_ws(' ', subject, why, before, after) ~* %(full)s""",
            given,
        )
