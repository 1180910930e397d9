"""A file is not published after its rights end: it cannot be planned, moved or approved beyond that day."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.approval.deciding import Choice, decide, save_steps
from palabre.publishing.approval.models import Approval
from palabre.publishing.approval.rules import Approver
from palabre.publishing.calendar.moving import move
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content, Medium
from palabre.publishing.delivery.planning import plan
from palabre.publishing.library.assets import needed_by_plans, take_in
from palabre.publishing.library.rights import RightsOver, day_of, ending, over, planned_after
from palabre.publishing.models import Asset, Delivery, QueueSlot, Recurring
from palabre.publishing.queue.arranging import close_up, put_first, put_later
from palabre.publishing.queue.filling import NoSlot, put_in_queue
from palabre.publishing.queue.words import lacking
from palabre.publishing.recurring.making import limit_of, top_up
from palabre.publishing.recurring.series import SeriesDraft, save_series
from palabre.publishing.tests.arranged import build_delivery, kept
from palabre.publishing.tests.drawn import picture
from tests.builders import Cast, build_user

HOME = "/b/cafe-baobab/publish"


def now() -> datetime:
    """This minute, asked anew by each test: a whole run lasts longer than some of the delays below."""
    return timezone.now().replace(second=0, microsecond=0)


def last_hour() -> datetime:
    return now() + timedelta(days=2)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def asset(brand: Brand) -> Asset:
    """A photograph that may be published for two days more."""
    made = take_in(brand=brand, by=None, name="affiche.jpg", chunks=[picture()])
    Asset.objects.filter(pk=made.pk).update(expires_on=day_of(brand, last_hour()))
    return Asset.objects.get(pk=made.pk)


@pytest.fixture
def delivery(asset: Asset, brand: Brand, channel: Channel, cast: Cast) -> Delivery:
    content = Content(text="L’affiche", media=(Medium(asset=asset.pk),))
    post = save_post(brand=brand, by=cast.owner, draft=PostDraft(content=content, channels={channel.pk: {}}))
    return post.deliveries().get()


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(cast.owner)
    cast.owner.language = "en"
    cast.owner.save()
    return browser


def planned_at(delivery: Delivery, at: datetime) -> Delivery:
    plan(deliveries=[delivery], at=at, by=None, now=now())
    return kept(delivery)


def typed(moment: datetime, brand: Brand) -> dict[str, str]:
    local = timezone.localtime(moment, ZoneInfo(brand.time_zone))
    return {"day": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}"}


def test_the_last_day_is_included_on_the_brands_clock(delivery: Delivery, asset: Asset, brand: Brand) -> None:
    assert over(brand=brand, deliveries=[delivery], at=last_hour()) == {}
    assert over(brand=brand, deliveries=[delivery], at=last_hour() + timedelta(days=1)) == {
        delivery.pk: [asset]
    }
    brand.time_zone = "Pacific/Auckland"
    midnight = datetime.fromisoformat("2026-03-31T20:00:00+00:00")
    assert day_of(brand, midnight) == date(2026, 4, 1)


def test_a_content_is_not_moved_beyond_the_rights_of_its_file(
    delivery: Delivery, brand: Brand, client: Client
) -> None:
    at = planned_at(delivery, now() + timedelta(days=1)).due_at
    with pytest.raises(RightsOver):
        move(deliveries=[delivery.pk], seen=at, to=last_hour() + timedelta(days=1), by=None, now=now())
    sent = {
        "parts": str(delivery.pk),
        "seen": at.isoformat(),
        **typed(last_hour() + timedelta(days=1), brand),
    }
    answer = client.post(f"{HOME}/calendar/move/", sent, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert "“affiche.jpg” may be published until" in answer.json()["said"]
    assert kept(delivery).due_at == at
    move(deliveries=[delivery.pk], seen=at, to=last_hour(), by=None, now=now())
    assert kept(delivery).due_at == last_hour()


def test_it_is_not_planned_from_its_page_either(delivery: Delivery, brand: Brand, client: Client) -> None:
    page = f"{HOME}/deliveries/{delivery.pk}"
    answer = client.post(f"{page}/plan/", typed(last_hour() + timedelta(days=1), brand), follow=True)
    assert "may be published until" in answer.content.decode()
    assert kept(delivery).state == "draft"
    Asset.objects.update(expires_on=day_of(brand, now()) - timedelta(days=1))
    client.post(f"{page}/now/")
    assert kept(delivery).state == "draft"


def test_rights_that_end_while_it_waits_stop_the_approval_and_say_so(
    delivery: Delivery, asset: Asset, brand: Brand, cast: Cast, client: Client
) -> None:
    writer = build_user("lea@iroko.example", brand.organisation, "manager", "Léa")
    delivery.variant.post.versions.update(by=writer)
    delivery.variant.post.author = writer
    delivery.variant.post.save()
    steps = [Approver(kind="role", who="owner")]
    save_steps(brand=brand, channel=None, approvers=steps, by=cast.owner, now=now())
    planned_at(delivery, now() + timedelta(days=1))
    Asset.objects.filter(pk=asset.pk).update(expires_on=day_of(brand, now()))
    page = client.get(f"{HOME}/approval/").content.decode()
    assert "at this hour it cannot leave" in page
    stamp = Approval.objects.get().stamp
    said = client.post(
        f"{HOME}/approval/decide/", {"decide": f"approve:{delivery.variant.post_id}:{stamp}"}, follow=True
    )
    assert "Not approved: “affiche.jpg”" in said.content.decode()
    assert kept(delivery).state == "awaiting"
    done = decide(
        brand=brand, stamps=[stamp], by=cast.owner, choice=Choice.REFUSE, note="Plus de droits", now=now()
    )
    assert done.refused, "to refuse it is always possible"


def test_a_content_beside_the_calendar_says_that_it_cannot_leave(
    delivery: Delivery, brand: Brand, client: Client
) -> None:
    planned_at(delivery, now() + timedelta(days=1))
    address = f"{HOME}/calendar/chosen/{delivery.variant.post_id}/"
    assert "at this hour it cannot leave" not in client.get(address).content.decode()
    Asset.objects.update(expires_on=day_of(brand, now()))
    assert "at this hour it cannot leave" in client.get(address).content.decode()


def test_files_whose_rights_end_soon_are_shown_first_with_what_is_planned_too_late(
    delivery: Delivery, asset: Asset, brand: Brand, client: Client
) -> None:
    later = take_in(brand=brand, by=None, name="plus-tard.jpg", chunks=[picture(90, 60)])
    Asset.objects.filter(pk=later.pk).update(expires_on=day_of(brand, now()) + timedelta(days=31))
    assert list(ending(day_of(brand, now()))) == [asset]
    assert "Rights that end soon" in client.get(f"{HOME}/library/").content.decode()
    assert planned_after(brand, asset) == []
    planned_at(delivery, now() + timedelta(days=1))
    Asset.objects.filter(pk=asset.pk).update(expires_on=day_of(brand, now()))
    asset.refresh_from_db()
    assert planned_after(brand, asset) == [delivery]
    assert "Planned after its rights end" in client.get(f"{HOME}/library/{asset.pk}/").content.decode()


@pytest.fixture
def slots(channel: Channel, brand: Brand) -> None:
    """A slot at every hour of every day."""
    QueueSlot.objects.bulk_create(
        QueueSlot(brand=brand, channel=channel, weekday=day, hour=time(hour))
        for day in range(7)
        for hour in range(24)
    )


@pytest.mark.usefixtures("slots")
def test_the_queue_gives_no_slot_beyond_the_rights_of_a_file(
    delivery: Delivery, asset: Asset, brand: Brand, channel: Channel
) -> None:
    (placed,) = put_in_queue(deliveries=[delivery], category=None, by=None, now=now())
    assert placed.at < last_hour()
    Asset.objects.filter(pk=asset.pk).update(expires_on=day_of(brand, now()) - timedelta(days=1))
    with pytest.raises(NoSlot) as refused:
        put_in_queue(deliveries=[delivery], category=None, by=None, now=now())
    (said,) = lacking(refused.value.lacks)
    assert "affiche.jpg" in said
    assert kept(delivery).due_at == placed.at, "nothing was planned anew"


@pytest.mark.usefixtures("slots")
def test_nobody_in_the_queue_is_pushed_or_put_beyond_the_rights_of_its_file(
    delivery: Delivery, asset: Asset, brand: Brand, channel: Channel
) -> None:
    other = build_delivery(channel)
    put_in_queue(deliveries=[other, delivery], category=None, by=None, now=now())
    hours = [kept(one).due_at for one in (other, delivery)]
    Asset.objects.filter(pk=asset.pk).update(expires_on=day_of(brand, now()) - timedelta(days=1))
    for act in (put_later, put_first):
        with pytest.raises(NoSlot) as refused:
            act(delivery=delivery, by=None, now=now())
        assert [lack.why for lack in refused.value.lacks] == ["rights"]
    close_up(channels=[channel], by=None, now=now())
    assert [kept(one).due_at for one in (other, delivery)] == hours


@pytest.mark.usefixtures("slots")
def test_the_page_of_the_queue_and_the_composer_say_it(
    delivery: Delivery, asset: Asset, brand: Brand, client: Client
) -> None:
    put_in_queue(deliveries=[delivery], category=None, by=None, now=now())
    said = "at this hour it cannot leave"
    assert said not in client.get(f"{HOME}/queue/").content.decode()
    Asset.objects.filter(pk=asset.pk).update(expires_on=day_of(brand, now()) - timedelta(days=1))
    assert said in client.get(f"{HOME}/queue/").content.decode()
    written = client.get(f"{HOME}/contents/{delivery.variant.post_id}/edit/").content.decode()
    assert "has no free slot as long as “affiche.jpg” may be published" in written


def series_of(asset: Asset, brand: Brand, channel: Channel, cast: Cast) -> Recurring:
    """The photograph every day at noon."""
    draft = SeriesDraft(
        name="Chaque jour",
        content=Content(media=(Medium(asset=asset.pk),)),
        wordings=["Un", "Deux"],
        channels=[channel.pk],
        changes={},
        rule="FREQ=DAILY",
        starts_on=day_of(brand, now()) + timedelta(days=1),
        hour=time(12),
    )
    return save_series(brand=brand, by=cast.owner, draft=draft, now=now())[0]


def test_a_series_makes_nothing_for_a_day_on_which_its_file_may_not_be_published(
    asset: Asset, brand: Brand, channel: Channel, cast: Cast, client: Client
) -> None:
    series = series_of(asset, brand, channel, cast)
    assert Delivery.objects.count() == series.occurrences.count() == 2, "tomorrow and the last day"
    page = client.get(f"{HOME}/series/{series.pk}/").content.decode()
    assert page.count("rights over: not made") == 8, "ten dates, two of them made"
    assert page.count("affiche.jpg") == 1, "why is said once"
    Asset.objects.filter(pk=asset.pk).update(expires_on=day_of(brand, now()) + timedelta(days=5))
    assert len(top_up(series=series, now=now())) == 3, "once the rights last longer, the rest is made"
    Asset.objects.filter(pk=asset.pk).update(expires_on=day_of(brand, now()))
    page = client.get(f"{HOME}/series/{series.pk}/").content.decode()
    assert page.count("it cannot leave as it is") == 5, "what was made before the rights were cut short"
    assert "rights over" in client.get(f"{HOME}/series/").content.decode()


def test_an_accounts_own_file_ends_a_series_too(
    asset: Asset, brand: Brand, channel: Channel, cast: Cast
) -> None:
    series = series_of(asset, brand, channel, cast)
    series.content, series.changes = {}, {str(channel.pk): {"media": [{"asset": asset.pk}]}}
    assert limit_of(series).asset == asset
    assert needed_by_plans({asset.pk}) == {asset.pk}


def test_the_form_of_a_series_shows_what_is_not_made_and_refuses_one_that_makes_nothing(
    asset: Asset, brand: Brand, channel: Channel, client: Client
) -> None:
    def said(first: date) -> str:
        typed = {"name": "Plat", "channels": [channel.pk], "wording": ["Un", "Deux"], "medium": [asset.pk]}
        when = {"starts_on": f"{first}", "hour": "12:00", "every": "day", "interval": "1", "ends": "never"}
        answer = client.post(f"{HOME}/series/new/", typed | when | {"act": "save", "month_day": "1"})
        return answer.content.decode()

    tomorrow = day_of(brand, now()) + timedelta(days=1)
    assert said(tomorrow).count("rights over: not made") == 8
    assert "every date of this series is later" in said(tomorrow + timedelta(days=3))
    assert Recurring.objects.count() == 0


def test_too_little_time_to_approve_is_said_so_when_a_content_is_dragged(
    brand: Brand, channel: Channel, cast: Cast, client: Client
) -> None:
    save_steps(
        brand=brand, channel=None, approvers=[Approver(kind="role", who="owner")], by=cast.owner, now=now()
    )
    delivery = build_delivery(channel)
    at = planned_at(delivery, now() + timedelta(days=1)).due_at
    sent = {"parts": str(delivery.pk), "seen": at.isoformat(), **typed(now() + timedelta(minutes=3), brand)}
    answer = client.post(f"{HOME}/calendar/move/", sent, headers={"accept": "application/json"})
    assert answer.json()["said"].startswith("Somebody has to approve it first"), "its hour is not over"
