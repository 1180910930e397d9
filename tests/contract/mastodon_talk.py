"""What is said to the account of a recorded Mastodon server, and what it does to who says it.

Marks of lists are text that orders otherwise than the list. Of the family: a reply keeps the id of what it
answers when that is gone, and several statuses are not given at once.
"""

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.contract.scene import NOW, Reply, Request

if TYPE_CHECKING:
    from tests.contract.mastodon_publishing import MastodonHome

NAME = "tilleuls"
_VERBS = {
    "favourite": ("favourited", True),
    "unfavourite": ("favourited", False),
    "reblog": ("reblogged", True),
    "unreblog": ("reblogged", False),
    "mute": ("muting", True),
    "unmute": ("muting", False),
    "block": ("blocking", True),
    "unblock": ("blocking", False),
}


class Talk:
    """Notices in the order they were made, marks by what they are on."""

    def __init__(self, home: "MastodonHome") -> None:
        self.home = home
        self.notices: list[dict[str, Any]] = []
        self.marks: set[tuple[str, str]] = set()
        self.reports: list[dict[str, Any]] = []
        self.may_act = True

    def answer(self, path: str, request: Request) -> Reply | None:
        """As the server would; None for what is not about talk."""
        parts = path.removeprefix("/api/v1/").rstrip("/").split("/")
        match parts:
            case ["notifications"]:
                return self._notifications(request)
            case ["conversations"]:
                return self._conversations(request)
            case ["statuses"] if request.method == "GET":
                return self._several(request)
            case ["statuses", number, "context"]:
                return self._context(number)
            case ["accounts", "relationships"]:
                return Reply(body=[self._relation(number) for number in _asked(request, "id[]")])
            case ["reports"]:
                return self._report(request) if self.may_act else _outside()
            case [("accounts" | "statuses") as kind, number, verb] if verb in _VERBS:
                return self._done(kind, number, verb) if self.may_act else _outside()
        return None

    def _notifications(self, request: Request) -> Reply:
        wanted = _asked(request, "types[]")
        found = [notice for notice in self.notices if not wanted or notice["type"] in wanted]
        if self.home.family:  # knows no types
            found = self.notices
        return self._listed(request, [(notice["id"], notice) for notice in found])

    def _conversations(self, request: Request) -> Reply:
        last: dict[str, dict[str, Any]] = {}
        for status in self.home.statuses:
            if status["visibility"] == "direct":
                root = (self.above(status) or [status])[0]["id"]
                last.pop(root, None)
                last[root] = status
        entries = [
            (status["id"], {"id": f"c{root}", "unread": True, "accounts": [], "last_status": status})
            for root, status in last.items()
        ]
        return self._listed(request, entries)

    def _listed(self, request: Request, entries: list[tuple[str, dict[str, Any]]]) -> Reply:
        """Newest first; `min_id` gives what is just above a mark, `max_id` what is just below."""
        order, limit = [mark for mark, _ in entries], int(request.params["limit"])
        least, most = request.params.get("min_id"), request.params.get("max_id")
        if least in order:
            page = entries[order.index(str(least)) + 1 :][:limit]
        else:
            page = (entries[: order.index(str(most))] if most in order else entries)[-limit:]
        page = page[::-1]
        headers = {}
        if page:
            base = request.url.partition("?")[0]
            older, newer = urlencode({"max_id": page[-1][0]}), urlencode({"min_id": page[0][0]})
            headers["Link"] = f'<{base}?{older}>; rel="next", <{base}?{newer}>; rel="prev"'
        return Reply(body=[entry for _, entry in page], headers=headers)

    def _several(self, request: Request) -> Reply:
        if self.home.family:
            return Reply(status=405, body={"error": "Method Not Allowed"})
        ids = _asked(request, "id[]")
        assert 0 < len(ids) <= 20
        return Reply(body=[status for status in self.home.statuses if status["id"] in ids])

    def _context(self, number: str) -> Reply:
        status = self._known(number)
        if status is None:
            return Reply(status=404, body={"error": "Record not found"})
        below = [one for one in self.home.statuses if status in self.above(one)]
        return Reply(body={"ancestors": self.above(status), "descendants": below})

    def _known(self, number: str | None) -> dict[str, Any] | None:
        return next((status for status in self.home.statuses if status["id"] == number), None)

    def above(self, status: dict[str, Any]) -> list[dict[str, Any]]:
        """What a status hangs under, root first."""
        parent = self._known(status["in_reply_to_id"])
        return [*self.above(parent), parent] if parent else []

    def _relation(self, number: str) -> dict[str, Any]:
        names = ("blocked_by", "domain_blocking", "endorsed", "followed_by", "following", "notifying")
        plain = dict.fromkeys((*names, "requested", "requested_by", "showing_reblogs"), False)
        muting = (number, "muting") in self.marks
        own = {"muting": muting, "muting_notifications": muting, "note": "", "id": number}
        return {**plain, **own, "blocking": (number, "blocking") in self.marks}

    def _report(self, request: Request) -> Reply:
        asked = request.json
        if not all(self._known(number) for number in asked["status_ids"]):
            return Reply(status=404, body={"error": "Record not found"})
        self.reports.append(asked)
        told = {
            "id": str(len(self.reports)),
            "action_taken": False,
            "category": asked["category"],
            "comment": asked["comment"],
            "created_at": "2026-11-23T10:00:00.000Z",
            "forwarded": asked["forward"],
            "status_ids": asked["status_ids"],
            "rule_ids": None,
            "target_account": self.home.account("zoe"),
        }
        return Reply(body=told)

    def _done(self, kind: str, number: str, verb: str) -> Reply:
        name, wanted = _VERBS[verb]
        status = self._known(number) if kind == "statuses" else None
        if kind == "statuses" and status is None:
            return Reply(status=404, body={"error": "Record not found"})
        if wanted:
            self.marks.add((number, name))
        else:
            self.marks.discard((number, name))
        if status is None:
            return Reply(body=self._relation(number))
        status[name] = wanted
        return Reply(body=status)

    # What people do.

    def mention(self, name: str) -> dict[str, str]:
        """Somebody named in a status."""
        account = self.home.account(name)
        return {part: account[part] for part in ("id", "username", "url", "acct")}

    def speak(self, text: str, above: str, *, direct: bool = False, **more: Any) -> str:
        """Zoé says something to the account, in answer to a status or not; gives its address."""
        self.home.made += 1
        parent = next((status for status in self.home.statuses if status["uri"] == above), None)
        private = direct or (parent is not None and parent["visibility"] == "direct")
        at = NOW - timedelta(minutes=10) + timedelta(seconds=self.home.made)
        status = self.home.status(
            2000 + self.home.made,
            f'<p><a href="{self.home.base}/@{NAME}" class="u-url mention">@<span>{NAME}</span></a> '
            f"{escape(text, quote=False)}</p>",
            name="zoe",
            in_reply_to_id=parent["id"] if parent else None,
            in_reply_to_account_id=parent["account"]["id"] if parent else None,
            mentions=[self.mention(NAME)],
            **{"visibility": "direct" if private else "public", **more},
        )
        status["created_at"] = at.isoformat().replace("+00:00", ".000Z")
        self.home.statuses.append(status)
        self.home.sources[status["id"]] = f"@{NAME} {text}"
        self.notice(status)
        return str(status["uri"])

    def notice(self, status: dict[str, Any], kind: str = "mention") -> None:
        """The account is told of a status; now and then somebody likes something in between."""
        if len(self.notices) % 5 == 0:
            self._notice("favourite", status)
        self._notice(kind, status)

    def _notice(self, kind: str, status: dict[str, Any]) -> None:
        number = len(self.notices) + 1
        mark = f"01NO{(number * 7919) % 10007:05}-{number}"
        told = {"id": mark, "type": kind, "group_key": f"ungrouped-{mark}", "status": status}
        self.notices.append({**told, "created_at": status["created_at"], "account": status["account"]})

    def rewrite(self, address: str, text: str) -> None:
        """Its author changes a status."""
        status = next(status for status in self.home.statuses if status["uri"] == address)
        status |= {"content": f"<p>{escape(text)}</p>", "edited_at": "2026-11-23T09:59:00.000Z"}

    def unsay(self, address: str) -> None:
        """Its author takes a status away."""
        self.forget(next(status for status in self.home.statuses if status["uri"] == address))

    def forget(self, status: dict[str, Any]) -> None:
        """A status goes, and whoever was told of it finds nothing."""
        self.home.statuses.remove(status)
        self.notices = [one for one in self.notices if one["status"] is not status]
        for one in self.home.statuses:
            if one["in_reply_to_id"] == status["id"] and not self.home.family:
                one |= {"in_reply_to_id": None, "in_reply_to_account_id": None}

    def acted(self, act: str, address: str) -> bool:
        """Whether an act of the account stands on a status, or on who said it."""
        status = next(status for status in self.home.statuses if status["uri"] == address)
        if act == "report":
            return any(status["id"] in asked["status_ids"] for asked in self.reports)
        name = {"like": "favourited", "repost": "reblogged", "mute": "muting", "block": "blocking"}[act]
        number = status["account"]["id"] if name in ("muting", "blocking") else status["id"]
        return (number, name) in self.marks


def _asked(request: Request, name: str) -> list[str]:
    """One value or several, as such a server takes both."""
    names = (name, name.removesuffix("[]"))
    return [value for key, value in parse_qsl(urlsplit(request.url).query) if key in names]


def _outside() -> Reply:
    return Reply(status=403, body={"error": "This action is outside the authorized scopes"})
