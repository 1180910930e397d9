"""Each network's own way to count, splitting into threads, what is refused and what is suggested."""

import io
import json
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.networks.advice import advice, link_moved, shortened
from palabre.networks.checks import problems
from palabre.networks.messages_posting import POSTING
from palabre.networks.outgoing import Article, Media, Outgoing, Part, Visibility
from palabre.networks.rules import MediaKind, PostingRules, TextUnit, all_rules, narrowed, rules_of
from palabre.networks.splitting import CannotSplit, split
from palabre.networks.text_length import clusters, links_in, measure, whole
from palabre.runtime.cli import main

FAMILY = "👨‍👩‍👧‍👦"
LINK = "https://exemple.example.com/une/adresse/assez/longue?avec=des&mots=1"
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("unit", "length"),
    [
        (TextUnit.CODE_POINTS, 11),
        (TextUnit.GRAPHEMES, 5),
        (TextUnit.UTF16, 15),
        (TextUnit.BYTES, 31),
        (TextUnit.EMOJI_BYTES, 29),
        (TextUnit.WEIGHTED, 6),
    ],
)
def test_each_unit_counts_in_its_own_way(unit: TextUnit, length: int) -> None:
    text = f"été {FAMILY}"
    assert measure(text, PostingRules(key="a", label="A", text_max=99, text_unit=unit)).length == length


def test_bluesky_counts_graphemes_and_bytes() -> None:
    rules = rules_of("bluesky")
    light = measure(FAMILY * 120, rules)
    assert (light.length, light.limit, light.octets, light.valid) == (120, 300, 3000, True)
    heavy = measure(FAMILY * 121, rules)
    assert (heavy.length, heavy.valid, heavy.over) == (121, False, 120 * len(FAMILY))
    assert measure("a" * 301, rules).over == 300
    assert measure(LINK, rules).length == len(LINK), "a link is not shortened there"


def test_mastodon_counts_a_link_as_23_and_a_person_without_the_server() -> None:
    rules = rules_of("mastodon")
    assert measure(LINK, rules).length == 23
    assert measure("exemple.com", rules).length == 11, "no link without its scheme"
    assert measure("@zoe@mastodon.example.org oui", rules).length == len("@zoe oui")
    assert measure("https://a.org/@zoe@b.example", rules).length == 23
    assert measure("mail@exemple.fr", rules).length == len("mail@exemple.fr")
    assert measure("a" * 501, rules).left == -1


def test_a_file_narrows_the_text_where_it_becomes_a_caption() -> None:
    rules = rules_of("telegram")
    assert measure("a" * 2000, rules).valid and not measure("a" * 2000, rules, with_media=True).valid


def test_a_network_whose_limit_is_not_known_takes_any_length() -> None:
    length = measure("a" * 100_000, rules_of("wordpress"))
    assert length.valid and length.limit is None and length.left is None


# Threads.

SENTENCES = "Une phrase courte. Une autre, avec @zoe@mastodon.example et #patrimoine ! " * 12


@pytest.mark.parametrize("key", ["bluesky", "mastodon", "x", "threads"])
@pytest.mark.parametrize("numbered", [False, True])
def test_a_thread_is_valid_part_by_part_and_ends_sentences(key: str, numbered: bool) -> None:
    rules = rules_of(key)
    parts = split(SENTENCES, rules, numbered=numbered)
    assert len(parts) > 1
    assert all(measure(part, rules).valid for part in parts)
    for place, part in enumerate(parts, 1):
        suffix = f" {place}/{len(parts)}" if numbered else ""
        assert part.endswith(suffix) and part.removesuffix(suffix)[-1] in ".!"


def test_paragraphs_come_before_sentences() -> None:
    rules = narrowed(rules_of("bluesky"), {"text_max": 60})
    assert split("Un paragraphe. Sa suite ici.\n\nUn autre paragraphe. Avec sa suite aussi.", rules) == (
        "Un paragraphe. Sa suite ici.",
        "Un autre paragraphe. Avec sa suite aussi.",
    )


def test_an_abbreviation_or_a_number_is_not_the_end_of_a_sentence() -> None:
    rules = narrowed(rules_of("bluesky"), {"text_max": 40})
    assert split("Il paie env. 3.500 euros par mois. Puis plus rien du tout.", rules)[0] == (
        "Il paie env. 3.500 euros par mois."
    )


def test_what_fits_stays_one() -> None:
    assert split(" Bonjour. ", rules_of("x"), numbered=True) == ("Bonjour.",)


def test_the_number_of_digits_may_grow_while_numbering() -> None:
    rules = narrowed(rules_of("bluesky"), {"text_max": 12})
    parts = split("mot " * 40, rules, numbered=True)
    assert len(parts) > 9 and all(measure(part, rules).valid for part in parts)
    assert parts[-1].endswith(f" {len(parts)}/{len(parts)}")


def test_a_link_longer_than_a_part_is_never_cut() -> None:
    with pytest.raises(CannotSplit):
        split("Voir " + LINK * 1, narrowed(rules_of("bluesky"), {"text_max": 30}))


