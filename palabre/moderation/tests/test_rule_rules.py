"""What a rule asks: each condition, turned round and unknown; signs of a text; who is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.moderation.ruling.rules import Action, Ask, Do, Subject, compiled, fired
from palabre.moderation.ruling.signs import Sign, signs
from palabre.moderation.ruling.trust import History, Trust, trust
from palabre.query import Document, QueryError

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SUBJECT = Subject(
    document=Document(text="Votre thé est FROID, quelle arnaque !", network="sandbox", lang="fr"),
    address="comment",
    channel=7,
    at=NOW,
    tone=-1,
    toxicity=0.6,
    spam=0.1,
    followers=1200,
    open=False,
)


def meets(ask: Ask, value: object = None, subject: Subject = SUBJECT, *, isnt: bool = False) -> bool:
    """Whether a rule with this condition alone fires."""
    rule = compiled(1, {"rows": [{"ask": ask, "value": value, "isnt": isnt}]}, [])
    return rule.fires(subject)


@pytest.mark.parametrize(
    ("ask", "yes", "no"),
    [
        (Ask.WORDS, "the NEAR/3 froid OR glacé", "chaud"),
        (Ask.ADDRESS, ["mention", "comment"], ["message"]),
        (Ask.ACCOUNT, ["7"], ["8"]),
        (Ask.NETWORK, ["sandbox"], ["wordpress"]),
        (Ask.LANGUAGE, ["fr"], ["en"]),
        (Ask.TONE, ["-1"], ["0", "1"]),
        (Ask.TOXICITY, 60, 61),
        (Ask.SPAM, 10, 50),
        (Ask.FOLLOWERS, 1200, 1201),
        (Ask.SHORT, 7, 3),
        (Ask.TRUST, ["new"], ["known", "trusted"]),
    ],
)
def test_a_condition_holds_or_does_not_and_can_be_turned_round(ask: Ask, yes: object, no: object) -> None:
    assert meets(ask, yes)
    assert not meets(ask, no)
    assert not meets(ask, yes, isnt=True)
    assert meets(ask, no, isnt=True)


@pytest.mark.parametrize("isnt", [False, True])
def test_what_is_not_known_fulfils_nothing(isnt: bool) -> None:
    unknown = replace(SUBJECT, document=Document(text="x"), followers=None, open=None)
    assert not meets(Ask.LANGUAGE, ["fr"], unknown, isnt=isnt)
    assert not meets(Ask.FOLLOWERS, 0, unknown, isnt=isnt)
    assert not meets(Ask.CLOSED, None, unknown, isnt=isnt)


def test_hours_and_first_words_are_asked_without_a_value() -> None:
    assert meets(Ask.CLOSED)
    assert not meets(Ask.CLOSED, subject=replace(SUBJECT, open=True))
    assert meets(Ask.FIRST)
    assert not meets(Ask.FIRST, subject=replace(SUBJECT, history=History(said=1, since=NOW)))


def test_all_conditions_hold_or_one_where_the_rule_says_so() -> None:
    rows = [{"ask": "language", "value": ["en"]}, {"ask": "words", "value": "arnaque"}]
    assert not compiled(1, {"rows": rows}, []).fires(SUBJECT)
    assert compiled(1, {"rows": rows, "any": True}, []).fires(SUBJECT)
    assert not compiled(1, {}, []).fires(SUBJECT)


def test_rules_are_asked_in_order_until_one_says_stop() -> None:
    ask = {"rows": [{"ask": "words", "value": "arnaque"}]}
    first = compiled(1, ask, [{"do": "priority", "to": "2"}])
    second = compiled(2, ask, [{"do": "stop"}, {"do": "flag"}])
    third = compiled(3, ask, [{"do": "done"}])
    assert [rule.id for rule in fired([first, second, third], SUBJECT)] == [1, 2]
    assert second.actions == (Action(do=Do.FLAG), Action(do=Do.STOP))


def test_a_query_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(QueryError):
        compiled(1, {"rows": [{"ask": "words", "value": "(arnaque"}]}, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👍🏽 ❤️!!", {Sign.ONLY_EMOJI}),
        ("🇫🇷👩‍👩‍👧 1️⃣", {Sign.ONLY_EMOJI}),
        ("super 👍", set()),
        ("!!!", set()),
        ("", set()),
        ("@awa @malo@social.example 👀", set()),
        ("@awa @malo@social.example", {Sign.ONLY_MENTIONS}),
        ("@awa regarde", set()),
        ("écris-moi à awa.n@example.org", {Sign.EMAIL}),
        ("voir https://example.org/a", {Sign.LINK}),
        ("voir bon-plan.shop/x", {Sign.LINK}),
        ("c’est fini.Et toi ?", set()),
        ("au 06 12 34 56 78", {Sign.PHONE}),
        ("06.12.34.56.78", {Sign.PHONE}),
        ("0612345678", {Sign.PHONE}),
        ("+33 (0)6 12 34 56 78", {Sign.PHONE}),
        ("call +44 20 7946 0958", {Sign.PHONE}),
        ("le 12/11/2026 à 10 h 30, 45 000 personnes", set()),
        ("commande 123456789012345", set()),
    ],
)
def test_a_text_shows_what_it_is_made_of(text: str, expected: set[Sign]) -> None:
    assert signs(text) == expected


@given(st.text(max_size=300))
def test_no_text_breaks_the_signs(text: str) -> None:
    found = signs(text)
    assert not {Sign.ONLY_EMOJI, Sign.LINK} <= found


@pytest.mark.parametrize(
    ("said", "days", "bad", "level"),
    [
        (0, 0, 0, Trust.NEW),
        (1, 3, 0, Trust.KNOWN),
        (1, 3, 1, Trust.KNOWN),
        (6, 3, 2, Trust.DOUBTFUL),
        (7, 90, 2, Trust.KNOWN),
        (5, 29, 0, Trust.KNOWN),
        (5, 30, 0, Trust.TRUSTED),
        (5, 30, 1, Trust.KNOWN),
    ],
)
def test_how_well_an_author_is_known_follows_from_what_they_said(
    said: int, days: int, bad: int, level: Trust
) -> None:
    since = NOW - timedelta(days=days) if said else None
    assert trust(History(said=said, since=since, bad=bad), NOW) is level


def test_history_goes_on_message_by_message() -> None:
    history = History().then(NOW, bad=True).then(NOW + timedelta(days=1), bad=False)
    assert history == History(said=2, since=NOW, bad=1)
