"""The present: what was missed, then what comes over the line."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

from palabre.kit.http import HttpFailure
from palabre.networks.answers import from_failure, json_of
from palabre.networks.batches import batches
from palabre.networks.contract import (
    Cursor,
    Page,
    Session,
    Watch,
)
from palabre.networks.errors import (
    AuthExpired,
    NetworkError,
    NotPermitted,
    Rejected,
    UnexpectedAnswer,
)
from palabre.networks.mastodon.calls import base_of, call, origin_of, tag_of, timeline, token_of, walk
from palabre.networks.mastodon.lines import Event, Line, by_lines, by_socket, parsed
from palabre.networks.mastodon.statuses import host_of
from palabre.networks.shapes import table, word

MISSED_PAGES = 10
"""Pages asked for after a stream was cut."""
REMEMBERED = 50_000
"""Statuses of a server whose address is remembered: a deletion names only the server's own id."""

_STREAMS = {"live": "public", "live_local": "public:local", "live_tag": "hashtag"}


class Streaming:
    """Remembers the addresses of recent statuses, bounded, in memory alone."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def stream(
        self, session: Session, watch: Watch, cursor: Cursor | None
    ) -> AsyncGenerator[Page, None]:
        """What was missed since the cursor, then statuses, edits and deletions as they come."""
        if watch.kind not in _STREAMS:
            raise Rejected("unknown_watch", kind=watch.kind)
        line = Line(
            base=base_of(watch),
            name=_STREAMS[watch.kind],
            tag=tag_of(watch) if watch.kind == "live_tag" else "",
            newest=word(table(cursor).get("newest")),
            token=token_of(session, watch),
        )
        server = await _streaming_server(session, watch)
        try:
            async for page in self._listen(session, watch, line, by_socket(session.http, line, server)):
                yield page
        except HttpFailure as failure:
            if not line.unspoken(failure):
                raise _stream_error(failure, line) from None
        try:
            async for page in self._listen(session, watch, line, by_lines(session.http, line, server)):
                yield page
        except HttpFailure as failure:
            raise _stream_error(failure, line) from None

    async def _listen(
        self, session: Session, watch: Watch, line: Line, source: AsyncGenerator[Event, None]
    ) -> AsyncGenerator[Page, None]:
        """The line is opened before what was missed is asked for: nothing can fall in between."""
        async with aclosing(batches(source)) as arriving:
            coming = asyncio.ensure_future(anext(arriving))
            try:
                async for page in self._missed(session, watch, line):
                    yield page
                while True:
                    said = [raw for event in await coming for raw in self._read(event, line)]
                    yield Page(raw=tuple(said), cursor=line.cursor())
                    coming = asyncio.ensure_future(anext(arriving))
            finally:
                coming.cancel()
                await asyncio.wait({coming})

    async def _missed(self, session: Session, watch: Watch, line: Line) -> AsyncGenerator[Page, None]:
        path, asked = timeline(watch)
        for _ in range(MISSED_PAGES if line.newest else 0):
            try:
                page = await walk(session, watch, {"newest": line.newest}, path, asked)
            except NotPermitted:
                return  # a server may stream what its timelines do not show
            line.newest = word(page.cursor.get("newest")) or line.newest
            yield page
            if not page.more:
                return

    def _read(self, event: Event, line: Line) -> Iterator[dict[str, Any]]:
        """The raw answers in an event: a status, or a deletion once its address is known."""
        if event.name == "delete":
            address = self._seen.pop((line.base, word(event.payload)), None)
            if address is not None:
                yield {"deleted": address}
            return
        if event.name not in ("update", "status.update"):
            return
        status = parsed(event.payload)
        if not isinstance(status, dict):
            raise UnexpectedAnswer("other_shape", host=host_of(line.base), excerpt=event.name)
        local_id, address = word(status.get("id")), word(status.get("uri"))
        if local_id and address:
            self._seen[line.base, local_id] = address
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        if event.name == "update" and local_id:
            line.newest = local_id
        yield status


async def _streaming_server(session: Session, watch: Watch) -> str:
    """Where the server says its streams are, else the server itself; always as http(s)."""
    base = base_of(watch)
    try:
        answer = await call(session, watch, base, "/api/v2/instance", {})
        said = table(table(table(json_of(answer)).get("configuration")).get("urls")).get("streaming")
        return origin_of(re.sub(r"^ws", "http", said)) if isinstance(said, str) and said else base
    except NetworkError:
        return base


def _stream_error(failure: HttpFailure, line: Line) -> NetworkError:
    error = from_failure(failure)
    if isinstance(error, AuthExpired) and not line.token:
        return NotPermitted("mastodon_closed", host=host_of(line.base))
    return error
