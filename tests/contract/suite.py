"""The one suite that every connector passes: recorded scenes here, a real server in `tests/live`.

`CollectsContract` and `StreamsContract` read a `connector`, a `walk` or a `listening` fixture; a
subclass decides whether those are recorded or live.
"""

import copy
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import fields, is_dataclass, replace
from random import Random
from typing import Any

from palabre.kit.http import HttpFailure
from palabre.networks.contract import Collects, Cursor, Page, RemoteItem, Session, Streams, Watch
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
from tests.contract.scene import SECRET, Listening, Reply, Request, Walk

CALLS_AT_MOST = 200
"""A walk that asks for more than this never ends."""

LOGIN_PAGE = "<!doctype html><html><head><title>Sign in</title></head><body><form></form></body></html>"

FAILURES: Mapping[str, tuple[Reply | HttpFailure, type[NetworkError]]] = {
    "401": (Reply(status=401, body={"error": "unauthorized"}), AuthExpired),
    "403": (Reply(status=403, body={"error": "forbidden"}), NotPermitted),
    "404": (Reply(status=404, body={"error": "not found"}), Rejected),
    "410": (Reply(status=410, body={"error": "gone"}), Gone),
    "422": (Reply(status=422, body={"error": "unprocessable"}), Rejected),
    "429": (Reply(status=429, body={"error": "slow down"}, headers={"Retry-After": "17"}), RateLimited),
    "500": (Reply(status=500, body="oops"), Temporary),
    "503": (Reply(status=503, body="back soon", headers={"Retry-After": "30"}), Temporary),
    "timeout": (HttpFailure("timeout", "server", sent=True), Temporary),
    "name_not_found": (HttpFailure("name_not_found", "server"), Temporary),
    "tls_expired": (HttpFailure("tls_expired", "server"), Temporary),
    "too_large": (HttpFailure("too_large", "server", "1000", sent=True), Temporary),
    "forbidden_address": (HttpFailure("forbidden_address", "server"), Rejected),
    "truncated": (Reply(body=b'{"posts": [{"uri": "at://did:plc:ab'), UnexpectedAnswer),
    "html": (Reply(body=LOGIN_PAGE, headers={"Content-Type": "text/html"}), UnexpectedAnswer),
    "empty": (Reply(body=b""), UnexpectedAnswer),
    "other_shape": (Reply(body='"a word"'), UnexpectedAnswer),
}

STREAM_FAILURES: Mapping[str, tuple[HttpFailure, type[NetworkError]]] = {
    "401": (HttpFailure("stream_refused", "server", "401"), AuthExpired),
    "403": (HttpFailure("stream_refused", "server", "403"), NotPermitted),
    "429": (HttpFailure("stream_refused", "server", "429"), RateLimited),
    "503": (HttpFailure("stream_refused", "server", "503"), Temporary),
    "refused": (HttpFailure("connection_refused", "server"), Temporary),
    "ended": (HttpFailure("stream_ended", "server"), Temporary),
}

CHECKS: Mapping[str, str] = {
    "walk": "every item comes out once, pagination ends, a repeated page changes nothing",
    "http_failures": "each HTTP failure raises its exact type",
    "listening": "every item of a stream arrives, also when the line is cut and resumed",
    "stream_failures": "each failure of a stream raises its exact type",
    "hostile": "normalise survives any change in the raw answer",
}
"""What a scene may mark impossible, with a reason; nothing else can be left out."""


async def pages(
    connector: Collects, session: Session, watch: Watch, cursor: Cursor | None = None
) -> list[Page]:
    """Every page from `cursor` on, until the connector says there is no more."""
    found: list[Page] = []
    more = True
    while more:
        assert len(found) < CALLS_AT_MOST, "this walk never ends"
        page = await connector.fetch(session, watch, cursor)
        found.append(page)
        cursor, more = page.cursor, page.more
    return found


