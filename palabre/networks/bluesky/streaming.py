"""The present: Jetstream or a server's own repository stream, and who speaks there."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any

from palabre.kit.http import HttpFailure
from palabre.networks.answers import from_failure, json_of
from palabre.networks.batches import batches
from palabre.networks.bluesky.heard import Heard
from palabre.networks.bluesky.lines import Jetstream, Repos, host_of
from palabre.networks.bluesky.manifest import VIEW
from palabre.networks.bluesky.posts import DID
from palabre.networks.bluesky.xrpc import request
from palabre.networks.contract import (
    Cursor,
    Page,
    Session,
    Watch,
)
from palabre.networks.errors import (
    NetworkError,
    Temporary,
)
from palabre.networks.shapes import (
    rows,
    table,
    word,
)

Event = Heard | dict[str, Any]


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


class People:
    """Profiles of those who post, learnt at most 25 a page and kept a day: a stream only names a DID."""

    MOST = 20_000
    AT_ONCE = 25
    KEPT = timedelta(days=1)
    REST = timedelta(minutes=1)

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[datetime, dict[str, Any]]] = OrderedDict()
        self._rest: dict[str, datetime] = {}

    async def meet(self, session: Session, view: str, dids: Iterator[str]) -> None:
        """Ask the view about the first 25 strangers; a view that fails is left alone for a minute."""
        now = session.now()
        if now < self._rest.get(view, now):
            return
        strangers: dict[str, None] = {}
        while len(strangers) < self.AT_ONCE and (did := next(dids, None)) is not None:
            if self._age(did, now) > self.KEPT:
                strangers[did] = None
        if not strangers:
            return
        asked = "&".join(f"actors={did}" for did in strangers)
        try:
            answer = await request(session, "GET", f"{view}/xrpc/app.bsky.actor.getProfiles?{asked}")
            profiles = rows(table(json_of(answer)).get("profiles"))
        except NetworkError:
            self._rest = {view: now + self.REST}  # a name is a comfort: the posts go on without
            return
        told = {word(table(profile).get("did")): dict(table(profile)) for profile in profiles}
        for did in strangers:
            self._keep(did, now, told.get(did, {}))

    def _age(self, did: str, now: datetime) -> timedelta:
        kept = self._known.get(did)
        return now - kept[0] if kept else timedelta.max

    def _keep(self, did: str, now: datetime, profile: dict[str, Any]) -> None:
        self._known.pop(did, None)
        self._known[did] = (now, profile)
        while len(self._known) > self.MOST:
            self._known.popitem(last=False)

    def note(self, said: Iterable[Event]) -> None:
        """Take new handles from the stream itself."""
        for event in said:
            if not isinstance(event, Heard) and event.get("kind") == "identity":
                did, handle = event.get("did"), table(event.get("identity")).get("handle")
                if isinstance(did, str) and did in self._known and isinstance(handle, str):
                    self._known[did][1]["handle"] = handle

    def signed(self, event: Event) -> Event:
        """The event with what is known of its author."""
        if isinstance(event, Heard):
            known = self._known.get(event.did)
            return event.by(dict(known[1])) if known and known[1] else event
        _, profile = self._known.get(str(event.get("did")), (None, {}))
        return {**event, "author": dict(profile)} if profile else event
