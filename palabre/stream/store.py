"""The only upsert of what people said: rows by COPY, known ones recognised, stories joined.

On the path: intake's `keep` → here → `listening.record`. Under the brands' locks, taken in the order of
their ids: two batches of one brand follow each other, so nothing is stored twice and nothing dead-locks.
All brands of a batch share the statements; every row says whose it is, and the pairs of keys hold it there.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from palabre.agency.models import Brand
from palabre.kit.text import fold
from palabre.stream import stories, tidy
from palabre.stream.incoming import Incoming, Stored
from palabre.stream.lock import hold
from palabre.stream.models import Sentiment
from palabre.stream.people import Person, PersonKey, store_authors

__all__ = ["Incoming", "Stored", "store", "store_all"]

TONES = {
    "negative": Sentiment.NEGATIVE.value,
    "neutral": Sentiment.NEUTRAL.value,
    "positive": Sentiment.POSITIVE.value,
}


class Key(NamedTuple):
    """What makes an item the same item."""

    brand: int
    network: str
    remote_id: str


@transaction.atomic
def store(*, brand: Brand, items: Sequence[Incoming]) -> list[Stored]:
    """Store each item once; one `Stored` an item, in order. Idempotent.

    A known item takes over an edited text, with its new guesses, and counters that the network told;
    never what a person did (correction, read, ignored, tags). Items the network deleted are not for
    here (`listening.record.forget`): raises ValueError.
    """
    hold(brand)
    return store_all({brand: items})[brand]


def store_all(given: Mapping[Brand, Sequence[Incoming]]) -> dict[Brand, list[Stored]]:
    """`store` for every brand of a batch in the same few statements.

    In the caller's transaction, and under the locks of these brands, which the caller holds.
    """
    keys = {brand: [_key(brand, one) for one in items] for brand, items in given.items()}
    latest = {key: one for brand, items in given.items() for key, one in zip(keys[brand], items, strict=True)}
    if any(one.item.deleted for one in latest.values()):
        raise ValueError("store() was given a deleted item")
    if not latest:
        return {brand: [] for brand in given}
    known = _known(list(latest))
    people = {key: _person(key, one) for key, one in latest.items()}
    authors = store_authors([person for person in people.values() if person])
    fresh = [key for key in latest if key not in known]
    new, story_ids = _new_ids(len(fresh))
    tellings = [_telling(key, latest[key]) for key in fresh]
    told = dict(zip(fresh, stories.assign(tellings, story_ids), strict=True))
    ids = known | dict(zip(fresh, new, strict=True))
    _copy(
        (ids[key], key not in known, key.brand, *_row(one, _id(people[key], authors), told.get(key)))
        for key, one in latest.items()
    )
    if fresh:
        _insert()
    changed = _update() if known else set()
    return {brand: _answers(keys[brand], ids, known, changed) for brand in given}


def _answers(
    keys: Sequence[Key], ids: Mapping[Key, int], known: Mapping[Key, int], changed: set[int]
) -> list[Stored]:
    told: set[Key] = set()
    answers = []
    for key in keys:
        answers.append(Stored(ids[key], key not in known and key not in told, ids[key] in changed))
        told.add(key)
    return answers


def _key(brand: Brand, given: Incoming) -> Key:
    return Key(brand.pk, given.network, tidy.key(given.item.remote_id))


def _person(key: Key, given: Incoming) -> Person | None:
    if given.item.author is None or not given.item.author.remote_id:
        return None
    return Person(brand=key.brand, network=given.network, author=given.item.author, at=_at(given))


def _id(person: Person | None, authors: Mapping[PersonKey, int]) -> int | None:
    return authors[person.key] if person else None


def _telling(key: Key, given: Incoming) -> stories.Telling:
    return stories.Telling(
        brand=key.brand,
        title=_title(given) or tidy.words(given.item.text, 200),
        at=_at(given),
        fingerprint=given.fingerprint,
    )


def _known(keys: Sequence[Key]) -> dict[Key, int]:
    # Spelt so that no planner with old statistics reads the whole brand: one look-up a key.
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT given.brand, given.network, given.remote_id,
                      (SELECT item.id FROM stream_item AS item
                       WHERE item.remote_id = given.remote_id AND item.network = given.network
                         AND item.brand_id + 0 = given.brand) AS id
               FROM json_to_recordset(%s::json) AS given (brand bigint, network text, remote_id text)""",
            [tidy.rows(key._asdict() for key in keys)],
        )
        return {Key(b, n, r): id_ for b, n, r, id_ in cursor.fetchall() if id_ is not None}


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
    ("is_new", "bool"),
    ("brand_id", "bigint"),
    ("author_id", "bigint"),
    ("story_id", "bigint"),
    ("summary_only", "bool"),
    ("folded_title", "text"),
    ("folded", "text"),
)
NAMES = ", ".join(name for name, _, _ in COLUMNS)
SEARCH = """ts_delete(CASE WHEN i.folded_title = '' THEN '·:9,18'::tsvector
            ELSE setweight(to_tsvector('pg_catalog.french', i.folded_title), 'A') || '·:9'::tsvector
              || setweight(to_tsvector('pg_catalog.english', i.folded_title), 'A') || '·:9'::tsvector END
            || to_tsvector('pg_catalog.french', i.folded)
            || '·:9'::tsvector || to_tsvector('pg_catalog.english', i.folded), '·')"""
