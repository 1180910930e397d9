"""The invented network: the same world twice, believable rhythms, and misbehaviour on demand."""

import re
from collections import Counter
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks import errors
from palabre.networks.contract import ItemKind, Page, RemoteItem, Session, Watch
from palabre.networks.sandbox import BRAND, MANIFEST, Behaviour, connector, demo_items
from palabre.networks.sandbox.invented.names import OUTLETS
from palabre.networks.sandbox.invented.tales import TALES

END = datetime(2026, 11, 23, tzinfo=UTC)
START = END - timedelta(days=90)
BRANDS = (("Café des Tilleuls", "#cafedestilleuls"), ("Musée des Girouettes",))


def session(now: datetime = END) -> Session:
    return Session(http=Http(), mailboxes=Mailboxes(), now=lambda: now)


@pytest.fixture(scope="module", params=[(brand, tongue) for brand in BRANDS for tongue in ("fr", "en")])
def world(request: pytest.FixtureRequest) -> list[RemoteItem]:
    brand, tongue = request.param
    return list(demo_items(brand, START, END, 1, tongue))


def test_ninety_days_are_told_once_and_in_order(world: list[RemoteItem]) -> None:
    assert 1000 < len(world) < 2500
    assert len({item.remote_id for item in world}) == len(world)
    times = [item.published_at for item in world if item.published_at]
    assert times == sorted(times)
    assert times[0] >= START and times[-1] < END


def test_the_same_words_and_seed_tell_the_same_world() -> None:
    again = [list(demo_items(BRANDS[0], START, END, 7, "fr")) for _ in range(2)]
    assert again[0] == again[1]
    assert again[0] != list(demo_items(BRANDS[0], START, END, 8, "fr"))


def test_a_window_of_the_world_is_the_world_in_that_window() -> None:
    bad = date(2026, 11, 5)
    begin, end = END - timedelta(days=20), END - timedelta(days=10)
    whole = demo_items(BRANDS[0], START, END, 1, "fr", bad_day=bad)
    part = list(demo_items(BRANDS[0], begin, end, 1, "fr", bad_day=bad))
    assert part == [item for item in whole if item.published_at and begin <= item.published_at < end]


def test_one_day_is_bad_and_stands_out(world: list[RemoteItem]) -> None:
    days = Counter(item.published_at.date() for item in world if item.published_at)
    (worst, most), (_, second), *_ = days.most_common(2)
    assert worst == date(2026, 11, 5) and most > 2 * second


def test_people_sleep(world: list[RemoteItem]) -> None:
    paris = ZoneInfo("Europe/Paris")
    hours = Counter(item.published_at.astimezone(paris).hour for item in world if item.published_at)
    assert sum(hours[hour] for hour in range(1, 6)) < sum(hours[hour] for hour in range(18, 22)) / 5


def test_an_agency_text_is_printed_by_several_newspapers(world: list[RemoteItem]) -> None:
    titles = Counter(item.title for item in world if item.kind is ItemKind.ARTICLE)
    assert titles and max(titles.values()) >= 4
    printed = [item for item in world if item.title == titles.most_common(1)[0][0]]
    assert len({item.outlet for item in printed}) >= 4


def test_many_people_speak_and_few_are_widely_read(world: list[RemoteItem]) -> None:
    followers = {
        a.handle: a.followers or 0 for item in world if (a := item.author) and item.kind is ItemKind.POST
    }
    assert len(followers) >= 50
    assert sorted(followers.values())[len(followers) // 2] < 3000 < 20_000 < max(followers.values())


def test_every_item_names_the_brand_and_only_invented_places(world: list[RemoteItem]) -> None:
    for item in world:
        said = f"{item.title} {item.text}"
        assert any(word in said for words in BRANDS for word in words)
        assert "{" not in said
        assert re.match(r"https://[a-z-]+\.example/", item.url)


def test_replies_answer_something_said_before(world: list[RemoteItem]) -> None:
    known = {item.remote_id: item for item in world}
    replies = [item for item in world if item.kind is ItemKind.REPLY and item.reply_to in known]
    assert replies
    for reply in replies:
        parent = known[str(reply.reply_to)]
        assert parent.published_at and reply.published_at and parent.published_at < reply.published_at


def test_french_tales_are_set_as_french_is() -> None:
    for (_, tongue), tale in TALES.items():
        if tongue == "fr":
            assert not re.search(r" [;!?]|« | »|'| :(?!\w)", repr(tale).replace("', '", "").replace("'", ""))


MISDEEDS = {
    Behaviour.AUTH_EXPIRED: errors.AuthExpired,
    Behaviour.NOT_PERMITTED: errors.NotPermitted,
    Behaviour.RATE_LIMITED: errors.RateLimited,
    Behaviour.REJECTED: errors.Rejected,
    Behaviour.GONE: errors.Gone,
    Behaviour.TEMPORARY: errors.Temporary,
    Behaviour.OUTCOME_UNKNOWN: errors.OutcomeUnknown,
    Behaviour.UNEXPECTED_ANSWER: errors.UnexpectedAnswer,
}


def test_every_error_there_is_can_be_asked_for() -> None:
    every = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.NetworkError)
    }
    assert set(MISDEEDS.values()) == every - {errors.NetworkError}


