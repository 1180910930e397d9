"""The calendar as a person uses it: what it shows, what moves, what it refuses, where else it goes."""

import csv
import io
import re
import zlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from icalendar import Calendar

from palabre.agency.models import Brand, Member
from palabre.channels.models import Channel
from palabre.publishing.calendar.board import Board
from palabre.publishing.calendar.entries import Entry, Part, at_most, balance
from palabre.publishing.calendar.models import CalendarFeed, CalendarNote
from palabre.publishing.calendar.notes import choose_days, hide_day, renew_feed, write_note
from palabre.publishing.calendar.selection import Selection, View
from palabre.publishing.models import Campaign, Delivery, Pillar
from palabre.publishing.tests.arranged import build_channel, build_delivery, change, kept, planned
from tests.builders import Cast

PARIS = ZoneInfo("Europe/Paris")
HOME = "/b/cafe-baobab/publish/"


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


@pytest.fixture
def soon() -> datetime:
    """Ten in the morning, three days from now, in Paris."""
    day = timezone.localdate() + timedelta(days=3)
    return datetime(day.year, day.month, day.day, 10, tzinfo=PARIS)


def at_paris(delivery: Delivery) -> datetime:
    due = kept(delivery).due_at
    assert due
    return due.astimezone(PARIS)


def drag(
    client: Client, delivery: Delivery, to: datetime, *, seen: datetime | None = None
) -> tuple[int, dict]:
    due = kept(delivery).due_at
    answer = client.post(
        f"{HOME}calendar/move/",
        {
            "parts": str(delivery.pk),
            "seen": (seen or due or timezone.now()).isoformat(),
            "day": f"{to:%Y-%m-%d}",
            "hour": f"{to:%H:%M}",
        },
        headers={"accept": "application/json"},
    )
    return answer.status_code, answer.json()


@pytest.mark.parametrize("view", list(View))
def test_a_planned_content_is_on_its_day_in_every_view(
    client: Client, channel: Channel, soon: datetime, view: View
) -> None:
    planned(channel, "Une tasse fumante", at=soon)
    seen = client.get(HOME, {"view": view.value, "on": f"{soon:%Y-%m-%d}"}).content.decode()
    assert "Une tasse fumante" in seen
    assert f"{soon:%H:%M}" in seen


def test_one_content_on_two_networks_at_the_same_hour_is_one_entry(
    brand: Brand, channel: Channel, soon: datetime
) -> None:
    other = build_channel(brand, handle="baobab.example", network="bluesky")
    first = planned(channel, at=soon)
    with scope(brand=brand):
        variant = first.variant.post.variants.create(brand=brand, channel=other)
        Delivery.objects.create(brand=brand, variant=variant, channel=other, state="scheduled", due_at=soon)
        board = Board(brand=brand, selection=Selection(on=soon.date()), now=timezone.now(), language="fr")
        (entry,) = board.entries
        assert len(entry.parts) == 2
        lanes = dict(
            Board(
                brand=brand,
                selection=Selection(on=soon.date(), view=View.LANES),
                now=timezone.now(),
                language="fr",
            ).lanes()
        )
    assert [sum(len(cell.entries) for cell in row) for row in lanes.values()] == [1, 1]


def test_a_night_belongs_to_the_day_of_the_brands_clock(brand: Brand, channel: Channel) -> None:
    # 23:30 UTC on the 20th is half past midnight on the 21st in Paris.
    delivery = planned(channel, at=datetime(2027, 1, 20, 23, 30, tzinfo=UTC))
    board = Board(
        brand=brand,
        selection=Selection(on=date(2027, 1, 21), view=View.DAY),
        now=timezone.now(),
        language="fr",
    )
    assert [entry.parts[0].pk for entry in board.entries] == [delivery.pk]


def test_a_full_day_shows_what_went_wrong_first_and_counts_the_rest() -> None:
    def entry(hour: int, state: str) -> Entry:
        part = Part(pk=hour, channel=1, network="bluesky", state=state)
        at = datetime(2027, 1, 5, hour, tzinfo=PARIS)
        return Entry(post=hour, name="", at=at, pillar=None, parts=(part,))

    row = [entry(hour, "scheduled") for hour in range(8, 18)] + [entry(20, "failed")]
    assert [one.at.hour for one in at_most(row, 4)] == [8, 9, 10, 20]


