"""The limits of every network: complete, sourced, as they were collected, and narrowed by a server."""

import json
from decimal import Decimal

import pytest

from palabre.networks import registry
from palabre.networks.rules import MediaKind, TextUnit, all_rules, narrowed, rules_of
from tests.shared import SHARED, needs_shared

KEYS = sorted(all_rules())


@pytest.mark.parametrize("key", KEYS)
def test_every_group_of_limits_says_where_and_when_it_was_read(key: str) -> None:
    rules = rules_of(key)
    assert rules.facts
    for name, fact in rules.facts.items():
        assert fact.checked_on.year >= 2025, name
        assert fact.source.startswith(("https://", "palabre:")) or not fact.sure, name


@pytest.mark.parametrize("key", KEYS)
def test_limits_are_possible(key: str) -> None:
    rules = rules_of(key)
    assert rules.text_max is None or rules.text_max > rules.text_min
    for kind, limits in rules.media.items():
        assert isinstance(kind, MediaKind) and limits.most >= 1
        for least, most in (limits.sides, limits.ratios, limits.seconds):
            assert least is None or most is None or least < most
    assert not rules.media_required or rules.media


def test_a_network_that_can_be_posted_to_has_its_rules_here() -> None:
    for key, manifest in registry.manifests().items():
        if manifest.rules is not None:
            assert manifest.rules == rules_of(key)


@needs_shared
def test_the_limits_are_those_that_were_collected() -> None:
    told = json.loads((SHARED / "data" / "networks.json").read_text())["networks"]
    rules = all_rules()
    assert set(told) - set(rules) == {"forums_generic", "rss_atom", "news_alerts"}, "nothing is posted there"
    compared = 0
    for key in set(told) & set(rules):
        text, media = told[key].get("text", {}), told[key].get("media", {})
        for name, mine in (
            ("limit", rules[key].text_max),
            ("limit_bytes", rules[key].text_max_bytes),
            ("title_limit", rules[key].title_max),
            ("url_weight", rules[key].link_cost),
        ):
            value = text.get(name, {}).get("value") if isinstance(text.get(name), dict) else None
            if isinstance(value, int) and key != "matrix":  # there the whole event counts, not the text
                assert mine == value, (key, name)
                compared += 1
        image = rules[key].media.get(MediaKind.IMAGE)
        for name in ("image_max_bytes", "photo_max_bytes"):
            if name in media:
                assert image is not None and image.max_bytes == media[name]["value"], key
                compared += 1
    assert compared > 30


def test_a_server_lays_its_own_limits_over_those_of_its_network() -> None:
    told = {
        "text_max": 5000,
        "media": {"image": {"max_bytes": 7}},
        "alt_max": 10_000,
        "from_an_older_version": 1,
    }
    rules = narrowed(rules_of("mastodon"), json.loads(json.dumps(told)))
    assert (rules.text_max, rules.alt_max, rules.link_cost) == (5000, 10_000, 23)
    assert rules.media[MediaKind.IMAGE].max_bytes == 7
    assert rules.media[MediaKind.IMAGE].pixels == rules_of("mastodon").media[MediaKind.IMAGE].pixels
    assert rules.media[MediaKind.VIDEO] == rules_of("mastodon").media[MediaKind.VIDEO]
    assert rules_of("mastodon").text_max == 500


def test_the_price_of_a_post_is_told() -> None:
    price = rules_of("x").price("post_with_link")
    assert price is not None and price.amount == Decimal("0.200")
    assert rules_of("bluesky").price("post") is None


def test_units_and_kinds_are_typed() -> None:
    assert rules_of("x").text_unit is TextUnit.WEIGHTED
    assert rules_of("mastodon").media[MediaKind.IMAGE].takes("image/webp")
    assert not rules_of("mastodon").media[MediaKind.IMAGE].takes("image/tiff")