def items(connector: Collects | Streams, page: Page, watch: Watch) -> list[RemoteItem]:
    """What a page holds once normalised."""
    normal = (connector.normalise(raw, watch) for raw in page.raw)
    return [item for item in normal if item is not None]


def ids(connector: Collects | Streams, found: list[Page], watch: Watch) -> list[str]:
    """The ids of all pages, in the order they came."""
    return [item.remote_id for page in found for item in items(connector, page, watch)]


async def heard(
    connector: Streams, session: Session, listening: Listening, cursor: Cursor | None
) -> tuple[list[Page], NetworkError | None]:
    """The pages of a stream until it breaks, and what it broke with."""
    found: list[Page] = []
    try:
        async with aclosing(connector.stream(session, listening.watch, cursor)) as stream:  # type: ignore[type-var]
            async for page in stream:
                found.append(page)
    except NetworkError as error:
        return found, error
    return found, None


class CollectsContract:
    """What holds for every watch that is looked at; needs fixtures `connector` and `walk`."""

    async def test_every_item_comes_out_once_and_the_pages_end(self, connector: Collects, walk: Walk) -> None:
        found = await pages(connector, walk.session(), walk.watch)
        assert sorted(ids(connector, found, walk.watch)) == sorted(walk.ids)

    async def test_a_further_look_gives_nothing_old(self, connector: Collects, walk: Walk) -> None:
        session = walk.session()
        found = await pages(connector, session, walk.watch)
        again = await pages(connector, session, walk.watch, found[-1].cursor)
        assert set(ids(connector, again, walk.watch)) <= walk.repeats

    async def test_a_repeated_page_changes_nothing(self, connector: Collects, walk: Walk) -> None:
        first = await connector.fetch(walk.session(), walk.watch, None)
        second = await connector.fetch(walk.session(), walk.watch, None)
        assert items(connector, first, walk.watch) == items(connector, second, walk.watch)

    async def test_cursors_are_json_and_hold_no_secret(self, connector: Collects, walk: Walk) -> None:
        for page in await pages(connector, walk.session(), walk.watch):
            assert_plain_json(page.cursor)
            assert SECRET not in repr(page.cursor)

    async def test_normalise_is_pure(self, connector: Collects, walk: Walk) -> None:
        for page in await pages(connector, walk.session(), walk.watch):
            for raw in page.raw:
                assert_pure(connector, raw, walk.watch)

    async def test_items_are_well_made(self, connector: Collects, walk: Walk) -> None:
        for page in await pages(connector, walk.session(), walk.watch):
            for item in items(connector, page, walk.watch):
                assert_well_made(item)


class StreamsContract:
    """What holds for every watch that is listened to; needs fixtures `connector` and `listening`."""

    async def test_every_message_arrives(self, connector: Streams, listening: Listening) -> None:
        listening.begin()
        found, error = await heard(connector, listening.session(), listening, listening.cursor)
        said = [item for page in found for item in items(connector, page, listening.watch)]
        assert {item.remote_id for item in said if not item.deleted} == set(listening.ids)
        assert {item.remote_id for item in said if item.deleted} == set(listening.gone)
        assert type(error) is Temporary

    async def test_a_cut_line_is_resumed_with_nothing_lost(
        self, connector: Streams, listening: Listening
    ) -> None:
        for count in range(1, len(listening.ids) + 1):
            listening.begin()
            before, error = await heard(
                connector, listening.cut_after(count).session(), listening, listening.cursor
            )
            assert type(error) is Temporary
            cursor = before[-1].cursor if before else listening.cursor
            after, _ = await heard(connector, listening.session(), listening, cursor)
            came = ids(connector, before + after, listening.watch)
            assert set(came) >= set(listening.ids), f"lost after a cut behind message {count}"

    async def test_what_was_heard_is_well_made(self, connector: Streams, listening: Listening) -> None:
        listening.begin()
        found, _ = await heard(connector, listening.session(), listening, listening.cursor)
        for page in found:
            assert_plain_json(page.cursor)
            for raw in page.raw:
                assert_pure(connector, raw, listening.watch)
            for item in items(connector, page, listening.watch):
                if not item.deleted:
                    assert_well_made(item)


