"""Word lists on what comes in: eight acts, where the network can and where it cannot, and once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from palabre.channels.models import Channel
from palabre.inbox.models import Labelled, Message
from palabre.moderation.models import Article, Case, Decision, Word, WordHit, WordList
from palabre.moderation.wordlists.acts import WordAct
from palabre.moderation.wordlists.exchange import Row
from palabre.moderation.wordlists.keeping import save, switch
from palabre.moderation.wordlists.running import run_lists
from palabre.moderation.wordlists.trying import try_list
from palabre.networks.moderating import Act
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

pytestmark = pytest.mark.django_db
Speak = Callable[..., Message]


@pytest.fixture
def speak(channel: Channel, store: Store, hear: Callable[..., int], now: datetime) -> Speak:
    """Make Aïcha say something under a post of ours, and hear it; the message."""
    post = store.say("baobab", "baobab", "Brunch", at=now - timedelta(days=25))

    def say(text: str, *, at: datetime | None = None) -> Message:
        at = at or now
        store.say("baobab", "aicha", text, at=at, reply_to=post)
        hear(at + timedelta(minutes=10))
        return Message.objects.select_related("item").get(item__text=text)

    return say


def a_list(
    cast: Cast, act: WordAct, *rows: Row, now: datetime, article: Article | None = None, **more: Any
) -> WordList:
    found = WordList(brand=cast.brand, name=f"Liste {act}", act=act, **more)
    number = article.number if article else None
    save(found, rows or (Row(text="arnaque"),), article=number, by=cast.owner, now=now)
    switch(found, on=True, by=cast.owner, now=now)
    return found


@pytest.mark.parametrize(
    ("act", "asked", "text"),
    [
        (WordAct.CENSOR, Act.REWRITE, "quelle ■■■■■■■ !"),
        (WordAct.REPLACE, Act.REWRITE, "quelle affaire !"),
        (WordAct.LINK, Act.REWRITE, "quelle arnaque (affaire) !"),
        (WordAct.APPROVAL, Act.HOLD, ""),
        (WordAct.BLOCK, Act.DELETE, ""),
        (WordAct.SILENCE, Act.MUTE, ""),
    ],
)
def test_a_list_asks_the_network_by_a_decision(
    cast: Cast,
    brand: object,
    speak: Speak,
    now: datetime,
    article: Article,
    act: WordAct,
    asked: Act,
    text: str,
) -> None:
    found = a_list(cast, act, Row(text="arnaque", replacement="affaire"), now=now, article=article)
    message = speak("quelle arnaque !")
    decision = Decision.objects.get()
    assert (decision.act, decision.text, decision.article) == (asked.value, text, article)
    assert (decision.message, decision.label, decision.by) == (message, found.name, None)
    hit = WordHit.objects.get()
    assert (hit.words, hit.act, hit.code) == (["arnaque"], asked.value, "")


def test_flags_come_to_the_queue_with_their_words(
    cast: Cast, brand: object, speak: Speak, now: datetime
) -> None:
    a_list(cast, WordAct.FLAG, Row(text="arnaqu*"), Row(text="vol"), now=now)
    message = speak("arnaqueurs")
    reason = Case.objects.get(message=message).reasons.get(kind="word")
    assert (reason.label, reason.words) == ("Liste flag", ["arnaqu*"])
    assert not Decision.objects.exists()


def test_a_label_is_made_where_there_is_none(cast: Cast, brand: object, speak: Speak, now: datetime) -> None:
    a_list(cast, WordAct.TAG, now=now, label="Litige")
    message = speak("arnaque")
    assert Labelled.objects.get(conversation=message.conversation).label.name == "Litige"


def test_without_an_article_in_force_a_person_looks_at_it(
    cast: Cast, brand: object, speak: Speak, now: datetime
) -> None:
    a_list(cast, WordAct.REPLACE, Row(text="arnaque", replacement="affaire"), now=now)
    message = speak("arnaque")
    assert not Decision.objects.exists()
    assert Case.objects.get().message == message
    assert WordHit.objects.get().code == "no_article"


def test_several_lists_change_the_words_in_one_go(
    cast: Cast, brand: object, speak: Speak, now: datetime, article: Article
) -> None:
    a_list(cast, WordAct.REPLACE, Row(text="arnaque", replacement="affaire"), now=now, article=article)
    a_list(cast, WordAct.CENSOR, Row(text="crétin"), now=now, article=article)
    speak("une arnaque, crétin")
    assert Decision.objects.get().text == "une affaire, ■■■■■■"


def test_a_list_holds_on_its_account_alone_and_sleeps_until_it_is_switched_on(
    cast: Cast, brand: object, speak: Speak, now: datetime
) -> None:
    elsewhere = Channel.objects.create(
        brand=cast.brand, network="sandbox", account="other", handle="other", name="Autre"
    )
    a_list(cast, WordAct.FLAG, now=now, channel=elsewhere)
    switch(a_list(cast, WordAct.TAG, now=now, label="x"), on=False, by=cast.owner, now=now)
    speak("arnaque")
    assert not WordHit.objects.exists()


def test_a_message_is_met_once_and_again_only_when_its_author_changed_it(
    cast: Cast, brand: object, speak: Speak, now: datetime, article: Article
) -> None:
    a_list(cast, WordAct.CENSOR, now=now, article=article)
    message = speak("arnaque")
    again = {"brand": cast.brand, "messages": [message.pk]}
    assert run_lists(**again, now=now + timedelta(hours=1)) == 0
    # what we wrote ourselves comes back from the network as an edit
    Message.objects.filter(pk=message.pk).update(edited_at=now + timedelta(hours=2))
    message.item.text = Decision.objects.get().text
    message.item.save()
    assert run_lists(**again, now=now + timedelta(hours=2)) == 0
    message.item.text = "encore une arnaque"
    message.item.save()
    Decision.objects.update(state="done")
    assert run_lists(**again, now=now + timedelta(hours=3)) == 1
    assert Decision.objects.count() == 2


def test_a_list_that_fails_keeps_no_message_from_coming(
    cast: Cast, brand: object, speak: Speak, now: datetime
) -> None:
    broken = a_list(cast, WordAct.FLAG, now=now)
    Word.objects.filter(wordlist=broken).update(text="*")
    speak("arnaque")
    broken.refresh_from_db()
    assert broken.error_code == "WordError"


def test_a_list_is_tried_on_the_past_and_changes_nothing(
    cast: Cast, brand: object, speak: Speak, now: datetime, channel: Channel
) -> None:
    speak("merci", at=now - timedelta(days=3))
    speak("quelle c0nnerie d’arnaque", at=now - timedelta(days=2))
    tried = try_list(
        [Row(text="arnaque"), Row(text="connerie")],
        act=WordAct.CENSOR,
        disguised=True,
        channels=[channel],
        only=None,
        now=now,
    )
    assert (tried.looked, tried.met) == (2, 1)
    assert sorted(tried.words) == [("arnaque", 1), ("connerie", 1)]
    (example,) = tried.examples
    assert [piece.text for piece in example.pieces if piece.is_mark] == ["c0nnerie", "arnaque"]
    assert example.becomes == "quelle ■■■■■■■■ d’■■■■■■■"
    assert tried.places[0].met == 1
    assert not WordHit.objects.exists() and not Decision.objects.exists()


def test_who_is_erased_leaves_nothing_in_the_lists(
    cast: Cast, brand: object, speak: Speak, now: datetime
) -> None:
    a_list(cast, WordAct.FLAG, now=now)
    speak("arnaque").delete()
    assert not WordHit.objects.exists()
    assert Word.objects.get().text == "arnaque"
