"""An account server of the AT Protocol in memory: enough of it to sign in, publish and be found again.

It answers as Bluesky's own does where `tests/live/bluesky` looks at both.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.contract.scene import NOW, SECRET, Reply, Request
from tests.contract.stage import Standing

DID = "did:plc:tilleuls2345672345672345"
OTHER = "did:plc:zoe23456723456723456723"
HANDLE = "tilleuls.bsky.social"
POSTS = "app.bsky.feed.post"
WRITES = frozenset(
    (
        "app.bsky.graph.muteActor",
        "app.bsky.graph.unmuteActor",
        "com.atproto.moderation.createReport",
        "com.atproto.repo.putRecord",
        "com.atproto.repo.deleteRecord",
    )
)


@dataclass
class BlueskyServer:
    """Records by their key, tokens that work, blobs that were sent."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    made: int = 0
    muted: set[str] = field(default_factory=set)
    reports: list[dict[str, Any]] = field(default_factory=list)
    may_act: bool = True
    """False: the token is for reading alone."""

    def answer(self, request: Request) -> Reply:
        """As the server would."""
        name = request.path.rpartition("/")[2]
        if name == "com.atproto.server.createSession":
            return self._session(request)
        if name in ("com.atproto.server.refreshSession", "com.atproto.server.deleteSession"):
            return self._renewed(request, over=name.endswith("deleteSession"))
        if name == "com.atproto.identity.resolveHandle":
            known = {HANDLE: DID, "zoe.bsky.social": OTHER}.get(request.params["handle"])
            return (
                Reply(body={"did": known})
                if known
                else _refused("InvalidRequest", "Unable to resolve handle")
            )
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return (
                _refused("ExpiredToken", "Token has expired")
                if request.headers.get("authorization")
                else Reply(status=401, body={"error": "AuthMissing", "message": "Authentication Required"})
            )
        if name in WRITES and not self.may_act:
            told = {"error": "ScopeMissingError", "message": "Missing required scope"}
            return Reply(status=403, body=told)
        calls = {
            "app.bsky.graph.muteActor": self._mute,
            "app.bsky.graph.unmuteActor": self._mute,
            "com.atproto.moderation.createReport": self._report,
            "com.atproto.server.getSession": self._me,
            "app.bsky.actor.getProfile": self._profile,
            "app.bsky.actor.searchActorsTypeahead": self._people,
            "com.atproto.repo.uploadBlob": self._blob,
            "com.atproto.repo.putRecord": self._put,
            "com.atproto.repo.getRecord": self._get,
            "com.atproto.repo.deleteRecord": self._delete,
            "app.bsky.feed.getPosts": self._posts,
            "app.bsky.feed.getPostThread": self._thread,
            "app.bsky.actor.getProfiles": self._profiles,
            "app.bsky.notification.listNotifications": self._notices,
            "app.bsky.feed.getAuthorFeed": self._feed,
        }
        return calls[name](request)

    def _session(self, request: Request) -> Reply:
        if request.json["password"] != SECRET:
            return Reply(
                status=401,
                body={"error": "AuthenticationRequired", "message": "Invalid identifier or password"},
            )
        return self._tokens()

    def _tokens(self) -> Reply:
        self.made += 1
        access, renewal = f"eyJaccess-{SECRET}-{self.made}", f"eyJrefresh-{SECRET}-{self.made}"
        self.tokens |= {access, renewal}
        body = {"did": DID, "handle": HANDLE, "accessJwt": access, "refreshJwt": renewal, "active": True}
        return Reply(body=body)

    def _renewed(self, request: Request, *, over: bool) -> Reply:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens or "refresh" not in token:
            return _refused("ExpiredToken", "Token has been revoked")
        self.tokens.discard(token)
        return Reply(body=b"") if over else self._tokens()

    def _me(self, request: Request) -> Reply:
        return Reply(body={"did": DID, "handle": HANDLE, "active": True})

    def _profile(self, request: Request) -> Reply:
        did = request.params["actor"]
        if did not in (DID, OTHER):
            return _refused("InvalidRequest", "Profile not found")
        viewer = {"muted": did in self.muted, "blocking": self.record_about("app.bsky.graph.block", did)}
        shown = {"did": DID, "handle": HANDLE, "displayName": "Café des Tilleuls"}
        if did == OTHER:
            shown = {"did": OTHER, "handle": "zoe.bsky.social"}
        return Reply(body={**shown, "viewer": {name: told for name, told in viewer.items() if told}})

    def record_about(self, collection: str, subject: str) -> str:
        """The account's record about a post or a person, "" for none."""
        own = f"at://{DID}/{collection}/"
        for uri, record in self.records.items():
            about = record.get("subject")
            if uri.startswith(own) and subject == (about["uri"] if isinstance(about, dict) else about):
                return uri
        return ""

    def hidden(self, uri: str) -> bool:
        """Whether a gate of the account hides a reply."""
        own = f"at://{DID}/app.bsky.feed.threadgate/"
        gates = [record for place, record in self.records.items() if place.startswith(own)]
        return any(uri in gate["hiddenReplies"] for gate in gates)

    def _mute(self, request: Request) -> Reply:
        if "unmute" in request.url:
            self.muted.discard(request.json["actor"])
        else:
            self.muted.add(request.json["actor"])
        return Reply(body=b"")

    def _report(self, request: Request) -> Reply:
        asked = request.json
        assert asked["subject"]["cid"] == self._cid(asked["subject"]["uri"])
        self.reports.append(asked)
        more = {"id": len(self.reports), "reportedBy": DID, "createdAt": "2026-11-23T10:00:00.000Z"}
        return Reply(body={**asked, **more})

    def _people(self, request: Request) -> Reply:
        known = {"zoe.bsky.social": OTHER, HANDLE: DID}
        found = {handle: did for handle, did in known.items() if handle.startswith(request.params["q"])}
        return Reply(body={"actors": [{"did": did, "handle": handle} for handle, did in found.items()]})

    def _blob(self, request: Request) -> Reply:
        mime = request.headers["content-type"]
        link = f"bafkrei{sha256(request.content).hexdigest()[:40]}"
        blob = {"$type": "blob", "ref": {"$link": link}, "mimeType": mime, "size": len(request.content)}
        return Reply(body={"blob": blob})

    def _put(self, request: Request) -> Reply:
        asked = request.json
        assert asked["repo"] == DID and asked["record"]["$type"] == asked["collection"]
        assert re.fullmatch(r"[234567abcdefghij][234567a-z]{12}", asked["rkey"])
        uri = self._uri(asked["rkey"], asked["collection"])
        if "swapRecord" in asked and asked["swapRecord"] != (self._cid(uri) if uri in self.records else None):
            return _refused("InvalidSwap", f"Record was at {self._cid(uri)}")
        self.records[uri] = asked["record"]
        return Reply(body={"uri": uri, "cid": self._cid(uri)})

    def _get(self, request: Request) -> Reply:
        place = request.params
        uri = f"at://{place['repo']}/{place['collection']}/{place['rkey']}"
        if uri not in self.records:
            return _refused("RecordNotFound", f"Could not locate record: {uri}")
        return Reply(body={"uri": uri, "cid": self._cid(uri), "value": self.records[uri]})

    def _delete(self, request: Request) -> Reply:
        self.records.pop(self._uri(request.json["rkey"], request.json["collection"]), None)
        return Reply(body={})

    def _posts(self, request: Request) -> Reply:
        uris = [value for name, value in parse_qsl(urlsplit(request.url).query) if name == "uris"]
        if len(uris) > 25 or not all(uri.startswith("at://did:") for uri in uris):
            return _refused("InvalidRequest", "Error: uris must be at most 25 at-uris")
        return Reply(body={"posts": [self._view(uri) for uri in uris if uri in self.records]})

    def _thread(self, request: Request) -> Reply:
        uri = request.params["uri"]
        if uri not in self.records:
            return Reply(status=400, body={"error": "NotFound", "message": f"Post not found: {uri}"})
        assert request.params["depth"] == "0"
        return Reply(body={"thread": self._knot(uri, int(request.params["parentHeight"]))})

    def _knot(self, uri: str, height: int) -> dict[str, Any]:
        """A post of a thread with what it hangs under."""
        if uri not in self.records:
            return {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri, "notFound": True}
        parent = self.records[uri].get("reply", {}).get("parent", {}).get("uri", "")
        above = {"parent": self._knot(parent, height - 1)} if parent and height else {}
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": self._view(uri), **above}

    def _view(self, uri: str) -> dict[str, Any]:
        return {
            **self._shown(uri),
            "likeCount": 3,
            "repostCount": 2,
            "quoteCount": 0,
            "replyCount": self._replies(uri),
            "viewer": {
                name: place
                for name in ("like", "repost")
                if (place := self.record_about(f"app.bsky.feed.{name}", uri))
            },
        }

    def _shown(self, uri: str) -> dict[str, Any]:
        did = uri.split("/")[2]
        handle = HANDLE if did == DID else "zoe.bsky.social"
        return {
            "uri": uri,
            "cid": self._cid(uri),
            "author": {"did": did, "handle": handle, "displayName": handle.partition(".")[0]},
            "record": self.records[uri],
            "indexedAt": self.records[uri].get("createdAt"),
        }

    def _profiles(self, request: Request) -> Reply:
        return Reply(body={"profiles": [{"did": OTHER, "handle": "zoe.bsky.social", "followersCount": 7}]})

    def _notices(self, request: Request) -> Reply:
        """A like among them, whatever was asked for: an older view knows no reasons."""
        said = [uri for uri in self.records if uri.startswith(f"at://{OTHER}")]
        listed = [
            {**self._shown(uri), "reason": self._reason(uri), "isRead": True}
            for uri in sorted(said, reverse=True)
        ]
        like = {"uri": f"at://{OTHER}/app.bsky.feed.like/3k", "reason": "like", "author": {"did": OTHER}}
        return self._page(request, "notifications", [like, *listed])

    def _reason(self, uri: str) -> str:
        parent = self.records[uri].get("reply", {}).get("parent", {}).get("uri", "")
        return "reply" if parent.startswith(f"at://{DID}") else "mention"

    def _feed(self, request: Request) -> Reply:
        assert request.params["actor"] == DID and request.params["filter"] == "posts_with_replies"
        own = [uri for uri in self.records if uri.startswith(f"at://{DID}/{POSTS}/")]
        entries = []
        for uri in sorted(own, reverse=True):
            reply = self.records[uri].get("reply")
            hung = {
                end: self._view(told["uri"])
                if told["uri"] in self.records
                else {"$type": "app.bsky.feed.defs#notFoundPost", "uri": told["uri"], "notFound": True}
                for end, told in (reply or {}).items()
            }
            entries.append({"post": self._view(uri), **({"reply": hung} if reply else {})})
        return self._page(request, "feed", entries)

    @staticmethod
    def _page(request: Request, name: str, entries: list[dict[str, Any]]) -> Reply:
        place, limit = int(request.params.get("cursor", "0")), int(request.params["limit"])
        further = {"cursor": str(place + limit)} if place + limit < len(entries) else {}
        return Reply(body={name: entries[place : place + limit], **further})

    def _replies(self, uri: str) -> int:
        return sum(
            record.get("reply", {}).get("parent", {}).get("uri") == uri for record in self.records.values()
        )

    @staticmethod
    def _uri(rkey: str, collection: str = POSTS) -> str:
        return f"at://{DID}/{collection}/{rkey}"

    def _cid(self, uri: str) -> str:
        """Of what a record says, as far as it changes."""
        hidden = self.records.get(uri, {}).get("hiddenReplies", "")
        return f"bafyrei{sha256(f'{uri}{hidden}'.encode()).hexdigest()[:40]}"

    def say(self, text: str, above: str = "") -> str:
        """Somebody else says something to the account."""
        self.made += 1
        uri = f"at://{OTHER}/app.bsky.feed.post/3kznkz2{self.made:06}"
        when = NOW - timedelta(minutes=10) + timedelta(seconds=self.made)
        record: dict[str, Any] = {"text": text, "createdAt": when.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        if above:
            parent = {"uri": above, "cid": self._cid(above)}
            root = self.records[above].get("reply", {}).get("root", parent)
            record["reply"] = {"root": root, "parent": parent}
        self.records[uri] = record
        return uri

    def standing(self) -> list[Standing]:
        """What the account has published."""
        return [
            _standing(uri, record)
            for uri, record in self.records.items()
            if uri.startswith(f"at://{DID}/{POSTS}/")
        ]


def _standing(uri: str, record: dict[str, Any]) -> Standing:
    images = record.get("embed", {}).get("images", [])
    return Standing(
        id=uri,
        text=record["text"],
        above=record.get("reply", {}).get("parent", {}).get("uri", ""),
        alts=tuple(image["alt"] for image in images),
    )


def _refused(name: str, message: str) -> Reply:
    return Reply(status=400, body={"error": name, "message": message})
