"""Posts of the AT Protocol: text with its links whole, who, when, what hangs on what."""

import base64
import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from palabre.kit.mailbox import Mailboxes
from palabre.networks.bluesky import Bluesky
from palabre.networks.bluesky.lines import Jetstream
from palabre.networks.bluesky.repo import BadFrame, events, read_frame
from palabre.networks.contract import ItemKind, RemoteItem, Session, Watch
from palabre.networks.errors import Gone, NotPermitted, RateLimited, Rejected, Temporary
from tests.contract.scene import NOW, RecordedHttp, Reply, Request
from tests.contract.scenes.bluesky import FRAMES, JETSTREAM, RECORDED, profiles, search
from tests.shared import SHARED, needs_shared

WATCH = Watch(kind="jetstream", target="")
DID = "did:plc:abc"
POSTS = "app.bsky.feed.post"


def event(record: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    commit = {"operation": "create", "collection": POSTS, "rkey": "3k1", "record": record}
    return {"did": DID, "time_us": 1_795_000_000_000_000, "kind": "commit", "commit": {**commit, **more}}


def read(**record: Any) -> RemoteItem:
    item = Bluesky().normalise(event({"text": "x", "createdAt": "2026-11-01T00:00:00Z", **record}), WATCH)
    assert item is not None
    return item


def facet(text: str, part: str, uri: str) -> dict[str, Any]:
    start = text.encode().index(part.encode())
    link = {"$type": "app.bsky.richtext.facet#link", "uri": uri}
    return {"index": {"byteStart": start, "byteEnd": start + len(part.encode())}, "features": [link]}


def test_a_link_cut_short_is_whole_and_a_linked_word_keeps_both() -> None:
    text = "☕ voir tilleuls.example/ac… et ici"
    facets = [
        facet(text, "tilleuls.example/ac…", "https://www.tilleuls.example/actualite"),
        facet(text, "ici", "https://gazette.example/1"),
    ]
    assert read(text=text, facets=facets).text == (
        "☕ voir https://www.tilleuls.example/actualite et ici (https://gazette.example/1)"
    )


@pytest.mark.parametrize(
    "index",
    [
        {"byteStart": 5, "byteEnd": 2},
        {"byteStart": 0, "byteEnd": 9999},
        {"byteStart": -1, "byteEnd": 2},
        {"byteStart": "0", "byteEnd": 2},
        {},
        None,
    ],
)
def test_a_facet_that_lies_changes_nothing(index: Any) -> None:
    facets = [{"index": index, "features": [{"uri": "https://x.example"}]}]
    assert read(text="bonjour", facets=facets).text == "bonjour"


def test_facets_that_overlap_are_taken_once() -> None:
    text = "tilleuls.example/abc"
    facets = [facet(text, "tilleuls.example/abc", "https://tilleuls.example/abc")] * 2
    assert read(text=text, facets=facets).text == "https://tilleuls.example/abc"


def test_tags_alt_texts_and_the_shared_page_are_said_too() -> None:
    images = {"$type": "app.bsky.embed.images", "images": [{"alt": "Une tasse", "image": {}}]}
    card = {
        "$type": "app.bsky.embed.external",
        "external": {"uri": "https://g.example/1", "title": "Le titre"},
    }
    assert read(text="Ô", tags=["café"], embed=images).text == "Ô\n#café\nUne tasse"
    assert read(text="Ô", embed=card).text == "Ô\nLe titre\nhttps://g.example/1"


def test_pictures_of_a_bare_record_are_where_the_public_network_serves_them() -> None:
    image = {
        "alt": "",
        "image": {"$type": "blob", "ref": {"$link": "bafkreiabcdefghij"}, "mimeType": "image/png"},
    }
    item = read(embed={"$type": "app.bsky.embed.gallery", "items": [image]})
    assert item.image_urls == (f"https://cdn.bsky.app/img/feed_fullsize/plain/{DID}/bafkreiabcdefghij@jpeg",)


def test_replies_and_quotes_hang_on_what_they_answer() -> None:
    root, parent = (f"at://did:plc:z/app.bsky.feed.post/{key}" for key in ("root", "parent"))
    reply = read(reply={"root": {"uri": root}, "parent": {"uri": parent}})
    assert (reply.kind, reply.reply_to, reply.thread_id) == (ItemKind.REPLY, parent, root)
    quote = read(embed={"$type": "app.bsky.embed.record", "record": {"uri": root}})
    beside = read(
        embed={"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": root}}, "media": {}}
    )
    assert quote.thread_id == beside.thread_id == root
    alone = read()
    assert alone.thread_id == alone.remote_id


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("2090-01-01T00:00:00Z", "2026-11-18T"),
        ("2026-11-01T00:00:00Z", "2026-11-01T"),
        ("soon", "2026-11-18T"),
    ],
)
def test_a_post_is_never_dated_after_it_was_seen(said: str, seen: str) -> None:
    item = read(createdAt=said)
    assert item.published_at is not None and item.published_at.isoformat().startswith(seen)


