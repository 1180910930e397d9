"""Alerts brought along from Google Alerts: its Data Portability export, each one a topic and an alert.

Fields as documented (developers.google.com/data-portability/schema-reference/alerts, read
2026-11-23): query, language, country, apply_language_restrict, apply_region_restrict, source,
quality, delivery_method, delivery_frequency, delivery_time, email_address. The page documents
delivery_time in words alone ("time of day and day of week in a specific timezone"): every usual
shape of it is read, an unknown one gives the default hour.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from palabre.agency.models import Brand, User
from palabre.alerts.models import Frequency, Rule
from palabre.alerts.subscriptions import save_rule
from palabre.listening.models import Quality, Strictness, Topic
from palabre.listening.topics import TopicDraft, UnboundedQuery, save_topic
from palabre.query import QueryError

MOST = 1000
"""Alerts an account can hold there."""
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class NotAnExport(ValueError):
    """The file holds no list of alerts."""


@dataclass(frozen=True, kw_only=True)
class ImportedAlert:
    """One alert of the export; `weekday` 0 is Monday."""

    query: str
    language: str = ""
    country: str = ""
    language_strict: bool = False
    region_strict: bool = False
    best_only: bool = False
    by_email: bool = True
    email: str = ""
    frequency: str = Frequency.DAILY
    hour: int = 8
    weekday: int = 0
    time_zone: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an import: names made, names that existed, queries refused with the reason."""

    made: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = field(default=())


def read_export(content: bytes) -> list[ImportedAlert]:
    """The alerts of an export, in its order. Raises NotAnExport."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise NotAnExport from None
    alerts = [_alert(row) for row in _rows(document)]
    if not alerts:
        raise NotAnExport
    return alerts[:MOST]


def _rows(document: Any) -> Iterator[Mapping[str, Any]]:
    """Every object with a query, wherever the export nests them."""
    if isinstance(document, Mapping):
        if isinstance(document.get("query"), str) and document["query"].strip():
            yield document
            return
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            yield from _rows(part)


def _alert(row: Mapping[str, Any]) -> ImportedAlert:
    # Exports write snake_case in the documentation and camelCase in JSON made from protocol buffers.
    given = {re.sub(r"([a-z])([A-Z])", r"\1_\2", key).lower(): value for key, value in row.items()}
    quality = given.get("quality") or []
    grades = [quality] if isinstance(quality, str) else quality
    hour, weekday, zone = _time(given.get("delivery_time"))
    frequency = str(given.get("delivery_frequency") or "DAILY").upper()
    return ImportedAlert(
        query=_translated(given["query"].strip()),
        language=str(given.get("language") or "").split("-")[0].lower(),
        country=str(given.get("country") or "").upper(),
        language_strict=bool(given.get("apply_language_restrict")),
        region_strict=bool(given.get("apply_region_restrict")),
        best_only=any(str(grade).upper() == "HIGH" for grade in grades),
        by_email=str(given.get("delivery_method") or "EMAIL").upper() == "EMAIL",
        email=str(given.get("email_address") or ""),
        frequency={"HOURLY": Frequency.HOURLY, "WEEKLY": Frequency.WEEKLY}.get(frequency, Frequency.DAILY),
        hour=hour,
        weekday=weekday,
        time_zone=zone,
    )


def _translated(query: str) -> str:
    """Its `|` for OR and `AROUND(n)` for NEAR/n, in our words."""
    query = re.sub(r"\s*\|\s*", " OR ", query)
    return re.sub(r"\bAROUND\((\d+)\)", r"NEAR/\1", query)


def _time(given: Any) -> tuple[int, int, str]:
    """Hour, weekday and zone of any usual shape; the defaults for what is missing."""
    text = json.dumps(given).upper() if given else ""
    clock = re.search(r'"HOURS?"\s*:\s*"?(\d{1,2})|\b(\d{1,2}):\d\d', text)
    hour = int(next(group for group in clock.groups() if group)) % 24 if clock else 8
    weekday = next((index for index, day in enumerate(DAYS) if day in text), 0)
    zone = re.search(r"[A-Za-z_]+/[A-Za-z_/]+", json.dumps(given)) if given else None
    return hour, weekday, zone.group() if zone and _is_zone(zone.group()) else ""


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def bring_along(*, brand: Brand, by: User, alerts: Sequence[ImportedAlert]) -> Outcome:
    """A topic and an alert for each; one whose topic exists is left as it is, so that importing twice
    changes nothing."""
    made, known, refused = [], [], []
    for alert in alerts:
        name = alert.query[:120]
        if Topic.objects.filter(name=name, deleted_at=None).exists():
            known.append(name)
            continue
        try:
            _bring(brand, by, alert, name)
        except QueryError as error:
            refused.append((name, error.message("en" if by.language == "en" else "fr")))
        except UnboundedQuery:
            refused.append((name, ""))
        else:
            made.append(name)
    return Outcome(made=tuple(made), known=tuple(known), refused=tuple(refused))


@transaction.atomic
def _bring(brand: Brand, by: User, alert: ImportedAlert, name: str) -> None:
    strict = {True: Strictness.STRICT, False: Strictness.PREFERRED}
    topic = save_topic(
        brand=brand,
        by=by,
        draft=TopicDraft(
            name=name,
            query=alert.query,
            languages=[alert.language] if alert.language else [],
            languages_mode=strict[alert.language_strict],
            regions=[alert.country] if alert.country else [],
            regions_mode=strict[alert.region_strict],
            quality=Quality.BEST if alert.best_only else Quality.ALL,
        ),
    )
    rule = Rule(
        brand=brand,
        name=name,
        topics=[topic.pk],
        frequency=alert.frequency,
        hour=alert.hour,
        weekday=alert.weekday,
        time_zone=alert.time_zone or brand.time_zone,
        language=by.language,
    )
    save_rule(rule=rule, by=by, recipients=[alert.email or by.email] if alert.by_email else [])
