"""Series as a person uses them: made ahead once each, in turn, changed one by one or from now on, stopped."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.approval.models import ApprovalTier
from palabre.publishing.calendar.moving import move
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery.planning import stop_everything, take_up
from palabre.publishing.models import Delivery, Occurrence, Post, Recurring
from palabre.publishing.recurring import work
from palabre.publishing.recurring.making import top_up
from palabre.publishing.recurring.rules import HORIZON
from palabre.publishing.recurring.series import (
    SeriesDraft,
    bring_back,
    delete_series,
    resume_series,
    save_series,
    skip,
    stop_series,
)
from palabre.publishing.tests.arranged import build_channel, build_delivery, kept, send_at
from palabre.publishing.tests.scripted import Scripted
from tests.builders import Cast

PARIS = ZoneInfo("Europe/Paris")
HOME = "/b/cafe-baobab/publish"


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


def draft(
    channel: Channel, now: datetime, *, rule: str = "FREQ=DAILY;INTERVAL=3", **said: object
) -> SeriesDraft:
    first = now.astimezone(PARIS).date() + timedelta(days=1)
    usual = {"name": "Plat du jour", "content": Content(), "wordings": ["Un", "Deux"], "starts_on": first}
    usual["changes"] = {}
    return SeriesDraft(**usual | {"channels": [channel.pk], "rule": rule, "hour": time(10)} | said)


@pytest.fixture
def series(cast: Cast, brand: Brand, channel: Channel, now: datetime) -> Recurring:
    return save_series(brand=brand, by=cast.owner, draft=draft(channel, now), now=now)[0]


def coming(series: Recurring) -> list[tuple[datetime, str]]:
    rows = Delivery.objects.filter(variant__post__occurrence__recurring=series, state="scheduled")
    return [(one.due_at, one.variant.said.text) for one in rows.order_by("due_at")]


def test_a_month_is_made_ahead_and_wordings_take_turns(series: Recurring, now: datetime) -> None:
    made = coming(series)
    assert 9 <= len(made) <= 10
    assert [words for _at, words in made[:4]] == ["Un", "Deux", "Un", "Deux"]
    assert all(at.astimezone(PARIS).hour == 10 and at <= now + HORIZON for at, _words in made)


def test_each_time_is_made_once_for_ever_and_turns_go_on(series: Recurring, now: datetime) -> None:
    before = coming(series)
    assert top_up(series=series, now=now) == []
    later = now + timedelta(days=20)
    assert len(top_up(series=series, now=later)) >= 6
    after = coming(series)
    assert after[: len(before)] == before
    assert all(one != other for (_a, one), (_b, other) in pairwise(after)), "never the same words in a row"
    assert Occurrence.objects.values("slot").distinct().count() == len(after)


def test_the_worker_makes_what_is_missing_for_brands_at_work(series: Recurring, now: datetime) -> None:
    assert work.due_series(now=now) == []
    later = now + timedelta(days=10)
    assert work.due_series(now=later) == [series.pk]
    before = Post.objects.count()
    with scopes_disabled():
        work.make_series(series.pk, now=later)
    assert Post.objects.count() > before
    Brand.objects.update(state="archived")
    assert work.due_series(now=later + timedelta(days=10)) == []


def test_one_is_skipped_and_brought_back(cast: Cast, series: Recurring, now: datetime) -> None:
    before = coming(series)
    one = series.occurrences.all()[2]
    skip(occurrence=one, by=cast.owner)
    top_up(series=series, now=now)
    assert coming(series) == before[:2] + before[3:], "it is not made again"
    assert bring_back(occurrence=series.occurrences.get(pk=one.pk), now=now)
    assert coming(series) == before


def test_a_change_reaches_all_to_come_but_not_what_somebody_moved_or_changed(
    cast: Cast, brand: Brand, channel: Channel, series: Recurring, now: datetime
) -> None:
    moved, changed = series.occurrences.all()[:2]
    delivery = moved.post.deliveries().get()
    elsewhere = moved.at + timedelta(hours=2)
    move(deliveries=[delivery.pk], seen=moved.at, to=elsewhere, by=cast.owner, now=now)
    said = PostDraft(content=Content(text="Exception"), channels={channel.pk: {}}, name="Plat du jour")
    save_post(brand=brand, by=cast.owner, draft=said, post=changed.post)
    wanted = draft(channel, now, wordings=["Neuf", "Dix"])
    series, taken = save_series(brand=brand, by=cast.owner, draft=wanted, now=now, series=series)
    words = [words for _at, words in coming(series)]
    assert taken.own == 2 and words[0] == "Un" and words[1] == "Exception"
    assert set(words[2:]) == {"Neuf", "Dix"} and coming(series)[0][0] == elsewhere
    assert len(words) == len({one.slot for one in series.occurrences.all()})


def test_saving_without_a_change_touches_nothing(
    cast: Cast, brand: Brand, channel: Channel, series: Recurring, now: datetime
) -> None:
    before = set(Post.objects.values_list("pk", flat=True))
    save_series(brand=brand, by=cast.owner, draft=draft(channel, now), now=now, series=series)
    assert set(Post.objects.values_list("pk", flat=True)) == before


def test_pausing_takes_away_what_has_not_left_and_going_on_makes_it_anew(
    cast: Cast, series: Recurring, network: Scripted, now: datetime
) -> None:
    first, own = series.occurrences.all()[:2]
    after_first = first.at + timedelta(seconds=1)
    assert send_at(after_first) == 1
    move(
        deliveries=[own.post.deliveries().get().pk],
        seen=own.at,
        to=own.at + timedelta(hours=1),
        by=cast.owner,
        now=now,
    )
    taken = stop_series(series=series, to="paused", by=cast.owner, now=after_first)
    assert taken.own == 1 and taken.gone >= 7 and coming(series) == []
    assert kept(own.post.deliveries().get()).state == "draft", "what somebody moved is not thrown away"
    assert first.post.deliveries().get().state == "published"
    assert work.due_series(now=after_first) == []
    resume_series(series=series, by=cast.owner, now=after_first)
    again = coming(series)
    assert len(again) >= 7 and again[0][1] == "Un", "the first and the moved one had their turns"


def test_ending_and_deleting_leave_what_left(cast: Cast, series: Recurring, network: Scripted) -> None:
    first = series.occurrences.first()
    after = first.at + timedelta(seconds=1)
    send_at(after)
    stop_series(series=series, to="ended", by=cast.owner, now=after)
    delete_series(series=series, by=cast.owner, now=after)
    assert [one.state for one in Delivery.objects.exclude(state="cancelled")] == ["published"]
    assert Occurrence.objects.count() == 0 and Post.objects.filter(deleted_at=None).count() == 1


def test_the_crisis_switch_holds_what_is_made_meanwhile(
    cast: Cast, brand: Brand, series: Recurring, now: datetime
) -> None:
    stop_everything(brand=brand, by=cast.owner, why="", now=now)
    assert coming(series) == []
    made = top_up(series=series, now=now + timedelta(days=10))
    assert made and {one.deliveries().get().state for one in made} == {"paused"}
    take_up(brand=brand, by=cast.owner, now=now)
    assert len(coming(series)) == series.occurrences.count()


def test_each_time_goes_through_approval(cast: Cast, brand: Brand, channel: Channel, now: datetime) -> None:
    ApprovalTier.objects.create(brand=brand, position=1, role="manager")
    near = (now + timedelta(minutes=3)).astimezone(PARIS)
    told = draft(
        channel, now, rule="FREQ=DAILY", starts_on=near.date(), hour=near.time().replace(microsecond=0)
    )
    series, _ = save_series(brand=brand, by=cast.owner, draft=told, now=now)
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states == {"awaiting"}
    assert series.occurrences.first().at > now + timedelta(hours=20), (
        "what leaves no time to decide is not made"
    )


def test_the_hour_of_the_clock_stays_when_clocks_change(cast: Cast, brand: Brand, channel: Channel) -> None:
    now = datetime(2027, 3, 20, 12, tzinfo=UTC)
    told = draft(channel, now, rule="FREQ=DAILY", starts_on=date(2027, 3, 27), hour=time(2, 30))
    series, _ = save_series(brand=brand, by=cast.owner, draft=told, now=now)
    hours = [f"{one.at.astimezone(PARIS):%H:%M}" for one in series.occurrences.all()[:3]]
    assert hours == ["02:30", "03:30", "02:30"]


def test_a_removed_account_gets_nothing_more(series: Recurring, channel: Channel, now: datetime) -> None:
    Channel.objects.update(state="removed")
    assert top_up(series=series, now=now + timedelta(days=10)) == []


def typed(channel: Channel, **more: object) -> dict[str, object]:
    day = timezone.localdate() + timedelta(days=2)
    usual = {
        "name": "Plat",
        "channels": [channel.pk],
        "wording": ["Le plat", "Au menu"],
        "starts_on": f"{day}",
    }
    when = {"hour": "10:00", "every": "day", "interval": "2", "ends": "never", "month_day": "1"}
    return usual | when | more


def test_the_dates_are_seen_before_anything_is_saved(client: Client, brand: Brand, channel: Channel) -> None:
    seen = client.post(f"{HOME}/series/new/", typed(channel, act="save"))
    assert Recurring.objects.count() == 0
    page = seen.content.decode()
    assert "Tous les 2 jours à 10:00" in page
    mark = page.split('name="seen" value="')[1].split('"')[0]
    answer = client.post(f"{HOME}/series/new/", typed(channel, act="save", seen=mark))
    with scope(brand=brand):
        series = Recurring.objects.get()
        assert answer["Location"].endswith(f"/series/{series.pk}/") and series.rule == "FREQ=DAILY;INTERVAL=2"
        assert 14 <= series.occurrences.count() <= 15
    shown = client.get(answer["Location"]).content.decode()
    assert "Le plat" in shown and "Au menu" in shown
    assert "Plat" in client.get(f"{HOME}/series/").content.decode()
    assert "dans une série" in client.get(f"{HOME}/?view=list").content.decode()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"every": "rule", "rule": "FREQ=SECONDLY"}, "FREQ doit être"),
        ({"every": "rule", "rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "aucune date"),
        ({"every": "rule", "rule": ""}, "Écrivez une règle"),
        ({"ends": "count"}, "combien de fois"),
        ({"ends": "until", "until": "2020-01-01"}, "aucune date"),
        ({"wording": ["Pareil", "Pareil"]}, "se suivent disent la même chose"),
        ({"wording": ["x" * 600, "y"]}, "Formulation 1"),
        ({"wording": [""]}, "au moins une formulation"),
        ({"channels": []}, "au moins un compte"),
    ],
)
def test_what_cannot_be_is_told_at_its_place(
    client: Client, channel: Channel, more: dict[str, object], expected: str
) -> None:
    page = client.post(f"{HOME}/series/new/", typed(channel, act="save", **more)).content.decode()
    assert expected in page
    assert Recurring._base_manager.count() == 0


def test_one_wording_only_is_advised_against(client: Client, channel: Channel) -> None:
    page = client.post(
        f"{HOME}/series/new/", typed(channel, act="look", wording=["Seul"]), headers={"hx-request": "true"}
    )
    assert "deux fois le même texte" in page.content.decode()


def test_a_content_is_repeated_with_its_words_and_accounts(
    client: Client, brand: Brand, channel: Channel
) -> None:
    delivery = build_delivery(channel, "Notre carte")
    page = client.get(f"{HOME}/series/new/?from={delivery.variant.post_id}").content.decode()
    assert "Notre carte" in page and f'value="{channel.pk}" checked' in page


def test_what_an_account_says_in_its_own_words_is_kept_shown_and_said_each_time(
    client: Client, brand: Brand, channel: Channel
) -> None:
    other = build_channel(brand, "autre")
    own = {"text": "Pour vous seuls", "parts": ["La suite"], "first_comment": "Et encore"}
    said = PostDraft(content=Content(text="Pour tous"), channels={channel.pk: {}, other.pk: own})
    post = save_post(brand=brand, by=None, draft=said)
    begin = f"{HOME}/series/new/?from={post.pk}"
    page = client.get(begin).content.decode()
    assert "Pour vous seuls" in page and "un premier commentaire" in page
    told = typed(channel, channels=[channel.pk, other.pk], act="save", wording=["Pour tous", "Deux"])
    told[f"own-{other.pk}-text"] = "À vous seuls"
    mark = client.post(begin, told).content.decode().split('name="seen" value="')[1].split('"')[0]
    assert client.post(begin, told | {"seen": mark}).status_code == 302
    series = Recurring.objects.get()
    assert series.own(other.pk) == own | {"text": "À vous seuls"}
    texts = [one.post.variants.get(channel=other).said.text for one in series.occurrences.all()]
    assert len(texts) > 9 and set(texts) == {"À vous seuls"}
    assert {one.variant.said.text for one in Delivery.objects.filter(channel=channel, state="scheduled")} == {
        "Pour tous",
        "Deux",
    }
    edit = f"{HOME}/series/{series.pk}/edit/"
    assert "À vous seuls" in client.get(edit).content.decode()
    without = told | {"seen": mark, "channels": [channel.pk]}
    client.post(edit, without)
    assert Recurring.objects.get().own(other.pk)["parts"] == ["La suite"], "kept for when it is ticked again"
    client.post(edit, told | {"seen": mark, f"own-{other.pk}-drop": "1"})
    assert Recurring.objects.get().changes == {}


def test_an_account_is_given_its_own_words_in_a_series(
    client: Client, brand: Brand, channel: Channel
) -> None:
    other = build_channel(brand, "autre")
    told = typed(channel, channels=[channel.pk, other.pk], act=f"own-{other.pk}")
    page = client.post(f"{HOME}/series/new/", told).content.decode()
    assert f'name="own-{other.pk}-text"' in page and f'name="own-{channel.pk}-text"' not in page
    told |= {"act": "look", f"own-{other.pk}-text": "x" * 600}
    page = client.post(f"{HOME}/series/new/", told, headers={"hx-request": "true"}).content.decode()
    assert "Formulation 1" in page, "they are read as that account takes them"


def test_a_person_pauses_goes_on_ends_skips_and_deletes(
    client: Client, cast: Cast, brand: Brand, series: Recurring
) -> None:
    one = f"{HOME}/series/{series.pk}"
    time_ = series.occurrences.first()
    client.post(f"{HOME}/series/times/{time_.pk}/skip/")
    assert "sautée" in client.get(f"{one}/").content.decode()
    client.post(f"{HOME}/series/times/{time_.pk}/back/")
    post = series.occurrences.first().post_id
    assert "cette fois-ci" in client.get(f"{HOME}/contents/{post}/").content.decode()
    for act, state in (("pause", "paused"), ("resume", "active"), ("end", "ended")):
        client.post(f"{one}/{act}/")
        assert Recurring.objects.get().state == state
    assert "ended" not in client.get(f"{one}/").content.decode().split("<main")[1].split("</main")[0].replace(
        "ended/", ""
    )
    client.post(f"{one}/delete/")
    assert Recurring.objects.count() == 0


def test_a_reader_looks_and_a_stranger_does_not(cast: Cast, series: Recurring) -> None:
    browser = Client()
    browser.force_login(cast.colleague)
    assert browser.get(f"{HOME}/series/{series.pk}/").status_code == 200
    assert browser.post(f"{HOME}/series/{series.pk}/pause/").status_code == 403
    browser.force_login(cast.stranger)
    assert browser.get(f"{HOME}/series/{series.pk}/").status_code == 404


def test_series_go_to_several_accounts_at_once(
    cast: Cast, brand: Brand, channel: Channel, now: datetime
) -> None:
    other = build_channel(brand, "autre")
    told = draft(channel, now, channels=[channel.pk, other.pk], rule="FREQ=DAILY;COUNT=2")
    series, _ = save_series(brand=brand, by=cast.owner, draft=told, now=now)
    assert series.occurrences.count() == 2 and Delivery.objects.filter(state="scheduled").count() == 4