def test_the_first_language_is_taken() -> None:
    assert read(langs=["fr-CA", "en"]).language == "fr"
    assert read(langs=[]).language is None


def test_a_deletion_names_what_goes() -> None:
    item = Bluesky().normalise(event({}, operation="delete"), WATCH)
    assert item is not None and item.deleted
    assert item.remote_id == f"at://{DID}/app.bsky.feed.post/3k1"


def test_likes_follows_and_strange_addresses_are_nothing_said() -> None:
    assert Bluesky().normalise(event({"text": "x"}, collection="app.bsky.feed.like"), WATCH) is None
    assert Bluesky().normalise(event({"text": "x"}, rkey="../x"), WATCH) is None
    assert Bluesky().normalise(event({"text": ""}), WATCH) is None


@needs_shared
def test_real_events_of_the_public_network_are_read() -> None:
    path = SHARED / "data" / "payloads" / "bluesky" / "jetstream_v1_real.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    posts = [e for e in lines if e.get("commit", {}).get("collection") == "app.bsky.feed.post"]
    found = [Bluesky().normalise(line, WATCH) for line in lines]
    said = [item for item in found if item is not None]
    wordless = [
        e for e in posts if e["commit"]["operation"] == "create" and not e["commit"]["record"]["text"]
    ]
    assert len(posts) - len(wordless) <= len(said) <= len(posts)
    assert sum(item.deleted for item in said) == 1
    assert {item.language for item in said} >= {"en"}


def session(answers: Any, credentials: Mapping[str, str] | None = None) -> tuple[Session, RecordedHttp]:
    http = RecordedHttp(answers)
    made = Session(http=http, mailboxes=Mailboxes(), now=lambda: NOW, credentials=credentials or {})
    return made, http


class Doorman:
    """A server that asks for a session and counts the sign-ins."""

    def __init__(self, *, refuse: tuple[str, ...] = ()) -> None:
        self.asked: list[str] = []
        self.refuse = refuse

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request.path.rpartition(".")[2])
        if "Session" in request.path:
            return Reply(body={"accessJwt": f"jwt{len(self.asked)}", "refreshJwt": "again", "did": DID})
        if request.headers.get("authorization", "") in self.refuse:
            return Reply(status=400, body={"error": "ExpiredToken", "message": "Token has expired"})
        return search(request)


SEARCH = Watch(kind="search", target="", words=("café",))
ACCOUNT = {"identifier": "@ana.test", "app_password": "abcd"}


async def test_a_session_is_kept_between_calls() -> None:
    door, bluesky = Doorman(), Bluesky()
    for _ in range(3):
        await bluesky.fetch(session(door, ACCOUNT)[0], SEARCH, None)
    assert door.asked == ["createSession", "searchPosts", "getProfiles", "searchPosts", "searchPosts"]


async def test_an_expired_session_is_renewed_without_the_password() -> None:
    door, bluesky = Doorman(refuse=("Bearer jwt1",)), Bluesky()
    await bluesky.fetch(session(door, ACCOUNT)[0], SEARCH, None)
    assert door.asked == ["createSession", "searchPosts", "refreshSession", "searchPosts", "getProfiles"]


