"""What a published content did: counted one hour, a day, a week and a month after it left."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.channels import health
from palabre.channels.models import Channel
from palabre.channels.sessions import ask, way_out
from palabre.kit.http import Http
from palabre.networks.contract import Measures, Session
from palabre.networks.errors import NetworkError
from palabre.networks.outgoing import Figures, Sent
from palabre.networks.registry import connector, manifests
from palabre.publishing.delivery.outgoing import stood
from palabre.publishing.models import Delivery, Measure

log = logging.getLogger(__name__)
AGES = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""When a content is counted, after it was published."""
LATE = timedelta(hours=6)
"""A count that is later than that is of another age: it is left out, a dash on the page."""
AT_ONCE = 25
"""Contents asked for in one call; as many as the networks' own batches take."""

_DUE = """
    SELECT d.id, age.seconds FROM publishing_delivery d
    JOIN channels_channel c ON c.id = d.channel_id AND c.state = 'working' AND NOT c.by_hand
    CROSS JOIN unnest(%(ages)s::bigint[]) AS age(seconds)
    LEFT JOIN publishing_measure m ON m.delivery_id = d.id AND m.age = age.seconds
    WHERE d.state = 'published' AND c.network = ANY(%(networks)s) AND m.id IS NULL
      AND d.published_at > %(now)s - make_interval(secs => age.seconds + %(late)s)
      AND d.published_at <= %(now)s - make_interval(secs => age.seconds)
    ORDER BY d.published_at LIMIT %(most)s
"""


def due(*, now: datetime, most: int = 500) -> list[tuple[Delivery, int]]:
    """Deliveries to count now, with the age (seconds) they are counted at. Crosses brands on purpose."""
    measured = [key for key, _ in manifests().items() if isinstance(connector(key), Measures)]
    ages = [int(age.total_seconds()) for age in AGES]
    late = LATE.total_seconds()
    asked: dict[str, Any] = {"ages": ages, "networks": measured, "now": now, "late": late, "most": most}
    with scopes_disabled():
        with connection.cursor() as cursor:
            cursor.execute(_DUE, asked)
            found = cursor.fetchall()
        rows = Delivery.objects.select_related("channel__brand").in_bulk([row[0] for row in found])
    return [(rows[pk], age) for pk, age in found]


async def measure_due(clock: Callable[[], datetime] = timezone.now) -> int:
    """Count all that is due, a channel at a time; how many deliveries were."""
    by_channel: dict[int, list[tuple[Delivery, int]]] = defaultdict(list)
    for delivery, age in await sync_to_async(due)(now=clock()):
        by_channel[delivery.channel_id].append((delivery, age))
    counted = 0
    async with way_out() as http:
        for wanted in by_channel.values():
            channel = wanted[0][0].channel
            try:
                counted += await _measure(channel, wanted, http, clock)
            except NetworkError as error:
                log.info("%s: %s", channel.network, error)
                await sync_to_async(_refused)(channel, error, clock())
    return counted


async def _measure(
    channel: Channel, wanted: Sequence[tuple[Delivery, int]], http: Http, clock: Callable[[], datetime]
) -> int:
    measures = connector(channel.network)
    assert isinstance(measures, Measures)
    for start in range(0, len(wanted), AT_ONCE):
        batch = wanted[start : start + AT_ONCE]
        posts = tuple(sent for delivery, _ in batch for sent in stood(delivery)[:1])
        figures = await ask(channel, http, partial(_figures, measures, posts))
        await sync_to_async(put_down_figures)(batch, figures, clock())
    return len(wanted)


async def _figures(measures: Measures, posts: tuple[Sent, ...], session: Session) -> Mapping[str, Figures]:
    return await measures.measure(session, posts)


def put_down_figures(
    batch: Sequence[tuple[Delivery, int]], figures: Mapping[str, Figures], now: datetime
) -> None:
    """Keep what was counted of deliveries at an age (seconds); `figures` by remote id. Once each."""
    with scopes_disabled(), transaction.atomic():
        Measure.objects.bulk_create(
            (
                Measure(
                    brand_id=delivery.brand_id,
                    delivery=delivery,
                    age=age,
                    at=now,
                    likes=told.likes,
                    reposts=told.reposts,
                    quotes=told.quotes,
                    replies=told.replies,
                    views=told.views,
                    clicks=told.clicks,
                    gone=told.gone,
                )
                for delivery, age in batch
                for told in [figures.get(delivery.remote_id, Figures())]
            ),
            ignore_conflicts=True,
        )


def _refused(channel: Channel, error: NetworkError, now: datetime) -> None:
    with scopes_disabled():
        health.failed(channel, error=error, now=now)
