"""Labels: made while labelling, one a word whatever its case, seen and sought in the list."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from palabre.agency.models import AuditEntry, Brand
from palabre.inbox import labelling
from palabre.inbox.models import Conversation, Label, Labelled
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

Hear = Callable[[datetime], int]
HOME = "/b/cafe-baobab/answer/"


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(cast.owner)
    cast.owner.language = "en"
    cast.owner.save()
    return browser


def test_a_word_typed_on_a_conversation_is_a_label_from_then_on(
    asked: Conversation, brand: Brand, client: Client
) -> None:
    page = client.post(f"{HOME}{asked.pk}/label/", {"label": "#Service"}, follow=True).content.decode()
    assert 'dir="auto">Service</span>' in page
    client.post(f"{HOME}{asked.pk}/label/", {"label": "  service "})
    assert [row.name for row in labelling.labels_of(brand)] == ["Service"]
    assert Labelled.objects.count() == 1
    entry = AuditEntry.objects.get(act="inbox.label")
    assert (entry.subject, entry.after) == (f"#{asked.pk}", "Service")
    client.post(f"{HOME}{asked.pk}/label/", {"off": Label.objects.get().pk})
    assert not Labelled.objects.exists()
    assert AuditEntry.objects.filter(act="inbox.unlabel").count() == 1


def test_several_are_labelled_at_once_and_the_list_is_filtered_by_label(
    asked: Conversation, store: Store, hear: Hear, now: datetime, client: Client
) -> None:
    store.say("baobab", "malo", "Ouvert ?", at=now)
    store.say("baobab", "nour", "Vegan?", at=now)
    hear(now + timedelta(minutes=5))
    others = list(Conversation.objects.exclude(pk=asked.pk).values_list("pk", flat=True))
    page = client.post(f"{HOME}label/", {"pick": others, "label": "horaires"}, follow=True).content.decode()
    assert "2 conversations labelled." in page
    label = Label.objects.get()
    listed = client.get(f"{HOME}list/?label={label.pk}").content.decode()
    assert "Ouvert ?" in listed
    assert "45 minutes" not in listed


def test_labels_on_rows_cost_no_query_a_row(
    asked: Conversation, brand: Brand, store: Store, hear: Hear, now: datetime, client: Client
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(f"{HOME}list/").status_code == 200
        return len(seen)

    labelling.label(brand=brand, conversations=[asked.pk], label="a", by=None, now=now)
    cost()
    one = cost()
    for name in ("malo", "nour", "romy", "gaspard"):
        store.say("baobab", name, f"Bonjour de {name}", at=now)
    hear(now + timedelta(minutes=5))
    every = list(Conversation.objects.values_list("pk", flat=True))
    for word in ("a", "b", "c"):
        labelling.label(brand=brand, conversations=every, label=word, by=None, now=now)
    assert len(every) == 5
    assert cost() == one


def test_labels_are_renamed_moved_merged_and_deleted(
    asked: Conversation, brand: Brand, cast: Cast, now: datetime, client: Client
) -> None:
    for word in ("Brunch", "Brunchs", "Prix"):
        labelling.label(brand=brand, conversations=[asked.pk], label=word, by=cast.owner, now=now)
    brunch, brunches, price = labelling.labels_of(brand)
    assert len({brunch.colour, brunches.colour, price.colour}) == 3, "colours are told apart"
    address = f"{HOME}labels/{{}}/{{}}/"
    page = client.post(address.format(price.pk, "change"), {"name": "brunch", "colour": "sky"}, follow=True)
    assert "A label needs a name of its own" in page.content.decode()
    client.post(address.format(price.pk, "change"), {"name": "Tarifs", "colour": "sky"})
    client.post(address.format(price.pk, "up"))
    assert [row.name for row in labelling.labels_of(brand)] == ["Brunch", "Tarifs", "Brunchs"]
    client.post(address.format(brunches.pk, "merge"), {"into": brunch.pk})
    assert {row.label.name for row in Labelled.objects.select_related("label")} == {"Brunch", "Tarifs"}
    client.post(address.format(brunch.pk, "delete"))
    assert [row.name for row in labelling.labels_of(brand)] == ["Tarifs"]
    assert AuditEntry.objects.filter(act__startswith="inbox.label_").count() == 3


def test_a_reader_sees_labels_and_puts_none(asked: Conversation, cast: Cast, client: Client) -> None:
    client.force_login(cast.colleague)
    assert client.get(f"{HOME}labels/").status_code == 200
    assert client.post(f"{HOME}{asked.pk}/label/", {"label": "x"}).status_code == 403
    assert not Label.objects.exists()
