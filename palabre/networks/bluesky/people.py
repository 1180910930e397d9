"""Who posts: a stream names no more than a DID, a search hit leaves out how many follow its author."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from palabre.networks.answers import json_of
from palabre.networks.bluesky.heard import Heard
from palabre.networks.bluesky.xrpc import request
from palabre.networks.contract import Session
from palabre.networks.errors import NetworkError
from palabre.networks.shapes import rows, table, word

Ask = Callable[[str], Awaitable[Any]]
Event = Heard | dict[str, Any]


class People:
    """Profiles of those who post, learnt 25 a call and kept a day."""

    MOST = 20_000
    AT_ONCE = 25
    KEPT = timedelta(days=1)
    REST = timedelta(minutes=1)

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[datetime, dict[str, Any]]] = OrderedDict()
        self._rest: dict[str, datetime] = {}

    async def meet(
        self,
        session: Session,
        view: str,
        dids: Iterator[str],
        *,
        calls: int = 1,
        headers: Mapping[str, str] | None = None,
        ask: Ask | None = None,
    ) -> None:
        """Ask the view about the first strangers, 25 a call; a view that fails is left alone for a minute.

        `ask` gives the JSON of a call for those who do not speak with a bearer token.
        """

        async def plainly(asked: str) -> Any:
            return json_of(await request(session, "GET", f"{view}/xrpc/{asked}", headers=headers or {}))

        for _call in range(calls):
            await self._meet(session.now(), view, dids, ask or plainly)

    async def _meet(self, now: datetime, view: str, dids: Iterator[str], ask: Ask) -> None:
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
            profiles = rows(table(await ask(f"app.bsky.actor.getProfiles?{asked}")).get("profiles"))
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

    def shown(self, post: dict[str, Any]) -> dict[str, Any]:
        """A search hit or a post of a feed, its author with the followers that the view alone tells."""
        author = table(post.get("author"))
        _, profile = self._known.get(str(author.get("did")), (None, {}))
        return {**post, "author": {**author, **profile}} if profile else post
