"""Alerts brought along from Google Alerts, as its export describes them."""

import json

import pytest
from django_scopes import scope

from palabre.alerts.models import Frequency, Rule
from palabre.intake.alerts_import import NotAnExport, bring_along, read_export
from palabre.listening.models import Quality, Strictness, Topic
from tests.builders import build_cast

EXPORT = [
    {
        "query": '"café baobab" -recette',
        "language": "fr",
        "country": "FR",
        "apply_language_restrict": True,
        "apply_region_restrict": False,
        "source": ["NEWS", "WEB"],
        "quality": ["HIGH"],
        "delivery_method": "EMAIL",
        "delivery_frequency": "WEEKLY",
        "delivery_time": {
            "time_of_day": {"hours": 18},
            "day_of_week": "FRIDAY",
            "time_zone": "Europe/Brussels",
        },
        "email_address": "ines@iroko.example",
    },
    {"query": "baobab | iroko", "deliveryMethod": "RSS", "quality": ["LOW"]},
]


def test_every_field_of_an_alert_is_read() -> None:
    first, second = read_export(json.dumps(EXPORT).encode())
    assert (first.language, first.country, first.language_strict, first.region_strict) == (
        "fr",
        "FR",
        True,
        False,
    )
    assert (first.best_only, first.by_email, first.email) == (True, True, "ines@iroko.example")
    assert (first.frequency, first.hour, first.weekday) == (Frequency.WEEKLY, 18, 4)
    assert first.time_zone == "Europe/Brussels"
    assert (second.query, second.by_email, second.best_only) == ("baobab OR iroko", False, False)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_export_is_refused(content: bytes) -> None:
    with pytest.raises(NotAnExport):
        read_export(content)


@pytest.mark.django_db
def test_each_alert_becomes_a_topic_and_an_alert_once() -> None:
    cast = build_cast()
    alerts = read_export(json.dumps([*EXPORT, {"query": "(baobab"}]).encode())
    with scope(brand=cast.brand):
        outcome = bring_along(brand=cast.brand, by=cast.owner, alerts=alerts)
        again = bring_along(brand=cast.brand, by=cast.owner, alerts=alerts)
        topic = Topic.objects.get(name='"café baobab" -recette')
        rule = Rule.objects.get(topics=[topic.pk])
        assert [r.email for r in rule.recipients.all()] == ["ines@iroko.example"]
        assert Rule.objects.count() == Topic.objects.count() == 2
    assert len(outcome.made) == 2
    assert outcome.refused[0][0] == "(baobab"
    assert again.made == () and len(again.known) == 2
    assert (topic.languages, topic.languages_mode, topic.quality) == (["fr"], Strictness.STRICT, Quality.BEST)
    assert (rule.hour, rule.weekday, rule.time_zone) == (18, 4, "Europe/Brussels")
