"""Rules on what comes in, and dry on the past: each action, once, and never at the price of a message."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from palabre.agency.models import AuditEntry
from palabre.channels.models import Channel
from palabre.inbox.models import (
    Conversation,
    Label,
    Labelled,
    Message,
    Priority,
    Reply,
)
from palabre.moderation.models import Article, Case, Decision, Rule, RuleRun
from palabre.moderation.ruling.rules import compiled
from palabre.moderation.ruling.trying import try_rule
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

pytestmark = pytest.mark.django_db
Speak = Callable[..., Message]
WORDS = {"rows": [{"ask": "words", "value": "arnaque"}]}


def rule(cast: Cast, *actions: dict[str, Any], conditions: dict[str, Any] | None = None, **more: Any) -> Rule:
    return Rule.objects.create(
        brand=cast.brand,
        name=more.pop("name", "Arnaques"),
        conditions=conditions or WORDS,
        actions=list(actions),
        is_active=True,
        **more,
    )


@pytest.fixture
def speak(channel: Channel, store: Store, hear: Callable[..., int], now: datetime) -> Speak:
    """Make somebody say something under a post of ours, and hear it; the message."""
    posts: list[str] = []

    def say(text: str, *, author: str = "aicha", at: datetime | None = None, **more: Any) -> Message:
        at = at or now
        if not posts or more.pop("anew", False):
            posts.append(store.say("baobab", "baobab", "Brunch", at=now - timedelta(days=25)))
        store.say("baobab", author, text, at=at, reply_to=posts[-1], **more)
        hear(at + timedelta(minutes=10))
        return Message.objects.get(item__text=text, ours=False)

    return say


def codes(found: Rule) -> list[str]:
    """What became of each action of the last run."""
    return [one["code"] for one in found.runs.latest("pk").done]


def test_a_rule_gives_labels_presses_and_brings_to_the_queue(cast: Cast, brand: object, speak: Speak) -> None:
    label = Label.objects.create(brand=cast.brand, name="à voir")
    found = rule(
        cast,
        {"do": "assign", "to": f"user:{cast.owner.pk}"},
        {"do": "label", "to": str(label.pk)},
        {"do": "priority", "to": "2"},
        {"do": "flag"},
    )
    message = speak("Quelle arnaque !")
    talk = Conversation.objects.get(pk=message.conversation_id)
    assert (talk.assigned_to, talk.priority) == (cast.owner, Priority.URGENT)
    assert Labelled.objects.get(conversation=talk).by is None
    assert Case.objects.get(message=message).reasons.get(kind="rule").label == "Arnaques"
    assert codes(found) == ["done"] * 4
    found.refresh_from_db()
    assert found.fired == 1
    assert AuditEntry.objects.filter(act="inbox.assign", by=None).count() == 1


def test_a_rule_takes_nothing_from_who_has_it(cast: Cast, brand: object, speak: Speak) -> None:
    first = rule(cast, {"do": "assign", "to": f"user:{cast.owner.pk}"}, name="Une")
    second = rule(cast, {"do": "assign", "to": f"user:{cast.colleague.pk}"}, name="Deux", position=1)
    talk = speak("arnaque").conversation
    assert talk is not None and talk.assigned_to == cast.owner
    assert (codes(first), codes(second)) == (["done"], ["taken"])


def test_a_page_heard_twice_fires_nothing_twice(
    cast: Cast, brand: object, speak: Speak, hear: Callable[..., int], now: datetime
) -> None:
    from palabre.inbox.models import Line

    found = rule(cast, {"do": "flag"})
    speak("arnaque")
    Line.objects.update(cursor=None)
    hear(now + timedelta(hours=1))
    assert RuleRun.objects.filter(rule=found).count() == 1
    assert Rule.objects.get(pk=found.pk).fired == 1


def test_a_rule_made_today_leaves_what_was_heard_alone(
    cast: Cast, brand: object, speak: Speak, hear: Callable[..., int], now: datetime
) -> None:
    from palabre.inbox.models import Line

    speak("arnaque")
    found = rule(cast, {"do": "flag"})
    Line.objects.update(cursor=None)
    hear(now + timedelta(hours=1))
    assert not found.runs.exists()


def test_rules_are_asked_in_order_until_one_says_stop(cast: Cast, brand: object, speak: Speak) -> None:
    rule(cast, {"do": "stop"}, name="Une", position=0)
    second = rule(cast, {"do": "flag"}, name="Deux", position=1)
    speak("arnaque")
    assert not second.runs.exists()


def test_a_rule_that_fails_keeps_no_message_from_coming(
    cast: Cast, brand: object, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palabre.moderation.ruling import acting
    from palabre.moderation.ruling.rules import Do

    def broken(*_: object) -> str:
        Label.objects.create(brand=cast.brand, name="reste")
        raise RuntimeError("broken")

    monkeypatch.setitem(acting._VERBS, Do.DONE, broken)
    first = rule(cast, {"do": "flag"}, {"do": "done"}, name="Une")
    unreadable = rule(cast, {"do": "flag"}, conditions={"rows": [{"ask": "moon"}]}, name="Autre", position=1)
    second = rule(cast, {"do": "flag"}, name="Deux", position=2)
    message = speak("arnaque")
    for failed, code in ((first, "RuntimeError"), (unreadable, "ValueError")):
        failed.refresh_from_db()
        assert (failed.error_code, failed.fired) == (code, 0)
    assert not Label.objects.exists()
    assert second.runs.get().message == message


def test_what_a_rule_hides_stands_on_an_article_and_on_a_decision(
    cast: Cast, brand: object, speak: Speak, article: Article
) -> None:
    hiding = rule(cast, {"do": "hide"}, article=article.number)
    message = speak("arnaque")
    decision = Decision.objects.get()
    assert (decision.message, decision.act, decision.article) == (message, "hide", article)
    assert (decision.by, decision.label) == (None, "Arnaques")
    assert codes(hiding) == ["done"]


def test_without_an_article_a_person_looks_at_it_instead(cast: Cast, brand: object, speak: Speak) -> None:
    hiding = rule(cast, {"do": "hide"}, article=9)
    message = speak("arnaque")
    assert not Decision.objects.exists()
    assert Case.objects.get().message == message
    assert codes(hiding) == ["no_article"]


def test_a_rule_tells_a_colleague_without_anybodys_words(
    cast: Cast,
    brand: object,
    speak: Speak,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    rule(cast, {"do": "notify", "to": str(cast.colleague.pk)})
    with django_capture_on_commit_callbacks(execute=True):
        speak("Quelle arnaque !")
    (mail,) = [one for one in mailoutbox if one.to == [cast.colleague.email]]
    assert "Arnaques" in mail.body and "Quelle" not in mail.body


def test_a_dry_run_tells_each_act_and_changes_nothing(
    cast: Cast, brand: object, speak: Speak, now: datetime
) -> None:
    for number in range(3):
        speak(f"arnaque {number}", at=now + timedelta(minutes=number))
    speak("bravo", author="malo", at=now + timedelta(minutes=30))
    ready = compiled(0, WORDS, [{"do": "hide"}, {"do": "reply", "to": "1", "days": 7}])
    tried = try_rule(ready, brand=cast.brand, now=now + timedelta(hours=1), days=30)
    assert (tried.looked, tried.fired, tried.is_cut) == (4, 3, False)
    hidden, answered = tried.outcomes
    assert (hidden.done, hidden.queued) == (3, 0)
    assert (answered.done, answered.spared) == (1, 2)
    assert [piece.text for piece in hidden.examples[0].pieces if piece.is_mark] == ["arnaque"]
    assert not Decision.objects.exists() and not RuleRun.objects.exists() and not Reply.objects.exists()


def test_a_dry_run_knows_an_author_as_they_were_known_then(
    cast: Cast, brand: object, speak: Speak, now: datetime
) -> None:
    speak("un", at=now - timedelta(days=20))
    speak("deux", at=now - timedelta(days=2))
    speak("trois", author="malo", at=now - timedelta(days=1))
    ready = compiled(0, {"rows": [{"ask": "first"}]}, [{"do": "flag"}])
    tried = try_rule(ready, brand=cast.brand, now=now, days=7)
    assert (tried.looked, tried.fired) == (2, 1)


def test_the_past_that_is_looked_at_has_a_bound(
    cast: Cast, brand: object, speak: Speak, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palabre.moderation.ruling import subjects

    monkeypatch.setattr(subjects, "MOST", 2)
    for number in range(4):
        speak(f"arnaque {number}", at=now + timedelta(minutes=number))
    ready = compiled(0, WORDS, [{"do": "flag"}])
    tried = try_rule(ready, brand=cast.brand, now=now + timedelta(hours=1), days=30)
    assert (tried.looked, tried.fired, tried.is_cut) == (2, 2, True)


def test_who_is_erased_leaves_nothing_in_the_runs(cast: Cast, brand: object, speak: Speak) -> None:
    found = rule(cast, {"do": "flag"})
    message = speak("arnaque")
    message.delete()
    assert not RuleRun.objects.exists()
    assert Rule.objects.get(pk=found.pk).fired == 1
