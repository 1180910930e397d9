"""Rules of the house: which fire, in which order, and a dry run that tells the truth."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from palabre.intake.pipeline import Batch, take_in
from palabre.listening.matching import Matcher
from palabre.listening.models import Rule
from palabre.listening.rule_runs import dry_run
from palabre.listening.rules import Subject, compiled_from, decide, fires
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteAuthor, RemoteItem
from palabre.query import Document
from palabre.stream.models import Item
from tests.builders import build_cast, build_topic

SAID = Subject(
    document=Document(id="1", text="Une longue attente au café Baobab"),
    topic=7,
    network="bluesky",
    language="fr",
    tone=-1,
    author="@Aicha.example",
    reach=1000,
    story_size=3,
)


def rule(number: int = 1, *, then: dict[str, Any] | None = None, **conditions: Any) -> Any:
    return compiled_from(number, conditions, then or {"read": True})


@pytest.mark.parametrize(
    ("holds", "fails"),
    [
        ({"query": "attente"}, {"query": "attente -baobab"}),
        ({"topics": [6, 7]}, {"topics": [6]}),
        ({"networks": ["feeds", "bluesky"]}, {"networks": ["feeds"]}),
        ({"languages": ["fr"]}, {"languages": ["en"]}),
        ({"tones": [-1, 0]}, {"tones": [0]}),
        ({"authors": ["aicha.EXAMPLE"]}, {"authors": ["aicha"]}),
        ({"reach_min": 1000}, {"reach_min": 1001}),
        ({"story_min": 3}, {"story_min": 4}),
    ],
)
def test_a_condition_holds_or_not_and_all_of_them_must(holds: dict[str, Any], fails: dict[str, Any]) -> None:
    assert fires(rule(**holds), SAID)
    assert not fires(rule(**fails), SAID)
    other = {"languages": ["fr"], "tones": [-1], "query": "café"}
    assert fires(rule(**{**other, **holds}), SAID)
    assert not fires(rule(**{**other, **fails}), SAID)


def test_what_is_unknown_fulfils_no_condition() -> None:
    assert not fires(rule(reach_min=0), replace(SAID, reach=None))
    assert not fires(rule(authors=["aicha.example"]), replace(SAID, author=""))


def test_every_rule_that_fires_adds_its_acts_in_order_and_the_last_tone_wins() -> None:
    act = decide(
        [
            rule(1, then={"tags": ["b", "a"], "tone": 1}, languages=["fr"]),
            rule(2, then={"ignore": True}, languages=["en"]),
            rule(3, then={"tags": ["a", "c"], "tone": 0, "alert": True}, languages=["fr"]),
        ],
        SAID,
    )
    assert (act.rules, act.tags, act.tone) == ((1, 3), ("b", "a", "c"), 0)
    assert (act.alert, act.ignore, act.read) == (True, False, False)


def test_stop_ends_the_list_where_it_fires_and_nowhere_else() -> None:
    last = rule(3, then={"tags": ["c"]}, languages=["fr"])
    stops = rule(1, then={"read": True, "stop": True}, languages=["fr"])
    passed = rule(2, then={"read": True, "stop": True}, languages=["en"])
    assert decide([stops, last], SAID).rules == (1,)
    assert decide([passed, last], SAID).rules == (3,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "conditions",
    [
        {"query": "attente"},
        {"tones": [-1]},
        {"authors": ["zoe.example"]},
        {"reach_min": 1000},
        {"languages": ["fr"], "query": "baobab -attente"},
        {"networks": ["feeds"]},
    ],
)
def test_a_dry_run_tells_what_would_have_happened(conditions: dict[str, Any]) -> None:
    cast = build_cast()
    build_topic(cast.brand)
    now = timezone.now()
    texts = ["Quelle attente au café Baobab, une honte", "Merci au café Baobab", "Le café Baobab ouvre lundi"]
    people = [
        RemoteAuthor(remote_id=n, handle=f"{n}.example", followers=f) for n, f in (("zoe", 50), ("ada", 5000))
    ]
    items = [
        RemoteItem(
            remote_id=f"{n}-{who.remote_id}",
            url="",
            text=text,
            author=who,
            published_at=now - timedelta(hours=n),
        )
        for n, text in enumerate(texts, 1)
        for who in people
    ]
    with scope(brand=cast.brand):
        source = add_source(brand=cast.brand, by=None, draft=SourceDraft(network="sandbox", kind="search"))

        def bring() -> None:
            batch = Batch(
                network="sandbox", sources=[source], items=items, cursor={}, wait=0, at=now, filed=True
            )
            take_in(batch, Matcher())

        bring()
        foreseen = dry_run(compiled_from(0, conditions, {"read": True}))
        assert foreseen.looked == 6
        assert not Item.objects.filter(is_read=True).exists(), "a dry run changes nothing"
        Item.objects.all().delete()
        Rule.objects.create(brand=cast.brand, name="r", conditions=conditions, actions={"read": True})
        bring()
        assert Item.objects.filter(is_read=True).count() == foreseen.fired