WORDS = st.sampled_from(
    [
        "mot",
        "été",
        FAMILY,
        "🇫🇷",
        "ﷺ",
        LINK,
        "@zoe@mastodon.example",
        "#patrimoine",
        "日本語の文章。",
        "Fin.",
        "\n\n",
        "a" * 50,
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=60).map(" ".join), st.booleans())
def test_nothing_is_lost_and_nothing_whole_is_cut(text: str, numbered: bool) -> None:
    rules = narrowed(rules_of("bluesky"), {"text_max": 90})
    parts = split(text, rules, numbered=numbered)
    bare = [
        part.removesuffix(f" {place}/{len(parts)}") if numbered and len(parts) > 1 else part
        for place, part in enumerate(parts, 1)
    ]
    assert "".join("".join(bare).split()) == "".join(text.split())
    assert all(measure(part, rules).valid for part in parts if part)
    for word in (LINK, "@zoe@mastodon.example", "#patrimoine", FAMILY, "🇫🇷"):
        assert sum(part.count(word) for part in bare) == text.count(word)


@given(st.text(max_size=200))
def test_whole_stretches_never_overlap_and_clusters_make_the_text(text: str) -> None:
    spans = whole(text)
    assert all(start < end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join(clusters(text)) == text


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from(["x", "bluesky", "mastodon", "threads", "tiktok", "youtube"]))
def test_what_is_before_the_overflow_fits(text: str, key: str) -> None:
    rules = narrowed(rules_of(key), {"text_max": 20})
    length = measure(text, rules)
    if length.over is not None and length.limit is not None:
        assert measure(text[: length.over], rules).length <= length.limit or key == "x"
        assert not length.valid


# What is refused.


def outgoing(text: str = "Bonjour", *, media: tuple[Media, ...] = (), **more: object) -> Outgoing:
    return Outgoing(key="k" * 8, begun_at=AT, parts=(Part(text=text, media=media),), **more)  # type: ignore[arg-type]


def image(**more: object) -> Media:
    return Media.of(b"x" * 10, kind=MediaKind.IMAGE, mime="image/jpeg", **more)


def codes(content: Outgoing, rules: PostingRules) -> list[tuple[str, str]]:
    found = problems(content, rules)
    for problem in found:
        for language in ("fr", "en"):
            assert "{" not in problem.message(language) and "?" not in problem.message(language)  # type: ignore[arg-type]
    return [(problem.field, problem.code) for problem in found]


def test_a_good_content_has_no_problem() -> None:
    assert (
        codes(outgoing("Bonjour https://a.example", media=(image(alt="Un café"),)), rules_of("bluesky")) == []
    )


def test_each_problem_stands_at_its_field() -> None:
    x, instagram, wordpress = rules_of("x"), rules_of("instagram"), rules_of("wordpress")
    assert codes(outgoing("a" * 281), x) == [("text", "text_long")]
    assert codes(outgoing(""), x) == [("text", "text_missing")]
    assert codes(outgoing("a"), instagram) == [("media", "media_missing")]
    assert codes(outgoing("a"), wordpress) == [("title", "title_missing")]
    tall = image(width=400, height=4000)
    assert codes(outgoing("a", media=(tall,)), instagram) == [("media", "ratio_under")]
    small = image(width=100, height=100)
    assert codes(outgoing("a", media=(small,)), instagram) == [("media", "side_under")]
    assert codes(outgoing("#a " * 31, media=(image(),)), instagram) == [("text", "hashtags_over")]
    assert codes(outgoing(f"#{'a' * 65}"), rules_of("bluesky")) == [("text", "hashtag_long")]
    assert codes(outgoing("a" * 10), rules_of("discourse"))[0] == ("title", "title_missing")
    assert ("text", "text_short") in codes(outgoing("a" * 10), rules_of("discourse"))
    assert codes(outgoing("a", media=(image(),) * 5), x) == [("media", "media_over")]
    assert codes(outgoing("a", media=(image(alt="a" * 1001),)), x) == [("alt", "alt_long")]


def test_files_are_looked_at_one_by_one() -> None:
    rules = rules_of("bluesky")
    heavy = Media(kind=MediaKind.IMAGE, mime="image/jpeg", size=3_000_000, open=io.BytesIO)
    long = Media(kind=MediaKind.VIDEO, mime="video/mp4", size=1, open=io.BytesIO, seconds=181)
    odd = Media(kind=MediaKind.IMAGE, mime="image/tiff", size=1, open=io.BytesIO)
    sound = Media(kind=MediaKind.AUDIO, mime="audio/ogg", size=1, open=io.BytesIO)
    (problem,) = problems(outgoing("a", media=(image(), heavy)), rules)
    assert (problem.code, problem.place, problem.limit, problem.actual) == ("file_heavy", 1, 2.0, 3.0)
    assert "2" in problem.message("fr") and "3" in problem.message("en")
    assert codes(outgoing("a", media=(long,)), rules) == [("media", "seconds_over")]
    assert codes(outgoing("a", media=(odd,)), rules) == [("media", "type_refused")]
    assert codes(outgoing("a", media=(sound,)), rules) == [("media", "kind_refused")]
    assert ("media", "media_mixed") in codes(outgoing("a", media=(image(), long)), rules)


