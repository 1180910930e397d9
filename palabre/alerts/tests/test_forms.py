"""The form of an alert: every field of Google Alerts and of Brandwatch's alert, kept as it is read."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.alerts.forms import RuleForm
from palabre.alerts.models import Rule
from palabre.alerts.rules import Threshold, threshold_from
from palabre.alerts.wants import Facts, wants
from tests.builders import Cast, build_cast, build_topic

TYPED: dict[str, Any] = {
    "name": "Baobab",
    "trigger": "mention",
    "frequency": "weekly",
    "hour": "17",
    "weekday": "4",
    "time_zone": "Indian/Reunion",
    "language": "en",
    "at_most": "5",
    "recipients": "Ines@iroko.example; malo@iroko.example",
    "webhook_url": "https://hook.example/palabre",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def form_of(cast: Cast, **typed: Any) -> RuleForm:
    return RuleForm({**TYPED, **typed}, instance=Rule(brand=cast.brand), topic_choices=[(1, "Baobab")])


def test_every_field_of_the_two_alerts_is_kept(cast: Cast, client: Client) -> None:
    topic = build_topic(cast.brand)
    client.force_login(cast.owner)
    typed = {
        **TYPED, "trigger": "threshold", "topics": [topic.pk], "volume": "10", "percent": "50",
        "deviations": "2.5", "interval": "15", "needs": "all", "tones": ["-1"], "networks": ["feeds"],
        "languages": ["fr"], "reach_min": "1000", "story_min": "2",
    }  # fmt: skip
    assert client.post(reverse("alerts:rule_new", args=[cast.brand.slug]), typed).status_code == 302
    with scope(brand=cast.brand):
        rule = Rule.objects.get()
        addresses = sorted(rule.recipients.values_list("email", flat=True))
    assert (rule.frequency, rule.hour, rule.weekday, rule.time_zone) == ("weekly", 17, 4, "Indian/Reunion")
    assert (rule.topics, rule.at_most, rule.language) == ([topic.pk], 5, "en")
    assert addresses == ["ines@iroko.example", "malo@iroko.example"]
    assert rule.webhook_secret.startswith("whsec_")
    expected = Threshold(volume=10, percent=50, deviations=2.5, interval=15, needs="all")
    assert threshold_from(rule.threshold) == expected
    facts = {"network": "feeds", "language": "fr", "tone": -1, "reach": 1000, "story_size": 2}
    assert wants(rule.filter, Facts(**facts))
    for name, other in {"network": "bluesky", "language": "en", "tone": 0, "reach": 999}.items():
        assert not wants(rule.filter, Facts(**{**facts, name: other})), name
    page = client.get(reverse("alerts:rule_edit", args=[cast.brand.slug, rule.pk])).content.decode()
    assert 'name="needs" value="all"' in page and "checked" in page.split('name="needs" value="all"')[1][:60]


def test_what_a_trigger_does_not_read_is_not_kept(cast: Cast) -> None:
    leftovers = {"tones": ["-1"], "volume": "10", "needs": "all"}
    burst, mention = (form_of(cast, trigger=trigger, **leftovers) for trigger in ("burst", "mention"))
    assert burst.is_valid() and mention.is_valid()
    assert (burst.filter(), burst.threshold()) == ({}, {}), "a burst with a tone would never be told"
    assert (mention.filter(), mention.threshold()) == ({"tones": [-1]}, {})


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("volume", {"trigger": "threshold"}),
        ("volume", {"trigger": "threshold", "volume": "0"}),
        ("percent", {"trigger": "threshold", "percent": "-5"}),
        ("deviations", {"trigger": "threshold", "deviations": "x"}),
        ("needs", {"needs": "some"}),
        ("interval", {"interval": "7"}),
        ("at_most", {"at_most": "0"}),
        ("at_most", {"at_most": "5000"}),
        ("hour", {"hour": "24"}),
        ("weekday", {"weekday": "7"}),
        ("time_zone", {"time_zone": "Mars/Olympus"}),
        ("recipients", {"recipients": "ines"}),
        ("recipients", {"recipients": "\n".join(f"a{n}@x.example" for n in range(51))}),
        ("webhook_url", {"webhook_url": "ftp//"}),
        ("networks", {"networks": ["telepathy"]}),
        ("languages", {"languages": ["klingon"]}),
        ("topics", {"topics": ["2"]}),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(cast: Cast, field: str, typed: dict[str, Any]) -> None:
    assert field in form_of(cast, **typed).errors


def test_one_bar_is_enough_unless_said_otherwise(cast: Cast) -> None:
    form = form_of(cast, trigger="threshold", volume="10")
    assert form.is_valid(), form.errors
    assert threshold_from(form.threshold()) == Threshold(volume=10, interval=60, needs="any")
