"""Approval as people meet it: the queues, the steps, the mail and its one click."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from django_scopes import scope

from palabre.agency import belongings
from palabre.agency.models import Brand, User
from palabre.agency.roles import Role
from palabre.channels.models import Channel
from palabre.publishing.approval.deciding import Choice, decide, save_steps
from palabre.publishing.approval.mail import MOST_MAILS, address, ask_people
from palabre.publishing.approval.queues import pending
from palabre.publishing.approval.rules import Approver
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery.planning import plan
from palabre.publishing.models import Approval, ApprovalLink, ApprovalTier, Delivery
from palabre.publishing.tasks import ask
from palabre.publishing.tests.arranged import kept
from tests.builders import Cast, build_user

ROOM = "/b/cafe-baobab/publish/approval/"
NEXT = timedelta(days=2)


def signed_in(user: User) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(user)
    return browser


@pytest.fixture
def noe(cast: Cast) -> User:
    return build_user("noe@iroko.example", cast.brand.organisation, Role.MEMBER, "Noé")


@pytest.fixture
def approved_by_malo(cast: Cast, brand: Brand) -> None:
    """Malo only reads, and approves."""
    approver = Approver(kind="person", who=str(cast.colleague.pk))
    save_steps(brand=brand, channel=None, approvers=[approver], by=cast.owner, now=timezone.now())


def sent(channel: Channel, by: User, text: str = "Le brunch du dimanche") -> Delivery:
    now = timezone.now()
    draft = PostDraft(content=Content(text=text), channels={channel.pk: {}})
    delivery = save_post(brand=channel.brand, by=by, draft=draft).deliveries().get()
    plan(deliveries=[delivery], at=now + NEXT, by=by, now=now)
    return kept(delivery)


def the_link(brand: Brand) -> str:
    ask_people(brand=brand, now=timezone.now())
    path = re.search(r"https?://[^/\s]+(/approve/\S+)", str(mail.outbox[-1].body))
    assert path
    return path[1]


def stamp() -> str:
    return pending().get().stamp


@pytest.mark.usefixtures("approved_by_malo")
def test_what_is_asked_is_shown_whole_and_decided_on_its_page(
    cast: Cast, channel: Channel, noe: User
) -> None:
    long = "Le brunch du dimanche. " * 40 + "Fin."
    delivery = sent(channel, noe, long)
    malo = signed_in(cast.colleague)
    seen = malo.get(ROOM).content.decode()
    assert "Fin." in seen
    assert "Valider" in seen
    group = f"{delivery.variant.post_id}:{stamp()}"
    seen = malo.post(f"{ROOM}decide/", {"decide": f"refuse:{group}"}, follow=True).content.decode()
    assert "pourquoi vous refusez" in seen
    assert kept(delivery).state == "awaiting"
    seen = malo.post(f"{ROOM}decide/", {"decide": f"approve:{group}"}, follow=True).content.decode()
    assert "il part à son heure" in seen
    assert kept(delivery).state == "scheduled"


@pytest.mark.usefixtures("approved_by_malo")
def test_many_are_ticked_and_refused_with_one_word(cast: Cast, channel: Channel, noe: User) -> None:
    both = [sent(channel, noe, text) for text in ("Un", "Deux")]
    stamps = [row.stamp for row in pending()]
    typed = {"decide": "refuse", "stamp": stamps, "note": "Pas cette semaine"}
    signed_in(cast.colleague).post(f"{ROOM}decide/", typed)
    assert [kept(one).state for one in both] == ["refused", "refused"]
    back = signed_in(noe).get(f"{ROOM}?show=refused").content.decode()
    assert back.count("Pas cette semaine") == 2
    assert "Modifier et redemander" in back


@pytest.mark.usefixtures("approved_by_malo")
def test_who_is_not_asked_sees_whom_it_waits_for_and_cannot_decide(
    cast: Cast, channel: Channel, noe: User
) -> None:
    delivery = sent(channel, noe)
    browser = signed_in(noe)
    seen = browser.get(f"{ROOM}?show=waiting").content.decode()
    assert "Malo" in seen
    assert 'name="decide"' not in seen
    forged = {"decide": f"approve:{delivery.variant.post_id}:{stamp()}"}
    seen = browser.post(f"{ROOM}decide/", forged, follow=True).content.decode()
    assert "n’est pas à vous" in seen
    assert kept(delivery).state == "awaiting"


@pytest.mark.usefixtures("approved_by_malo")
def test_an_approval_of_another_brand_is_out_of_reach(cast: Cast, channel: Channel, noe: User) -> None:
    delivery = sent(channel, noe)
    typed = {"decide": "approve", "stamp": [stamp()]}
    signed_in(cast.stranger).post("/b/velo-fleuve/publish/approval/decide/", typed)
    assert kept(delivery).state == "awaiting"


def test_the_steps_are_chosen_for_the_brand_and_for_an_account(
    cast: Cast, brand: Brand, channel: Channel
) -> None:
    owner = signed_in(cast.owner)
    page = f"{ROOM}steps/"
    owner.post(page, {"of": "brand", "brand-step1": "role:manager", "brand-step3": f"person:{cast.owner.pk}"})
    owner.post(page, {"of": f"channel-{channel.pk}", f"channel-{channel.pk}-step1": "role:owner"})
    stored = [(tier.channel_id, tier.position, tier.kind) for tier in ApprovalTier.objects.order_by("pk")]
    assert stored == [(None, 1, "role"), (None, 2, "person"), (channel.pk, 1, "role")]
    seen = owner.post(page, {"of": "brand", "brand-step1": f"person:{cast.stranger.pk}"}).content.decode()
    assert "Sélectionnez un choix valide" in seen
    assert ApprovalTier.objects.filter(channel=None).count() == 2


def test_a_step_that_nobody_can_answer_is_red_and_is_not_lost_by_saving(cast: Cast, brand: Brand) -> None:
    gone = build_user("lea@iroko.example", brand.organisation, Role.MANAGER)
    approver = Approver(kind="person", who=str(gone.pk))
    save_steps(brand=brand, channel=None, approvers=[approver], by=cast.owner, now=timezone.now())
    gone.delete()
    page = signed_in(cast.owner).get(f"{ROOM}steps/").content.decode()
    assert "personne ici ne peut y répondre" in page
    assert '<option value="person:" selected>' in page


@pytest.mark.usefixtures("approved_by_malo")
def test_the_mail_shows_the_content_in_the_language_of_who_approves(
    cast: Cast, brand: Brand, channel: Channel, noe: User
) -> None:
    User.objects.filter(pk=cast.colleague.pk).update(language="en")
    sent(channel, noe)
    ask()
    ask()
    (message,) = mail.outbox
    assert message.to == [cast.colleague.email]
    assert "to approve" in message.subject
    html = next(str(part) for part, kind in message.alternatives if kind == "text/html")
    for body in (str(message.body), html):
        assert "Le brunch du dimanche" in body
        assert "/approve/" in body
        assert "Written by Noé" in body


@pytest.mark.usefixtures("approved_by_malo")
def test_the_link_shows_without_signing_in_and_only_a_click_decides_once(
    brand: Brand, channel: Channel, noe: User
) -> None:
    delivery = sent(channel, noe)
    link = the_link(brand)
    anybody = Client(enforce_csrf_checks=True)
    for _ in range(3):  # a scanner of links opens it, and looks at its head
        anybody.head(link)
        page = anybody.get(link)
    seen = page.content.decode()
    assert "Le brunch du dimanche" in seen
    assert "no-store" in page["Cache-Control"]
    assert kept(delivery).state == "awaiting"
    assert anybody.post(link, {"choice": "approve", "stamp": stamp()}).status_code == 403, (
        "not from elsewhere"
    )
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', seen)
    assert token
    typed = {"choice": "approve", "stamp": stamp(), "note": "Oui", "csrfmiddlewaretoken": token[1]}
    assert "validé" in anybody.post(link, typed).content.decode()
    assert kept(delivery).state == "scheduled"
    assert anybody.get(link).status_code == 410
    assert anybody.post(link, typed).status_code == 410


@pytest.mark.usefixtures("approved_by_malo")
def test_a_refusal_by_link_needs_its_word_and_does_not_use_the_link_without(
    brand: Brand, channel: Channel, noe: User
) -> None:
    delivery = sent(channel, noe)
    link = the_link(brand)
    client = Client()
    seen = client.post(link, {"choice": "refuse", "stamp": stamp()}).content.decode()
    assert "pourquoi vous refusez" in seen
    client.post(link, {"choice": "refuse", "stamp": stamp(), "note": "Faute au titre"})
    assert kept(delivery).state == "refused"
    assert Approval.objects.get().note == "Faute au titre"


@pytest.mark.usefixtures("approved_by_malo")
def test_words_that_changed_since_the_page_was_opened_are_shown_again(
    brand: Brand, channel: Channel, noe: User
) -> None:
    delivery = sent(channel, noe)
    link, old = the_link(brand), stamp()
    draft = PostDraft(content=Content(text="Autre chose"), channels={channel.pk: {}})
    save_post(brand=brand, by=noe, draft=draft, post=delivery.variant.post)
    seen = Client().post(link, {"choice": "approve", "stamp": old}).content.decode()
    assert "Autre chose" in seen
    assert "a changé depuis" in seen
    assert kept(delivery).state == "awaiting"
    assert ask_people(brand=brand, now=timezone.now()) == 1, "and asked about anew"


@pytest.mark.usefixtures("approved_by_malo")
def test_a_link_ends_with_the_hour_with_its_person_and_when_another_decided(
    cast: Cast, brand: Brand, channel: Channel, noe: User
) -> None:
    sent(channel, noe)
    path = the_link(brand)
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    assert Client().get(path).status_code == 410
    User.objects.filter(pk=cast.colleague.pk).update(is_active=True)
    link = ApprovalLink.objects.get()
    assert link.expires_at <= kept(Delivery.objects.get()).due_at
    ApprovalLink.objects.update(expires_at=timezone.now())
    assert Client().get(path).status_code == 410
    ApprovalLink.objects.update(expires_at=timezone.now() + NEXT)
    decide(brand=brand, stamps=[stamp()], by=cast.colleague, choice=Choice.APPROVE, now=timezone.now())
    assert Client().get(path).status_code == 410


def test_a_forged_link_opens_nothing(brand: Brand) -> None:
    assert Client().get("/approve/1.abc.def/").status_code == 404


@pytest.mark.usefixtures("approved_by_malo")
def test_many_at_once_come_in_one_mail(cast: Cast, brand: Brand, channel: Channel, noe: User) -> None:
    for n in range(MOST_MAILS + 1):
        sent(channel, noe, f"Texte {n}")
    assert ask_people(brand=brand, now=timezone.now()) == 1
    assert "/publish/approval/" in str(mail.outbox[0].body)
    assert ask_people(brand=brand, now=timezone.now()) == 0


def test_the_next_step_is_asked_by_mail_when_its_turn_comes(
    cast: Cast, brand: Brand, channel: Channel, noe: User
) -> None:
    chain = [Approver(kind="person", who=str(user.pk)) for user in (cast.colleague, cast.owner)]
    save_steps(brand=brand, channel=None, approvers=chain, by=cast.owner, now=timezone.now())
    sent(channel, noe)
    ask_people(brand=brand, now=timezone.now())
    decide(
        brand=brand,
        stamps=[stamp()],
        by=cast.colleague,
        choice=Choice.APPROVE,
        note="Bon",
        now=timezone.now(),
    )
    ask_people(brand=brand, now=timezone.now())
    assert [message.to for message in mail.outbox] == [[cast.colleague.email], [cast.owner.email]]
    assert "Bon" in str(mail.outbox[1].body)


@pytest.mark.usefixtures("approved_by_malo")
def test_what_nobody_answers_is_told_as_expired(brand: Brand, channel: Channel, noe: User) -> None:
    delivery = sent(channel, noe)
    Delivery.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    ask()
    assert kept(delivery).state == "expired"
    seen = signed_in(noe).get(f"{ROOM}?show=expired").content.decode()
    assert "Personne ne l’avait validé" in seen


@pytest.mark.usefixtures("approved_by_malo")
def test_the_composer_says_who_approves_and_refuses_an_hour_too_near(
    cast: Cast, brand: Brand, channel: Channel, noe: User
) -> None:
    browser = signed_in(noe)
    page = "/b/cafe-baobab/publish/new/"
    typed = {"text": "Bonjour", "channels": [channel.pk]}
    assert "Malo" in browser.post(page, {**typed, "act": "read"}).content.decode()
    seen = browser.post(page, {**typed, "act": "now"}).content.decode()
    assert "laisse pas le temps" in seen
    assert not Delivery.objects.exclude(state="draft").exists()
    day = timezone.localdate() + timedelta(days=3)
    answer = browser.post(
        page, {**typed, "act": "plan", "day": day.isoformat(), "hour": "09:30"}, follow=True
    )
    seen = answer.content.decode()
    assert "Envoyé en validation" in seen
    assert Delivery.objects.filter(state="awaiting").count() == 1
    assert "À valider par" in seen


@pytest.mark.usefixtures("approved_by_malo")
def test_home_says_what_waits_for_me_and_what_came_back(
    cast: Cast, brand: Brand, channel: Channel, noe: User
) -> None:
    sent(channel, noe)
    assert "1 contenu à valider" in signed_in(cast.colleague).get("/").content.decode()
    assert "1 contenu à valider" not in signed_in(noe).get("/").content.decode()
    decide(
        brand=brand, stamps=[stamp()], by=cast.colleague, choice=Choice.REFUSE, note="Non", now=timezone.now()
    )
    assert "1 contenu refusé" in signed_in(noe).get("/").content.decode()


def test_the_address_of_a_link_is_whole(cast: Cast, brand: Brand, channel: Channel, noe: User) -> None:
    post = save_post(brand=brand, by=noe, draft=PostDraft(content=Content(text="Bonjour")))
    with scope(brand=brand):
        link = ApprovalLink.objects.create(
            brand=brand, user=noe, post=post, expires_at=datetime.now(tz=timezone.get_current_timezone())
        )
    assert re.match(r"https?://.+/approve/\d+\.[\w-]+\.[\w-]+/$", address(link))


@pytest.mark.usefixtures("approved_by_malo")
def test_before_somebody_leaves_it_is_said_where_they_approve(cast: Cast, brand: Brand) -> None:
    assert any("étape de validation" in told for told in told_in_french(cast.colleague, brand))
    belongings.drop(cast.colleague, [brand])
    assert ApprovalTier.objects.get().person == cast.colleague, "the door stays shut"


def told_in_french(user: User, brand: Brand) -> list[str]:
    with translation.override("fr"):
        return belongings.told(user, [brand])
