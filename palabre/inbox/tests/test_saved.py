"""Saved replies: written once, filled in for whoever wrote, found by a shortcut, in and out as CSV."""

import io
from datetime import datetime

import pytest
from django.test import Client

from palabre.agency.models import AuditEntry, Brand
from palabre.inbox.models import Conversation, Reply, SavedReply
from palabre.inbox.saved import rules
from palabre.inbox.saved.filling import filled, offered
from palabre.inbox.saved.keeping import Draft, NotYours, Taken, Wording, drop, save
from palabre.inbox.saved.selectors import found, shared
from palabre.inbox.saved.sheet import Unreadable, as_csv, take_in
from palabre.inbox.saved.words import _GIVES
from tests.builders import Cast, build_user

HOME = "/b/cafe-baobab/answer/"
HOURS = "Bonjour {prénom}, {marque} est ouvert de 8 h à 19 h. — {moi}"


@pytest.fixture
def client(cast: Cast) -> Client:
    cast.owner.language = "en"
    cast.owner.save()
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(cast.owner)
    return browser


def build(brand: Brand, cast: Cast, now: datetime, text: str = HOURS, **more: object) -> SavedReply:
    given = {"title": "Horaires", "shortcut": "horaires", **more}
    wordings = [
        Wording(language="fr", tone="plain", text=text),
        Wording(language="en", tone="plain", text="Hello {first name}, we are open from 8 to 7."),
    ]
    return save(brand=brand, by=cast.owner, draft=Draft(wordings=wordings, **given), now=now)  # type: ignore[arg-type]


def test_every_variable_is_explained() -> None:
    assert set(_GIVES) == set(rules.VARIABLES)


