"""A file of contents comes in whole, once, with its faults told before anything is saved."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.importing import stages
from palabre.publishing.importing.models import Import
from palabre.publishing.importing.stages import begin, read_again, save_import, stop_import, undo_import, work
from palabre.publishing.importing.words import fault_sentence
from palabre.publishing.models import Delivery, Post
from palabre.publishing.tests.arranged import build_channel, change, send_at
from palabre.publishing.tests.scripted import Scripted
from tests.builders import Cast

HEAD = "date;heure;texte;lien\n"


@pytest.fixture
def clock(brand: Brand) -> Iterator[datetime]:
    Brand.objects.filter(pk=brand.pk).update(time_zone="Europe/Paris")
    brand.refresh_from_db()
    return datetime(2026, 11, 23, 9, tzinfo=UTC)


def bring(brand: Brand, cast: Cast, text: str, channels: list[Channel], at: datetime) -> Import:
    """A file, read."""
    kept = begin(
        brand=brand,
        by=cast.owner,
        name="avril.csv",
        chunks=[text.encode()],
        channels=[channel.pk for channel in channels],
    )
    work(kept.pk, lambda: at)
    return fresh(kept)


def fresh(source: Import) -> Import:
    return Import.objects.select_related("brand").get(pk=source.pk)


def save(source: Import, at: datetime, *, planning: bool = True, also_faulty: bool = False) -> Import:
    save_import(source=source, planning=planning, also_faulty=also_faulty)
    work(source.pk, lambda: at)
    return fresh(source)


def codes(source: Import) -> dict[int, list[str]]:
    return {
        row.line: [
            fault["params"]["code"] if fault["code"] == "network" else fault["code"] for fault in row.faults
        ]
        for row in source.rows.all()
        if row.faults
    }


def test_what_is_good_is_planned_at_its_hour_and_leaves(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime, network: Scripted
) -> None:
    source = bring(
        brand, cast, HEAD + "2027-03-25;09:00;Bonjour;https://baobab.example\n;;À finir;\n", [channel], clock
    )
    assert (source.state, Post.objects.count()) == ("ready", 0)
    assert save(source, clock).state == "done"
    planned, draft = Post.objects.order_by("id")
    delivery = planned.deliveries().get()
    assert delivery.due_at == datetime(2027, 3, 25, 9, tzinfo=ZoneInfo("Europe/Paris"))
    assert (delivery.state, draft.deliveries().get().state) == ("scheduled", "draft")
    assert (planned.said.text, planned.said.link) == ("Bonjour", "https://baobab.example")
    assert [step.act for step in delivery.steps.all()] == ["created", "imported"]
    assert send_at(delivery.due_at) == 1
    assert list(network.texts()) == ["Bonjour"]


def test_each_fault_is_told_at_its_line_before_anything_is_saved(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    text = "date;heure;texte;lien;image;comptes\n" + "\n".join(
        [
            "2027-03-28;02:30;Une heure que le printemps saute;;;",
            "2025-01-01;09:00;Passé;;;",
            "2027-13-01;09:00;Un mois de trop;;;",
            f"2027-03-25;09:00;{'a' * 501};;;",
            "2027-03-25;09:00;Un lien cassé;pas un lien;;",
            "2027-03-25;09:00;Une image absente;;plage.jpg;",
            "2027-03-25;09:00;Un compte inconnu;;;instagram",
            "2027-03-25;09:00;;;;",
            "2027-03-25;;Sans heure;;;",
            '2027-03-25;09:00;"Sans fin;;;',
            "2027-03-25;09:00;Bon;;;@baobab",
        ]
    )
    source = bring(brand, cast, text, [channel], clock)
    assert codes(source) == {
        2: ["no_such_hour"],
        3: ["past"],
        4: ["date"],
        5: ["text_long"],
        6: ["link"],
        7: ["image_unknown"],
        8: ["account_unknown"],
        9: ["text_missing"],
        10: ["no_hour"],
        11: ["quotes"],
    }
    assert all(fault_sentence(fault) for row in source.rows.all() for fault in row.faults)
    assert Post.objects.count() == 0
    assert save(source, clock).rows.filter(state="saved").count() == 1


def test_an_ambiguous_date_is_asked_for(brand: Brand, cast: Cast, channel: Channel, clock: datetime) -> None:
    source = bring(brand, cast, "03/04/2027 09:00,Bonjour,\n", [channel], clock)
    assert (source.state, source.example) == ("asking", "03/04/2027 09:00")
    read_again(source=source, order="day", channels=[channel.pk])
    work(source.pk, lambda: clock)
    assert source.rows.get().due_at.month == 4
    read_again(source=fresh(source), order="month", channels=[channel.pk])
    work(source.pk, lambda: clock)
    assert source.rows.get().due_at.month == 3


def test_all_keeps_what_has_a_fault_as_a_draft(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    text = HEAD + '2025-01-01;09:00;Passé;\n2027-03-25;09:00;Bon;\n2027-03-25;09:00;"Perdu;\n'
    source = save(bring(brand, cast, text, [channel], clock), clock, also_faulty=True)
    assert list(source.rows.values_list("line", "state")) == [(2, "draft"), (3, "saved"), (4, "dropped")]
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["draft", "scheduled"]


def test_the_same_file_brings_nothing_twice_and_says_so(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    text = HEAD + "2027-03-25;09:00;Bonjour;\n2027-03-25;09:00;Bonjour;\n"
    first = bring(brand, cast, text, [channel], clock)
    assert codes(first) == {3: ["same_line"]}
    save(first, clock)
    again = bring(brand, cast, text, [channel], clock)
    assert codes(again) == {2: ["saved_before"], 3: ["saved_before"]}
    assert "avril.csv" in fault_sentence(again.rows.first().faults[0])
    save(again, clock)
    assert Post.objects.count() == 1
    elsewhere = build_channel(brand, "autre")
    assert codes(bring(brand, cast, text, [elsewhere], clock)) == {3: ["same_line"]}


def test_two_imports_of_the_same_file_at_once_save_it_once(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    text = HEAD + "2027-03-25;09:00;Bonjour;\n"
    one, other = (bring(brand, cast, text, [channel], clock) for _ in range(2))
    save(one, clock)
    assert save(other, clock).rows.get().state == "double"
    assert Post.objects.count() == 1


def test_a_whole_import_is_undone_but_for_what_has_left(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    text = HEAD + "2027-03-25;09:00;Parti;\n2027-03-26;09:00;Prévu;\n"
    source = save(bring(brand, cast, text, [channel], clock), clock)
    change(source.rows.get(line=2).post.deliveries().get(), state="published")
    undo_import(source=source)
    work(source.pk, lambda: clock)
    assert fresh(source).state == "undone"
    assert list(source.rows.values_list("line", "state")) == [(2, "left"), (3, "undone")]
    assert Post.objects.get(deleted_at=None).said.text == "Parti"
    assert Delivery.objects.get(variant__post__deleted_at__isnull=False).state == "cancelled"
    # What was taken back may come in again.
    assert codes(bring(brand, cast, text, [channel], clock)) == {}


def test_a_saving_that_is_stopped_keeps_what_is_saved_and_goes_on_where_it_was(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD + "".join(f"2027-03-25;09:{n:02};Numéro {n};\n" for n in range(50))
    source = bring(brand, cast, text, [channel], clock)
    monkeypatch.setattr("palabre.publishing.importing.saving.BATCH", 20)
    save_import(source=source, planning=True, also_faulty=False)
    seen = 0

    def stopping() -> datetime:
        nonlocal seen
        seen += 1
        if seen == 2:
            stop_import(source=fresh(source))
        return clock

    work(source.pk, stopping)
    assert (fresh(source).state, Post.objects.count()) == ("stopped", 40)
    assert save(fresh(source), clock).done == 50
    assert Post.objects.count() == 50


def test_an_hour_that_passes_before_it_is_saved_stays_a_draft(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    source = bring(brand, cast, HEAD + "2026-11-23;12:00;Midi;\n", [channel], clock)
    save(source, clock + timedelta(hours=3))
    assert source.rows.get().state == "draft"
    assert Delivery.objects.get().state == "draft"


def test_a_file_that_is_no_table_says_why(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    source = bring(brand, cast, "PK\x03\x04", [channel], clock)
    assert (source.state, source.error_code) == ("failed", "binary")


def test_what_a_stopped_worker_left_is_found_again(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    source = begin(brand=brand, by=cast.owner, name="a.csv", chunks=[b"a,b\n"], channels=[channel.pk])
    later = source.begun_at + timedelta(minutes=5)
    assert stages.forgotten(now=later) == [source.pk]
    Import.objects.filter(pk=source.pk).update(beat_at=later)
    assert stages.forgotten(now=later) == []


def test_the_pages_lead_from_the_file_to_the_contents(
    brand: Brand, cast: Cast, channel: Channel, client: Client
) -> None:
    client.force_login(cast.owner)
    file = io.BytesIO(
        "03/04/2099;Bonjour;\n05/04/2099 10:00;Bonsoir;https://baobab.example\n".encode("cp1252")
    )
    file.name = "hootsuite.csv"
    page = reverse("publishing:imports", args=[brand.slug])
    answer = client.post(page, {"file": file, "channels": [channel.pk]})
    source = Import.objects.get()
    address = reverse("publishing:import", args=[brand.slug, source.pk])
    assert answer["Location"] == address
    assert b"<progress" in client.get(address).content
    work(source.pk)
    assert "HX-Refresh" in client.get(f"{address}progress/").headers
    assert b'value="month"' in client.get(address).content
    client.post(f"{address}again/", {"order": "day", "channels": [channel.pk]})
    work(source.pk)
    assert fresh(source).rows.filter(state="faulty").count() == 1
    assert b"Bonjour" in client.get(address).content
    assert b"Bonjour" in client.get(f"{address}faults.csv").content
    client.post(f"{address}save/")
    work(source.pk)
    assert Delivery.objects.get().state == "scheduled"
    # A button pressed twice does nothing twice.
    assert client.post(f"{address}save/", follow=True).status_code == 200
    assert client.post(f"{address}undo/").status_code == 302
    work(source.pk)
    assert Delivery.objects.get().state == "cancelled"
    assert client.get(address).status_code == 200


def test_the_sample_can_be_imported_as_it_is(
    brand: Brand, cast: Cast, channel: Channel, client: Client
) -> None:
    client.force_login(cast.owner)
    sample = client.get(reverse("publishing:import_sample", args=[brand.slug]))
    source = bring(brand, cast, sample.content.decode(), [channel], datetime.now(UTC))
    assert codes(source) == {}
    assert source.rows.filter(state="good").count() == 3


def test_two_workers_never_read_one_file_together(
    brand: Brand, cast: Cast, channel: Channel, clock: datetime
) -> None:
    text = HEAD + "2027-03-25;09:00;Bonjour;\n"
    source = begin(brand=brand, by=cast.owner, name="a.csv", chunks=[text.encode()], channels=[channel.pk])
    Import.objects.filter(pk=source.pk).update(beat_at=timezone.now())
    work(source.pk, lambda: clock)
    assert fresh(source).state == "reading"
    Import.objects.filter(pk=source.pk).update(beat_at=timezone.now() - timedelta(minutes=3))
    work(source.pk, lambda: clock)
    assert (fresh(source).state, source.rows.count()) == ("ready", 1)
