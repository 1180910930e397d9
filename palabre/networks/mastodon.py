"""Mastodon and the servers that speak its API: hashtags, public timelines, search, accounts, streaming.

Each server shows what it knows and what it wants to show. Ids of statuses are opaque text and belong
to one server; a status is known by its ActivityPub address, so that two servers showing it count once.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from palabre.kit.http import Answer, HttpFailure
from palabre.networks.answers import accepted, from_failure, json_of
from palabre.networks.batches import batches
from palabre.networks.contract import (
    Budget,
    Capability,
    Cursor,
    Manifest,
    Page,
    Reach,
    RemoteItem,
    Session,
    Suggestion,
    Watch,
    WatchField,
    WatchKind,
    Words,
)
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    RateLimited,
    Rejected,
    UnexpectedAnswer,
)
from palabre.networks.formats.statuses import from_status, host_of
from palabre.networks.mastodon_streams import Event, Line, by_lines, by_socket, parsed
from palabre.networks.rounds import Round
from palabre.networks.shapes import count, moment, table, word

LIMIT = 40
"""Statuses a page: the most every server gives."""
FIRST_PAGES = 5
"""Pages of the past on the first look at a timeline."""
MISSED_PAGES = 10
"""Pages asked for after a stream was cut."""
REMEMBERED = 50_000
"""Statuses of a server whose address is remembered: a deletion names only the server's own id."""

_TOKEN = WatchField(
    key="token",
    label=Words(fr="Jeton d’accès (facultatif)", en="Access token (optional)"),
    secret=True,
    required=False,
)
_SERVER = WatchField(
    key="server", label=Words(fr="Serveur", en="Server"), required=False, default="mastodon.social"
)


def _kind(key: str, fr: str, en: str, hint_fr: str, hint_en: str, **more: Any) -> WatchKind:
    more = {"reach": Reach.RADAR, "fields": (_TOKEN,), "placeholder": "mastodon.social", **more}
    return WatchKind(key=key, label=Words(fr=fr, en=en), hint=Words(fr=hint_fr, en=hint_en), **more)


MANIFEST = Manifest(
    key="mastodon",
    label="Mastodon",
    icon="brand-mastodon",
    capabilities=frozenset((Capability.COLLECT, Capability.STREAM)),
    watches=(
        _kind(
            "tag",
            "Mot-dièse",
            "Hashtag",
            "Ce que le serveur connaît de ce mot-dièse, dans tout le fédivers qui l’atteint.",
            "What the server knows of this hashtag, in all of the fediverse that reaches it.",
            placeholder="#patrimoine",
            fields=(_SERVER, _TOKEN),
        ),
        _kind(
            "public",
            "Tout ce qu’un serveur voit",
            "All that a server sees",
            "Le fil public fédéré. Beaucoup de serveurs le réservent à leurs membres.",
            "The federated public timeline. Many servers keep it for their members.",
        ),
        _kind(
            "local",
            "Les membres d’un serveur",
            "The members of a server",
            "Le fil public de ce serveur seul.",
            "The public timeline of this server alone.",
        ),
        _kind(
            "search",
            "Recherche",
            "Search",
            "Les mots de vos sujets, parmi les auteurs qui ont accepté d’être trouvés. Demande un compte.",
            "The words of your topics, among authors who agreed to be found. Asks for an account.",
            needs_topic=True,
            needs_account=True,
            placeholder="",
            fields=(
                _SERVER,
                WatchField(key="token", label=Words(fr="Jeton d’accès", en="Access token"), secret=True),
            ),
        ),
        _kind(
            "account",
            "Publications d’un compte",
            "Posts of an account",
            "Son adresse, comme @nom@serveur, ou celle de son profil.",
            "Its address, such as @name@server, or that of its profile.",
            reach=Reach.TARGETED,
            placeholder="@nom@mastodon.social",
        ),
        _kind(
            "live",
            "Tout ce qu’un serveur voit, en direct",
            "All that a server sees, live",
            "À la seconde. La plupart des serveurs demandent un compte.",
            "Within the second. Most servers ask for an account.",
            capability=Capability.STREAM,
        ),
        _kind(
            "live_local",
            "Les membres d’un serveur, en direct",
            "The members of a server, live",
            "À la seconde, ce serveur seul.",
            "Within the second, this server alone.",
            capability=Capability.STREAM,
        ),
        _kind(
            "live_tag",
            "Mot-dièse, en direct",
            "Hashtag, live",
            "À la seconde, ce mot-dièse sur ce serveur.",
            "Within the second, this hashtag on this server.",
            capability=Capability.STREAM,
            placeholder="#patrimoine",
            fields=(_SERVER, _TOKEN),
        ),
    ),
    source="https://docs.joinmastodon.org/methods/timelines/",
    checked_on=date(2026, 11, 23),
    scopes={Capability.COLLECT: ("read:statuses", "read:search"), Capability.STREAM: ("read:statuses",)},
    budgets=(Budget(calls=300, seconds=300),),
    cannot=(
        Words(
            fr="Aucun serveur ne connaît tout le fédivers : choisissez ceux de votre public.",
            en="No server knows the whole fediverse: choose those of your audience.",
        ),
        Words(
            fr="La recherche ne trouve que les auteurs qui l’ont accepté.",
            en="Search only finds authors who agreed to it.",
        ),
        Words(
            fr="Ni portée ni vues ; une suppression n’est connue que pendant l’écoute en direct.",
            en="No reach and no views; a deletion is only known while listening live.",
        ),
    ),
)