"""Both languages' forms of title and text, far enough apart that no phrase spans two of them."""

_TABLE = "CREATE TEMPORARY TABLE IF NOT EXISTS stream_incoming ({}) ON COMMIT DELETE ROWS".format(
    ", ".join(f"{name} {kind}" for name, kind, *_ in (*EXTRA, *COLUMNS))
)
"""Made once a connection: one made for each batch would leave its forty rows in the catalogue each time."""
_EMPTY = f"{_TABLE}; DELETE FROM stream_incoming"
"""Another batch may have come before in the same transaction."""
_COPY = f"COPY stream_incoming ({', '.join(n for n, _ in EXTRA)}, {NAMES}) FROM STDIN"

_INSERT = f"""INSERT INTO stream_item
    (id, brand_id, author_id, story_id, search, tone, is_read, is_ignored, tags, {NAMES})
    SELECT given_id, brand_id, author_id, story_id, {SEARCH}, tone_guess, false, false, '{{}}', {NAMES}
    FROM stream_incoming AS i WHERE is_new"""

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
    WHERE item.id = i.given_id AND NOT i.is_new AND ({" OR ".join(f"item.{n} <> i.{n}" for n in _TOLD)}
      OR {" OR ".join(f"(item.{n} IS NULL AND i.{n} IS NOT NULL)" for n in _TOLD)})
    RETURNING item.id"""

_UPDATE_TEXT = f"""UPDATE stream_item AS item
    SET title = i.title, text = i.text, hashtags = i.hashtags, search = {SEARCH},
        tone = CASE WHEN item.tone_set_at IS NULL THEN i.tone_guess ELSE item.tone END,
        {", ".join(f"{name} = i.{name}" for name in _GUESSED)}
    FROM stream_incoming AS i
    WHERE item.id = i.given_id AND NOT i.is_new AND (item.title <> i.title OR item.text <> i.text)
      AND NOT (i.summary_only AND length(item.text) > length(i.text))
    RETURNING item.id"""


def _row(given: Incoming, author: int | None, story: int | None) -> tuple[Any, ...]:
    values = [value(given) for _, _, value in COLUMNS]
    title, text = values[4], values[5]
    folded = fold(text[: tidy.SEARCH_MAX])
    return (author, story, given.item.summary_only, fold(title), folded, *values)


def _copy(rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)


def _new_ids(most: int) -> tuple[Sequence[int], Sequence[int]]:
    """Ids for so many new items and as many stories; what is not used leaves a gap, which harms nothing."""
    if not most:
        return (), ()
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT array_agg(nextval('stream_item_id_seq')), array_agg(nextval('stream_story_id_seq'))
               FROM generate_series(1, %s)""",
            [most],
        )
        return cursor.fetchone() or ((), ())


def _insert() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT)


def _update() -> set[int]:
    """Take over what changed; the ids of the items that did."""
    changed: set[int] = set()
    with connection.cursor() as cursor:
        for statement in (_UPDATE_TOLD, _UPDATE_TEXT):
            cursor.execute(statement)
            changed.update(row[0] for row in cursor.fetchall())
    return changed
