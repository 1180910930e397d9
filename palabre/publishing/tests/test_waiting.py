"""What is late is shown to people, and the side bar counts what waits for each of them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.desk.selectors import brand_today
from palabre.publishing.approval.deciding import save_steps
from palabre.publishing.approval.rules import Approver
from palabre.publishing.models import Post
from palabre.publishing.tests.arranged import build_delivery, change, planned
from palabre.publishing.waiting import waiting_for
from tests.builders import Cast, build_user

HOME = "/b/cafe-baobab/publish"


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client()
    cast.owner.language = "en"
    cast.owner.save()
    browser.force_login(cast.owner)
    return browser


def test_what_is_late_by_more_than_two_minutes_is_named_to_people(
    brand: Brand, channel: Channel, cast: Cast, client: Client
) -> None:
    assert "Nothing is late" in client.get(f"{HOME}/late/").content.decode()
    now = timezone.now()
    late, fresh = planned(channel, "Le brunch"), planned(channel, "La carte")
    change(late, due_at=now - timedelta(minutes=7), try_at=now + timedelta(hours=1))
    change(fresh, due_at=now - timedelta(minutes=1))
    page = client.get(f"{HOME}/late/").content.decode()
    assert "Le brunch" in page and "La carte" not in page
    assert "7 min late" in page
    assert [one.pk for one in brand_today(brand, cast.owner, now=now).late] == [late.pk]
    today = client.get("/").content.decode()
    assert "Late: should have left" in today and f"{HOME}/late/" in today


def test_who_only_reads_may_look_at_what_is_late(brand: Brand, cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.colleague)
    assert browser.get(f"{HOME}/late/").status_code == 200
    browser.force_login(cast.stranger)
    assert browser.get(f"{HOME}/late/").status_code == 404


def test_the_side_bar_counts_each_content_that_waits_for_its_reader_once(
    brand: Brand, channel: Channel, cast: Cast, client: Client
) -> None:
    lea = build_user("lea@iroko.example", brand.organisation, "manager", "Léa")
    approver = Approver(kind="person", who=str(lea.pk))
    save_steps(brand=brand, channel=None, approvers=[approver], by=cast.owner, now=timezone.now())
    planned(channel, "À valider", at=timezone.now() + timedelta(days=1))
    assert (waiting_for(lea, brand), waiting_for(cast.owner, brand)) == (1, 0)
    stuck = build_delivery(channel, "Manqué")
    now = timezone.now()
    change(stuck, state="missed", due_at=now - timedelta(hours=1))
    assert (waiting_for(lea, brand), waiting_for(cast.owner, brand)) == (2, 1)
    assert waiting_for(cast.colleague, brand) == 0, "who only reads can do nothing about it"
    page = client.get(f"{HOME}/contents/").content.decode()
    bar = page[page.index('href="/b/cafe-baobab/publish/"') :][:400]
    assert ">1<" in bar.replace(" ", "").replace("\n", "") or "badge-n" in bar
    Post.objects.filter(variants__deliveries=stuck).update(deleted_at=now)
    assert waiting_for(cast.owner, brand) == 0
