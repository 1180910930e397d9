"""The only upsert of what people said: rows by COPY, known ones recognised, stories joined.

On the path: intake's `keep` → here → `listening.record`. One brand at a time, under its lock: two
batches of one brand follow each other, so nothing is stored twice and nothing dead-locks. Whoever
stores for several brands in one transaction takes them in the order of their ids.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from palabre.agency.models import Brand
from palabre.kit.text import fold
from palabre.stream import stories, tidy
from palabre.stream.incoming import Incoming, Stored
from palabre.stream.lock import hold
from palabre.stream.models import Sentiment
from palabre.stream.people import Person, store_authors

__all__ = ["Incoming", "Stored", "store"]

TONES = {
    "negative": Sentiment.NEGATIVE.value,
    "neutral": Sentiment.NEUTRAL.value,
    "positive": Sentiment.POSITIVE.value,
}


@dataclass(frozen=True, kw_only=True)
class Key:
    """What makes an item the same item."""

    network: str
    remote_id: str


@transaction.atomic
def store(*, brand: Brand, items: Sequence[Incoming]) -> list[Stored]:
    """Store each item once; one `Stored` an item, in order. Idempotent.

    A known item takes over an edited text, with its new guesses, and counters that the network told;
    never what a person did (correction, read, ignored, tags). Items the network deleted are not for
    here (`listening.record.forget`): raises ValueError.
    """
    if any(given.item.deleted for given in items):
        raise ValueError("store() was given a deleted item")
    if not items:
        return []
    hold(brand)
    keys = [_key(given) for given in items]
    latest = dict(zip(keys, items, strict=True))
    known = _known(brand, list(latest))
    fresh = {key: given for key, given in latest.items() if key not in known}
    authors = store_authors(brand=brand, people=[p for given in latest.values() if (p := _person(given))])
    changed = _update(brand, {known[key]: latest[key] for key in latest.keys() & known.keys()}, authors)
    ids = known | _insert(brand, fresh, authors)
    told: set[Key] = set()
    answers = []
    for key in keys:
        answers.append(Stored(ids[key], key in fresh and key not in told, ids[key] in changed))
        told.add(key)
    return answers


def _key(given: Incoming) -> Key:
    return Key(network=given.network, remote_id=tidy.key(given.item.remote_id))


def _person(given: Incoming) -> Person | None:
    if given.item.author is None or not given.item.author.remote_id:
        return None
    at = tidy.occurred(given.item.published_at, given.collected_at)
    return Person(network=given.network, author=given.item.author, at=at)


def _known(brand: Brand, keys: Sequence[Key]) -> dict[Key, int]:
    # Spelt so that no planner with old statistics reads the whole brand: one look-up a key.
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT given.network, given.remote_id,
                      (SELECT item.id FROM stream_item AS item
                       WHERE item.remote_id = given.remote_id AND item.network = given.network
                         AND item.brand_id + 0 = %s) AS id
               FROM unnest(%s::text[], %s::text[]) AS given (network, remote_id)""",
            [brand.pk, [key.network for key in keys], [key.remote_id for key in keys]],
        )
        return {Key(network=n, remote_id=r): id_ for n, r, id_ in cursor.fetchall() if id_ is not None}


Column = tuple[str, str, Callable[[Incoming], Any]]
"""A column of the item, its type, and its value."""


def _title(given: Incoming) -> str:
    return tidy.words(given.item.title, 1_000)


def _at(given: Incoming) -> datetime:
    return tidy.occurred(given.item.published_at, given.collected_at)


def _reach(given: Incoming) -> int | None:
    author = given.item.author
    return tidy.count(author.followers if author else None, tidy.BIG_COUNT_MAX)


def _thread(given: Incoming) -> str:
    return tidy.key(given.item.thread_id or "")


COLUMNS: tuple[Column, ...] = (
    ("network", "text", lambda g: g.network),
    ("remote_id", "text", lambda g: tidy.key(g.item.remote_id)),
    ("kind", "text", lambda g: str(g.item.kind)),
    ("url", "text", lambda g: tidy.words(g.item.url, 4_000)),
    ("title", "text", _title),
    ("text", "text", lambda g: tidy.words(g.item.text)),
    ("language", "text", lambda g: tidy.language(g.analysis.language)),
    ("country", "text", lambda g: tidy.country(g.item.country)),
    ("outlet", "text", lambda g: tidy.words(g.item.outlet, 256).casefold()),
    ("thread_id", "text", _thread),
    ("reply_to", "text", lambda g: tidy.key(g.item.reply_to or "")),
    ("image_urls", "text[]", lambda g: tidy.labels(g.item.image_urls, each=4_000, most=20) or "{}"),
    ("hashtags", "text[]", lambda g: tidy.labels(g.hashtags, each=128, most=50) or "{}"),
    ("published_at", "timestamptz", lambda g: g.item.published_at),
    ("collected_at", "timestamptz", lambda g: g.collected_at),
    ("occurred_at", "timestamptz", _at),
    ("reach", "bigint", lambda g: _reach(g)),
    ("likes", "int", lambda g: tidy.count(g.item.likes)),
    ("reposts", "int", lambda g: tidy.count(g.item.reposts)),
    ("replies", "int", lambda g: tidy.count(g.item.replies)),
    ("views", "bigint", lambda g: tidy.count(g.item.views, tidy.BIG_COUNT_MAX)),
    ("tone_guess", "smallint", lambda g: TONES[g.analysis.sentiment]),
    ("tone_scores", "float8[]", lambda g: tidy.numbers(g.analysis.sentiment_scores)),
    ("toxicity", "float8", lambda g: g.analysis.toxicity_score),
    ("is_toxic", "bool", lambda g: g.analysis.toxic),
    ("spam", "float8", lambda g: g.analysis.spam_score),
    ("is_spam", "bool", lambda g: g.analysis.spam),
    ("model_version", "text", lambda g: ""),
)
EXTRA = (
    ("given_id", "bigint"),
    ("author_id", "bigint"),
    ("story_id", "bigint"),
    ("summary_only", "bool"),
    ("folded_title", "text"),
    ("folded", "text"),
)
NAMES = ", ".join(name for name, _, _ in COLUMNS)
SEARCH = """ts_delete(setweight(to_tsvector('pg_catalog.french', i.folded_title), 'A')
            || '·:9'::tsvector || setweight(to_tsvector('pg_catalog.english', i.folded_title), 'A')
            || '·:9'::tsvector || to_tsvector('pg_catalog.french', i.folded)
            || '·:9'::tsvector || to_tsvector('pg_catalog.english', i.folded), '·')"""
