"""Bluesky and every AT Protocol network: search for the past, an account's posts, two streams for now.

Jetstream is light JSON from a few public servers; a server's own repository stream is the full
protocol and exists everywhere. Both resume from a cursor.
"""

import json
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

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
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.formats.at_lines import JETSTREAM, RELAY, Jetstream, Repos, host_of
from palabre.networks.formats.at_posts import DID, HANDLE, from_event, from_view
from palabre.networks.rounds import Round
from palabre.networks.shapes import (
    list_in,
    moment,
    moment_of,
    rows,
    table,
    word,
)

VIEW = "https://public.api.bsky.app"
SIGN_IN = "https://bsky.social"
SEARCH = "app.bsky.feed.searchPosts"

OVERLAP = timedelta(minutes=15)
"""A post is searchable some minutes after it was made: each round begins a little before the last one."""

_SERVER = WatchField(
    key="server",
    label=Words(fr="Serveur (vide : le réseau public)", en="Server (empty: the public network)"),
    required=False,
)
_ACCOUNT = (
    WatchField(
        key="identifier",
        label=Words(fr="Votre identifiant Bluesky", en="Your Bluesky handle"),
        required=False,
    ),
    WatchField(
        key="app_password",
        label=Words(fr="Mot de passe d’application", en="App password"),
        secret=True,
        required=False,
    ),
)
_VIEW = WatchField(
    key="view",
    label=Words(fr="Serveur qui connaît les profils", en="Server that knows the profiles"),
    required=False,
    default=VIEW,
)

MANIFEST = Manifest(
    key="bluesky",
    label="Bluesky",
    icon="brand-bluesky",
    capabilities=frozenset((Capability.COLLECT, Capability.STREAM)),
    watches=(
        WatchKind(
            key="search",
            label=Words(fr="Recherche", en="Search"),
            hint=Words(
                fr="Les mots de vos sujets, dans tout le réseau, passé compris. Le réseau public demande "
                "un compte : créez un mot de passe d’application dans ses réglages.",
                en="The words of your topics, in the whole network, the past included. The public network "
                "asks for an account: create an app password in its settings.",
            ),
            reach=Reach.RADAR,
            needs_topic=True,
            fields=(_SERVER, *_ACCOUNT),
        ),
        WatchKind(
            key="author",
            label=Words(fr="Publications d’un compte", en="Posts of an account"),
            hint=Words(fr="Son identifiant ou l’adresse de son profil.", en="Its handle or profile address."),
            placeholder="@nom.bsky.social",
            fields=(_SERVER,),
        ),
        WatchKind(
            key="jetstream",
            label=Words(fr="Tout le réseau, en direct", en="The whole network, live"),
            hint=Words(
                fr="Chaque publication passe devant vos sujets, à la seconde. Vide : le serveur public.",
                en="Every post passes before your topics, within the second. Empty: the public server.",
            ),
            placeholder=JETSTREAM,
            reach=Reach.RADAR,
            capability=Capability.STREAM,
            fields=(_VIEW,),
        ),
        WatchKind(
            key="repos",
            label=Words(fr="Un serveur, en direct", en="One server, live"),
            hint=Words(
                fr="Le flux complet d’un serveur ou d’un relais du protocole AT.",
                en="The full stream of a server or relay of the AT Protocol.",
            ),
            placeholder=RELAY,
            reach=Reach.RADAR,
            capability=Capability.STREAM,
            fields=(_VIEW,),
        ),
    ),
    source="https://github.com/bluesky-social/atproto/tree/main/lexicons",
    checked_on=date(2026, 11, 23),
    budgets=(Budget(calls=3000, seconds=300),),
    cannot=(
        Words(
            fr="Pas de portée ni de vues : le réseau ne les compte pas.",
            en="No reach and no views: the network does not count them.",
        ),
        Words(
            fr="La recherche publique demande un compte ; le direct n’en demande pas.",
            en="The public search asks for an account; the live streams do not.",
        ),
        Words(
            fr="Un compte supprimé n’annonce pas la suppression de chacune de ses publications.",
            en="A deleted account does not announce the deletion of each of its posts.",
        ),
    ),
)


