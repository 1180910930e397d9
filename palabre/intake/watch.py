"""Watching the volume: thresholds and bursts, judged every five minutes, told through the alerts.

The series of a topic counts mentions at the moment they were learnt of, where that is within two
hours of when they were said: what a new source brings from its past is no burst.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.alerts.events import Notice, raise_events
from palabre.alerts.models import Event, Rule, Trigger
from palabre.alerts.rules import Crossing, crosses, threshold_from
from palabre.insight.bursts import BadBuzz, BuzzJudgement, Driver, drivers
from palabre.insight.models import Gauge
from palabre.listening.models import Topic

STEP = timedelta(minutes=5)
TAUGHT = timedelta(days=28)
"""How much of the past a new detector is taught."""
CALM = timedelta(hours=6)
"""One alert an episode: a topic that was told of keeps quiet for so long."""
STORIES_OVER = timedelta(hours=2)
USUAL_OVER = timedelta(days=14)

_SERIES = """
    SELECT date_bin('5 minutes', at, '2001-01-01'), count(*), count(*) FILTER (WHERE tone < 0)
    FROM (SELECT CASE WHEN mention.matched_at < %(begun)s THEN mention.occurred_at
                      WHEN mention.matched_at - mention.occurred_at < interval '2 hours'
                      THEN mention.matched_at
                 END AS at, item.tone
          FROM listening_mention AS mention JOIN stream_item AS item ON item.id = mention.item_id
          WHERE mention.topic_id = %(topic)s AND mention.brand_id = %(brand)s
            AND NOT item.is_ignored AND NOT item.is_spam
            AND mention.occurred_at >= %(since)s - interval '2 hours') AS learnt
    WHERE at >= %(since)s AND at < %(until)s GROUP BY 1 ORDER BY 1"""


def watch_brand(brand: Brand, *, now: datetime) -> list[Event]:
    """Judge every live topic of a brand up to the last whole step; the events raised."""
    with scope(brand=brand), transaction.atomic():
        topics = list(Topic.objects.filter(deleted_at=None, is_paused=False))
        notices = [notice for topic in topics if (notice := _judge(topic, now)) is not None]
        notices += _crossed(brand, topics, now)
        return raise_events(brand=brand, notices=notices, now=now)


def _judge(topic: Topic, now: datetime) -> Notice | None:
    until = _floor(now)
    gauge, _ = Gauge.objects.select_for_update().get_or_create(
        brand=topic.brand, topic=topic.pk, defaults={"begun_at": now, "judged_until": until - TAUGHT}
    )
    if gauge.judged_until >= until:
        return None
    buzz = BadBuzz.from_state(gauge.state) if gauge.state else BadBuzz(step=STEP)
    told: tuple[datetime, BuzzJudgement] | None = None
    for at, total, negative in _steps(topic, gauge, until):
        judgement = buzz.update(at, total, negative)
        # What was learnt from the past is not told as news.
        if judgement.kind != "none" and at >= gauge.begun_at - STEP:
            told = (at, judgement)
    gauge.state, gauge.judged_until = buzz.state(), until
    gauge.save(update_fields=["state", "judged_until"])
    return _burst_notice(topic, *told) if told and not _told_lately(topic, now) else None


def _steps(topic: Topic, gauge: Gauge, until: datetime) -> Iterator[tuple[datetime, int, int]]:
    """Every step of the series in order, the empty ones too, from the first mention on."""
    given: dict[str, Any] = {
        "topic": topic.pk,
        "brand": topic.brand_id,
        "begun": gauge.begun_at,
        "since": gauge.judged_until,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SERIES, given)
        counts = {at: (total, negative) for at, total, negative in cursor.fetchall()}
    at = gauge.judged_until if gauge.state else min(counts, default=until)
    while at < until:
        yield (at, *counts.get(at, (0, 0)))
        at += STEP


def _told_lately(topic: Topic, now: datetime) -> bool:
    return Event.objects.filter(trigger=Trigger.BURST, topic=topic.pk, at__gt=now - CALM).exists()


def _burst_notice(topic: Topic, at: datetime, judgement: BuzzJudgement) -> Notice:
    part = judgement.negative if judgement.kind == "bad_buzz" else judgement.volume
    until = at + STEP
    since = until - max(part.span, STORIES_OVER)
    return Notice(
        key=f"burst:{topic.pk}:{at.isoformat()}",
        at=at,
        trigger=Trigger.BURST,
        topic=topic.pk,
        topic_name=topic.name,
        details={
            "kind": judgement.kind,
            "ratio": part.ratio,
            "score": judgement.score,
            "minutes": int(part.span.total_seconds() // 60),
            "negative_share": judgement.negative_share,
            "usual_negative_share": judgement.usual_negative_share,
            "stories": [asdict(d) for d in _drivers(topic, "story.title", since, until)],
            "authors": [asdict(d) for d in _drivers(topic, "author.name", since, until)],
        },
    )


_COUNTS = {
    column: f"""
    SELECT {column}, count(*) FROM listening_mention AS mention
    JOIN stream_item AS item ON item.id = mention.item_id
    JOIN stream_story AS story ON story.id = item.story_id
    LEFT JOIN stream_author AS author ON author.id = item.author_id
    WHERE mention.topic_id = %s AND mention.brand_id = %s AND mention.occurred_at >= %s
      AND mention.occurred_at < %s AND {column} <> '' GROUP BY 1"""  # noqa: S608 (two constants)
    for column in ("story.title", "author.name")
}


def _drivers(topic: Topic, column: str, since: datetime, until: datetime) -> list[Driver]:
    """The stories or authors above their usual between `since` and `until`."""

    def counted(begin: datetime, end: datetime) -> Counter[str]:
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS[column], [topic.pk, topic.brand_id, begin, end])
            return Counter(dict(cursor.fetchall()))

    share = (until - since) / USUAL_OVER
    usual = {name: count * share for name, count in counted(since - USUAL_OVER, since).items()}
    return drivers(counted(since, until), usual)


def _crossed(brand: Brand, topics: list[Topic], now: datetime) -> Iterator[Notice]:
    for rule in Rule.objects.filter(trigger=Trigger.THRESHOLD, is_paused=False):
        threshold = threshold_from(rule.threshold)
        length = timedelta(minutes=threshold.interval)
        for topic in topics:
            if rule.topics and topic.pk not in rule.topics:
                continue
            *history, current = _intervals(topic, length, now, rule.filter)
            crossing = crosses(threshold, history, current)
            if crossing is not None and not _crossed_lately(rule, topic, now - length):
                yield _threshold_notice(rule, topic, crossing, length, now)


def _crossed_lately(rule: Rule, topic: Topic, since: datetime) -> bool:
    """One an interval: the interval slides, and what was told of is still in it for so long."""
    of_rule = Event.objects.filter(
        trigger=Trigger.THRESHOLD, key__startswith=f"threshold:{rule.pk}:{topic.pk}:"
    )
    return of_rule.filter(at__gt=since).exists()


_ASKED = {
    "tones": "item.tone = ANY(%s)",
    "networks": "item.network = ANY(%s)",
    "languages": "item.language = ANY(%s)",
    "reach_min": "item.reach >= %s",
    "story_min": "coalesce((SELECT size FROM stream_story WHERE id = item.story_id), 1) >= %s",
}
"""What a rule's filter asks of the mentions it counts, as `alerts.wants` asks it of those it tells."""


