"""Who said it: authors, upserted in one statement a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from palabre.agency.models import Brand
from palabre.networks.contract import RemoteAuthor
from palabre.stream import tidy


@dataclass(frozen=True, kw_only=True)
class Person:
    """An author and when they spoke."""

    network: str
    author: RemoteAuthor
    at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """What makes an author the same author of a brand."""
        return self.network, tidy.key(self.author.remote_id, 500)


# `last_seen_at` is true to the hour: rewriting the row for every post of a talkative author buys nothing.
_UPSERT = """
    WITH given AS (
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                             %s::bigint[], %s::timestamptz[], %s::timestamptz[])
        AS given (network, remote_id, handle, name, url, avatar_url, followers, first_at, last_at)
    ), written AS (
        INSERT INTO stream_author AS author
            (brand_id, network, remote_id, handle, name, url, avatar_url, followers,
             first_seen_at, last_seen_at)
        SELECT %s, network, remote_id, handle, name, url, avatar_url, followers, first_at, last_at FROM given
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
        RETURNING network, remote_id, id
    )
    SELECT given.network, given.remote_id, coalesce(written.id, (
        SELECT author.id FROM stream_author AS author
        WHERE author.remote_id = given.remote_id AND author.network = given.network
          AND author.brand_id + 0 = %s))
    FROM given LEFT JOIN written USING (network, remote_id)"""


def store_authors(*, brand: Brand, people: Sequence[Person]) -> dict[tuple[str, str], int]:
    """The id of each author by `Person.key`; the last word on a person counts. Under the brand's lock."""
    if not people:
        return {}
    latest = {person.key: person for person in people}
    first = {person.key: person.at for person in sorted(people, key=lambda p: p.at, reverse=True)}
    last = {person.key: person.at for person in sorted(people, key=lambda p: p.at)}
    authors = [person.author for person in latest.values()]
    columns: list[list[Any]] = [
        [network for network, _ in latest],
        [remote_id for _, remote_id in latest],
        [tidy.words(author.handle, 256) for author in authors],
        [tidy.words(author.name, 256) for author in authors],
        [tidy.words(author.url, 4_000) for author in authors],
        [tidy.words(author.avatar_url, 4_000) for author in authors],
        [tidy.count(author.followers, tidy.BIG_COUNT_MAX) for author in authors],
        [first[key] for key in latest],
        [last[key] for key in latest],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [*columns, brand.pk, brand.pk])
        return {(network, remote_id): id_ for network, remote_id, id_ in cursor.fetchall()}