def assert_pure(connector: Collects | Streams, raw: Any, watch: Watch) -> None:
    """Same in, same out, and nothing changed in what came in."""
    kept = copy.deepcopy(raw)
    first = connector.normalise(raw, watch)
    assert connector.normalise(copy.deepcopy(kept), watch) == first
    assert repr(raw) == repr(kept)


def assert_well_made(item: RemoteItem) -> None:
    """The promises of `RemoteItem` that types cannot hold."""
    assert item.remote_id and item.remote_id == item.remote_id.strip()
    assert item.url.startswith(("https://", "http://")) or not item.url
    assert item.published_at is None or item.published_at.tzinfo is not None
    assert item.text or item.title or item.image_urls
    assert "\x00" not in item.text + item.title
    assert all(count is None or count >= 0 for count in (item.likes, item.reposts, item.replies, item.views))
    assert all(address.startswith(("https://", "http://")) for address in item.image_urls)
    if item.language is not None:
        assert item.language == item.language.lower() and 2 <= len(item.language) <= 8
    if item.author is not None:
        assert item.author.remote_id
        assert item.author.followers is None or item.author.followers >= 0


def assert_plain_json(value: Any) -> None:
    """A cursor must come back from the database as it went."""
    if isinstance(value, Mapping):
        assert all(isinstance(key, str) for key in value)
        for part in value.values():
            assert_plain_json(part)
    elif isinstance(value, (list, tuple)):
        assert not isinstance(value, tuple), "a tuple comes back from JSON as a list"
        for part in value:
            assert_plain_json(part)
    else:
        assert value is None or isinstance(value, (str, int, float, bool))


HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    float("nan"),
    "",
    "\x00\ud800",
    "‮\u200b" * 3,
    "9999-99-99T99:99:99Z",
    "javascript:alert(1)",
    "http://[::1",
    [],
    ["x"],
    {},
    {"$type": "nothing"},
    [[[[]]]],
)


def changed(raw: Any, seed: int, every: int) -> list[Any]:
    """`raw` with one place replaced by something hostile or removed, for `every` n-th such change."""
    random = Random(seed)
    variants = []
    for path in list(_places(raw)):
        for hostile in HOSTILE:
            if random.randrange(every) == 0:
                variants.append(_replaced(raw, path, hostile))
        if path:
            variants.append(_replaced(raw, path, _REMOVED))
    return variants


_REMOVED = object()


def _places(raw: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            yield from _places(value, (*path, key))
    elif isinstance(raw, (list, tuple)):
        for place, value in enumerate(raw[:4]):
            yield from _places(value, (*path, place))
    elif is_dataclass(raw):
        for part in fields(raw):
            yield from _places(getattr(raw, part.name), (*path, part.name))


def _replaced(raw: Any, path: tuple[Any, ...], hostile: Any) -> Any:
    if not path:
        return hostile
    head, rest = path[0], path[1:]
    if isinstance(raw, Mapping):
        rebuilt = dict(raw)
        if hostile is _REMOVED and not rest:
            del rebuilt[head]
        else:
            rebuilt[head] = _replaced(raw[head], rest, hostile)
        return rebuilt if type(raw) is dict else type(raw)(rebuilt)
    if isinstance(raw, (list, tuple)):
        parts = list(raw)
        if hostile is _REMOVED and not rest:
            del parts[head]
        else:
            parts[head] = _replaced(raw[head], rest, hostile)
        return type(raw)(parts) if type(raw) in (list, tuple) else raw
    value = None if hostile is _REMOVED and not rest else _replaced(getattr(raw, head), rest, hostile)
    return replace(raw, **{head: value})


def failing(reply: Reply | HttpFailure) -> Any:
    """Answers that give `reply` to every request."""

    def answers(request: Request) -> Reply | HttpFailure:
        return reply

    return answers