"""Both languages' forms of title and text, far enough apart that no phrase spans two of them."""

_TABLE = "CREATE TEMPORARY TABLE stream_incoming ({}) ON COMMIT DROP".format(
    ", ".join(f"{name} {kind}" for name, kind, *_ in (*EXTRA, *COLUMNS))
)
_COPY = f"COPY stream_incoming ({', '.join(n for n, _ in EXTRA)}, {NAMES}) FROM STDIN"

_INSERT = f"""INSERT INTO stream_item
    (id, brand_id, author_id, story_id, search, tone, is_read, is_ignored, tags, {NAMES})
    SELECT given_id, %s, author_id, story_id, {SEARCH}, tone_guess, false, false, '{{}}', {NAMES}
    FROM stream_incoming AS i"""

_TOLD = ("reach", "likes", "reposts", "replies", "views", "author_id")
"""Taken over whenever the network told them."""

_GUESSED = (
    "language",
    "tone_guess",
    "tone_scores",
    "toxicity",
    "is_toxic",
    "spam",
    "is_spam",
    "model_version",
)

_UPDATE_TOLD = f"""UPDATE stream_item AS item
    SET {", ".join(f"{name} = coalesce(i.{name}, item.{name})" for name in _TOLD)}
    FROM stream_incoming AS i
    WHERE item.id = i.given_id AND ({" OR ".join(f"item.{n} <> i.{n}" for n in _TOLD)}
      OR {" OR ".join(f"(item.{n} IS NULL AND i.{n} IS NOT NULL)" for n in _TOLD)})
    RETURNING item.id"""

_UPDATE_TEXT = f"""UPDATE stream_item AS item
    SET title = i.title, text = i.text, hashtags = i.hashtags, search = {SEARCH},
        tone = CASE WHEN item.tone_set_at IS NULL THEN i.tone_guess ELSE item.tone END,
        {", ".join(f"{name} = i.{name}" for name in _GUESSED)}
    FROM stream_incoming AS i
    WHERE item.id = i.given_id AND (item.title <> i.title OR item.text <> i.text)
      AND NOT (i.summary_only AND length(item.text) > length(i.text))
    RETURNING item.id"""


def _row(id_: int, given: Incoming, author: int | None, story: int | None) -> tuple[Any, ...]:
    values = [value(given) for _, _, value in COLUMNS]
    title, text = values[4], values[5]
    folded = fold(text[: tidy.SEARCH_MAX])
    return (id_, author, story, given.item.summary_only, fold(title), folded, *values)


def _copy(rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)


def _drop() -> None:
    """Another batch of the same transaction makes its own."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE stream_incoming")


def _author_of(given: Incoming, authors: dict[tuple[str, str], int]) -> int | None:
    person = _person(given)
    return authors[person.key] if person else None


def _insert(brand: Brand, fresh: dict[Key, Incoming], authors: dict[tuple[str, str], int]) -> dict[Key, int]:
    if not fresh:
        return {}
    tellings = [
        stories.Telling(
            title=_title(given) or tidy.words(given.item.text, 200),
            at=_at(given),
            fingerprint=given.fingerprint,
        )
        for given in fresh.values()
    ]
    told = stories.assign(brand=brand, tellings=tellings)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('stream_item_id_seq') FROM generate_series(1, %s)",
            [len(fresh)],
        )
        ids = [row[0] for row in cursor.fetchall()]
    _copy(
        [
            _row(id_, given, _author_of(given, authors), story)
            for id_, given, story in zip(ids, fresh.values(), told, strict=True)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [brand.pk])
    _drop()
    return dict(zip(fresh, ids, strict=True))


def _update(brand: Brand, known: dict[int, Incoming], authors: dict[tuple[str, str], int]) -> set[int]:
    """Take over what changed; the ids of the items that did."""
    if not known:
        return set()
    _copy([_row(id_, given, _author_of(given, authors), None) for id_, given in known.items()])
    changed: set[int] = set()
    with connection.cursor() as cursor:
        for statement in (_UPDATE_TOLD, _UPDATE_TEXT):
            cursor.execute(statement)
            changed.update(row[0] for row in cursor.fetchall())
    _drop()
    return changed
