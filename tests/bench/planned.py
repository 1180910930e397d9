"""Contents by the thousand: planned ones that are to leave, and the published ones of years before."""

# ruff: noqa: E501 -- the columns of a statement are easier to compare on long lines.

import json
from datetime import datetime
from typing import Any

BRANDS, CHANNELS = 10, 10
"""Brands, and accounts of each."""


def settle(server: str) -> None:
    """An agency, its brands, their accounts on `server`."""
    from django.utils import timezone
    from django_scopes import scope

    from palabre.agency.models import Organisation
    from palabre.agency.people import create_brand
    from palabre.channels.models import Channel

    house = Organisation.objects.create(name="Bench")
    for n in range(BRANDS):
        brand = create_brand(organisation=house, by=None, name=f"Brand {n}")
        with scope(brand=brand):
            for m in range(CHANNELS):
                Channel.objects.create(
                    brand=brand,
                    network="mastodon",
                    account=f"account-{n}-{m}",
                    handle=f"account-{n}-{m}",
                    checked_at=timezone.now(),
                    credentials=json.dumps({"server": server, "token": f"token-{n}-{m}"}),
                )


def planned(count: int, *, at: datetime) -> None:
    """So many contents, spread over the accounts, to leave at `at`."""
    _fill(count, state="scheduled", at=at)


def published(count: int, *, at: datetime) -> None:
    """So many contents that left in the three years before `at`, with their proofs."""
    _fill(count, state="published", at=at)


def _fill(count: int, *, state: str, at: datetime) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM publishing_post")
        (last,) = cursor.fetchone() or (0,)
        given: dict[str, Any] = {"first": last + 1, "last": last + count, "at": at, "state": state}
        cursor.execute(_POSTS, given)
        cursor.execute(_VARIANTS, given)
        cursor.execute(_DELIVERIES if state == "scheduled" else _PROVED, given)
        for act, then in _ACTS[state]:
            cursor.execute(_STEPS, given | {"act": act, "then": then})
        for table in ("post", "variant", "delivery"):
            cursor.execute(f"SELECT setval('publishing_{table}_id_seq', %s)", [last + count])
        cursor.execute("VACUUM ANALYZE")


_ACTS = {
    "scheduled": [("created", "draft"), ("planned", "scheduled")],
    "published": [
        ("created", "draft"),
        ("planned", "scheduled"),
        ("trying", "sending"),
        ("published", "published"),
    ],
}
_ACCOUNTS = """(SELECT id, brand_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS among
                FROM channels_channel) AS c"""
_POSTS = f"""
    INSERT INTO publishing_post (id, brand_id, name, content, note, revision, created_at, changed_at)
    SELECT n, c.brand_id, '', jsonb_build_object('text', 'Content ' || n || ' ' || repeat('of the day ', 12)), '', 1, now(), now()
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n JOIN {_ACCOUNTS} ON c.place = n %% c.among"""
_VARIANTS = f"""
    INSERT INTO publishing_variant (id, brand_id, post_id, channel_id, changes)
    SELECT n, c.brand_id, n, c.id, '{{}}'
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n JOIN {_ACCOUNTS} ON c.place = n %% c.among"""
_DELIVERIES = """
    INSERT INTO publishing_delivery (id, brand_id, variant_id, channel_id, state, due_at, try_at, key, tries, sent,
                                     remote_id, remote_url, error_code, error_params, problems, created_at)
    SELECT v.id, v.brand_id, v.id, v.channel_id, 'scheduled', %(at)s, %(at)s, gen_random_uuid(), 0, '[]', '', '', '', '{}', '[]', now()
    FROM publishing_variant AS v WHERE v.id BETWEEN %(first)s AND %(last)s"""
_PROVED = """
    INSERT INTO publishing_delivery (id, brand_id, variant_id, channel_id, state, due_at, try_at, key, tries, outgoing, sent,
                                     begun_at, remote_id, remote_url, published_at, error_code, error_params, problems, created_at)
    SELECT v.id, v.brand_id, v.id, v.channel_id, 'published', moment, moment, gen_random_uuid(), 1, p.content,
           jsonb_build_array(jsonb_build_object('step', 'part-0', 'remote_id', 'https://x.example/' || v.id, 'url', 'https://x.example/' || v.id,
                                                'at', moment, 'extra', jsonb_build_object('id', v.id::text))),
           moment, 'https://x.example/' || v.id, 'https://x.example/' || v.id, moment, '', '{}', '[]', moment
    FROM publishing_variant AS v JOIN publishing_post AS p ON p.id = v.post_id,
         LATERAL (SELECT %(at)s - interval '3 years' * (%(last)s - v.id + 1) / (%(last)s - %(first)s + 1)::float AS moment) AS hour
    WHERE v.id BETWEEN %(first)s AND %(last)s"""
_STEPS = """
    INSERT INTO publishing_step (brand_id, delivery_id, at, act, state, attempt, code, params, note)
    SELECT d.brand_id, d.id, d.due_at, %(act)s, %(then)s, d.tries, '', '{}', ''
    FROM publishing_delivery AS d WHERE d.id BETWEEN %(first)s AND %(last)s"""
