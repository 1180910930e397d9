"""The pages of moderation, and what is kept when something goes wrong in the middle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from palabre.agency.models import Grant, Member, User
from palabre.inbox.models import Message, Reply
from palabre.moderation.appeals import appeal, handle
from palabre.moderation.bulk import decide_many
from palabre.moderation.cases import Cause, flag, take_in
from palabre.moderation.charter import in_force, write
from palabre.moderation.deciding import SamePerson, decide
from palabre.moderation.models import Appeal, Article, Case, Decision, Exposure, Kind, Policy
from palabre.moderation.report import as_csv, report
from palabre.moderation.telling import send, statement
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

Carry = Callable[[datetime], int]


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/b/{cast.brand.slug}/moderation/"


@pytest.fixture
def mine(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.owner)
    return client


@pytest.fixture
def case(cast: Cast, message: Message, now: datetime) -> Case:
    cause = Cause(kind=Kind.TOXIC, score=0.8, words=["infect"])
    found = take_in(message=message, causes=[cause], now=now)
    assert found is not None
    return found


PAGES = ("", "decisions/", "appeals/", "charter/", "settings/", "coverage/", "report/")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_a_reader_empty_and_full(
    page: str, cast: Cast, home: str, message: Message, now: datetime
) -> None:
    reader = Client()
    reader.force_login(cast.colleague)
    assert reader.get(home + page).status_code == 200
    flag(message=message, by=cast.owner, note="", now=now)
    for number in (1, 2):
        write(brand=cast.brand, by=cast.owner, title=f"Article {number}", text="Respect.", now=now)
    decision = decide(message=message, act="hide", by=cast.owner, article=in_force().first(), now=now)
    appeal(decision=decision, by=cast.owner, words="Non !", received_at=now)
    assert reader.get(home + page).status_code == 200
    assert reader.get(f"{home}decisions/{decision.pk}/").status_code == 200
    assert reader.get(f"{home}messages/{message.pk}/").status_code == 200


def test_from_the_queue_a_decision_is_two_choices_and_the_next_case_opens(
    mine: Client, home: str, case: Case, article: Article
) -> None:
    page = mine.get(f"{home}{case.pk}/").content.decode()
    assert "infect" in page
    answer = mine.post(f"{home}{case.pk}/decide/", {"act": "hide"})
    assert answer.status_code == 200
    assert not Decision.objects.exists()
    answer = mine.post(f"{home}{case.pk}/decide/", {"act": "hide", "article": article.pk, "why": "insulte"})
    assert answer.headers["Location"] == home
    assert Decision.objects.get().article == article


def test_looking_counts_once_and_suggests_a_break(
    cast: Cast, mine: Client, home: str, case: Case, colleague: User
) -> None:
    Policy.objects.create(brand=cast.brand, break_after=1)
    first = mine.post(f"{home}{case.pk}/take/").content.decode()
    assert "coffee" in first
    assert "coffee" not in mine.post(f"{home}{case.pk}/take/").content.decode()
    assert Exposure.objects.get().texts == 1
    other = Client()
    other.force_login(colleague)
    assert "Inès" in other.post(f"{home}{case.pk}/take/").content.decode()
    assert "Inès" in other.get(home).content.decode()


def test_what_a_lost_right_leaves_undone_is_kept_and_listed(
    cast: Cast, colleague: User, case: Case, article: Article, store: Store, hear: Carry, now: datetime
) -> None:
    store.say("baobab", "noe", "Encore pire", at=now - timedelta(minutes=5))
    hear(now + timedelta(minutes=1))
    other = Message.objects.get(item__text="Encore pire")
    second = take_in(message=other, causes=[Cause(kind=Kind.WORD, label="x")], now=now)
    assert second is not None
    answers = iter([True, False])
    outcome = decide_many(
        cases=[case.pk, second.pk, 999_999],
        act="hide",
        by=colleague,
        article=article,
        why="",
        allowed=lambda: next(answers, False),
        now=now,
    )
    assert [one.case_id for one in outcome.done] == [case.pk]
    assert [(one.case, one.why) for one in outcome.kept] == [(second.pk, "no_right"), (999_999, "no_right")]
    second.refresh_from_db()
    assert second.state == "open"


def test_what_went_meanwhile_is_said_for_each(
    cast: Cast, mine: Client, home: str, case: Case, article: Article, now: datetime
) -> None:
    Message.objects.update(gone_at=now)
    chosen = {"pick": [case.pk, 999_999], "act": "hide", "article": article.pk}
    page = mine.post(f"{home}ticked/", chosen, headers={"accept-language": "en"}).content.decode()
    assert page.count("hand-stop") == 2
    assert not Decision.objects.exists()


def test_an_article_worded_anew_leaves_decisions_their_wording(
    cast: Cast, message: Message, article: Article, now: datetime
) -> None:
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    old = article.text
    new = write(
        brand=cast.brand, by=cast.owner, number=article.number, title="Respect", text="Soyez polis.", now=now
    )
    decision.refresh_from_db()
    assert (decision.article.text, new.version) == (old, 2)
    assert in_force().get(number=article.number) == new


def test_the_statement_names_article_and_reason_and_leaves_as_an_answer(
    cast: Cast, message: Message, article: Article, now: datetime
) -> None:
    decision = decide(message=message, act="hide", by=cast.owner, article=article, why="{auteur}", now=now)
    text = statement(decision, "fr")
    assert article.title in text
    assert "{auteur}" in text  # what a person wrote is no variable
    assert "masqué" in text or "hidden" in text
    send(decision=decision, by=cast.owner, text="Bonjour", now=now)
    assert Reply.objects.get().text == "Bonjour"
    assert (decision.told, decision.told_by) == ("Bonjour", cast.owner)


def test_an_appeal_is_for_somebody_else_and_overturning_takes_it_back(
    cast: Cast,
    colleague: User,
    message: Message,
    article: Article,
    store: Store,
    act: Carry,
    now: datetime,
) -> None:
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    act(now)
    made = appeal(decision=decision, by=cast.owner, words="C’était de l’ironie", received_at=now)
    made = Appeal.objects.select_related("decision", "brand").get(pk=made.pk)
    with pytest.raises(SamePerson):
        handle(found=made, by=cast.owner, overturn=False, answer="non", now=now)
    assert handle(found=made, by=colleague, overturn=True, answer="en effet", now=now)
    act(now)
    message.refresh_from_db()
    made.refresh_from_db()
    assert (message.hidden, made.state, made.handled_by) == (False, "overturned", colleague)


def test_the_report_counts_and_names_nobody(
    cast: Cast,
    message: Message,
    article: Article,
    case: Case,
    act: Carry,
    now: datetime,
    mine: Client,
    home: str,
) -> None:
    decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    act(now)
    found = report(since=now - timedelta(days=1), until=now + timedelta(days=1))
    assert (found.decisions, found.reviewed, found.open, found.owed, found.told) == (1, 1, 0, 1, 0)
    assert [row.n for row in found.articles] == [1]
    told = as_csv(found)
    assert "Aïcha" not in told
    assert message.item.text not in told
    answer = mine.get(f"{home}report/", {"since": "2020-01-01", "until": "2030-01-01", "as": "csv"})
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_the_report_is_a_document_too(cast: Cast, mine: Client, home: str) -> None:
    pytest.importorskip("weasyprint", exc_type=OSError, reason="Pango is not on this machine")
    answer = mine.get(f"{home}report/", {"since": "2026-01-01", "until": "2026-02-01", "as": "pdf"})
    assert answer.content.startswith(b"%PDF")


def test_the_threshold_shows_what_it_costs_before_it_is_saved(brand: object, mine: Client, home: str) -> None:
    given = {"toxicity_at": "0.9", "spam_at": "0.5", "break_after": "10", "blur": "on"}
    looked = mine.post(f"{home}settings/set/", {**given, "look": "1"})
    assert looked.status_code == 200
    assert looked.context["risks"][0][2].threshold == 0.9
    assert not Policy.objects.exists()
    mine.post(f"{home}settings/set/", given)
    policy = Policy.objects.get()
    assert (policy.toxicity_at, policy.four_eyes) == (0.9, False)


def test_a_conversation_offers_what_can_be_done_about_each_message(
    cast: Cast, mine: Client, home: str, message: Message, article: Article
) -> None:
    page = mine.get(reverse("inbox:conversation", args=[cast.brand.slug, message.conversation_id]))
    address = f"{home}messages/{message.pk}/"
    assert address in page.content.decode()
    part = mine.get(address, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    mine.post(f"{address}flag/", {"note": "à voir"})
    assert Case.objects.get().reasons.get().note == "à voir"
    mine.post(f"{address}decide/", {"act": "hide", "article": article.pk})
    assert Decision.objects.get().state == "asked"


def test_who_reads_may_not_decide(cast: Cast, home: str, case: Case, article: Article) -> None:
    reader = Client()
    reader.force_login(cast.colleague)
    assert reader.post(f"{home}{case.pk}/decide/", {"act": "keep"}).status_code == 403


def test_a_member_whose_right_ends_is_asked_before_each(
    cast: Cast, colleague: User, case: Case, article: Article, home: str
) -> None:
    client = Client()
    client.force_login(colleague)
    Member.objects.filter(user=colleague).update(role="reader")
    Grant.objects.filter(member__user=colleague).delete()
    chosen = {"pick": [case.pk], "act": "hide", "article": article.pk}
    assert client.post(f"{home}ticked/", chosen).status_code == 403