def test_a_content_is_dragged_to_another_day_and_keeps_its_hour(
    client: Client, channel: Channel, soon: datetime
) -> None:
    delivery = planned(channel, at=soon)
    status, told = drag(client, delivery, soon + timedelta(days=2))
    assert (status, told["moved"], told["time"]) == (200, True, "10:00")
    assert at_paris(delivery) == soon + timedelta(days=2)
    assert kept(delivery).state == "scheduled"


def test_two_people_dragging_the_same_content_are_told(
    client: Client, channel: Channel, soon: datetime
) -> None:
    delivery = planned(channel, at=soon)
    drag(client, delivery, soon + timedelta(days=1))
    status, told = drag(client, delivery, soon + timedelta(days=2), seen=soon)
    assert status == 409
    assert "déplacé" in told["said"]
    assert at_paris(delivery) == soon + timedelta(days=1), "the first one holds"


@pytest.mark.parametrize("state", ["sending", "published", "unknown", "handed", "rejected"])
def test_what_may_not_move_any_more_stays(
    client: Client, channel: Channel, soon: datetime, state: str
) -> None:
    delivery = planned(channel, at=soon)
    change(delivery, state=state)
    status, told = drag(client, delivery, soon + timedelta(days=1))
    assert (status, told["moved"]) == (409, False)
    assert at_paris(delivery) == soon
    page = client.get(HOME, {"on": f"{soon:%Y-%m-%d}"}).content.decode()
    assert "data-entry" not in page, "the page does not offer it either"


def test_the_past_and_an_hour_that_does_not_exist_are_refused(
    client: Client, channel: Channel, soon: datetime
) -> None:
    delivery = planned(channel, at=soon)
    _, past = drag(client, delivery, soon - timedelta(days=9))
    assert "est passée" in past["said"]
    _, skipped = drag(client, delivery, datetime(2027, 3, 28, 2, 30))
    assert "n’existe pas" in skipped["said"]
    assert at_paris(delivery) == soon


def test_two_contents_at_the_same_minute_on_one_account_are_told(
    client: Client, channel: Channel, soon: datetime
) -> None:
    planned(channel, "La première", at=soon + timedelta(days=1))
    second = planned(channel, "La seconde", at=soon)
    _, told = drag(client, second, soon + timedelta(days=1))
    assert told["moved"]
    assert "La première" in told["said"]


def test_without_a_script_the_form_moves_it_and_leads_there(
    client: Client, channel: Channel, soon: datetime
) -> None:
    delivery = planned(channel, at=soon)
    beside = client.get(HOME, {"on": f"{soon:%Y-%m-%d}", "post": delivery.variant.post_id}).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', beside)
    assert seen
    answer = client.post(
        f"{HOME}calendar/move/",
        {
            "parts": delivery.pk,
            "seen": seen[1],
            "day": f"{soon + timedelta(days=4):%Y-%m-%d}",
            "hour": "18:45",
        },
    )
    assert f"on={soon + timedelta(days=4):%Y-%m-%d}" in answer["Location"]
    assert at_paris(delivery).strftime("%H:%M") == "18:45"


def test_a_reader_sees_the_calendar_and_can_move_nothing(
    cast: Cast, channel: Channel, soon: datetime
) -> None:
    delivery = planned(channel, at=soon)
    reader = Client()
    reader.force_login(cast.colleague)
    page = reader.get(HOME, {"on": f"{soon:%Y-%m-%d}", "post": delivery.variant.post_id}).content.decode()
    assert "data-entry" not in page
    assert "move-form" not in page
    assert reader.post(f"{HOME}calendar/move/", {}).status_code == 403


def test_another_brands_delivery_cannot_be_moved(client: Client, cast: Cast, soon: datetime) -> None:
    theirs = planned(build_channel(cast.other), at=soon)
    status, _ = drag(client, theirs, soon + timedelta(days=1), seen=soon)
    assert status == 409
    assert at_paris(theirs) == soon


def test_the_filter_narrows_and_is_kept_from_month_to_month(
    client: Client, brand: Brand, channel: Channel, soon: datetime
) -> None:
    campaign = Campaign.objects.create(brand=brand, name="Noël")
    other = build_channel(brand, handle="baobab.example", network="bluesky")
    planned(channel, "Hors campagne", at=soon)
    inside = planned(other, "Dans la campagne", at=soon)
    inside.variant.post.campaign = campaign
    inside.variant.post.save()
    page = client.get(HOME, {"on": f"{soon:%Y-%m-%d}", "campaign": campaign.pk}).content.decode()
    assert "Dans la campagne" in page
    assert "Hors campagne" not in page
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following and f"campaign={campaign.pk}" in following[1]
    page = client.get(HOME, {"on": f"{soon:%Y-%m-%d}", "channel": channel.pk}).content.decode()
    assert "Hors campagne" in page
    assert "Dans la campagne" not in page


