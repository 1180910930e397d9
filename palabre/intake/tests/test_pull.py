"""Asking the places that are due: each by one process, for all who look there, from its cursor."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.models import Brand
from palabre.intake import pull
from palabre.intake.out import session
from palabre.intake.pull import LEASE, Line, Puller, claim_due, pull_line
from palabre.intake.tests.scripted import Scripted, hurried
from palabre.listening.matching import Matcher
from palabre.listening.models import Rule, Source
from palabre.listening.sources import SourceDraft, add_source, change_source, pause_source
from palabre.networks.contract import Page, RemoteItem
from palabre.networks.errors import RateLimited, Temporary
from palabre.stream.models import Item
from tests.builders import Cast, build_cast, build_topic

OUTLET = SourceDraft(network="sandbox", kind="outlet", target="gazette.example")


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture
def now() -> datetime:
    return timezone.now() + timedelta(seconds=1)


def source_of(brand: Brand, draft: SourceDraft = OUTLET) -> Source:
    with scope(brand=brand):
        return add_source(brand=brand, by=None, draft=draft)


def kept(source: Source) -> Source:
    return Source._base_manager.get(pk=source.pk)


def change(source: Source, **changes: object) -> None:
    with scopes_disabled():
        Source.objects.filter(pk=source.pk).update(**changes)


def said(number: int, text: str = "Au café Baobab") -> RemoteItem:
    return RemoteItem(remote_id=str(number), url="", text=text, published_at=timezone.now())


def visit(
    line: Line, network: Scripted, monkeypatch: pytest.MonkeyPatch, puller: Puller | None = None
) -> None:
    monkeypatch.setattr(pull, "connector", lambda key: network)

    async def run() -> None:
        async with session() as out:
            await pull_line(line, out, puller or hurried())

    async_to_sync(run)()


def test_a_line_is_claimed_once_until_its_lease_ends(cast: Cast, now: datetime) -> None:
    source = source_of(cast.brand)
    (line,) = claim_due(now=now)
    assert [one.pk for one in line.sources] == [source.pk]
    assert claim_due(now=now + LEASE - timedelta(seconds=1)) == []
    assert len(claim_due(now=now + LEASE + timedelta(seconds=1))) == 1


@pytest.mark.django_db(transaction=True)
def test_processes_that_choose_at_once_never_take_the_same_line() -> None:
    cast = build_cast()
    for n in range(20):
        for brand in (cast.brand, cast.other):
            source_of(brand, replace(OUTLET, target=f"journal-{n}.example"))
    now, start, taken = timezone.now() + timedelta(seconds=1), threading.Barrier(3), []

    def choose() -> None:
        start.wait()
        try:
            taken.append(claim_due(now=now))
        finally:
            connection.close()

    processes = [threading.Thread(target=choose) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    lines = [line for lines in taken for line in lines]
    assert len(lines) == 20
    assert all(len(line.sources) == 2 for line in lines), "whoever shares a line comes along"


def test_what_is_not_due_paused_stopped_or_streamed_is_left_alone(cast: Cast, now: datetime) -> None:
    later, paused, stopped = (source_of(cast.brand, replace(OUTLET, target=f"{n}.example")) for n in range(3))
    source_of(cast.brand, SourceDraft(network="sandbox", kind="live"))
    change(later, next_at=now + timedelta(hours=1))
    change(paused, state="paused")
    change(stopped, state="stopped")
    assert claim_due(now=now) == []


def test_one_call_serves_two_brands(cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    for brand in (cast.brand, cast.other):
        build_topic(brand)
        source_of(brand)
    (line,) = claim_due(now=now)
    network = Scripted([Page(raw=(said(1),), cursor={"n": 1})])
    visit(line, network, monkeypatch)
    assert len(network.asked) == 1
    assert sorted(Item._base_manager.values_list("brand", flat=True)) == sorted(
        [cast.brand.pk, cast.other.pk]
    )


def test_pages_follow_from_the_cursor_and_the_next_visit_goes_on_there(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_topic(cast.brand)
    source = source_of(cast.brand)
    network = Scripted(
        [
            Page(raw=(said(1),), cursor={"n": 1}, more=True),
            Page(raw=(said(2), said(1)), cursor={"n": 2}, wait=600),
            Page(raw=(), cursor={"n": 2}),
        ]
    )
    leases = []
    network.meanwhile = lambda: leases.append(kept(source).leased_until is not None)
    visit(claim_due(now=now)[0], network, monkeypatch)
    assert leases == [True, True], "the place stays claimed for the whole visit"
    row = kept(source)
    assert (row.state, row.cursor, row.leased_until) == ("working", {"n": 2}, None)
    assert Item._base_manager.count() == 2
    (line,) = claim_due(now=now + timedelta(hours=1))
    visit(line, network, monkeypatch)
    assert [cursor for _, cursor in network.asked] == [None, {"n": 1}, {"n": 2}]


def test_an_endless_answer_is_left_for_the_next_visit(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(cast.brand)
    network = Scripted([Page(raw=(), cursor={"n": n}, more=True) for n in range(pull.PAGES_PER_ROUND + 5)])
    visit(claim_due(now=now)[0], network, monkeypatch)
    assert len(network.asked) == pull.PAGES_PER_ROUND
    assert kept(source).leased_until is None
    assert len(claim_due(now=timezone.now() + timedelta(seconds=1))) == 1, "at once, not in its own time"


def test_an_error_is_said_at_every_sources_line_and_nothing_that_came_is_lost(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_topic(cast.brand)
    sources = [source_of(cast.brand), source_of(cast.other)]
    answers = [Page(raw=(said(1),), cursor={"n": 1}, more=True), Temporary("timeout", host="gazette.example")]
    visit(claim_due(now=now)[0], Scripted(answers), monkeypatch)
    for source in sources:
        row = kept(source)
        assert (row.state, row.error_code, row.cursor) == ("failing", "timeout", {"n": 1})
        assert row.next_at > timezone.now() and row.leased_until is None and row.failing_since
    assert Item._base_manager.count() == 1


def test_a_host_that_asks_for_rest_is_left_alone_and_its_other_lines_put_off(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = source_of(cast.brand, replace(OUTLET, target="https://gazette.example/a"))
    second = source_of(cast.brand, replace(OUTLET, target="https://gazette.example/b"))
    lines = {line.sources[0].pk: line for line in claim_due(now=now)}
    network, puller = Scripted([RateLimited("too_many_requests", retry_after=3600)]), hurried()
    visit(lines[first.pk], network, monkeypatch, puller)
    visit(lines[second.pk], network, monkeypatch, puller)
    assert len(network.asked) == 1
    assert (kept(first).state, kept(first).failures) == ("failing", 0)
    row = kept(second)
    assert (row.state, row.leased_until) == ("new", None), "nothing failed there"
    assert row.next_at > timezone.now() + timedelta(minutes=59)


def test_a_source_paused_or_removed_during_the_visit_stays_so_and_the_others_get_what_came(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_topic(cast.brand)
    build_topic(cast.other)
    ours, theirs = source_of(cast.brand), source_of(cast.other)

    def pause() -> None:
        with scope(brand=cast.brand):
            pause_source(source=Source.objects.get(pk=ours.pk), by=None)

    (line,) = claim_due(now=now)
    visit(line, Scripted([Page(raw=(said(1),), cursor={"n": 1})], meanwhile=pause), monkeypatch)
    assert (kept(ours).state, kept(ours).cursor) == ("paused", None)
    assert kept(theirs).state == "working"
    assert list(Item._base_manager.values_list("brand", flat=True)) == [cast.other.pk]
    with scopes_disabled():
        Source.objects.all().delete()
    visit(line, Scripted([Page(raw=(said(2),), cursor={"n": 2}, more=True)]), monkeypatch)
    visit(line, Scripted([Temporary("timeout", host="h")]), monkeypatch)
    assert Item._base_manager.count() == 1


def test_a_source_added_while_its_line_is_under_way_waits_and_then_misses_nothing(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    source_of(cast.brand)
    (line,) = claim_due(now=now)
    newcomer = source_of(cast.other)
    assert claim_due(now=timezone.now() + timedelta(seconds=1)) == []
    visit(line, Scripted([Page(raw=(), cursor={"n": 1})]), monkeypatch)
    (joined,) = claim_due(now=timezone.now() + timedelta(seconds=1))
    assert newcomer.pk in {source.pk for source in joined.sources} and len(joined.sources) == 2
    assert joined.cursor is None, "from the start: the newcomer has nothing yet"


def test_a_line_goes_on_where_the_one_furthest_behind_stands(cast: Cast, now: datetime) -> None:
    ours, theirs = source_of(cast.brand), source_of(cast.other)
    change(ours, state="working", cursor={"n": 9}, last_seen_at=now - timedelta(minutes=5))
    change(theirs, state="new", cursor={"n": 2}, last_seen_at=now - timedelta(days=5))
    (line,) = claim_due(now=now)
    assert line.cursor == {"n": 2}


def test_a_fault_at_one_host_is_told_after_all_the_others_were_asked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = (source_of(cast.brand, replace(OUTLET, target=f"https://{n}.example/")) for n in "ab")

    class Faulty(Scripted):
        async def fetch(self, session: object, watch: object, cursor: object) -> Page:
            if "a.example" in watch.target:  # type: ignore[attr-defined]
                raise ZeroDivisionError
            return Page(raw=(), cursor={"n": 1})

    monkeypatch.setattr(pull, "connector", lambda key: Faulty([]))
    with pytest.raises(ExceptionGroup) as told:
        async_to_sync(pull.pull_due)(hurried())
    assert told.group_contains(ZeroDivisionError)
    assert kept(whole).state == "working"
    assert kept(broken).state == "new"


def test_a_search_without_a_topic_waits_and_starts_with_the_first_one(cast: Cast, now: datetime) -> None:
    search = source_of(cast.brand, SourceDraft(network="sandbox", kind="search"))
    assert claim_due(now=now) == []
    row = kept(search)
    assert (row.state, row.error_code, row.leased_until) == ("new", "", None)
    assert row.next_at > now
    build_topic(cast.brand)
    (line,) = claim_due(now=timezone.now())
    assert line.watch.words


def test_a_source_changed_during_the_visit_is_not_told_where_the_old_place_stands(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(cast.brand)
    (line,) = claim_due(now=now)
    with scope(brand=cast.brand):
        change_source(source=kept(source), by=None, draft=replace(OUTLET, target="echo.example"))
    visit(line, Scripted([Page(raw=(), cursor={"old": 1})]), monkeypatch)
    assert (kept(source).cursor, kept(source).state) == (None, "new")
    (again,) = claim_due(now=timezone.now())
    assert again.watch.target == "echo.example"


def test_who_could_not_be_served_leaves_the_line_until_the_next_try(cast: Cast) -> None:
    build_topic(cast.brand)
    build_topic(cast.other)
    sources = [source_of(cast.brand), source_of(cast.other)]
    with scopes_disabled():
        rule = Rule.objects.create(brand=cast.other, name="Illisible", conditions={"query": "(((("})
    (line,) = pull.gather_lines(Source._base_manager.select_related("brand").order_by("pk"))
    first, second = (Page(raw=(), cursor={"n": n}) for n in (1, 2))
    looking = pull.commit(line, first, [said(1)], Matcher(), lease=True)
    assert looking is not None and [source.pk for source in looking.sources] == [sources[0].pk]
    assert pull.commit(looking, second, [said(2)], Matcher()) is not None
    with scope(brand=cast.other):
        assert not Item.objects.exists(), "a later page would hide that one is missing"
    with scopes_disabled():
        rule.delete()
        rows = Source.objects.select_related("brand").order_by("pk")
        (line,) = pull.gather_lines(rows)
        assert line.cursor is None, "asked again from where the last of them stands"
