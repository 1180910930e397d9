"""A post heard at a glance is the post that is read whole, whatever strangers put into it."""

import json
from typing import Any

import pytest

from palabre.networks.bluesky import Bluesky
from palabre.networks.bluesky.heard import Heard
from palabre.networks.bluesky.lines import Jetstream
from palabre.networks.contract import Watch
from palabre.networks.errors import UnexpectedAnswer
from palabre.networks.sightings import sight
from tests.contract.suite import changed

WATCH = Watch(kind="jetstream", target="")
DID = "did:plc:1aaaaaaaaaaaaaaaaaaaaaaa"


def event(**record: Any) -> dict[str, Any]:
    return {
        "did": DID,
        "time_us": 1_760_000_000_000_000,
        "kind": "commit",
        "commit": {
            "operation": "create",
            "collection": "app.bsky.feed.post",
            "rkey": "3ka",
            "record": {"text": "sous le baobab", "createdAt": "2026-11-01T00:00:00Z", **record},
        },
    }


LINK = {
    "index": {"byteStart": 0, "byteEnd": 4},
    "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://palabre.example/sous-le-baobab"}],
}
CARD = {"external": {"uri": "https://palabre.example/", "title": "Une carte", "description": "…"}}
POSTS = {
    "plain": event(),
    "languages": event(langs=["fr-CA", "en"]),
    "linked": event(facets=[LINK], tags=["baobab", "arbre"], langs=["fr"]),
    "card": event(embed=CARD),
    "picture alone": event(text="", embed={"images": [{"alt": "un arbre", "image": {}}]}),
    "reply": event(reply={"parent": {"uri": f"at://{DID}/app.bsky.feed.post/3kb"}}),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_glance_reads_what_the_whole_message_says(name: str) -> None:
    bluesky, told = Bluesky(), POSTS[name]
    for variant in (told, *changed(told, seed=4, every=3)):
        line, heard = Jetstream(WATCH, None), None
        try:
            heard = next(iter(line.read([json.dumps(variant)])), None)
        except UnexpectedAnswer:
            continue
        if heard is None:
            continue
        item = bluesky.normalise(variant, WATCH)
        assert bluesky.normalise(heard, WATCH) == item
        seen = sight(bluesky, heard, WATCH)
        if item is not None:
            assert seen is not None
            assert seen[:-1] == sight(bluesky, variant, WATCH)[:-1]  # type: ignore[index]
            assert seen.whole() == item


def test_an_ordinary_post_is_heard_at_a_glance_and_the_line_stands_behind_it() -> None:
    line = Jetstream(WATCH, None)
    older = {**POSTS["plain"], "time_us": 7}
    said = line.read([json.dumps(one) for one in (*POSTS.values(), older)])
    assert [type(one) for one in said] == [Heard] * (len(POSTS) + 1)
    assert line.cursor() == {"time_us": 1_760_000_000_000_000}


def test_what_is_known_of_its_author_goes_with_a_post() -> None:
    bluesky = Bluesky()
    (heard,) = Jetstream(WATCH, None).read([json.dumps(POSTS["languages"])])
    assert isinstance(heard, Heard)
    known = heard.by({"handle": "ami.example", "displayName": "Une amie", "followersCount": 12})
    item, seen = bluesky.normalise(known, WATCH), sight(bluesky, known, WATCH)
    assert item is not None and item.author is not None and seen is not None
    assert (item.author.handle, item.author.name, item.author.followers) == ("ami.example", "Une amie", 12)
    assert (seen.author, seen.url, seen.language) == ("ami.example Une amie", item.url, "fr")


def test_a_part_nobody_looked_at_that_cannot_be_read_makes_no_item() -> None:
    broken = json.dumps(POSTS["plain"]).encode().replace(b"2026-11-01T00:00:00Z", b"\\ud83d")
    (heard,) = Jetstream(WATCH, None).read([broken])
    seen = sight(Bluesky(), heard, WATCH)
    assert seen is not None and seen.text == "sous le baobab"
    item = seen.whole()
    assert item is None or item.text == "sous le baobab"