async def test_hits_come_with_the_followers_of_their_authors() -> None:
    """The search leaves them out; they are asked for 25 accounts at a time, and once a day."""

    def hits(request: Request) -> Reply:
        if request.path.endswith("getProfiles"):
            asked = parse_qs(urlsplit(request.url).query)["actors"]
            return Reply(body={"profiles": [{"did": did, "followersCount": 1200} for did in asked]})
        posts = [copy.deepcopy(RECORDED["search"][0]) for _ in range(30)]
        for number, post in enumerate(posts):
            post["author"]["did"] = f"did:plc:author{number:02}"
            post["uri"] = f"at://did:plc:author{number:02}/{POSTS}/3k1"
        return Reply(body={"posts": posts})

    bluesky = Bluesky()
    asking, http = session(hits)
    page = await bluesky.fetch(asking, SEARCH, None)
    items = [bluesky.normalise(raw, SEARCH) for raw in page.raw]
    assert {item.author.followers for item in items if item and item.author} == {1200}
    assert [request.path.rpartition(".")[2] for request in http.asked].count("getProfiles") == 2
    await bluesky.fetch(asking, SEARCH, None)
    assert [request.path.rpartition(".")[2] for request in http.asked].count("getProfiles") == 2


async def test_hits_whose_authors_cannot_be_asked_for_come_all_the_same() -> None:
    def hits(request: Request) -> Reply:
        return Reply(status=500) if request.path.endswith("getProfiles") else search(request)

    page = await Bluesky().fetch(session(hits)[0], SEARCH, None)
    assert len(page.raw) == 3


async def test_two_accounts_never_share_a_session() -> None:
    door, bluesky = Doorman(), Bluesky()
    for password in ("one", "two"):
        await bluesky.fetch(session(door, {**ACCOUNT, "app_password": password})[0], SEARCH, None)
    assert door.asked.count("createSession") == 2


async def test_a_public_view_that_refuses_strangers_says_what_to_add() -> None:
    asking, _ = session(lambda request: Reply(status=403, body="<html>Forbidden</html>"))
    with pytest.raises(NotPermitted) as told:
        await Bluesky().fetch(asking, SEARCH, None)
    assert told.value.code == "bluesky_account_needed"


async def test_several_words_are_looked_for_side_by_side() -> None:
    asking, http = session(search)
    await Bluesky().fetch(asking, Watch(kind="search", target="", words=('café "des" Tilleuls',)), None)
    assert [request.params["q"] for request in http.asked] == ['"café  des  Tilleuls"']


async def test_a_search_without_words_is_refused() -> None:
    with pytest.raises(Rejected):
        await Bluesky().fetch(session(search)[0], Watch(kind="search", target=""), None)


async def test_a_later_round_asks_only_for_what_is_new() -> None:
    asking, http = session(search)
    bluesky, cursor, more = Bluesky(), None, True
    while more:
        page = await bluesky.fetch(asking, SEARCH, cursor)
        cursor, more = page.cursor, page.more
    await bluesky.fetch(asking, SEARCH, cursor)
    searches = [request for request in http.asked if request.path.endswith("searchPosts")]
    assert searches[-1].params["since"] == "2026-11-23T09:45:00.000Z"


async def test_a_spent_budget_waits_for_its_reset() -> None:
    reset = {"ratelimit-remaining": "0", "ratelimit-reset": str(int(NOW.timestamp()) + 40)}
    with pytest.raises(RateLimited) as told:
        await Bluesky().fetch(session(lambda request: Reply(status=429, headers=reset))[0], SEARCH, None)
    assert told.value.retry_after == 40
    page = await Bluesky().fetch(
        session(lambda request: Reply(body={"posts": []}, headers=reset))[0], SEARCH, None
    )
    assert page.wait == 40


async def test_an_account_taken_down_is_gone() -> None:
    taken = Reply(status=400, body={"error": "AccountTakedown", "message": "Account has been taken down"})
    with pytest.raises(Gone):
        await Bluesky().fetch(
            session(lambda request: taken)[0], Watch(kind="author", target="ana.test"), None
        )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("@ana.bsky.social", "ana.bsky.social"),
        ("https://bsky.app/profile/Ana.Example/post/3k", "ana.example"),
        (DID, DID),
        ("tilleuls.example", None),  # more likely a site: only with @ is it an account
        ("@ana@tilleul.example", None),
        ("ana", None),
    ],
)
async def test_accounts_are_found_behind_what_was_typed(typed: str, found: str | None) -> None:
    asking, _ = session(lambda request: Reply(body={"displayName": "Ana"}))
    suggestions = await Bluesky().suggest(asking, typed)
    assert [s.watch.target for s in suggestions] == ([found] if found else [])


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def _listen(
    bluesky: Bluesky, http: RecordedHttp, clock: Clock, words: tuple[str, ...] = ()
) -> list[Any]:
    watch = Watch(kind="jetstream", target="", words=words)
    listening = Session(http=http, mailboxes=Mailboxes(), now=clock)
    said: list[RemoteItem] = []
    with pytest.raises(Temporary):
        async for page in bluesky.stream(listening, watch, None):
            said += [item for raw in page.raw if (item := bluesky.normalise(raw, watch))]
    return said


