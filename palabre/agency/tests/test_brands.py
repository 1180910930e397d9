"""The life of a brand: it rests, it comes back, it goes and leaves nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.agency import emptying
from palabre.agency.access import brands_of, role_in
from palabre.agency.brands import archive_brand, delete_brand, restore_brand
from palabre.agency.emptying import Owned, empty, empty_leaving, owned_tables
from palabre.agency.invitations import Place, invite
from palabre.agency.models import AuditEntry, Brand, Erased, Grant
from palabre.agency.people import create_brand
from palabre.agency.roles import Role
from palabre.alerts.gather import gather_due
from palabre.alerts.models import Recipient, Rule
from palabre.insight.models import Gauge
from palabre.intake.listen import wanted_lines
from palabre.intake.pipeline import Batch, take_in
from palabre.intake.pull import claim_due
from palabre.kit.states import Moved
from palabre.listening.corrections import correct_tone
from palabre.listening.matching import Matcher
from palabre.listening.models import Mention, SavedView, Source
from palabre.listening.models import Rule as HouseRule
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteAuthor, RemoteItem
from palabre.stream.models import Item, Sentiment, Tag
from tests.builders import NOON, Cast, build_cast, build_topic, build_user

AICHA = RemoteAuthor(remote_id="did:aicha", handle="aicha.example", name="Aïcha K.", followers=1240)
SAID = RemoteItem(
    remote_id="1",
    url="https://reseau.example/1",
    text="Quarante minutes d’attente au café Baobab, quelle honte ! Le service était pourtant si bon avant.",
    author=AICHA,
    published_at=NOON - timedelta(minutes=5),
)


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def furnish(brand: Brand, cast: Cast) -> Source:
    """Something in every table: mentions, tags, corrections, alerts waiting and sent, views, a guest."""
    build_topic(brand)
    with scope(brand=brand):
        source = add_source(
            brand=brand,
            by=cast.owner,
            draft=SourceDraft(network="feeds", kind="feed", target="https://gazette.example/rss"),
        )
        for name in ("Le matin", "Le soir"):
            rule = Rule.objects.create(brand=brand, name=name, next_at=NOON - timedelta(days=1))
            Recipient.objects.create(brand=brand, rule=rule, email="client@boulange.example")
        HouseRule.objects.create(brand=brand, name="Ranger")
        SavedView.objects.create(brand=brand, owner=cast.owner, name="À moi")
        Tag.objects.create(brand=brand, name="terrasse")
        Gauge.objects.create(brand=brand, topic=brand.pk, judged_until=NOON, begun_at=NOON)
        Erased.objects.create(brand=brand, mark="f" * 64)
    said = [replace(SAID, remote_id=str(n), author=replace(AICHA, remote_id=f"did:{n}")) for n in range(12)]
    kept = Source._base_manager.select_related("brand").get(pk=source.pk)
    for items in (said[:6], said[6:]):
        batch = Batch(network="feeds", sources=[kept], items=items, cursor={}, wait=900, at=NOON)
        take_in(batch, Matcher())
    # One rule gathers what it has to tell, the other lets it wait.
    Rule._base_manager.filter(name="Le matin").update(next_at=NOON - timedelta(days=1))
    Rule._base_manager.filter(name="Le soir").update(next_at=NOON + timedelta(days=1))
    gather_due(now=NOON)
    with scope(brand=brand):
        correct_tone(brand=brand, by=cast.owner, item=Item.objects.first().pk, tone=Sentiment.POSITIVE)
    guest = build_user(f"guest{brand.pk}@boulange.example", brand.organisation, Role.GUEST)
    Grant.objects.create(member=guest.memberships.get(), brand=brand, role=Role.READER)
    invite(
        organisation=brand.organisation,
        by=cast.owner if brand.organisation_id == cast.brand.organisation_id else cast.stranger,
        emails=[f"ana{brand.pk}@iroko.example"],
        place=Place(role=Role.GUEST, brands=[brand], brand_role=Role.READER),
        language="fr",
        now=NOON,
    )
    return source


LISTENING = [
    "agency_auditentry",
    "agency_erased",
    "agency_grant",
    "agency_invitation_brands",
    "alerts_digest",
    "alerts_event",
    "alerts_recipient",
    "alerts_rule",
    "insight_gauge",
    "listening_blend",
    "listening_card",
    "listening_dailycount",
    "listening_facet",
    "listening_hourlycount",
    "listening_lesson",
    "listening_mention",
    "listening_monthlycount",
    "listening_rule",
    "listening_savedview",
    "listening_source",
    "listening_topic",
    "stream_author",
    "stream_item",
    "stream_story",
    "stream_tag",
]
"""The tables that listening fills; those of rooms to come are found by the same reading of the models."""


def rows_of(brand_id: int) -> dict[str, int]:
    """Rows in every table that has a column of brands, asked of the database and not of the models."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name FROM information_schema.columns
               WHERE table_schema = current_schema() AND column_name = 'brand_id'"""
        )
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE brand_id = %s", [brand_id])
            found[table] = cursor.fetchone()[0]
    return found


def all_rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for owned in owned_tables():
            cursor.execute(f"SELECT count(*) FROM {owned.table}")
            counts[owned.table] = cursor.fetchone()[0]
    return counts


def test_every_table_of_brands_is_known_and_children_go_first() -> None:
    order = [owned.table for owned in owned_tables()]
    assert {"alerts_waiting", "alerts_digest_events", "agency_invitation_brands"} <= set(order)
    for child, parent in (
        ("alerts_waiting", "alerts_event"),
        ("alerts_digest_events", "alerts_digest"),
        ("listening_mention", "stream_item"),
        ("listening_card", "stream_item"),
        ("stream_item", "stream_author"),
        ("listening_mention", "listening_topic"),
    ):
        assert order.index(child) < order.index(parent)


@pytest.mark.django_db
def test_the_list_of_tables_misses_no_column_of_the_database() -> None:
    known = {owned.table for owned in owned_tables()}
    assert rows_of(0).keys() <= known


def test_a_deleted_brand_leaves_no_row_in_any_table_and_takes_none_of_the_next(cast: Cast) -> None:
    furnish(cast.brand, cast)
    furnish(cast.other, cast)
    other_before = rows_of(cast.other.pk)
    full = rows_of(cast.brand.pk)
    empty_ones = {table for table in LISTENING if not full[table]}
    assert not empty_ones, "a test that proves nothing about these tables"
    linked = {"alerts_waiting", "alerts_digest_events"}
    before = all_rows()
    assert all(before[table] for table in linked)
    delete_brand(brand=cast.brand, by=cast.owner)
    brand = cast.brand.pk
    assert empty(brand, batch=3) > 50
    assert set(rows_of(brand).values()) == {0}
    assert not Brand.objects.filter(pk=brand).exists()
    assert rows_of(cast.other.pk) == other_before
    after = all_rows()
    assert {table: 0 < after[table] < before[table] for table in linked} == dict.fromkeys(linked, True), (
        before,
        after,
    )
    connection.check_constraints()
    log = AuditEntry._base_manager.filter(organisation=cast.brand.organisation_id)
    assert [(entry.act, entry.subject) for entry in log.filter(act__startswith="brand.")] == [
        ("brand.delete", "Café Baobab")
    ]


def test_deleting_goes_on_where_it_was_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(cast.brand, cast)
    delete_brand(brand=cast.brand, by=cast.owner)
    tables = owned_tables()

    def broken() -> list[Owned]:
        return [*tables[:5], Owned(table="no_such_table", where="true = %s")]

    with monkeypatch.context() as patch:
        patch.setattr(emptying, "owned_tables", broken)
        with pytest.raises(Exception, match="no_such_table"), transaction.atomic():
            empty_leaving()
    assert Brand.objects.filter(pk=cast.brand.pk).exists()
    empty_leaving()
    assert set(rows_of(cast.brand.pk).values()) == {0}


def test_deleting_asks_for_the_name(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    page = reverse("agency:brand_delete", args=[cast.brand.slug])
    assert "name" in client.post(page, {"name": "Cafe Baobab"}).context["form"].errors
    cast.brand.refresh_from_db()
    assert cast.brand.state == "live"
    assert client.post(page, {"name": " Café  Baobab "}).status_code == 302
    assert client.get(reverse("insight:listen", args=[cast.brand.slug])).status_code == 404
    assert brands_of(cast.owner) == []
    fresh = Brand.objects.get(pk=cast.brand.pk)
    assert (fresh.state, role_in(cast.owner, fresh)) == ("deleting", None)


def test_only_an_owner_deletes(cast: Cast, client: Client) -> None:
    client.force_login(build_user("remi@iroko.example", cast.brand.organisation, Role.MANAGER))
    assert client.get(reverse("agency:brand_settings", args=[cast.brand.slug])).status_code == 200
    page = reverse("agency:brand_delete", args=[cast.brand.slug])
    assert client.post(page, {"name": "Café Baobab"}).status_code == 403


def test_an_archived_brand_stops_collecting_and_keeps_what_it_has(cast: Cast, client: Client) -> None:
    source = furnish(cast.brand, cast)
    Source._base_manager.update(next_at=NOON, leased_until=None)
    assert [line.sources[0].pk for line in claim_due(now=NOON)] == [source.pk]
    Source._base_manager.update(next_at=NOON, leased_until=None)
    archive_brand(brand=cast.brand, by=cast.owner)
    assert claim_due(now=NOON) == []
    assert gather_due(now=NOON + timedelta(days=9)) == []
    client.force_login(cast.owner)
    assert client.get(reverse("insight:listen", args=[cast.brand.slug])).status_code == 200
    settings = reverse("agency:brand_settings", args=[cast.brand.slug])
    new_topic = client.get(reverse("listening:topic_new", args=[cast.brand.slug]))
    assert new_topic["Location"] == settings
    with scope(brand=cast.brand):
        assert Mention.objects.count() == 12
    assert brands_of(cast.owner) == []
    assert brands_of(cast.owner, state="archived") == [cast.brand]
    restore_brand(brand=cast.brand, by=cast.owner)
    assert [line.sources[0].pk for line in claim_due(now=NOON)] == [source.pk]
    with pytest.raises(Moved):
        restore_brand(brand=as_seen_before(cast.brand, "archived"), by=cast.owner)


def as_seen_before(brand: Brand, state: str) -> Brand:
    """The brand as somebody saw it before."""
    seen = Brand.objects.get(pk=brand.pk)
    seen.state = state
    return seen


def test_an_archived_brand_holds_no_stream(cast: Cast) -> None:
    with scope(brand=cast.brand):
        draft = SourceDraft(network="sandbox", kind="live")
        cast.brand.is_demo = True
        source = add_source(brand=cast.brand, by=None, draft=draft)
    Source._base_manager.filter(pk=source.pk).update(next_at=NOON - timedelta(days=1))
    assert len(wanted_lines()) == 1
    archive_brand(brand=cast.brand, by=cast.owner)
    assert wanted_lines() == {}


def test_the_organisation_and_the_brand_take_new_names(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    organisation = cast.brand.organisation
    client.post(reverse("agency:brands", args=[organisation.pk]), {"name": "Iroko & Cie"})
    organisation.refresh_from_db()
    assert organisation.name == "Iroko & Cie"
    typed = {"name": "Baobab Café", "website": "", "languages": ["fr", "en"]}
    client.post(reverse("agency:brand_settings", args=[cast.brand.slug]), typed)
    fresh = Brand.objects.get(pk=cast.brand.pk)
    assert (fresh.name, fresh.slug, fresh.languages) == ("Baobab Café", "cafe-baobab", ["fr", "en"])
    client.force_login(cast.colleague)
    assert client.post(reverse("agency:brands", args=[organisation.pk]), {"name": "À moi"}).status_code == 403


class TestWhoManagesOneBrandAlone:
    """The settings of that brand are found where the others find theirs."""

    def manager(self, cast: Cast, role: Role) -> Client:
        user = build_user("ana@boulange.example", cast.brand.organisation, role)
        Grant.objects.create(member=user.memberships.get(), brand=cast.brand, role=Role.MANAGER)
        client = Client()
        client.force_login(user)
        return client

    def test_a_guest_has_a_tab_that_leads_to_them(self, cast: Cast) -> None:
        settings = reverse("agency:brand_settings", args=[cast.brand.slug])
        client = self.manager(cast, Role.GUEST)
        assert f'href="{settings}"' in client.get(reverse("agency:profile")).content.decode()
        assert f'href="{settings}" aria-current="page"' in client.get(settings).content.decode()

    def test_a_guest_who_only_reads_has_none(self, cast: Cast) -> None:
        client = self.manager(cast, Role.GUEST)
        Grant.objects.update(role=Role.READER)
        settings = reverse("agency:brand_settings", args=[cast.brand.slug])
        assert settings not in client.get(reverse("agency:profile")).content.decode()

    def test_a_reader_of_the_organisation_finds_them_in_the_list_of_brands(self, cast: Cast) -> None:
        other = create_brand(organisation=cast.brand.organisation, by=cast.owner, name="Boulange")
        client = self.manager(cast, Role.READER)
        page = reverse("agency:brands", args=[cast.brand.organisation_id])
        words = client.get(page).content.decode()
        assert reverse("agency:brand_settings", args=[cast.brand.slug]) in words
        assert reverse("agency:brand_settings", args=[other.slug]) not in words
