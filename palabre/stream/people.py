"""Who said it: authors, upserted in one statement a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from palabre.networks.contract import RemoteAuthor
from palabre.stream import tidy


@dataclass(frozen=True, kw_only=True)
class Person:
    """An author and when they spoke, within one brand's wall."""

    brand: int
    network: str
    author: RemoteAuthor
    at: datetime

    @property
    def key(self) -> "PersonKey":
        """What makes an author the same author."""
        return self.brand, self.network, tidy.key(self.author.remote_id, 500)


PersonKey = tuple[int, str, str]
"""Brand, network and id there."""


# `last_seen_at` is true to the hour: rewriting the row for every post of a talkative author buys nothing.
_UPSERT = """
    WITH given AS (
        SELECT * FROM json_to_recordset(%s::json) AS given (
            brand_id bigint, network text, remote_id text, handle text, name text, url text, avatar_url text,
            followers bigint, first_at timestamptz, last_at timestamptz)
    ), written AS (
        INSERT INTO stream_author AS author
            (brand_id, network, remote_id, handle, name, url, avatar_url, followers,
             first_seen_at, last_seen_at)
        SELECT brand_id, network, remote_id, handle, name, url, avatar_url, followers, first_at, last_at
        FROM given
        ON CONFLICT (remote_id, network, brand_id) DO UPDATE SET
            handle = coalesce(nullif(excluded.handle, ''), author.handle),
            name = coalesce(nullif(excluded.name, ''), author.name),
            url = coalesce(nullif(excluded.url, ''), author.url),
            avatar_url = coalesce(nullif(excluded.avatar_url, ''), author.avatar_url),
            followers = coalesce(excluded.followers, author.followers),
            first_seen_at = least(excluded.first_seen_at, author.first_seen_at),
            last_seen_at = greatest(excluded.last_seen_at, author.last_seen_at)
        WHERE excluded.last_seen_at > author.last_seen_at + interval '1 hour'
           OR excluded.first_seen_at < author.first_seen_at
           OR (excluded.handle <> author.handle AND excluded.handle <> '')
           OR (excluded.name <> author.name AND excluded.name <> '')
           OR (excluded.url <> author.url AND excluded.url <> '')
           OR (excluded.avatar_url <> author.avatar_url AND excluded.avatar_url <> '')
           OR excluded.followers <> author.followers
           OR (author.followers IS NULL AND excluded.followers IS NOT NULL)
        RETURNING brand_id, network, remote_id, id
    )
    SELECT given.brand_id, given.network, given.remote_id, coalesce(written.id, (
        SELECT author.id FROM stream_author AS author
        WHERE author.remote_id = given.remote_id AND author.network = given.network
          AND author.brand_id + 0 = given.brand_id))
    FROM given LEFT JOIN written USING (brand_id, network, remote_id)"""


def store_authors(people: Sequence[Person]) -> dict[PersonKey, int]:
    """The id of each author by `Person.key`; the last word on a person counts. Under their brands' locks."""
    if not people:
        return {}
    latest: dict[PersonKey, Person] = {}
    first: dict[PersonKey, datetime] = {}
    last: dict[PersonKey, datetime] = {}
    for person in people:
        key = person.key
        latest[key] = person
        first[key] = min(first.get(key, person.at), person.at)
        last[key] = max(last.get(key, person.at), person.at)
    rows = (_row(key, person.author, first[key], last[key]) for key, person in latest.items())
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [tidy.rows(rows)])
        return {(brand, network, remote_id): id_ for brand, network, remote_id, id_ in cursor.fetchall()}


def _row(key: PersonKey, author: RemoteAuthor, first: datetime, last: datetime) -> dict[str, Any]:
    brand, network, remote_id = key
    return {
        "brand_id": brand,
        "network": network,
        "remote_id": remote_id,
        "handle": tidy.words(author.handle, 256),
        "name": tidy.words(author.name, 256),
        "url": tidy.words(author.url, 4_000),
        "avatar_url": tidy.words(author.avatar_url, 4_000),
        "followers": tidy.count(author.followers, tidy.BIG_COUNT_MAX),
        "first_at": first,
        "last_at": last,
    }
