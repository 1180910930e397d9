"""Hacker News: what is asked of the search, and what its hits become."""

from typing import Any

import pytest

from palabre.kit.mailbox import Mailboxes
from palabre.networks.contract import ItemKind, Session, Watch
from palabre.networks.errors import Rejected
from palabre.networks.hackernews import connector
from tests.contract.scene import NOW, RecordedHttp, Reply
from tests.contract.scenes.hackernews import HITS, search

WATCH = Watch(kind="search", target="", words=("palaver", "café"))


def session(answers: Any = search) -> tuple[Session, RecordedHttp]:
    http = RecordedHttp(answers)
    return Session(http=http, mailboxes=Mailboxes(), now=lambda: NOW), http


def test_a_story_has_its_title_and_the_page_it_is_about() -> None:
    item = connector.normalise(HITS[0], WATCH)
    assert item is not None
    assert (item.title, item.text) == ("Show HN: a palaver tree & 1 chairs", "https://tilleuls.example/tree")
    assert (item.kind, item.likes, item.replies) == (ItemKind.POST, 1, 2)
    assert item.url == "https://news.ycombinator.com/item?id=901"
    assert item.published_at is not None and item.published_at.isoformat() == "2026-11-23T09:00:00+00:00"


def test_a_comment_is_plain_text_with_its_links_whole() -> None:
    item = connector.normalise(HITS[-1], WATCH)
    assert item is not None
    assert item.text.splitlines() == [
        "I sat under the palaver tree > see https://tilleuls.example/a-very-long-path",
        "And a café.",
    ]
    assert (item.kind, item.reply_to, item.thread_id) == (ItemKind.COMMENT, "901", "901")
    assert item.author is not None and item.author.url == "https://news.ycombinator.com/user?id=lilou"


async def test_words_are_exact_and_the_upper_bound_stays_while_pages_are_read() -> None:
    asking, http = session()
    page = await connector.fetch(asking, WATCH, None)
    later = Session(http=http, mailboxes=Mailboxes(), now=lambda: NOW.replace(hour=23))
    await connector.fetch(later, WATCH, page.cursor)
    first, second = http.asked
    assert first.params["query"] == '"palaver"' and first.params["typoTolerance"] == "false"
    assert first.params["numericFilters"] == second.params["numericFilters"]
    assert (first.params["page"], second.params["page"]) == ("0", "1")


async def test_a_later_round_begins_a_little_before_the_last_one() -> None:
    asking, http = session(lambda request: Reply(body={"hits": [], "nbPages": 0}))
    watch = Watch(kind="search", target="", words=("palaver",))
    page = await connector.fetch(asking, watch, None)
    await connector.fetch(asking, watch, page.cursor)
    bound = int(NOW.timestamp()) - 1800
    assert f"created_at_i>={bound}" in http.asked[1].params["numericFilters"]


@pytest.mark.parametrize("kind", ["author", "thread"])
@pytest.mark.parametrize("target", ["", "a b", "https://news.ycombinator.com/", "x,story_1"])
async def test_what_names_nobody_is_refused(kind: str, target: str) -> None:
    with pytest.raises(Rejected):
        await connector.fetch(session()[0], Watch(kind=kind, target=target), None)


@pytest.mark.parametrize(
    ("typed", "kind", "target"),
    [
        ("https://news.ycombinator.com/item?id=12", "thread", "12"),
        ("https://news.ycombinator.com/user?id=lilou", "author", "lilou"),
    ],
)
async def test_addresses_of_the_site_become_watches(typed: str, kind: str, target: str) -> None:
    (found,) = await connector.suggest(session()[0], typed)
    assert (found.watch.kind, found.watch.target) == (kind, target)
    assert await connector.suggest(session()[0], "https://tilleuls.example/") == ()