def _intervals(topic: Topic, length: timedelta, now: datetime, asked: Mapping[str, Any]) -> list[float]:
    """Counts of the last thirty whole intervals that end now, oldest first; the current one last."""
    conditions = {name: asked[name] for name in _ASKED if asked.get(name)}
    narrowed = "".join(f" AND {_ASKED[name]}" for name in conditions)
    many = 30
    since = now - length * many
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT floor(extract(epoch FROM mention.occurred_at - %s) / %s)::int, count(*)
               FROM listening_mention AS mention JOIN stream_item AS item ON item.id = mention.item_id
               WHERE mention.topic_id = %s AND mention.brand_id = %s AND NOT item.is_ignored
                 AND NOT item.is_spam AND mention.occurred_at >= %s AND mention.occurred_at < %s
                 {narrowed} GROUP BY 1""",  # noqa: S608 (constants of this file)
            [since, length.total_seconds(), topic.pk, topic.brand_id, since, now, *conditions.values()],
        )
        counts = dict(cursor.fetchall())
    first = int((topic.created_at - since) / length) if topic.created_at > since else 0
    return [float(counts.get(n, 0)) for n in range(min(first, many - 1), many)]


def _threshold_notice(
    rule: Rule, topic: Topic, crossing: Crossing, length: timedelta, now: datetime
) -> Notice:
    minutes = int(length.total_seconds() // 60)
    details: dict[str, Any] = {**asdict(crossing), "minutes": minutes, "narrowed": bool(rule.filter)}
    return Notice(
        key=f"threshold:{rule.pk}:{topic.pk}:{int(now.timestamp())}",
        at=now,
        trigger=Trigger.THRESHOLD,
        topic=topic.pk,
        topic_name=topic.name,
        details=details,
        rules=(rule.pk,),
    )


def _floor(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % STEP.total_seconds())