@pytest.mark.parametrize(
    "asked", ["?on=0001-01-01", "?on=9999-12-31", "?view=x&on=y&channel=-1&page=0", "?post=9"]
)
def test_an_address_that_makes_no_sense_shows_a_calendar(client: Client, db: None, asked: str) -> None:
    assert client.get(HOME + asked).status_code == 200


def test_what_waits_for_a_person_is_counted_and_led_to_whatever_its_month(
    client: Client, channel: Channel
) -> None:
    late = planned(channel, "Jamais partie", at=timezone.now())
    change(late, state="missed", due_at=timezone.now() - timedelta(days=70))
    page = client.get(HOME).content.decode()
    assert re.search(r"1\s+non diffusé", page)
    assert "Jamais partie" not in page
    listed = client.get(HOME, {"view": "list", "state": "stuck"}).content.decode()
    assert "Jamais partie" in listed


def test_pillars_are_held_against_their_target(brand: Brand) -> None:
    craft = Pillar.objects.create(brand=brand, name="Savoir-faire", target=40)
    offers = Pillar.objects.create(brand=brand, name="Offres", target=25)

    def entry(post: int, pillar: int | None) -> Entry:
        part = Part(pk=post, channel=1, network="bluesky", state="scheduled")
        return Entry(post=post, name="", at=timezone.now(), pillar=pillar, parts=(part,))

    told = balance(
        [entry(1, craft.pk), entry(1, craft.pk), entry(2, offers.pk), entry(3, None)], [craft, offers]
    )
    assert [(share.part, share.target) for share in told.shares] == [(50, 40), (50, 25)]
    assert (told.total, told.without) == (2, 1)


def test_a_day_of_the_brands_own_comes_back_and_a_note_does_not(brand: Brand, cast: Cast) -> None:
    write_note(brand=brand, by=cast.owner, text="Fermé", first_day=date(2026, 11, 10))
    write_note(brand=brand, by=cast.owner, text="Anniversaire", first_day=date(2024, 11, 24), yearly=True)
    write_note(brand=brand, by=cast.owner, text="Bissextile", first_day=date(2024, 2, 29), yearly=True)

    def told(year: int, month: int) -> set[str]:
        selection = Selection(on=date(year, month, 1))
        board = Board(brand=brand, selection=selection, now=timezone.now(), language="fr")
        return {mark.name for row in board.marks.values() for mark in row}

    assert {"Fermé", "Anniversaire", "Armistice", "Black Friday"} <= told(2026, 11)
    assert "Fermé" not in told(2027, 11)
    assert "Anniversaire" in told(2027, 11)
    assert "Bissextile" in told(2028, 2)
    assert "Bissextile" not in told(2027, 2)


def test_a_hidden_day_is_gone_and_comes_back(brand: Brand) -> None:
    def names() -> set[str]:
        selection = Selection(on=date(2026, 11, 1))
        board = Board(brand=brand, selection=selection, now=timezone.now(), language="fr")
        return {mark.name for row in board.marks.values() for mark in row}

    hide_day(brand=brand, key="black-friday", hidden=True)
    assert "Black Friday" not in names()
    hide_day(brand=brand, key="black-friday", hidden=False)
    assert "Black Friday" in names()
    choose_days(brand=brand, countries=["BE"], zones=[], marronniers=False)
    assert "Black Friday" not in names()
    assert "Toussaint" in names()


