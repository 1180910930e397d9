"""What people type, and what those who mean harm type."""

from typing import Any

import pytest
from django.utils import translation
from django_scopes import scope

from palabre.listening.forms import SourceForm, TopicForm
from palabre.listening.models import Rule, Source, Topic
from palabre.listening.rule_form import RuleForm
from palabre.listening.sources import add_source, watch_kind
from palabre.networks.registry import manifests
from tests.builders import Cast, build_cast, build_topic

TYPED = {
    "name": "Baobab",
    "query": "baobab",
    "about": "ours",
    "languages_mode": "preferred",
    "regions_mode": "preferred",
    "quality": "all",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def topic_form(cast: Cast, **typed: Any) -> TopicForm:
    return TopicForm({**TYPED, **typed}, instance=Topic(brand=cast.brand))


def test_lists_are_read_however_they_are_typed(cast: Cast) -> None:
    with scope(brand=cast.brand):
        form = topic_form(
            cast,
            regions="fr, BE\nfr",
            excluded_sites="https://www.Spam.example/page\nspam.example, pub.example",
            excluded_authors="@bot,\n\n troll ",
        )
        assert form.is_valid(), form.errors
        draft = form.draft()
    assert draft.regions == ["FR", "BE"]
    assert draft.excluded_sites == ["spam.example", "pub.example"]
    assert draft.excluded_authors == ["@bot", "troll"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("query", ""),
        ("query", "a\x00b"),
        ("query", '"café'),
        ("query", "-tout"),
        ("query", "(" * 9_000),
        ("about", "everything"),
        ("quality", "x"),
        ("languages", ["klingon"]),
        ("networks", ["telepathy"]),
        ("regions", "FRA"),
        ("regions", "<script>"),
        ("excluded_sites", "x" * 254),
        ("excluded_authors", "x" * 257),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(cast: Cast, field: str, typed: object) -> None:
    with scope(brand=cast.brand):
        assert field in topic_form(cast, **{field: typed}).errors


def test_a_null_character_in_a_list_is_dropped(cast: Cast) -> None:
    with scope(brand=cast.brand):
        form = topic_form(cast, excluded_authors="bo\x00t")
        assert form.is_valid() and form.draft().excluded_authors == ["bot"]


def test_the_error_of_a_query_speaks_the_readers_language(cast: Cast) -> None:
    said = []
    for language in ("fr", "en"):
        with translation.override(language), scope(brand=cast.brand):
            said.append(topic_form(cast, query='"café').errors["query"][0])
    assert said[0] != said[1]


def test_a_query_without_bounds_is_taken_when_confirmed(cast: Cast) -> None:
    with scope(brand=cast.brand):
        refused = topic_form(cast, query="-tout")
        assert not refused.is_valid() and "query" in refused.errors
        assert topic_form(cast, query="-tout", unbounded_confirmed="on").is_valid()


def test_a_name_is_taken_within_its_brand_alone(cast: Cast) -> None:
    build_topic(cast.other, query="baobab", name="Baobab")
    with scope(brand=cast.brand):
        assert topic_form(cast).is_valid()
    build_topic(cast.brand, query="baobab", name="Baobab")
    with scope(brand=cast.brand):
        assert "name" in topic_form(cast, name=" Baobab ").errors


def source_form(network: str, kind: str, typed: dict[str, Any]) -> SourceForm:
    return SourceForm(typed, manifest=manifests()[network], kind=watch_kind(network, kind))


def test_a_secret_is_kept_apart_and_never_shown(cast: Cast) -> None:
    typed = {"target": "v@x.example", "field_host": "imap.x.example", "field_password": "motus"}
    with scope(brand=cast.brand):
        form = source_form("mailbox", "mailbox", typed)
        assert form.is_valid(), form.errors
        draft = form.draft()
        source = add_source(brand=cast.brand, by=cast.owner, draft=draft)
        assert "password" not in Source.objects.get(pk=source.pk).options
        assert "motus" not in str(form)
    assert dict(draft.secrets or {}) == {"password": "motus"}


@pytest.mark.parametrize("target", ["", "a\x00b", "x" * 2001])
def test_an_impossible_target_is_refused(cast: Cast, target: str) -> None:
    with scope(brand=cast.brand):
        assert "target" in source_form("feeds", "feed", {"target": target}).errors


def test_the_topic_of_another_brand_cannot_be_chosen(cast: Cast) -> None:
    theirs = build_topic(cast.other)
    with scope(brand=cast.brand):
        form = source_form("feeds", "feed", {"target": "https://x.example", "topic": theirs.pk})
        assert "topic" in form.errors
        rule = RuleForm({"name": "r", "topics": [theirs.pk], "read": "on"}, instance=Rule(brand=cast.brand))
        assert "topics" in rule.errors


@pytest.mark.parametrize(
    "typed",
    [
        {"query": "baobab"},
        {"read": "on"},
        {"query": '"baobab', "read": "on"},
        {"reach_min": "17", "read": "on"},
        {"story_min": "-1", "read": "on"},
        {"tones": ["2"], "read": "on"},
        {"query": "baobab", "tone": "9"},
    ],
)
def test_a_rule_that_asks_or_does_nothing_is_refused(cast: Cast, typed: dict[str, Any]) -> None:
    with scope(brand=cast.brand):
        assert not RuleForm({"name": "r", **typed}, instance=Rule(brand=cast.brand)).is_valid()


def test_a_neutral_tone_is_something_to_ask_and_to_do(cast: Cast) -> None:
    with scope(brand=cast.brand):
        typed = {"name": "r", "tones": ["0"], "tone": "0", "tags": "service, <b>"}
        form = RuleForm(typed, instance=Rule(brand=cast.brand))
        assert form.is_valid(), form.errors
        form.save()
        rule = Rule.objects.get()
    assert (rule.conditions, rule.actions) == ({"tones": [0]}, {"tags": ["service", "<b>"], "tone": 0})
