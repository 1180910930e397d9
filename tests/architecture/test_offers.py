"""What a page offers, its reader may do: no button that is refused afterwards."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django_scopes import scope

from palabre.agency.models import User
from palabre.agency.roles import RIGHTS, Role
from palabre.alerts.models import Digest, Event, Rule, Trigger
from palabre.alerts.subscriptions import save_rule
from palabre.intake.paste import paste
from palabre.kit.states import move
from palabre.listening import models as listening
from palabre.listening.bulk import tag
from palabre.listening.sources import SourceDraft, add_source
from palabre.listening.states import SOURCE
from tests.builders import NOON, Cast, build_cast, build_topic, build_user

OF_A_BRAND = (
    "insight:listen", "insight:filter", "insight:themes", "listening:topics", "listening:sources",
    "listening:rules", "listening:tags", "alerts:rules", "desk:privacy",
)  # fmt: skip
OF_AN_ORGANISATION = ("agency:team", "agency:brands")
OF_A_PERSON = ("desk:today", "desk:search", "agency:profile")


class Offers(HTMLParser):
    """Every address a page leads or sends to: `links` by GET, `acts` by POST."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.acts: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what stays on this site."""
        given = dict(attrs)
        if tag == "a":
            self._keep(self.links, given.get("href"))
        if tag == "form":
            self._keep(self.acts if given.get("method") == "post" else self.links, given.get("action"))
        self._keep(self.acts, given.get("hx-post"))
        self._keep(self.links, given.get("hx-get"))

    def _keep(self, where: set[str], address: str | None) -> None:
        if address and address.startswith("/"):
            where.add(address.split("#")[0])


@pytest.fixture
def cast(db: None) -> Cast:
    """A brand that has one of everything a page can offer an act on, and one where nothing was begun."""
    cast = build_cast()
    brand, topic = cast.brand, build_topic(cast.brand)
    with scope(brand=brand):
        paste(
            brand=brand, by=cast.owner, topic=topic, text="Le café baobab, un régal", url="", author="Ada",
            published_at=NOON,
        )  # fmt: skip
        mention = listening.Mention.objects.values_list("item_id", flat=True)
        tag(brand=brand, ids=list(mention), names=["presse"], by=cast.owner)
        listening.SavedView.objects.create(brand=brand, name="Tout", filter={})
        listening.Rule.objects.create(brand=brand, name="Presse", actions={"tags": ["presse"]})
        for place, state in (("a", "working"), ("b", "stopped"), ("c", "paused"), ("d", "new")):
            draft = SourceDraft(network="feeds", kind="feed", target=f"https://{place}.example/feed")
            source = add_source(brand=brand, by=cast.owner, draft=draft)
            if state != "new":
                move(source, SOURCE, to=state)
        rule = Rule(brand=brand, name="Alerte")
        save_rule(rule=rule, by=cast.owner, recipients=["a@iroko.example"])
        Digest.objects.create(
            brand=brand, rule=rule, way="email", recipient=rule.recipients.get(), state="failed"
        )
        Event.objects.create(brand=brand, key="burst:1", trigger=Trigger.BURST, at=NOON, topic=topic.pk)
    return cast


def pages(cast: Cast) -> Iterator[str]:
    organisation = cast.brand.organisation_id
    yield from (reverse(name, args=[cast.brand.slug]) for name in OF_A_BRAND)
    yield from (reverse(name, args=[organisation]) for name in OF_AN_ORGANISATION)
    yield from (reverse(name) for name in OF_A_PERSON)
    with scope(brand=cast.brand):
        item = listening.Mention.objects.values_list("item_id", flat=True)[0]
    yield reverse("insight:similar", args=[cast.brand.slug, item])


def refused(client: Client, page: str, role: str) -> list[str]:
    """What the page offers and the role may not do."""
    offers = Offers(client.get(page).content.decode())
    found = [link for link in sorted(offers.links) if client.get(link).status_code == 403]
    for act in sorted(offers.acts):
        right = getattr(resolve(act.split("?")[0]).func, "right", None)
        if right is not None and right not in RIGHTS[role]:
            found.append(act)
    return found


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [Role.READER, Role.MEMBER])
def test_nobody_is_offered_what_their_role_refuses(cast: Cast, role: str) -> None:
    user = build_user("lea@iroko.example", cast.brand.organisation, role)
    client = signed_in(user)
    assert {page: found for page in pages(cast) if (found := refused(client, page, role))} == {}


def test_who_reads_is_told_so_and_who_works_is_not(cast: Cast) -> None:
    page = reverse("listening:topics", args=[cast.brand.slug])
    said = "Votre rôle ici est de lire"
    assert said in signed_in(cast.colleague).get(page).content.decode()
    assert said not in signed_in(cast.owner).get(page).content.decode()


def test_the_pages_of_a_brand_where_nothing_was_begun_offer_a_reader_nothing_either(db: None) -> None:
    cast = build_cast()
    client = signed_in(cast.colleague)
    for name in OF_A_BRAND:
        page = reverse(name, args=[cast.brand.slug])
        assert refused(client, page, Role.READER) == [], page
    assert refused(client, reverse("desk:today"), Role.READER) == []


def test_an_archived_brand_offers_nothing_that_changes_it(cast: Cast) -> None:
    cast.brand.state = "archived"
    cast.brand.save(update_fields=["state"])
    page = signed_in(cast.owner).get(reverse("listening:sources", args=[cast.brand.slug])).content.decode()
    assert "Cette marque est archivée" in page
    assert not [act for act in Offers(page).acts if f"/b/{cast.brand.slug}/listen/" in act]