_TIMELINES = {"public": {}, "local": {"local": "true"}, "live": {}, "live_local": {"local": "true"}}
_STREAMS = {"live": "public", "live_local": "public:local", "live_tag": "hashtag"}


class Mastodon:
    """See the module; remembers the addresses of recent statuses, bounded, in memory alone."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One page. Cursor: {"newest": id} and, on the way down the first time, {"older": id, …}."""
        if watch.kind == "search":
            return await self._search(session, watch, cursor)
        if watch.kind == "account":
            return await self._account(session, watch, cursor)
        path, asked = _timeline(watch)
        page = await _walk(session, watch, cursor, path, asked)
        if not page.raw and not cursor:
            await _refuse_if_closed(session, watch)
        return page

    async def _account(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        name, base = _address(watch.target)
        known, title = word(table(cursor).get("account")), ""
        if not known:
            answer = await _call(session, watch, base, "/api/v1/accounts/lookup", {"acct": name})
            known, title = (
                word(table(json_of(answer)).get("id")),
                word(table(json_of(answer)).get("display_name")),
            )
            if not known:
                raise UnexpectedAnswer("other_shape", host=host_of(base), excerpt="account")
        path = f"/api/v1/accounts/{quote(known, safe='')}/statuses"
        page = await _walk(session, watch, cursor, path, {}, base=base)
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
        base = _base(watch)
        answer = await _call(session, watch, base, "/api/v2/search", asked)
        found = _list(table(json_of(answer)).get("statuses"), base)
        further = str(offset + LIMIT) if len(found) >= LIMIT else None
        newest = word(table(found[0]).get("id")) if found else here.since
        held, more = here.next(page=further, newest=newest)
        return Page(raw=tuple(found), cursor=held, more=more, wait=_wait(answer, session.now()))

    async def stream(
        self, session: Session, watch: Watch, cursor: Cursor | None
    ) -> AsyncGenerator[Page, None]:
        """What was missed since the cursor, then statuses, edits and deletions as they come."""
        if watch.kind not in _STREAMS:
            raise Rejected("unknown_watch", kind=watch.kind)
        line = Line(
            base=_base(watch),
            name=_STREAMS[watch.kind],
            tag=_tag(watch) if watch.kind == "live_tag" else "",
            newest=word(table(cursor).get("newest")),
            token=_token(session, watch),
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
        path, asked = _timeline(watch)
        for _ in range(MISSED_PAGES if line.newest else 0):
            try:
                page = await _walk(session, watch, {"newest": line.newest}, path, asked)
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

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """A status (a boost gives what was boosted), or a deletion heard on a stream."""
        return from_status(table(raw))

    async def find(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The account behind @name@server or a profile's address."""
        try:
            name, base = _address(typed)
            watch = Watch(kind="account", target=f"@{name}@{urlsplit(base).netloc}")
            answer = await _call(session, watch, base, "/api/v1/accounts/lookup", {"acct": name})
        except (Rejected, Gone, NotPermitted):
            return ()
        shown = word(table(json_of(answer)).get("display_name")) or watch.target
        return (Suggestion(watch=watch, title=f"{shown} (Mastodon)"),)


# Asking.


async def _walk(
    session: Session,
    watch: Watch,
    cursor: Cursor | None,
    path: str,
    asked: Mapping[str, str],
    *,
    base: str = "",
) -> Page:
    """One page of a timeline: down from the top the first time, then up from the newest known id."""
    kept = table(cursor)
    newest, older, walked = word(kept.get("newest")), word(kept.get("older")), count(kept.get("walked")) or 0
    asked = {**asked, "limit": str(LIMIT)}
    if older:
        asked["max_id"] = older
    elif newest:
        asked["min_id"] = newest
    base = base or _base(watch)
    answer = await _call(session, watch, base, path, asked)
    found = _list(json_of(answer), base)
    links = _links(answer.headers.get("link", ""))
    first, last = (word(table(found[place]).get("id")) if found else "" for place in (0, -1))
    top, bottom = links.get("prev") or first, links.get("next") or last
    wait = _wait(answer, session.now())
    full = len(found) >= LIMIT // 2  # a server may hide some statuses of a full page
    if newest and not older:
        held = {"newest": top or newest}
        return Page(raw=tuple(found), cursor=held, more=full and held["newest"] != newest, wait=wait)
    begun = {"newest": newest or top} if newest or top else {}
    if full and bottom and bottom != older and walked + 1 < FIRST_PAGES:
        held_down = {**begun, "older": bottom, "walked": walked + 1}
        return Page(raw=tuple(found), cursor=held_down, more=True, wait=wait)
    return Page(raw=tuple(found), cursor=begun, wait=wait)


async def _call(session: Session, watch: Watch, base: str, path: str, asked: Mapping[str, str]) -> Answer:
    """One read; what a server refuses to strangers is told apart from a token that no longer works."""
    token = _token(session, watch)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = await session.http.request("GET", base + path, headers=headers, params=asked)
    except HttpFailure as failure:
        raise from_failure(failure) from None
    if not token and answer.status in (401, 403, 422):
        raise NotPermitted("mastodon_closed", host=host_of(base))
    reset = _reset(answer, session.now())
    if answer.status == 429 and reset is not None and "retry-after" not in answer.headers:
        raise RateLimited("too_many_requests", retry_after=reset)
    return accepted(answer, now=session.now())


async def _refuse_if_closed(session: Session, watch: Watch) -> None:
    """An empty timeline may be one that the server has switched off: then say so."""
    base = _base(watch)
    try:
        answer = await _call(session, watch, base, "/api/v2/instance", {})
        access = table(table(table(json_of(answer)).get("configuration")).get("timelines_access"))
    except NetworkError:
        return  # older and other servers say nothing of it: the timeline is simply empty
    feeds = table(access.get("hashtag_feeds" if "tag" in watch.kind else "live_feeds"))
    asked = "local" if watch.kind == "local" else "remote"
    if feeds.get(asked) == "disabled":
        raise NotPermitted("mastodon_disabled", host=host_of(base))


def _token(session: Session, watch: Watch) -> str:
    return session.credentials.get("token") or watch.options.get("token") or ""


def _timeline(watch: Watch) -> tuple[str, Mapping[str, str]]:
    if watch.kind in ("tag", "live_tag"):
        return f"/api/v1/timelines/tag/{quote(_tag(watch), safe='')}", {}
    if watch.kind in _TIMELINES:
        return "/api/v1/timelines/public", _TIMELINES[watch.kind]
    raise Rejected("unknown_watch", kind=watch.kind)


def _tag(watch: Watch) -> str:
    tag = watch.target.strip().lstrip("#＃")
    if not tag or not re.fullmatch(r"[\w·]+", tag):
        raise Rejected("bad_tag", typed=word(watch.target, most=80))
    return tag


def _base(watch: Watch) -> str:
    """The server's address without a path; http is only kept when typed."""
    typed = watch.options.get("server") or ""
    if watch.kind not in ("tag", "live_tag", "search"):
        typed = watch.target or typed
    return _origin(typed or "mastodon.social")


def _origin(typed: str) -> str:
    try:
        parts = urlsplit(typed.strip() if "://" in typed else f"https://{typed.strip()}")
        if parts.hostname and parts.scheme in ("http", "https"):
            return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    except ValueError:
        pass
    raise Rejected("bad_url")


def _address(typed: str) -> tuple[str, str]:
    """The account's name on its server, and the server. Raises `Rejected` for anything else."""
    found = re.fullmatch(r"(?:acct:)?@?(\w[\w.-]*)@([\w.-]+(?::\d+)?)", typed.strip())
    if found:
        return found[1], _origin(found[2])
    found = re.match(r"(https?://[\w.:-]+)/(?:@|users/)(\w[\w.-]*)(?:@([\w.-]+))?/?$", typed.strip())
    if found:
        return found[2], _origin(found[3] or found[1])
    raise Rejected("bad_account", typed=word(typed, most=80))


def _list(value: object, base: str) -> list[Any]:
    if not isinstance(value, list):
        raise UnexpectedAnswer("other_shape", host=host_of(base), excerpt="statuses")
    return value


def _links(header: str) -> dict[str, str]:
    """The ids in a Link header by relation; its addresses are never followed, only read."""
    found = {}
    for address, relation in re.findall(r'<([^<>]*)>\s*;[^,<]*?rel="?(\w+)"?', header):
        asked = dict(parse_qsl(urlsplit(address).query))
        names = ("max_id",) if relation == "next" else ("min_id", "since_id")
        if any(name in asked for name in names):
            found[relation] = word(next(asked[name] for name in names if name in asked))
    return found


def _wait(answer: Answer, now: datetime) -> float | None:
    """Seconds until calls are allowed again, when none is left."""
    return _reset(answer, now) if answer.headers.get("x-ratelimit-remaining") == "0" else None


def _reset(answer: Answer, now: datetime) -> float | None:
    when = moment(answer.headers.get("x-ratelimit-reset"))
    return None if when is None else min(max((when - now).total_seconds(), 0.0), 3600.0)


async def _streaming_server(session: Session, watch: Watch) -> str:
    """Where the server says its streams are, else the server itself; always as http(s)."""
    base = _base(watch)
    try:
        answer = await _call(session, watch, base, "/api/v2/instance", {})
        said = table(table(table(json_of(answer)).get("configuration")).get("urls")).get("streaming")
        return _origin(re.sub(r"^ws", "http", said)) if isinstance(said, str) and said else base
    except NetworkError:
        return base


def _stream_error(failure: HttpFailure, line: Line) -> NetworkError:
    error = from_failure(failure)
    if isinstance(error, AuthExpired) and not line.token:
        return NotPermitted("mastodon_closed", host=host_of(line.base))
    return error


connector = Mastodon()