def test_it_is_filled_in_with_what_is_known_of_the_conversation(
    asked: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    saved = build(brand, cast, now)
    assert filled(saved, asked, cast.owner).startswith("Bonjour ")
    assert "Café Baobab est ouvert" in filled(saved, asked, cast.owner)
    assert filled(saved, asked, cast.owner).endswith("— Inès")
    assert filled(saved, asked, None).endswith("— Café Baobab"), "a rule signs for the brand"


def test_the_language_somebody_writes_in_is_taken(
    asked: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    saved = build(brand, cast, now)
    item = asked.messages.get().item
    item.language = "en"
    item.save(update_fields=["language"])
    assert filled(saved, asked, cast.owner).startswith("Hello ")


def test_a_private_one_is_its_owners_alone(brand: Brand, cast: Cast, now: datetime) -> None:
    karim = build_user("karim@iroko.example", brand.organisation, "member", "Karim")
    mine = build(brand, cast, now, shared=False)
    assert list(found(karim)) == []
    assert list(shared()) == []
    with pytest.raises(NotYours):
        drop(saved=mine, by=karim)
    assert not AuditEntry.objects.filter(act__startswith="saved.").exists(), "nobody reads it in the log"


def test_two_shared_ones_do_not_share_a_shortcut(brand: Brand, cast: Cast, now: datetime) -> None:
    build(brand, cast, now)
    with pytest.raises(Taken):
        build(brand, cast, now, title="Autre", shortcut="HORAIRES")
    build(brand, cast, now, title="Le mien", shared=False)


def test_words_of_title_shortcut_and_text_find_it(brand: Brand, cast: Cast, now: datetime) -> None:
    build(brand, cast, now, category="Pratique")
    for words in ("horai", "ouvert 19", "pratique", "hello"):
        assert len(found(cast.owner, words=words)) == 1
    assert not found(cast.owner, words="girafe")
    assert not found(cast.owner, category="Autre")


def test_the_page_refuses_an_unknown_variable_at_its_place(client: Client, brand: Brand) -> None:
    typed = {
        "title": "Colis", "whose": "all",
        "wording-TOTAL_FORMS": "1", "wording-INITIAL_FORMS": "0",
        "wording-0-language": "fr", "wording-0-tone": "plain", "wording-0-text": "Votre {colis} arrive",
    }  # fmt: skip
    page = client.post(f"{HOME}saved/new/", typed).content.decode()
    assert "Line 1, character 7" in page
    assert "{colis}" in page
    assert "Votre {colis} arrive" in page, "what was typed is there"
    assert not SavedReply.objects.exists()
    client.post(f"{HOME}saved/new/", typed | {"wording-0-text": "Bonjour {nom}"})
    assert SavedReply.objects.get().texts.get().text == "Bonjour {nom}"


def test_room_for_another_wording_is_made_without_losing_what_was_typed(client: Client, brand: Brand) -> None:
    typed = {
        "title": "Merci", "whose": "all", "act": "more",
        "wording-TOTAL_FORMS": "1", "wording-INITIAL_FORMS": "0",
        "wording-0-language": "fr", "wording-0-tone": "warm", "wording-0-text": "Merci {nom} !",
    }  # fmt: skip
    page = client.post(f"{HOME}saved/new/", typed).content.decode()
    assert "Merci {nom} !" in page
    assert "wording-1-text" in page
    assert not SavedReply.objects.exists()


def test_without_a_script_it_is_put_below_what_was_typed_and_counted(
    asked: Conversation, client: Client, brand: Brand, cast: Cast, now: datetime
) -> None:
    saved = build(brand, cast, now)
    text = saved.texts.get(language="fr")
    sent = {"text": "Merci !", "act": f"insert-{text.pk}", "seen": "0"}
    page = client.post(f"{HOME}{asked.pk}/compose/", sent).content.decode()
    assert "Merci !\n\nBonjour" in page
    assert Reply.objects.get(state="draft").text.startswith("Merci !\n\nBonjour")
    saved.refresh_from_db()
    assert saved.used == 1
    assert saved.used_at is not None


def test_the_menu_behind_a_slash_gives_words_that_are_filled_in(
    asked: Conversation, client: Client, brand: Brand, cast: Cast, now: datetime
) -> None:
    build(brand, cast, now)
    (one,) = client.get(f"{HOME}{asked.pk}/saved/", {"as": "json", "q": "hor"}).json()["saved"]
    assert one["shortcut"] == "horaires"
    assert "{" not in one["words"]
    assert client.post(one["address"]).json()["words"] == one["words"]
    assert SavedReply.objects.get().used == 1


def test_the_page_of_a_conversation_shows_them_without_a_script(
    asked: Conversation, client: Client, brand: Brand, cast: Cast, now: datetime
) -> None:
    build(brand, cast, now)
    assert "Café Baobab est ouvert" in client.get(f"{HOME}{asked.pk}/?saved=1").content.decode()
    assert [one.best for one in offered(asked, cast.owner, "girafe")] == []


def test_what_goes_out_as_csv_comes_in_again_the_same(
    client: Client, brand: Brand, cast: Cast, now: datetime
) -> None:
    build(brand, cast, now, text="=1+1 {nom}")
    written = "".join(as_csv(found(cast.owner)))
    assert "'=1+1" in written, "a spreadsheet must not run it"
    drop(saved=SavedReply.objects.get(), by=cast.owner)
    assert take_in(brand=brand, by=cast.owner, file=io.BytesIO(written.encode()), now=now) == (1, 0)
    assert take_in(brand=brand, by=cast.owner, file=io.BytesIO(written.encode()), now=now) == (0, 1)
    one = SavedReply.objects.get()
    assert (one.title, one.shortcut, one.private_to) == ("Horaires", "horaires", None)
    assert sorted(one.texts.values_list("language", "text"))[1] == ("fr", "=1+1 {nom}")


def test_a_csv_with_a_fault_is_taken_in_not_at_all(brand: Brand, cast: Cast, now: datetime) -> None:
    rows = (
        "titre;langue;ton;texte\nMerci;fr;warm;Merci {nom}\n"
        "Colis;fr;plain;Votre {colis}\n;fr;;x\nA;fr;rude;x\n"
    )
    with pytest.raises(Unreadable) as told:
        take_in(brand=brand, by=cast.owner, file=io.BytesIO(rows.encode()), now=now)
    assert len(told.value.faults) == 3
    assert "3" in told.value.faults[0]
    assert "colis" in told.value.faults[0]
    assert not SavedReply.objects.exists()


def test_a_reader_sees_the_shared_ones_and_changes_none(
    brand: Brand, cast: Cast, client: Client, now: datetime
) -> None:
    saved = build(brand, cast, now)
    client.force_login(cast.colleague)
    assert "Horaires" in client.get(f"{HOME}saved/").content.decode()
    assert client.get(f"{HOME}saved/{saved.pk}/").status_code == 403
    assert client.post(f"{HOME}saved/{saved.pk}/drop/").status_code == 403


def test_somebody_who_leaves_takes_their_private_ones_along(brand: Brand, cast: Cast, now: datetime) -> None:
    from palabre.inbox.belongings import KIND

    build(brand, cast, now)
    build(brand, cast, now, title="Le mien", shared=False)
    assert "1" in KIND.tell(cast.owner, [brand])
    KIND.drop(cast.owner, [brand])
    assert [one.title for one in SavedReply.objects.all()] == ["Horaires"]