async def test_authors_of_a_stream_are_asked_for_once_a_day() -> None:
    bluesky, clock = Bluesky(), Clock()
    http = RecordedHttp(profiles, lambda request: JETSTREAM)
    first = await _listen(bluesky, http, clock)
    assert first[0].author is not None and first[0].author.handle.startswith("ana")
    await _listen(bluesky, http, clock)
    assert sum("getProfiles" in request.url for request in http.asked) == 1
    clock.now += timedelta(days=2)
    await _listen(bluesky, http, clock)
    assert sum("getProfiles" in request.url for request in http.asked) == 2


async def test_only_authors_of_posts_with_a_topic_s_word_are_asked_for() -> None:
    http = RecordedHttp(profiles, lambda request: JETSTREAM)
    await _listen(Bluesky(), http, Clock(), words=("nulle part",))
    assert not any("getProfiles" in request.url for request in http.asked)


async def test_a_view_in_trouble_does_not_stop_the_stream_and_is_left_alone_for_a_minute() -> None:
    bluesky, clock = Bluesky(), Clock()
    http = RecordedHttp(lambda request: Reply(status=503), lambda request: JETSTREAM)
    said = await _listen(bluesky, http, clock)
    assert len(said) == 5 and said[0].author is not None and said[0].author.handle == ""
    await _listen(bluesky, http, clock)
    assert sum("getProfiles" in request.url for request in http.asked) == 1


async def test_a_server_that_began_anew_is_followed_from_now() -> None:
    import libipld

    refusal = libipld.encode_dag_cbor({"op": -1}) + libipld.encode_dag_cbor({"error": "FutureCursor"})
    http = RecordedHttp(profiles, lambda request: [refusal])
    listening = Session(http=http, mailboxes=Mailboxes(), now=Clock())
    watch = Watch(kind="repos", target="wss://pds.example")
    stream = Bluesky().stream(listening, watch, {"seq": 999}).__aiter__()
    assert (await anext(stream)).cursor == {}
    with pytest.raises(Temporary):
        await anext(stream)


def test_frames_broken_in_any_place_are_refused_in_one_way() -> None:
    random = Random(3)
    frames = [frame for frame in FRAMES if events(read_frame(frame), collection="app.bsky.feed.post")]
    assert frames
    for frame in frames:
        for _ in range(300):
            broken = bytearray(frame)
            for _ in range(random.randint(1, 4)):
                broken[random.randrange(len(broken))] = random.randrange(256)
            try:
                found = events(
                    read_frame(bytes(broken[: random.randint(1, len(broken))])),
                    collection="app.bsky.feed.post",
                )
            except BadFrame:
                continue
            for said in found:
                Bluesky().normalise(said, WATCH)


def test_recorded_frames_are_what_was_written() -> None:
    assert [base64.b64encode(frame).decode() for frame in FRAMES] == RECORDED["frames"]
    said = [e for frame in FRAMES for e in events(read_frame(frame), collection="app.bsky.feed.post")]
    assert [e["commit"]["operation"] for e in said if e["kind"] == "commit"] == ["create"] * 5 + [
        "delete",
        "create",
    ]


def test_half_an_emoji_does_not_stop_the_stream() -> None:
    said = {"text": "caf\ud83d baobab", "createdAt": "2026-11-01T00:00:00Z"}
    message = json.dumps(event(said)).encode()
    (heard,) = Jetstream(WATCH, None).read([message])
    item = Bluesky().normalise(heard, WATCH)
    assert item is not None and item.text == "caf baobab"
