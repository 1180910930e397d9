"""A brand that moves to another time zone: its days are counted anew, what is planned stays."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.agency.models import AuditEntry
from palabre.desk import zone
from palabre.desk.moving import move_zone, want_zone
from palabre.desk.tasks import move_brands
from palabre.intake.paste import paste
from palabre.listening.checks import check_rollups
from palabre.listening.models import DailyCount
from tests.builders import NOON, Cast, build_cast, build_topic

LATE = NOON.replace(day=20, hour=23, minute=30)
"""Already the next day in Paris, still the same in Montréal."""


@pytest.fixture
def cast(db: None) -> Cast:
    cast = build_cast()
    topic = build_topic(cast.brand)
    with scope(brand=cast.brand):
        paste(
            brand=cast.brand, by=cast.owner, topic=topic, text="Café baobab, tard", url="", author="Ada",
            published_at=LATE,
        )  # fmt: skip
    return cast


def days(cast: Cast) -> set[date]:
    with scope(brand=cast.brand):
        return set(DailyCount.objects.values_list("day", flat=True))


def save(cast: Cast, wanted: str) -> str:
    client = Client()
    client.force_login(cast.owner)
    page = client.post(reverse("desk:zone", args=[cast.brand.slug]), {"zone": wanted}, follow=True)
    cast.brand.refresh_from_db()
    return page.content.decode()


def test_a_small_brand_moves_while_the_page_waits(cast: Cast) -> None:
    assert days(cast) == {date(2026, 11, 21)}
    assert "America/Montreal" in save(cast, "America/Montreal")
    assert (cast.brand.time_zone, cast.brand.wanted_zone) == ("America/Montreal", "")
    assert days(cast) == {date(2026, 11, 20)}
    with scope(brand=cast.brand):
        assert AuditEntry.objects.get(act="brand.zone").after == "America/Montreal"


def test_a_large_one_moves_in_the_background_and_keeps_its_zone_until_then(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone, "is_quick", lambda brand: False)
    page = save(cast, "America/Montreal")
    assert (cast.brand.time_zone, cast.brand.wanted_zone) == ("Europe/Paris", "America/Montreal")
    assert "America/Montreal" in page and days(cast) == {date(2026, 11, 21)}
    move_brands(timestamp=0)
    cast.brand.refresh_from_db()
    assert (cast.brand.time_zone, cast.brand.wanted_zone) == ("America/Montreal", "")
    assert days(cast) == {date(2026, 11, 20)}


def test_choosing_the_present_zone_takes_the_choice_back(cast: Cast) -> None:
    want_zone(brand=cast.brand, by=cast.owner, zone="America/Montreal")
    want_zone(brand=cast.brand, by=cast.owner, zone="Europe/Paris")
    move_zone(brand=cast.brand)
    cast.brand.refresh_from_db()
    assert cast.brand.time_zone == "Europe/Paris" and days(cast) == {date(2026, 11, 21)}


def test_a_writer_that_knows_only_the_old_zone_counts_in_the_new_one(cast: Cast) -> None:
    stale = type(cast.brand).objects.get(pk=cast.brand.pk)
    want_zone(brand=cast.brand, by=cast.owner, zone="America/Montreal")
    move_zone(brand=cast.brand)
    with scope(brand=stale):
        paste(
            brand=stale, by=cast.owner, topic=build_topic(stale, name="Encore"), text="Café baobab encore",
            url="", author="Ada", published_at=LATE,
        )  # fmt: skip
        assert check_rollups(brand=cast.brand) == []
    assert days(cast) == {date(2026, 11, 20)}
