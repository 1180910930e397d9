"""The queue as a person uses it: slots of the week, what fills them, gaps, and the composer's button."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from django_scopes import scope
from procrastinate.contrib.django.models import ProcrastinateJob

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.approval.models import Approval, ApprovalTier
from palabre.publishing.calendar.best import Slot
from palabre.publishing.delivery.nudge import TASK
from palabre.publishing.delivery.planning import TooSoon, plan_each, stop_everything
from palabre.publishing.models import Delivery, Pillar, Post, QueuePlace, QueueSlot
from palabre.publishing.queue.arranging import close_up, put_first, put_later
from palabre.publishing.queue.filling import NoSlot, put_in_queue
from palabre.publishing.templatetags.queue import day_short, slot_briefly
from palabre.publishing.tests.arranged import build_channel, build_delivery, kept, planned
from palabre.publishing.views import queue as views
from tests.builders import Cast

PARIS = ZoneInfo("Europe/Paris")
QUEUE = "/b/cafe-baobab/publish/queue/"
STRAY = "aucun créneau ne le prend plus"


@pytest.fixture
def client(client: Client, cast: Cast) -> Client:
    client.force_login(cast.owner)
    return client


@pytest.fixture
def daily(channel: Channel) -> list[datetime]:
    """A slot each day at nine; its next moments."""
    with scope(brand=channel.brand):
        for day in range(7):
            QueueSlot.objects.create(brand=channel.brand, channel=channel, weekday=day, hour=time(9))
    today = timezone.localdate(timezone=PARIS)
    days = [datetime.combine(today + timedelta(days=n), time(9), PARIS) for n in range(40)]
    return [day for day in days if day > timezone.now()]


def queued(*deliveries: Delivery) -> None:
    put_in_queue(deliveries=deliveries, category=None, by=None, now=timezone.now())


def hours(*deliveries: Delivery) -> list[datetime | None]:
    return [kept(one).due_at for one in deliveries]


def seen(client: Client, path: str = QUEUE) -> str:
    return client.get(path).content.decode()


def test_slots_are_given_to_several_days_at_once_and_taken_away(
    client: Client, brand: Brand, channel: Channel
) -> None:
    pillar = Pillar.objects.create(brand=brand, name="Recettes")
    page = f"{QUEUE}{channel.pk}/"
    client.post(f"{page}slots/add/", {"days": [0, 3], "hour": "09:15"})
    client.post(f"{page}slots/add/", {"days": [3, 6], "hour": "09:15", "pillar": pillar.pk})
    rows = QueueSlot.objects.values_list("weekday", "hour", "pillar")
    nine = time(9, 15)
    assert list(rows) == [(0, nine, None), (3, nine, pillar.pk), (6, nine, pillar.pk)], "kept as said last"
    assert "Recettes" in seen(client, page)
    client.post(f"{page}slots/drop/", {"slot": [row.pk for row in QueueSlot.objects.all()[:2]]})
    assert [row.weekday for row in QueueSlot.objects.all()] == [6]


def test_a_slot_needs_a_day_and_an_hour(client: Client, brand: Brand, channel: Channel) -> None:
    answer = client.post(f"{QUEUE}{channel.pk}/slots/add/", {"hour": "25:00"}).content.decode()
    assert "Cochez au moins un jour." in answer
    assert "Saisissez une heure valide." in answer
    assert not QueueSlot.objects.exists()


def test_the_slots_of_another_account_are_taken_over(
    client: Client, brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    other = build_channel(brand, "fleuve")
    client.post(f"{QUEUE}{other.pk}/slots/copy/", {"of": channel.pk})
    client.post(f"{QUEUE}{other.pk}/slots/copy/", {"of": channel.pk})
    assert QueueSlot.objects.filter(channel=other).count() == 7, "twice is once"


def test_the_page_shows_what_fills_the_coming_slots_the_gaps_and_what_stands_outside(
    client: Client, channel: Channel, daily: list[datetime]
) -> None:
    queued(build_delivery(channel, "Le premier"))
    planned(channel, "Le deuxième", at=daily[1])
    planned(channel, "Le troisième", at=daily[2] + timedelta(hours=1))
    shown = seen(client)
    assert shown.index("Le premier") < shown.index("Le deuxième") < shown.index("Le troisième")
    assert "planifié à la main" in shown
    assert "hors des créneaux" in shown
    gap = f"?day={daily[2]:%Y-%m-%d}&amp;hour=09:00&amp;channel={channel.pk}"
    assert gap in shown, "the gap offers to be written for"
    assert shown.count("Mettre en premier") == 1, "what was planned by hand is not rearranged"


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "mar. 24\N{NO-BREAK SPACE}nov., 09:00"), ("en", "Tue 24 Nov, 09:00")]
)
def test_a_gap_is_named_as_its_language_shortens_days(language: str, said: str) -> None:
    with override(language), timezone.override(PARIS):
        now = timezone.now().astimezone(PARIS)
        tuesday = datetime(2026, 11, 24, 9, tzinfo=PARIS)
        assert slot_briefly(tuesday) == (said if now.year == 2026 else said.replace(", 09", " 2026, 09"))
        assert day_short("mardi") == ("mar." if language == "fr" else "mar")


def test_a_reader_sees_the_queue_and_changes_nothing(
    client: Client, cast: Cast, channel: Channel, daily: list[datetime]
) -> None:
    queued(build_delivery(channel))
    client.force_login(cast.colleague)
    for path in (QUEUE, f"{QUEUE}{channel.pk}/"):
        shown = seen(client, path)
        assert "09:00" in shown
        assert not [act for act in ("/queue/contents/", "/slots/", "/refill/", "/new/") if act in shown]


def test_what_is_put_first_pushes_the_others_on(channel: Channel, daily: list[datetime]) -> None:
    one, two, three = (build_delivery(channel) for _ in range(3))
    queued(one, two, three)
    put_first(delivery=three, by=None, now=timezone.now())
    assert hours(three, one, two) == daily[:3]


def test_a_long_queue_is_rearranged_in_as_many_statements_as_a_short_one(
    cast: Cast, channel: Channel, daily: list[datetime]
) -> None:
    def put_the_last_first() -> int:
        last = Delivery.objects.order_by("due_at").last()
        assert last
        with CaptureQueriesContext(connection) as asked:
            put_first(delivery=last, by=cast.owner, now=timezone.now())
        return len(asked)

    queued(*(build_delivery(channel) for _ in range(3)))
    short = put_the_last_first()
    queued(*(build_delivery(channel) for _ in range(12)))
    before = list(Delivery.objects.order_by("due_at").values_list("pk", flat=True))
    assert put_the_last_first() == short
    after = Delivery.objects.order_by("due_at")
    assert [one.pk for one in after] == [before[-1], *before[:-1]]
    assert [one.due_at for one in after] == daily[:15]
    assert all(one.due_at == one.try_at == one.queue_place.at for one in after)
    for one in after:
        told = one.steps.last()
        assert (told.act, told.by) == ("moved", cast.owner)
        assert datetime.fromisoformat(told.params["at"]) == one.due_at
    nudges = ProcrastinateJob.objects.filter(task_name=TASK, status="todo")
    assert set(nudges.values_list("scheduled_at", flat=True)) == set(daily[:15]), "each moment once"


def test_what_is_rearranged_is_neither_asked_twice_nor_given_less_time_to_approve(
    brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    ApprovalTier.objects.create(brand=brand, position=1, kind="role", role="owner")
    deliveries = [build_delivery(channel) for _ in range(4)]
    queued(*deliveries)
    put_first(delivery=deliveries[3], by=None, now=timezone.now())
    assert Approval.objects.filter(state="pending").count() == Approval.objects.count() == 4
    assert all(one.steps.filter(act="asked").count() == 1 for one in deliveries)
    assert all(one.steps.filter(act="moved").count() == 1 for one in deliveries)
    soon = timezone.now() + timedelta(minutes=1)
    with pytest.raises(TooSoon):
        plan_each(hours={deliveries[0]: soon, deliveries[1]: daily[20]}, by=None, now=timezone.now())
    assert hours(deliveries[1]) == [daily[2]], "all or none"


def test_what_goes_one_slot_later_leaves_a_gap_that_is_closed_when_asked(
    channel: Channel, daily: list[datetime]
) -> None:
    one, two = build_delivery(channel), build_delivery(channel)
    queued(one, two)
    put_later(delivery=one, by=None, now=timezone.now())
    assert hours(two, one) == daily[1:3]
    close_up(channels=[channel], by=None, now=timezone.now())
    assert hours(two, one) == daily[:2]


def test_what_changes_the_slots_moves_nothing_and_offers_to_fill_them_anew(
    client: Client, brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    delivery, by_hand = build_delivery(channel), planned(channel, at=daily[3])
    queued(delivery)
    QueueSlot.objects.all().delete()
    client.post(f"{QUEUE}{channel.pk}/slots/add/", {"days": range(7), "hour": "18:00"})
    assert hours(delivery, by_hand) == [daily[0], daily[3]], "nothing moved"
    assert STRAY in seen(client)
    client.post(f"{QUEUE}refill/", {"account": channel.pk})
    moved, stayed = hours(delivery, by_hand)
    assert moved is not None
    assert moved.astimezone(PARIS).time() == time(18)
    assert stayed == daily[3], "what was planned by hand stays"
    assert STRAY not in seen(client)


def test_the_queue_is_rearranged_while_everything_is_paused_and_stays_paused(
    client: Client, cast: Cast, brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    one, two = build_delivery(channel), build_delivery(channel)
    queued(one, two)
    stop_everything(brand=brand, by=cast.owner, why="", now=timezone.now())
    client.post(f"{QUEUE}contents/{two.pk}/first/")
    assert hours(two, one) == daily[:2]
    assert {kept(one).state, kept(two).state} == {"paused"}
    assert "Tout est en pause" in seen(client)


def test_what_awaits_approval_keeps_awaiting_it_when_it_moves(
    brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    ApprovalTier.objects.create(brand=brand, position=1, kind="role", role="owner")
    one, two = build_delivery(channel), build_delivery(channel)
    queued(one, two)
    put_first(delivery=two, by=None, now=timezone.now())
    assert {kept(one).state, kept(two).state} == {"awaiting"}


def test_what_left_the_queue_meanwhile_is_said_and_not_moved(
    client: Client, channel: Channel, daily: list[datetime]
) -> None:
    delivery = planned(channel, at=daily[4])
    answer = client.post(f"{QUEUE}contents/{delivery.pk}/first/", follow=True).content.decode()
    assert "Ce n’est plus comme la page le montrait" in answer
    assert hours(delivery) == [daily[4]]


def test_nobody_is_put_first_where_no_slot_takes_whom_it_pushes(
    brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    delivery = build_delivery(channel)
    queued(delivery)
    QueueSlot.objects.update(pillar=Pillar.objects.create(brand=brand, name="Recettes"))
    with pytest.raises(NoSlot):
        put_first(delivery=delivery, by=None, now=timezone.now())
    assert hours(delivery) == [daily[0]]


def test_what_goes_out_of_the_queue_is_a_draft_and_its_slot_free(
    client: Client, channel: Channel, daily: list[datetime]
) -> None:
    delivery = build_delivery(channel)
    queued(delivery)
    client.post(f"{QUEUE}contents/{delivery.pk}/out/", {"alone": "1"})
    assert kept(delivery).state == "draft"
    assert "Mettre en premier" not in seen(client)


def test_hours_that_did_better_are_offered_and_fill_the_form(
    client: Client, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    better = Slot(begins=18, ends=20, n=34, share=0.7, low=0.55, high=0.82)
    monkeypatch.setattr(views, "good_slots", lambda **asked: [better])
    shown = seen(client, f"{QUEUE}{channel.pk}/")
    assert "sur 34 contenus, 70 %" in shown.replace("\u00a0", " ").replace("\u202f", " ")
    assert 'href="?hour=19#add"' in shown
    assert 'value="19:00"' in seen(client, f"{QUEUE}{channel.pk}/?hour=19")


def test_who_writes_for_a_gap_finds_its_account_hour_and_pillar_chosen(
    client: Client, brand: Brand, channel: Channel
) -> None:
    pillar = Pillar.objects.create(brand=brand, name="Recettes")
    asked = f"?day=2031-01-06&hour=09:00&channel={channel.pk}&pillar={pillar.pk}"
    shown = seen(client, f"/b/cafe-baobab/publish/new/{asked}")
    assert f'name="channels" value="{channel.pk}" checked' in shown
    assert f'<option value="{pillar.pk}" selected' in shown
    assert 'value="2031-01-06"' in shown
    assert client.get("/b/cafe-baobab/publish/new/?channel=x&pillar=999").status_code == 200


# --- the composer ------------------------------------------------------------------------------------


def compose(client: Client, **fields: object) -> str:
    return client.post("/b/cafe-baobab/publish/new/", fields).content.decode()


def test_the_composer_shows_each_accounts_next_slot_before_saving(
    client: Client, brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    bare = build_channel(brand, "nu")
    shown = compose(client, act="show", text="Bonjour", channels=[channel.pk, bare.pk])
    assert "Prochain créneau libre" in shown
    assert daily[0].strftime("09:00") in shown
    assert "nu n’a pas encore de créneau" in shown
    assert Post._base_manager.count() == 0


def test_the_composer_puts_each_account_at_its_next_free_slot_and_says_when(
    client: Client, brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    planned(channel, at=daily[0] + timedelta(seconds=20))
    answer = client.post(
        "/b/cafe-baobab/publish/new/",
        {"act": "queue", "text": "Bonjour", "channels": [channel.pk]},
        follow=True,
    ).content.decode()
    delivery = Post.objects.get(content__text="Bonjour").deliveries().get()
    assert (delivery.state, delivery.due_at) == ("scheduled", daily[1])
    assert "Dans la file" in answer
    assert QueuePlace.objects.filter(delivery=delivery, at=daily[1]).exists()


def test_nothing_is_saved_when_one_account_has_no_slot(
    client: Client, brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    bare = build_channel(brand, "nu")
    shown = compose(client, act="queue", text="Bonjour", channels=[channel.pk, bare.pk])
    assert "nu n’a pas encore de créneau" in shown
    assert "Bonjour" in shown, "nothing typed is lost"
    assert Post._base_manager.count() == 0


def test_a_content_takes_the_slot_kept_for_its_pillar(
    client: Client, brand: Brand, channel: Channel, daily: list[datetime]
) -> None:
    pillar = Pillar.objects.create(brand=brand, name="Recettes")
    QueueSlot.objects.filter(weekday=daily[2].weekday()).update(pillar=pillar)
    QueueSlot.objects.exclude(pillar=pillar).update(pillar=Pillar.objects.create(brand=brand, name="Lieux"))
    fields = {"act": "queue", "text": "Bonjour", "channels": [channel.pk]}
    assert "gardés pour d’autres rubriques" in compose(client, **fields)
    compose(client, **fields, pillar=pillar.pk)
    assert Post.objects.get().deliveries().get().due_at == daily[2]