def test_what_a_network_does_not_know_is_said() -> None:
    rules = rules_of("bluesky")
    assert codes(outgoing(warning="Attention"), rules) == [("warning", "no_warning")]
    assert codes(outgoing(visibility=Visibility.FOLLOWERS), rules) == [("visibility", "no_such_visibility")]
    assert codes(outgoing(publish_at=AT), rules) == [("publish_at", "no_schedule")]
    threaded = Outgoing(key="k" * 8, begun_at=AT, parts=(Part(text="a"), Part(text="b")))
    assert codes(threaded, rules_of("facebook_page")) == [("parts", "no_threads")]
    assert codes(threaded, rules) == []
    article = outgoing(article=Article(title="Un titre"))
    assert codes(article, rules_of("wordpress")) == []
    assert codes(outgoing(first_comment="a"), rules_of("pinterest"))[-1] == (
        "first_comment",
        "no_first_comment",
    )


def test_a_warning_counts_with_the_text() -> None:
    assert codes(outgoing("a" * 495, warning="spoil"), rules_of("mastodon")) == []
    assert codes(outgoing("a" * 496, warning="spoil"), rules_of("mastodon")) == [("text", "text_long")]


# What is suggested.


def advised(text: str, key: str, **more: object) -> dict[str, object]:
    found = advice(Part(text=text), rules_of(key), **more)  # type: ignore[arg-type]
    for suggestion in found:
        assert "{" not in suggestion.message("fr") + suggestion.message("en")
    return {suggestion.code: suggestion for suggestion in found}


def test_a_long_text_may_be_a_thread_or_be_cut() -> None:
    found = advised(SENTENCES, "bluesky")
    assert set(found) >= {"split_thread", "shorten_text"}
    assert "split_thread" not in advised("a b " * 20_000, "facebook_page")
    cut = shortened(SENTENCES, rules_of("bluesky"))
    assert measure(cut, rules_of("bluesky")).valid and cut.endswith("…") and SENTENCES.startswith(cut[:-1])


def test_links_are_shortened_where_they_count_and_moved_where_they_cost() -> None:
    long = "a" * 250 + " " + LINK
    assert "shorten_links" in advised(long, "bluesky") and "shorten_links" not in advised(long, "mastodon")
    found = advised(f"Notre menu : {LINK}", "x")
    assert {"link_to_comment", "link_price"} <= set(found)
    assert link_moved(f"Notre menu : {LINK}") == ("Notre menu", LINK)
    assert "link_to_comment" not in advised(f"Notre menu : {LINK}", "x", first_comment="déjà")
    assert "link_dead" in advised(LINK, "instagram")
    assert links_in(LINK, rules_of("instagram")) == []


def test_hashtags_are_counted_against_what_is_good() -> None:
    assert "hashtags_many" in advised("#a #b #c", "x") and "hashtags_none" in advised("a", "x")
    assert "hashtags_many" not in advised("#a #b", "x") and "hashtags_none" not in advised("a", "wordpress")


@pytest.mark.parametrize("key", sorted(all_rules()))
def test_advice_never_fails(key: str) -> None:
    for text in ("", "a", "#a " * 50, LINK, "a" * 20_000, f"{FAMILY} {LINK}\n" * 5):
        advice(Part(text=text, media=(image(),)), rules_of(key))


def test_every_code_of_a_problem_or_a_suggestion_has_its_sentences() -> None:
    import re

    room = Path(__file__).parents[1]
    used: set[str] = set()
    for name in ("checks.py", "advice.py"):
        used |= set(re.findall(r'(?:code=|problem\()"(\w+)"', (room / name).read_text()))
    assert len(used) > 30 and used <= POSTING.keys()


# At the terminal.


def run(lines: str, *words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    reader = io.TextIOWrapper(io.BytesIO(lines.encode()))
    monkeypatch.setattr(sys, "stdin", reader)
    return main(["text", "length", *words])


def test_lines_get_their_length(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = '{"id": 1, "text": "Hi http://test.co"}\n\n{"text": "' + "a" * 281 + '"}\n'
    assert run(lines, "--network", "x", monkeypatch=monkeypatch) == 0
    first, second = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert first == {"id": 1, "text": "Hi http://test.co", "length": 26, "limit": 280, "valid": True}
    assert (second["length"], second["valid"]) == (281, False)


def test_bytes_are_told_where_they_count(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run('{"text": "été"}', "--network", "bluesky", monkeypatch=monkeypatch) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert (told["length"], told["bytes"], told["bytes_limit"]) == (3, 5, 3000)


def test_bad_lines_and_networks_are_said(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run('{"text": 1}\n{"text": "a"}\nnon', "--network", "x", monkeypatch=monkeypatch) == 1
    captured = capfdbinary.readouterr()
    assert len(captured.out.splitlines()) == 1 and len(captured.err.splitlines()) == 2
    assert run("non", "--network", "x", monkeypatch=monkeypatch) == 2
    assert run("", "--network", "myspace", monkeypatch=monkeypatch) == 2
    assert b"myspace" in capfdbinary.readouterr().err
