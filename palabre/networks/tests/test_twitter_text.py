"""Links, mentions, tags and weights as X's own conformance data has them."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import yaml

from palabre.networks.twitter_text import (
    V3,
    Entity,
    Weights,
    cashtags,
    hashtags,
    links,
    mentions,
    replied_to,
    weigh,
)
from tests.shared import SHARED, needs_shared

CONFORMANCE = SHARED / "data" / "specs" / "x" / "twitter-text" / "conformance"


@cache
def _cases(file: str) -> dict[str, list[dict[str, Any]]]:
    path = CONFORMANCE / f"{file}.yml"
    return yaml.safe_load(path.read_text())["tests"] if path.exists() else {}


def _of(file: str, *groups: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{group}-{number}")
        for group in groups
        for number, case in enumerate(_cases(file).get(group, []))
    ]


def _named(found: list[Entity]) -> list[str]:
    return [entity.value for entity in found]


EXTRACTED: dict[str, Callable[[str], Any]] = {
    "mentions": lambda text: _named(mentions(text)),
    "mentions_with_indices": lambda text: [
        {"screen_name": e.value, "indices": [e.start, e.end]} for e in mentions(text)
    ],
    "mentions_or_lists_with_indices": lambda text: [
        {"screen_name": e.value, "list_slug": e.list_slug, "indices": [e.start, e.end]}
        for e in mentions(text)
    ],
    "replies": replied_to,
    "urls": lambda text: _named(links(text)),
    "urls_with_indices": lambda text: [{"url": e.value, "indices": [e.start, e.end]} for e in links(text)],
    "urls_with_directional_markers": lambda text: [
        {"url": e.value, "indices": [e.start, e.end]} for e in links(text)
    ],
    "tco_urls_with_params": lambda text: _named(links(text)),
    "hashtags": lambda text: _named(hashtags(text)),
    "hashtags_from_astral": lambda text: _named(hashtags(text)),
    "hashtags_with_indices": lambda text: [
        {"hashtag": e.value, "indices": [e.start, e.end]} for e in hashtags(text)
    ],
    "cashtags": lambda text: _named(cashtags(text)),
    "cashtags_with_indices": lambda text: [
        {"cashtag": e.value, "indices": [e.start, e.end]} for e in cashtags(text)
    ],
}


@needs_shared
@pytest.mark.parametrize("group", EXTRACTED)
def test_extracts_as_every_case_of_the_conformance_data(group: str) -> None:
    cases = _cases("extract")[group]
    wrong = [
        (case["text"], case["expected"], found)
        for case in cases
        if (found := EXTRACTED[group](case["text"])) != case["expected"]
    ]
    assert cases and wrong == []


@needs_shared
def test_no_group_of_the_extraction_is_left_out() -> None:
    assert set(EXTRACTED) == set(_cases("extract"))


V2 = replace(V3, emoji=False)
V1 = Weights(most=140, scale=1, default=1, ranges=(), emoji=False)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _weighed(text: str, weights: Weights) -> dict[str, Any]:
    found = weigh(text, weights)
    return {
        "weightedLength": found.length,
        "valid": found.valid,
        "permillage": found.permillage,
        "displayRangeStart": 0,
        "displayRangeEnd": _utf16(text) - 1,
        "validRangeStart": 0,
        "validRangeEnd": _utf16(text[: found.fits]) - 1,
    }


@needs_shared
@pytest.mark.parametrize(
    ("group", "weights"),
    [
        ("WeightedTweetsCounterTest", V2),
        ("WeightedTweetsWithDiscountedEmojiCounterTest", V3),
        ("UnicodeDirectionalMarkerCounterTest", V3),
    ],
)
def test_weighs_as_every_case_of_the_conformance_data(group: str, weights: Weights) -> None:
    cases = _cases("validate")[group]
    wrong = [
        (case["description"], case["expected"], found)
        for case in cases
        if (found := _weighed(case["text"], weights)) != case["expected"]
    ]
    assert cases and wrong == []


@needs_shared
@pytest.mark.parametrize("case", _of("validate", "tweets"))
def test_knows_a_valid_post_of_the_first_days(case: dict[str, Any]) -> None:
    assert weigh(case["text"], V1).valid == case["expected"]


@needs_shared
@pytest.mark.parametrize("case", _of("validate", "usernames", "lists"))
def test_knows_a_valid_name(case: dict[str, Any]) -> None:
    found, text = mentions(case["text"]), case["text"]
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(text))
    wanted_list = "/" in text or "list" in str(case["description"]).lower()
    assert (whole and bool(found[0].list_slug) == wanted_list) == case["expected"]


@needs_shared
@pytest.mark.parametrize("case", _of("validate", "hashtags"))
def test_knows_a_valid_hashtag(case: dict[str, Any]) -> None:
    found = hashtags(case["text"])
    assert (len(found) == 1 and found[0].end == len(case["text"])) == case["expected"]


@needs_shared
@pytest.mark.parametrize("case", _of("validate", "urls_without_protocol"))
def test_knows_a_valid_bare_link(case: dict[str, Any]) -> None:
    assert (_named(links(case["text"])) == [case["text"]]) == case["expected"]


def test_a_long_text_is_weighed_in_no_time() -> None:
    assert weigh("a" * 20_000 + ".com").length == 20_004
    assert weigh("http://" + "é-" * 10_000).length > 20_000
    assert weigh("https://a.fr/" + "(" * 5_000).length > 5_000


def test_without_the_conformance_data_the_weights_are_still_held() -> None:
    assert weigh("Hi http://test.co").length == 26
    assert weigh("👨‍👩‍👧‍👦" * 140).valid and not weigh("👨‍👩‍👧‍👦" * 141).valid
    assert weigh("é").length == weigh("e\u0301").length == 1
    assert not weigh("").valid and not weigh("a\ufffeb").valid