def test_the_feed_reads_back_and_knows_its_contents_again(
    brand: Brand, cast: Cast, channel: Channel, soon: datetime
) -> None:
    delivery = planned(channel, "Plutôt filtre ou expresso ? ☕, dites-nous ; merci", at=soon)
    write_note(brand=brand, by=cast.owner, text="Fermé", first_day=soon.date())
    feed = renew_feed(brand=brand, user=cast.owner)
    answer = Client().get(f"/publish/calendar/{feed.token}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    assert calendar["version"] == "2.0"
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    (event,) = (one for uid, one in events.items() if uid.startswith(f"delivery-{delivery.pk}@"))
    assert event.decoded("dtstart") == soon
    assert "Plutôt filtre ou expresso ? ☕, dites-nous ; merci" in event["summary"]
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")), "lines are folded (RFC 5545, 3.1)"
    assert any(str(one["summary"]) == "Fermé" for one in events.values())


def test_a_renewed_or_lost_address_is_silent(brand: Brand, cast: Cast) -> None:
    old = renew_feed(brand=brand, user=cast.owner).token
    new = renew_feed(brand=brand, user=cast.owner).token
    assert Client().get(f"/publish/calendar/{old}.ics").status_code == 404
    assert Client().get(f"/publish/calendar/{new}.ics").status_code == 200
    Member.objects.filter(user=cast.owner).delete()
    assert Client().get(f"/publish/calendar/{new}.ics").status_code == 404, "who left reads no more"
    assert CalendarFeed.objects.count() == 1


def test_the_sheet_holds_every_delivery_and_no_formula(
    client: Client, channel: Channel, soon: datetime
) -> None:
    planned(channel, "=1+1 cafés", at=soon)
    answer = client.get(f"{HOME}calendar/sheet.csv", {"view": "list", "on": f"{soon:%Y-%m-%d}"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][0:2] == [f"{soon:%Y-%m-%d}", "10:00"]
    assert rows[1][4] == "'=1+1 cafés"


def test_the_paper_is_a_tagged_pdf(client: Client, channel: Channel, soon: datetime) -> None:
    pytest.importorskip("weasyprint", exc_type=OSError, reason="Pango is not on this machine")
    planned(channel, "Une tasse fumante", at=soon)
    answer = client.get(f"{HOME}calendar/sheet.pdf", {"view": "list", "on": f"{soon:%Y-%m-%d}"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    packed = re.findall(rb"stream\r?\n(.*?)endstream", answer.content, re.DOTALL)
    assert any(
        b"/StructTreeRoot" in zlib.decompressobj().decompress(each) for each in packed if each[:1] == b"x"
    )


def test_the_switch_stops_lists_and_takes_up_again(client: Client, channel: Channel, soon: datetime) -> None:
    coming = planned(channel, "À venir", at=soon)
    gone = planned(channel, "Manquée", at=soon)
    client.post(f"{HOME}standstill/stop/", {"why": "Incident"})
    assert {kept(coming).state, kept(gone).state} == {"paused"}
    page = client.get(f"{HOME}standstill/").content.decode()
    assert "À venir" in page
    assert "Incident" in page
    assert "standstill/" in client.get(HOME).content.decode()
    change(gone, due_at=timezone.now() - timedelta(minutes=5))
    answer = client.post(f"{HOME}standstill/resume/")
    assert answer["Location"].endswith("standstill/"), "there is something to decide on"
    assert (kept(coming).state, kept(gone).state) == ("scheduled", "missed")
    page = client.get(f"{HOME}standstill/").content.decode()
    assert "Manquée" in page
    assert f"deliveries/{gone.pk}/now/" in page


def test_campaigns_and_pillars_are_made_changed_and_put_away(client: Client, brand: Brand) -> None:
    client.post(f"{HOME}editorial/pillar/", {"name": "Offres", "target": "25"})
    pillar = Pillar.objects.get()
    assert pillar.target == 25
    again = client.post(f"{HOME}editorial/pillar/", {"name": "Offres"}).content.decode()
    assert "déjà pris" in again
    wrong = client.post(
        f"{HOME}editorial/campaign/", {"name": "Noël", "starts_on": "2026-12-24", "ends_on": "2026-12-01"}
    ).content.decode()
    assert "avant le premier jour" in wrong
    client.post(f"{HOME}editorial/pillar/{pillar.pk}/", {"act": "archive"})
    assert Pillar.objects.get().archived_at
    assert "Offres" in client.get(f"{HOME}editorial/").content.decode()


def test_notes_are_written_and_erased_on_their_page(client: Client, brand: Brand) -> None:
    client.post(f"{HOME}days/write/", {"text": "Fermé", "first_day": "2026-11-10"})
    note = CalendarNote.objects.get()
    assert note.last_day == note.first_day
    wrong = client.post(
        f"{HOME}days/write/", {"text": "X", "first_day": "2026-11-10", "last_day": "2026-11-01"}
    )
    assert wrong.status_code == 422
    client.post(f"{HOME}days/{note.pk}/erase/")
    assert not CalendarNote.objects.exists()


def test_a_draft_is_on_no_day(client: Client, channel: Channel) -> None:
    build_delivery(channel, "Un brouillon")
    assert "Un brouillon" not in client.get(HOME).content.decode()
