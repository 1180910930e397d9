"""Sources: shared where they can be, and a state a person can see after each kind of failure."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django_scopes import scope

from palabre.agency.models import AuditEntry, Brand
from palabre.listening.models import Source
from palabre.listening.sources import (
    AlreadyThere,
    SourceDraft,
    add_source,
    change_source,
    failed,
    kept_secrets,
    look_now,
    moved,
    pause_source,
    remove_source,
    resume_source,
    succeeded,
)
from palabre.listening.topics import TopicDraft, pause_topic, save_topic
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from tests.builders import NOON, Cast, build_cast, build_topic

FEED = SourceDraft(network="feeds", kind="feed", target="https://gazette.example/rss")
SEARCH = SourceDraft(network="sandbox", kind="search")


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def added(brand: Brand, draft: SourceDraft = FEED) -> Source:
    with scope(brand=brand):
        return add_source(brand=brand, by=None, draft=draft)


def kept(source: Source) -> Source:
    return Source._base_manager.get(pk=source.pk)


def acts(brand: Brand) -> list[str]:
    with scope(brand=brand):
        return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


def test_two_brands_share_the_line_of_a_place_but_never_of_a_search(cast: Cast) -> None:
    assert added(cast.brand).line == added(cast.other).line
    assert added(cast.brand, SEARCH).line != added(cast.other, SEARCH).line


def test_a_place_looked_at_with_other_rights_is_another_line(cast: Cast) -> None:
    draft = {"network": "mailbox", "kind": "mailbox", "target": "veille@iroko.example"}
    ours = added(cast.brand, SourceDraft(**draft, secrets={"password": "un"}))
    theirs = added(cast.other, SourceDraft(**draft, secrets={"password": "deux"}))
    assert ours.line != theirs.line


def test_adding_twice_is_adding_once_and_wakes_it(cast: Cast) -> None:
    first = added(cast.brand)
    with scope(brand=cast.brand):
        pause_source(source=first, by=cast.owner)
    assert added(cast.brand).pk == first.pk
    assert kept(first).state == "new"
    assert acts(cast.brand) == ["brand.create", "source.add", "source.pause", "source.resume"]


def test_a_kind_nobody_declares_is_refused(cast: Cast) -> None:
    with pytest.raises(KeyError):
        added(cast.brand, SourceDraft(network="feeds", kind="telepathy"))


@pytest.mark.parametrize(
    ("error", "state", "least", "most"),
    [
        (Temporary("server_trouble", host="h"), "failing", 90, 150),
        (Temporary("server_trouble", retry_after=900, host="h"), "failing", 900, 900),
        (RateLimited("too_many_requests", retry_after=30), "failing", 30, 30),
        (RateLimited("too_many_requests", retry_after=1e30), "failing", 604_800, 604_800),
        (Rejected("not_found", host="h"), "failing", 1800, 1800),
        (UnexpectedAnswer("not_json", host="h"), "failing", 1800, 1800),
        (AuthExpired("sign_in_needed", host="h"), "stopped", 0, 10**6),
        (NotPermitted("forbidden", host="h"), "stopped", 0, 10**6),
        (Gone("gone", host="h"), "stopped", 0, 10**6),
    ],
)
def test_each_failure_says_what_comes_next(
    cast: Cast, error: NetworkError, state: str, least: float, most: float
) -> None:
    source = added(cast.brand)
    failed([source], now=NOON, error=error)
    row = kept(source)
    assert (row.state, row.error_code, row.failing_since) == (state, error.code, NOON)
    assert least <= (row.next_at - NOON).total_seconds() <= most
    assert row.failures == (0 if isinstance(error, RateLimited) else 1)


def test_a_rejected_place_is_given_up_after_a_few_calm_tries_and_waits_grow(cast: Cast) -> None:
    source = added(cast.brand)
    waits = []
    for _ in range(6):
        failed([source], now=NOON, error=Rejected("not_a_feed", host="h"))
        waits.append(kept(source).next_at - NOON)
    assert kept(source).state == "stopped"
    other = added(cast.other)
    for _ in range(40):
        failed([other], now=NOON, error=Temporary("timeout", host="h"))
    assert timedelta(hours=9) < kept(other).next_at - NOON < timedelta(hours=15)
    assert kept(other).failing_since == NOON


def test_a_good_visit_forgets_the_failures_and_keeps_the_cursor(cast: Cast) -> None:
    source = added(cast.brand)
    failed([source], now=NOON, error=Temporary("timeout", host="h"))
    succeeded([source], now=NOON, cursor={"etag": "x"}, wait=1000, found=3)
    row = kept(source)
    assert (row.state, row.failures, row.error_code, row.failing_since) == ("working", 0, "", None)
    assert (row.cursor, row.items_found, row.last_seen_at, row.last_item_at) == ({"etag": "x"}, 3, NOON, NOON)
    assert 900 <= (row.next_at - NOON).total_seconds() <= 1100
    succeeded([source], now=NOON + timedelta(hours=1), cursor={"etag": "y"}, wait=1000, found=0)
    assert (kept(source).items_found, kept(source).last_item_at) == (3, NOON)


def test_pausing_keeps_the_cursor_and_resuming_looks_at_once(cast: Cast) -> None:
    source = added(cast.brand)
    succeeded([source], now=NOON, cursor={"n": 7}, wait=10**6, found=1)
    with scope(brand=cast.brand):
        pause_source(source=source, by=cast.owner)
        pause_source(source=source, by=cast.owner)
        resume_source(source=source, by=cast.owner)
        resume_source(source=source, by=cast.owner)
    row = kept(source)
    assert (row.state, row.cursor) == ("new", {"n": 7})
    assert row.next_at < NOON + timedelta(days=5)
    assert acts(cast.brand) == ["brand.create", "source.add", "source.pause", "source.resume"]


def test_a_pause_wins_over_a_visit_that_moved_the_row_meanwhile(cast: Cast) -> None:
    source = added(cast.brand)
    succeeded([kept(source)], now=NOON, cursor={}, wait=10, found=0)
    with scope(brand=cast.brand):
        pause_source(source=source, by=cast.owner)
    assert kept(source).state == "paused"


def test_a_stopped_source_is_tried_again_with_its_failures_forgotten(cast: Cast) -> None:
    source = added(cast.brand)
    failed([source], now=NOON, error=Gone("gone", host="h"))
    with scope(brand=cast.brand):
        resume_source(source=source, by=cast.owner)
    assert (kept(source).state, kept(source).failures) == ("new", 0)


def test_look_now_brings_the_next_visit_forward_and_nothing_else(cast: Cast) -> None:
    source = added(cast.brand)
    succeeded([source], now=NOON, cursor={"n": 1}, wait=10**6, found=0)
    with scope(brand=cast.brand):
        look_now(source=source)
    assert kept(source).next_at < NOON + timedelta(days=5)
    assert kept(source).state == "working"


def test_a_place_that_moved_is_followed_and_learns_its_name_once(cast: Cast) -> None:
    source = added(cast.brand)
    with scope(brand=cast.brand):
        moved([source], target="https://new.example/rss", title="La Gazette")
        named = kept(source)
        assert (named.target, named.title) == ("https://new.example/rss", "La Gazette")
        moved([named], target=None, title="Autre")
    assert kept(source).title == "La Gazette"


def test_removing_is_put_down(cast: Cast) -> None:
    source = added(cast.brand)
    with scope(brand=cast.brand):
        remove_source(source=source, by=cast.owner)
        assert not Source.objects.exists()
    assert acts(cast.brand)[-1] == "source.remove"


MAILBOX = SourceDraft(
    network="mailbox",
    kind="mailbox",
    target="veille@iroko.example",
    options={"host": "imap.iroko.example"},
    secrets={"password": "un"},
)


def changed(source: Source, draft: SourceDraft) -> Source:
    with scope(brand=source.brand):
        change_source(source=kept(source), by=None, draft=draft)
    return kept(source)


def test_another_name_changes_nothing_of_how_one_looks(cast: Cast) -> None:
    source = added(cast.brand, MAILBOX)
    succeeded([source], now=NOON, cursor={"uid": 9}, wait=900, found=0)
    row = changed(source, replace(MAILBOX, title="Veille", secrets=None))
    assert (row.title, row.state, row.cursor, row.line) == ("Veille", "working", {"uid": 9}, source.line)
    assert kept_secrets(row) == {"password": "un"}


def test_a_password_typed_again_goes_on_from_where_the_source_stood(cast: Cast) -> None:
    source = added(cast.brand, MAILBOX)
    succeeded([source], now=NOON, cursor={"uid": 9}, wait=900, found=0)
    failed([kept(source)], now=NOON, error=AuthExpired("sign_in_needed", host="imap.iroko.example"))
    row = changed(source, replace(MAILBOX, secrets={"password": "deux"}))
    assert (row.state, row.error_code, row.failures, row.cursor) == ("new", "", 0, {"uid": 9})
    assert kept_secrets(row) == {"password": "deux"}
    with scope(brand=cast.brand):
        again = add_source(brand=cast.brand, by=None, draft=replace(MAILBOX, secrets={"password": "deux"}))
        assert again.pk == source.pk, "no second source"


def test_another_place_is_asked_afresh_with_the_secret_that_is_kept(cast: Cast) -> None:
    source = added(cast.brand, MAILBOX)
    succeeded([source], now=NOON, cursor={"uid": 9}, wait=900, found=0)
    row = changed(source, replace(MAILBOX, target="presse@iroko.example", secrets=None))
    assert (row.state, row.cursor, row.target) == ("new", None, "presse@iroko.example")
    assert row.line != source.line
    assert kept_secrets(row) == {"password": "un"}
    assert row.next_at > NOON


def test_a_paused_source_stays_paused_when_it_is_changed(cast: Cast) -> None:
    source = added(cast.brand)
    with scope(brand=cast.brand):
        pause_source(source=source, by=None)
    assert changed(source, replace(FEED, target="https://gazette.example/atom")).state == "paused"


def test_a_place_that_another_source_looks_at_is_refused_and_nothing_changes(cast: Cast) -> None:
    added(cast.brand)
    other = added(cast.brand, replace(FEED, target="https://echo.example/rss"))
    with pytest.raises(AlreadyThere):
        changed(other, FEED)
    assert kept(other).target == "https://echo.example/rss"


def test_a_search_is_woken_by_what_changes_its_words(cast: Cast) -> None:
    search, feed = added(cast.brand, SEARCH), added(cast.brand)
    later = NOON + timedelta(days=9000)
    topic = build_topic(cast.brand)
    for act in (
        lambda: pause_topic(topic=topic, by=cast.owner, paused=True),
        lambda: pause_topic(topic=topic, by=cast.owner, paused=False),
        lambda: save_topic(brand=cast.brand, by=None, draft=TopicDraft(name="x", query="iroko")),
    ):
        Source._base_manager.update(next_at=later)
        with scope(brand=cast.brand):
            act()
        assert kept(search).next_at < later
        assert kept(feed).next_at == later