@pytest.mark.parametrize("behaviour", MISDEEDS)
async def test_it_misbehaves_as_told(behaviour: Behaviour) -> None:
    search = Watch(kind="search", target="", words=(BRAND,), options={"behaviour": behaviour})
    live = Watch(kind="live", target="", options={"behaviour": behaviour})
    with pytest.raises(MISDEEDS[behaviour]) as told:
        await connector.fetch(session(), search, None)
    assert type(told.value) is MISDEEDS[behaviour]
    assert told.value.message("fr") and told.value.message("en")
    with pytest.raises(MISDEEDS[behaviour]):
        async for _ in connector.stream(session(), live, None):
            pass


async def test_a_behaviour_nobody_knows_is_refused() -> None:
    with pytest.raises(errors.Rejected) as told:
        await connector.fetch(
            session(), Watch(kind="outlet", target="x", options={"behaviour": "rude"}), None
        )
    assert "rude" in told.value.message("fr")


async def _all(behaviour: str) -> list[Page]:
    watch = Watch(kind="search", target="", words=(BRAND,), options={"behaviour": behaviour})
    found = [await connector.fetch(session(), watch, None)]
    while found[-1].more:
        found.append(await connector.fetch(session(), watch, found[-1].cursor))
    return found


async def test_duplicates_and_a_repeated_page_bring_nothing_new() -> None:
    well, twice, again = [await _all(behaviour) for behaviour in ("well", "duplicates", "repeated_page")]
    told = [[raw["id"] for page in pages for raw in page.raw] for pages in (well, twice, again)]
    assert set(told[0]) == set(told[1]) == set(told[2])
    assert len(told[1]) == 2 * len(told[0])
    assert again[0].raw == again[1].raw and len(again) == len(well) + 1


async def test_a_search_later_tells_only_what_came_since() -> None:
    watch = Watch(kind="search", target="", words=(BRAND,))
    cursor = (await _all("well"))[-1].cursor
    page = await connector.fetch(session(END + timedelta(hours=12)), watch, cursor)
    assert page.raw
    assert all(END.isoformat() <= raw["at"] < (END + timedelta(hours=12)).isoformat() for raw in page.raw)


async def test_the_live_stream_tells_what_was_missed_then_breaks_when_told() -> None:
    watch = Watch(kind="live", target="", options={"behaviour": "broken_stream"})
    beat = int(END.timestamp()) // 10
    heard: list[Page] = []
    with pytest.raises(errors.Temporary):
        async with aclosing(connector.stream(session(), watch, {"beat": beat - 50})) as stream:  # type: ignore[type-var]
            async for page in stream:
                heard.append(page)
    assert [len(page.raw) for page in heard] == [20, 20, 10]
    assert heard[-1].cursor == {"beat": beat}


async def test_newspapers_are_found_by_their_address() -> None:
    name, host = OUTLETS["en"][0]
    (found,) = await connector.suggest(session(), f"https://{host}/news")
    assert (found.title, found.watch.target) == (name, host)
    assert await connector.suggest(session(), "https://le-monde.example") == ()


def test_it_is_plainly_labelled() -> None:
    assert MANIFEST.invented
    assert "demo" in MANIFEST.label.lower()
    for watch in MANIFEST.watches:
        assert "démonstration" in watch.label.fr and "demo" in watch.label.en.lower()