class Bluesky:
    """See the module; holds open sessions and known profiles, both bounded, in memory alone."""

    def __init__(self) -> None:
        self._doors = _Doors()
        self._people = _People()

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One page of search hits or of an account's feed; cursor: see `rounds`."""
        if watch.kind == "search":
            return await self._search(session, watch, cursor)
        if watch.kind == "author":
            return await self._author(session, watch, cursor)
        raise Rejected("unknown_watch", kind=watch.kind)

    async def _search(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        if not watch.words:
            raise Rejected("no_words")
        here = Round.of(cursor, watch.words)
        asked = {"q": _quoted(here.word), "sort": "latest", "limit": "100"}
        if here.since:
            asked["since"] = here.since
        if here.page:
            asked["cursor"] = here.page
        answer, wait = await self._ask(session, watch, SEARCH, asked)
        posts = list_in(answer, "posts", host=host_of(_server(watch)))
        if not posts and " " in asked["q"] and watch.options.get("server"):
            # A server of one's own may have no search engine and take the quotes for text.
            answer, wait = await self._ask(session, watch, SEARCH, {**asked, "q": asked["q"].strip('"')})
            posts = list_in(answer, "posts", host=host_of(_server(watch)))
        # A server that does not know `since` would walk the whole past again.
        old = bool(here.since) and any(_indexed(post) < str(here.since) for post in posts)
        page = None if old or not posts else _further(answer, here)
        begun = _stamp(session.now() - OVERLAP)
        held, more = here.next(page=page, newest=begun)
        return Page(raw=tuple(posts), cursor=held, more=more, wait=wait)

    async def _author(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        actor = _actor(watch.target)
        if actor is None:
            raise Rejected("bad_account", typed=word(watch.target, most=80))
        here = Round.of(cursor, (actor,))
        asked = {"actor": actor, "limit": "100", "filter": "posts_with_replies"}
        if here.page:
            asked["cursor"] = here.page
        answer, wait = await self._ask(session, watch, "app.bsky.feed.getAuthorFeed", asked)
        feed = list_in(answer, "feed", host=host_of(_server(watch)))
        fresh = tuple(entry for entry in feed if _entered(entry) > (here.since or ""))
        page = _further(answer, here) if feed and len(fresh) == len(feed) else None
        newest = max([_entered(entry) for entry in feed] + [here.since or ""]) or None
        held, more = here.next(page=page, newest=newest)
        name = word(table(table(table(feed[0]).get("post")).get("author")).get("displayName")) if feed else ""
        return Page(raw=fresh, cursor=held, more=more, wait=wait, title=name)

    async def _ask(
        self, session: Session, watch: Watch, method: str, asked: Mapping[str, str]
    ) -> tuple[Any, float | None]:
        """The answer of an XRPC query and the advised wait, signed in when the watch has an account."""
        door = await self._doors.open(session, watch)
        url = f"{door.server}/xrpc/{method}"
        try:
            answer = await _request(session, "GET", url, headers=door.headers(), params=asked)
        except AuthExpired:
            if not door.token:
                raise NotPermitted("bluesky_account_needed", host=host_of(door.server)) from None
            door = await self._doors.open(session, watch, again=True)
            answer = await _request(session, "GET", url, headers=door.headers(), params=asked)
        except NotPermitted:
            if not door.token:
                raise NotPermitted("bluesky_account_needed", host=host_of(door.server)) from None
            raise
        return json_of(answer), _wait(answer, session.now())

    async def stream(
        self, session: Session, watch: Watch, cursor: Cursor | None
    ) -> AsyncGenerator[Page, None]:
        """Pages as they come; cursor: {"time_us": …} of Jetstream, {"seq": …} of a repository stream."""
        line = Jetstream(watch, cursor) if watch.kind == "jetstream" else Repos(watch, cursor)
        view = watch.options.get("view") or VIEW
        try:
            async with aclosing(batches(session.http.websocket(line.url()))) as arriving:
                async for messages in arriving:
                    said = []
                    for message in messages:
                        said += line.read(message)
                    self._people.note(said)
                    posts = [event for event in said if event.get("kind") == "commit"]
                    await self._people.meet(session, view, _worth(posts, watch.words))
                    yield Page(raw=tuple(map(self._people.signed, posts)), cursor=line.cursor())
                    if line.refused:
                        raise Temporary("stream_ended", host=host_of(line.url()))
        except HttpFailure as failure:
            raise from_failure(failure) from None

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """A search hit, an entry of a feed (a repost gives the original) or an event of a stream."""
        answer = table(raw)
        if "commit" in answer:
            return from_event(answer)
        return from_view(table(answer.get("post")) or answer)

    async def find(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The account behind a handle, a DID or the address of a profile."""
        actor = _actor(typed)
        named = typed.strip().startswith(("@", "did:", "https://bsky.app/"))
        if actor is None or not (named or actor.endswith(".bsky.social")):
            return ()
        watch = Watch(kind="author", target=actor)
        try:
            answer, _ = await self._ask(session, watch, "app.bsky.actor.getProfile", {"actor": actor})
        except (Rejected, Gone):
            return ()
        name = word(table(answer).get("displayName")) or actor
        return (Suggestion(watch=watch, title=f"{name} (Bluesky)"),)


# The way in: servers, accounts, refusals.


@dataclass(frozen=True, kw_only=True)
class _Door:
    """An open way to a server; the tokens never show."""

    server: str
    token: str = field(default="", repr=False)
    renewal: str = field(default="", repr=False)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class _Doors:
    """Sessions kept between calls: a server allows thirty sign-ins in five minutes, 300 a day."""

    MOST = 200

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str, int], _Door] = OrderedDict()

    async def open(self, session: Session, watch: Watch, *, again: bool = False) -> _Door:
        """The session of the watch's account, renewed when asked `again`; anonymous without account."""
        identifier = session.credentials.get("identifier") or watch.options.get("identifier") or ""
        password = session.credentials.get("app_password") or watch.options.get("app_password") or ""
        if not (identifier and password):
            return _Door(server=_server(watch))
        server = _server(watch, otherwise=SIGN_IN)
        place = (server, identifier, hash(password))
        kept = self._open.pop(place, None)
        if kept is None or again:
            kept = await self._renewed(session, kept) or await self._signed_in(
                session, server, identifier.lstrip("@"), password
            )
        self._open[place] = kept
        while len(self._open) > self.MOST:
            self._open.popitem(last=False)
        return kept

    async def _renewed(self, session: Session, door: _Door | None) -> _Door | None:
        if door is None or not door.renewal:
            return None
        url = f"{door.server}/xrpc/com.atproto.server.refreshSession"
        try:
            answer = await _request(session, "POST", url, headers={"Authorization": f"Bearer {door.renewal}"})
        except AuthExpired:
            return None
        return self._door(door.server, json_of(answer))

    async def _signed_in(self, session: Session, server: str, identifier: str, password: str) -> _Door:
        url = f"{server}/xrpc/com.atproto.server.createSession"
        answer = await _request(session, "POST", url, json={"identifier": identifier, "password": password})
        return self._door(server, json_of(answer))

    @staticmethod
    def _door(server: str, answer: Any) -> _Door:
        token, renewal = table(answer).get("accessJwt"), table(answer).get("refreshJwt")
        if not isinstance(token, str) or not token:
            raise UnexpectedAnswer("other_shape", host=host_of(server), excerpt="accessJwt")
        return _Door(server=server, token=token, renewal=renewal if isinstance(renewal, str) else "")


async def _request(session: Session, method: str, url: str, **options: Any) -> Answer:
    """One exchange; XRPC says with a word in the body what a plain 400 means."""
    try:
        answer = await session.http.request(method, url, **options)
    except HttpFailure as failure:
        raise from_failure(failure) from None
    if answer.status < 400:
        return accepted(answer, now=session.now())
    host, name = host_of(url), ""
    try:
        name = word(table(json.loads(answer.body)).get("error"))
        said = word(table(json.loads(answer.body)).get("message")).lower()
    except (ValueError, RecursionError):
        said = ""
    if name in ("ExpiredToken", "InvalidToken"):
        raise AuthExpired("sign_in_needed", host=host)
    if name in ("AccountTakedown", "AccountDeactivated", "BlockedActor"):
        raise Gone("gone", host=host)
    if answer.status == 400 and "not found" in said:
        raise Rejected("not_found", host=host)
    reset = _wait(answer, session.now())
    if answer.status == 429 and reset is not None and "retry-after" not in answer.headers:
        raise RateLimited("too_many_requests", retry_after=reset)
    return accepted(answer, now=session.now())


def _wait(answer: Answer, now: datetime) -> float | None:
    """Seconds until the budget is whole again, when nothing is left of it."""
    reset = answer.headers.get("ratelimit-reset", "")
    if answer.headers.get("ratelimit-remaining") != "0" or not reset.isdigit():
        return None
    whole = moment_of(int(reset))
    return None if whole is None else min(max((whole - now).total_seconds(), 0.0), 3600.0)


def _server(watch: Watch, *, otherwise: str = VIEW) -> str:
    typed = (watch.options.get("server") or otherwise).strip().rstrip("/")
    return typed if "://" in typed else f"https://{typed}"


def _stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def _quoted(words: str) -> str:
    """Several words are looked for side by side, as the topic has them."""
    bare = words.replace('"', " ").strip()
    return f'"{bare}"' if " " in bare else bare


def _further(answer: Any, here: Round) -> str | None:
    cursor = table(answer).get("cursor")
    return cursor if isinstance(cursor, str) and cursor and cursor != here.page else None


def _indexed(post: Any) -> str:
    when = moment(table(post).get("indexedAt"))
    return _stamp(when) if when else "9999"


def _entered(entry: Any) -> str:
    """When an entry came into a feed: for a repost, when it was reposted."""
    reason = table(table(entry).get("reason"))
    when = moment(reason.get("indexedAt")) or moment(table(table(entry).get("post")).get("indexedAt"))
    return _stamp(when) if when else "0001"


def _actor(typed: str) -> str | None:
    """The handle or DID in what a person typed, None when there is none."""
    name = typed.strip().removeprefix("https://bsky.app/profile/").partition("/")[0].partition("?")[0]
    if DID.fullmatch(name):
        return name
    found = HANDLE.fullmatch(name)
    return found.group(1).lower() if found else None


# Who speaks.


def _worth(posts: Iterable[Mapping[str, Any]], words: tuple[str, ...]) -> list[str]:
    """The accounts to ask about: of all posts, or of those that hold one of the topics' words."""
    sought = [w.casefold() for w in words]
    found = []
    for event in posts:
        said = table(table(event.get("commit")).get("record")).get("text")
        lowered = said.casefold() if isinstance(said, str) else ""
        if (not sought or any(w in lowered for w in sought)) and lowered:
            found.append(event.get("did"))
    return [did for did in found if isinstance(did, str) and DID.fullmatch(did)]


class _People:
    """Profiles of those who post, learnt at most 25 a page and kept a day: a stream only names a DID."""

    MOST = 20_000
    KEPT = timedelta(days=1)
    REST = timedelta(minutes=1)

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[datetime, dict[str, Any]]] = OrderedDict()
        self._rest: dict[str, datetime] = {}

    async def meet(self, session: Session, view: str, dids: list[str]) -> None:
        """Ask the view about at most 25 strangers; a view that fails is left alone for a minute."""
        now = session.now()
        if not dids or now < self._rest.get(view, now):
            return
        strangers = [did for did in dict.fromkeys(dids) if self._age(did, now) > self.KEPT][:25]
        if not strangers:
            return
        asked = "&".join(f"actors={did}" for did in strangers)
        try:
            answer = await _request(session, "GET", f"{view}/xrpc/app.bsky.actor.getProfiles?{asked}")
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

    def note(self, said: Iterable[Mapping[str, Any]]) -> None:
        """Take new handles from the stream itself."""
        for event in said:
            if event.get("kind") == "identity":
                did, handle = event.get("did"), table(event.get("identity")).get("handle")
                if isinstance(did, str) and did in self._known and isinstance(handle, str):
                    self._known[did][1]["handle"] = handle

    def signed(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event with what is known of its author."""
        _, profile = self._known.get(str(event.get("did")), (None, {}))
        return {**event, "author": dict(profile)} if profile else event


connector = Bluesky()
