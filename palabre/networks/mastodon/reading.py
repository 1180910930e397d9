"""Hashtags, public timelines, search, accounts: what a server shows of the past."""

from typing import Any
from urllib.parse import quote, urlsplit

from palabre.networks.answers import json_of
from palabre.networks.contract import (
    Cursor,
    Page,
    RemoteItem,
    Session,
    Suggestion,
    Watch,
)
from palabre.networks.errors import (
    Gone,
    NetworkError,
    NotPermitted,
    Rejected,
    UnexpectedAnswer,
)
from palabre.networks.mastodon.calls import (
    LIMIT,
    address_of,
    base_of,
    call,
    list_of,
    timeline,
    wait_of,
    walk,
)
from palabre.networks.mastodon.statuses import from_status, host_of
from palabre.networks.rounds import Round
from palabre.networks.shapes import table, word


class Reading:
    """One page a call."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One page. Cursor: {"newest": id} and, on the way down the first time, {"older": id, …}."""
        if watch.kind == "search":
            return await self._search(session, watch, cursor)
        if watch.kind == "account":
            return await self._account(session, watch, cursor)
        path, asked = timeline(watch)
        page = await walk(session, watch, cursor, path, asked)
        if not page.raw and not cursor:
            await _refuse_if_closed(session, watch)
        return page

    async def _account(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        name, base = address_of(watch.target)
        known, title = word(table(cursor).get("account")), ""
        if not known:
            answer = await call(session, watch, base, "/api/v1/accounts/lookup", {"acct": name})
            known, title = (
                word(table(json_of(answer)).get("id")),
                word(table(json_of(answer)).get("display_name")),
            )
            if not known:
                raise UnexpectedAnswer("other_shape", host=host_of(base), excerpt="account")
        path = f"/api/v1/accounts/{quote(known, safe='')}/statuses"
        page = await walk(session, watch, cursor, path, {}, base=base)
        held = {**page.cursor, "account": known}
        return Page(raw=page.raw, cursor=held, more=page.more, wait=page.wait, title=title)

    async def _search(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        if not watch.words:
            raise Rejected("no_words")
        here = Round.of(cursor, watch.words)
        offset = int(here.page or 0)
        sought = f'"{here.word}"' if " " in here.word else here.word
        asked = {"q": sought, "type": "statuses", "limit": str(LIMIT), "offset": str(offset)}
        if here.since:
            asked["min_id"] = here.since
        base = base_of(watch)
        answer = await call(session, watch, base, "/api/v2/search", asked)
        found = list_of(table(json_of(answer)).get("statuses"), base)
        further = str(offset + LIMIT) if len(found) >= LIMIT else None
        newest = word(table(found[0]).get("id")) if found else here.since
        held, more = here.next(page=further, newest=newest)
        return Page(raw=tuple(found), cursor=held, more=more, wait=wait_of(answer, session.now()))

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """A status (a boost gives what was boosted), or a deletion heard on a stream."""
        return from_status(table(raw))

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The account behind @name@server or a profile's address."""
        try:
            name, base = address_of(typed)
            watch = Watch(kind="account", target=f"@{name}@{urlsplit(base).netloc}")
            answer = await call(session, watch, base, "/api/v1/accounts/lookup", {"acct": name})
        except (Rejected, Gone, NotPermitted):
            return ()
        shown = word(table(json_of(answer)).get("display_name")) or watch.target
        return (Suggestion(watch=watch, title=f"{shown} (Mastodon)"),)


async def _refuse_if_closed(session: Session, watch: Watch) -> None:
    """An empty timeline may be one that the server has switched off: then say so."""
    base = base_of(watch)
    try:
        answer = await call(session, watch, base, "/api/v2/instance", {})
        access = table(table(table(json_of(answer)).get("configuration")).get("timelines_access"))
    except NetworkError:
        return  # older and other servers say nothing of it: the timeline is simply empty
    feeds = table(access.get("hashtag_feeds" if "tag" in watch.kind else "live_feeds"))
    asked = "local" if watch.kind == "local" else "remote"
    if feeds.get(asked) == "disabled":
        raise NotPermitted("mastodon_disabled", host=host_of(base))
