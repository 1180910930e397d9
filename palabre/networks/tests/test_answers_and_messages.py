"""From an HTTP answer to the one error its caller acts on, and from each error to its two sentences."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import palabre.networks
from palabre.kit.http import REASONS, Answer, HttpFailure
from palabre.networks.answers import accepted, excerpt, from_failure, from_status, json_of, retry_after
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.messages import SENTENCES

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

RAISED = re.compile(
    r"\b(?:AuthExpired|NotPermitted|RateLimited|Rejected|Gone|Temporary|OutcomeUnknown|UnexpectedAnswer|"
    r'NotAFeed|NotOpml|NotASitemap|MailFailure)\(\s*"(\w+)"'
)


def answer(status: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=b"", url="https://e.fr/x?token=s3cr3t")


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (400, Rejected, Rejected),
        (401, AuthExpired, AuthExpired),
        (402, NotPermitted, NotPermitted),
        (403, NotPermitted, NotPermitted),
        (404, Rejected, Rejected),
        (408, Temporary, Temporary),
        (410, Gone, Gone),
        (422, Rejected, Rejected),
        (429, RateLimited, RateLimited),
        (451, NotPermitted, NotPermitted),
        (500, Temporary, OutcomeUnknown),
        (502, Temporary, OutcomeUnknown),
        (503, Temporary, Temporary),
        (504, Temporary, OutcomeUnknown),
        (599, Temporary, Temporary),
        (302, UnexpectedAnswer, UnexpectedAnswer),
        (200, None, None),
        (304, None, None),
    ],
)
def test_each_status_has_its_type(status: int, read: type | None, write: type | None) -> None:
    for writing, expected in ((False, read), (True, write)):
        found = from_status(status, write=writing)
        assert (type(found) if found else None) is expected


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    assert retry_after("17", now=NOW) == 17
    assert retry_after("Mon, 23 Nov 2026 12:02:00 GMT", now=NOW) == 120
    assert retry_after("Mon, 23 Nov 2020 12:02:00 GMT", now=NOW) == 0
    assert retry_after("999999999", now=NOW) == 86_400
    for unclear in (None, "", "soon", "nan", "-x"):
        assert retry_after(unclear, now=NOW) is None
    with pytest.raises(RateLimited) as limited:
        accepted(answer(429, **{"retry-after": "17"}), now=NOW)
    assert limited.value.retry_after == 17
    with pytest.raises(Temporary) as busy:
        accepted(answer(503, **{"retry-after": "Mon, 23 Nov 2026 12:01:00 GMT"}), now=NOW)
    assert busy.value.retry_after == 60


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_each_failure_of_the_line_has_a_type_and_two_sentences(reason: str) -> None:
    error = from_failure(HttpFailure(reason, "e.fr", "503" if reason == "stream_refused" else "9"))
    assert isinstance(error, (Rejected, Temporary))
    for language in ("fr", "en"):
        assert "{" not in error.message(language)  # type: ignore[arg-type]


def test_a_write_whose_answer_was_lost_is_unknown_and_one_never_sent_is_not() -> None:
    assert type(from_failure(HttpFailure("timeout", "e.fr", sent=True), write=True)) is OutcomeUnknown
    assert type(from_failure(HttpFailure("name_not_found", "e.fr"), write=True)) is Temporary


def test_no_error_shows_the_address_or_a_token() -> None:
    for status in (401, 404, 500):
        with pytest.raises(NetworkError) as failure:
            accepted(answer(status), now=NOW)
        assert "s3cr3t" not in repr(failure.value) + str(failure.value) + failure.value.message("fr")
    token = "s3cr3t" * 10
    assert token not in excerpt(f'{{"access_token": "{token}"}}'.encode())
    with pytest.raises(UnexpectedAnswer):
        json_of(answer(200))


def test_every_code_raised_in_this_room_has_both_sentences() -> None:
    room = Path(palabre.networks.__path__[0])
    sources = [path for path in room.rglob("*.py") if "tests" not in path.parts]
    sources.append(room.parent / "kit" / "mailbox.py")
    used = {code for path in sources for code in RAISED.findall(path.read_text())}
    assert len(used) > 30
    assert used <= SENTENCES.keys()


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_sentence_exists_twice_with_the_same_facts_and_good_typography(code: str) -> None:
    french, english = SENTENCES[code]["fr"], SENTENCES[code]["en"]
    facts = re.compile(r"\{(\w+)")
    assert set(facts.findall(french)) == set(facts.findall(english))
    for sentence in (french, english):
        assert sentence[-1] in ".?!" and sentence == sentence.strip() and "'" not in sentence
    shown = re.sub(r"\{[^}]*\}", "x", french)
    assert not re.search(r"(?<![\u202f\u00a0])[;!?»]|(?<!\u00a0):(?!//)|«(?!\u00a0)", shown)
