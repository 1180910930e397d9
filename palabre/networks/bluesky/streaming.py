"""The present: Jetstream or a server's own repository stream, and who speaks there."""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing

from palabre.kit.http import HttpFailure
from palabre.networks.answers import from_failure
from palabre.networks.batches import batches
from palabre.networks.bluesky.heard import Heard
from palabre.networks.bluesky.lines import Jetstream, Repos, host_of
from palabre.networks.bluesky.manifest import VIEW
from palabre.networks.bluesky.people import Event, People
from palabre.networks.bluesky.posts import DID
from palabre.networks.contract import (
    Cursor,
    Page,
    Session,
    Watch,
)
from palabre.networks.errors import Temporary
from palabre.networks.shapes import table


class Streaming:
    """The two live lines; known profiles are kept in memory, bounded."""

    def __init__(self) -> None:
        self._people = People()

    async def stream(
        self, session: Session, watch: Watch, cursor: Cursor | None
    ) -> AsyncGenerator[Page, None]:
        """Pages as they come; cursor: {"time_us": …} of Jetstream, {"seq": …} of a repository stream."""
        line = Jetstream(watch, cursor) if watch.kind == "jetstream" else Repos(watch, cursor)
        view = watch.options.get("view") or VIEW
        try:
            async with aclosing(batches(session.http.websocket(line.url()))) as arriving:
                async for messages in arriving:
                    said = line.read(messages)
                    self._people.note(said)
                    posts = [one for one in said if isinstance(one, Heard) or one.get("kind") == "commit"]
                    await self._people.meet(session, view, _worth(posts, watch.words))
                    yield Page(raw=tuple(map(self._people.signed, posts)), cursor=line.cursor())
                    if line.refused:
                        raise Temporary("stream_ended", host=host_of(line.url()))
        except HttpFailure as failure:
            raise from_failure(failure) from None


# Who speaks.


def _worth(posts: Iterable[Event], words: tuple[str, ...]) -> Iterator[str]:
    """The accounts to ask about: of all posts, or of those that hold one of the topics' words."""
    sought = [w.casefold() for w in words]
    for event in posts:
        did, said = _who_and_what(event)
        if not said or not isinstance(said, str) or not isinstance(did, str):
            continue
        if sought and not any(w in said.casefold() for w in sought):
            continue
        if DID.fullmatch(did):
            yield did


def _who_and_what(event: Event) -> tuple[object, object]:
    if isinstance(event, Heard):
        return event.did, event.record.text
    return event.get("did"), table(table(event.get("commit")).get("record")).get("text")
