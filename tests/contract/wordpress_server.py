"""A WordPress site in memory: enough of its REST interface to sign in, publish and be found again.

It answers as the real one does in `tests/live/wordpress`, which plays the same scenes.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from tests.contract.scene import NOW, SECRET, Reply, Request
from tests.contract.stage import Standing

SITE = "https://blog.tilleuls.com"
API = "/wp-json"


def plain(raw: str) -> str:
    """The text of an article as a reader has it: no marks, no tags, a blank line between paragraphs."""
    shown = re.sub(r"<!--.*?-->", "", raw, flags=re.DOTALL).strip()
    shown = shown.replace("<br>", "\n").replace("<br />", "\n")
    return unescape(re.sub(r"<[^>]*>", "", shown)).strip()


class WordPressServer:
    """Posts, files and terms by number; one password works."""

    def __init__(self) -> None:
        self.password = f"{SECRET} abcd"
        self.alive = self.moderates = self.bin = True
        self.posts: dict[int, dict[str, Any]] = {}
        self.files: dict[int, dict[str, Any]] = {}
        self.terms: dict[str, dict[int, str]] = {"categories": {1: "Non classé"}, "tags": {}}
        self.talk = Talk(self)
        self.made = 0

    def answer(self, request: Request) -> Reply:
        """As the site would."""
        if not request.path.startswith(API):
            return Reply(status=404, body="<!doctype html><p>Rien ici</p>")
        path = request.path.removeprefix(API)
        if path == "/":
            return Reply(body=self._root())
        if not self._known(request):
            return _refused(401, "incorrect_password", "The provided password is invalid.")
        parts = path.strip("/").split("/")[2:]
        match parts:
            case ["users", "me"]:
                return Reply(body=self._me())
            case ["users", "me", "application-passwords", "introspect"]:
                return Reply(body={"uuid": "aaaa", "name": "palabre"})
            case ["users", "me", "application-passwords", _]:
                self.alive = False
                return Reply(body={"deleted": True})
            case ["posts"] | ["posts", _]:
                return self._posts(request, parts[1:])
            case ["media"] | ["media", _]:
                return self._media(request, parts[1:])
            case ["comments"] | ["comments", _]:
                return self.talk.answer(request, parts[1:])
            case [("categories" | "tags") as kind]:
                return self._terms(request, self.terms[kind])
        return _refused(404, "rest_no_route", "No route was found.")

    def _known(self, request: Request) -> bool:
        scheme, _, word = request.headers.get("authorization", "").partition(" ")
        return scheme == "Basic" and b64decode(word).decode() == f"ana:{self.password}" and self.alive

    @staticmethod
    def _root() -> dict[str, Any]:
        page = f"{SITE}/wp-admin/authorize-application.php"
        ways = {"application-passwords": {"endpoints": {"authorization": page}}}
        return {"name": "Le café des Tilleuls", "namespaces": ["oembed/1.0", "wp/v2"], "authentication": ways}

    @staticmethod
    def _me() -> dict[str, Any]:
        able = {"publish_posts": True, "upload_files": True}
        return {"id": 1, "name": "Ana", "slug": "ana", "avatar_urls": {}, "capabilities": able}

    def _posts(self, request: Request, rest: list[str]) -> Reply:
        if not rest and request.method == "GET":
            sought = request.params.get("search", "")
            found = [post for post in self.posts.values() if sought in post["content"]["raw"]]
            return Reply(
                body=[post for post in found if post["status"] in request.params["status"].split(",")]
            )
        if not rest:
            return Reply(status=201, body=self._kept(self.next(), request.json))
        number = int(rest[0])
        if number not in self.posts:
            return _refused(404, "rest_post_invalid_id", "Invalid post ID.")
        if request.method == "DELETE":
            if self.posts[number]["status"] == "trash":
                return _refused(410, "rest_already_trashed", "The post has already been deleted.")
            self.posts[number]["status"] = "trash"
        if request.method == "POST":
            self._kept(number, request.json)
        return Reply(body=self.posts[number])

    def article(self) -> int:
        """An article of the site, published there."""
        number = self.next()
        self._kept(number, {"title": "La carte", "content": "<p>Du jour</p>", "status": "publish"})
        return number

    def _kept(self, number: int, asked: dict[str, Any]) -> dict[str, Any]:
        post = self.posts.setdefault(
            number, {"id": number, "link": f"{SITE}/article-{number}/", "featured_media": 0}
        )
        for name in ("title", "content", "excerpt"):
            if name in asked:
                post[name] = {"raw": asked[name], "rendered": asked[name]}
        post |= {
            name: asked[name] for name in ("status", "featured_media", "categories", "tags") if name in asked
        }
        post["date_gmt"] = asked.get("date_gmt") or datetime(2026, 11, 23, 10, tzinfo=UTC).strftime(
            "%Y-%m-%dT%H:%M:%S"
        )
        return post

    def _media(self, request: Request, rest: list[str]) -> Reply:
        if request.method == "GET":
            slug = request.params.get("slug", "")
            return Reply(body=[file for file in self.files.values() if file["slug"] == slug])
        if rest:
            self.files[int(rest[0])]["alt_text"] = request.json["alt_text"]
            return Reply(body=self.files[int(rest[0])])
        named = re.fullmatch(r'attachment; filename="([^"]+)"', request.headers["content-disposition"])
        assert named and request.content
        number = self.next()
        slug = named[1].partition(".")[0]
        self.files[number] = {
            "id": number,
            "slug": slug,
            "source_url": f"{SITE}/f/{named[1]}",
            "alt_text": "",
        }
        return Reply(status=201, body=self.files[number])

    def _terms(self, request: Request, terms: dict[int, str]) -> Reply:
        if request.method == "GET":
            sought = request.params["search"].casefold()
            return Reply(
                body=[{"id": n, "name": name} for n, name in terms.items() if sought in name.casefold()]
            )
        number = self.next()
        terms[number] = request.json["name"]
        return Reply(status=201, body={"id": number, "name": terms[number]})

    def next(self) -> int:
        """A number nothing has yet."""
        self.made += 1
        return self.made

    def standing(self) -> list[Standing]:
        """What is on the site, but for the bin."""
        return [
            Standing(
                id=f"{SITE}/?p={number}",
                text=plain(post["content"]["raw"]),
                alts=(self.files[post["featured_media"]]["alt_text"],) if post["featured_media"] else (),
            )
            for number, post in self.posts.items()
            if post["status"] != "trash"
        ] + self.talk.standing()


class Talk:
    """The comments of the site; those that came from outside are Zoé's."""

    def __init__(self, site: WordPressServer) -> None:
        self.site = site
        self.comments: dict[int, dict[str, Any]] = {}

    def answer(self, request: Request, rest: list[str]) -> Reply:
        """As the site would."""
        if not rest and request.method == "GET":
            return self._list(request.params)
        if not rest:
            return self._made(request.json)
        comment = self.comments.get(int(rest[0]))
        if comment is None:
            return _refused(404, "rest_comment_invalid_id", "Invalid comment ID.")
        own = comment["author"] == 1
        if request.params.get("context") == "edit" and not self.site.moderates:
            return _refused(403, "rest_forbidden_context", "Sorry, you are not allowed to edit comments.")
        if comment["status"] != "approved" and not self.site.moderates:
            return _refused(403, "rest_cannot_read", "Sorry, you are not allowed to read this comment.")
        if request.method in ("DELETE", "POST") and not (self.site.moderates or own):
            name = "delete" if request.method == "DELETE" else "edit"
            return _refused(403, f"rest_cannot_{name}", "Sorry, you are not allowed to edit this comment.")
        if request.method == "DELETE":
            if not self.site.bin:
                return _refused(501, "rest_trash_not_supported", "The comment does not support trashing.")
            if comment["status"] == "trash":
                return _refused(410, "rest_already_trashed", "The comment has already been trashed.")
            comment["before"], comment["status"] = comment["status"], "trash"
        if request.method == "POST" and "content" in request.json:
            comment["content"] = {"raw": request.json["content"], "rendered": request.json["content"]}
        if request.method == "POST" and set(request.json) == {"status"}:
            return self._state(comment, request.json["status"])
        if request.params.get("context") != "edit" and request.method == "GET":
            shown = {"rendered": comment["content"]["rendered"]}
            return Reply(body={**comment, "content": shown})
        return Reply(body=comment)

    def _state(self, comment: dict[str, Any], asked: str) -> Reply:
        """A state that stands already is a failure to this site."""
        before = comment["status"]
        if asked in ("unspam", "untrash"):
            leaving = {"unspam": "spam", "untrash": "trash"}[asked]
            reached = comment.pop("before", "hold") if before == leaving else before
        else:
            reached = asked
            comment["before"] = before
        if reached == before:
            return _refused(500, "rest_comment_failed_edit", "Updating comment status failed.")
        comment["status"] = reached
        return Reply(body=comment)

    def _list(self, params: Mapping[str, str]) -> Reply:
        states = {"any": None, "all": ("approved", "hold"), "approve": ("approved",)}
        wanted = states[params.get("status", "approve")]
        found = [one for one in self.comments.values() if wanted is None or one["status"] in wanted]
        for name, of in (("post", "post"), ("parent", "parent"), ("include", "id")):
            if name in params:
                found = [one for one in found if str(one[of]) in params[name].split(",")]
        if "exclude" in params:
            found = [one for one in found if str(one["id"]) not in params["exclude"].split(",")]
        if "before" in params:
            found = [one for one in found if _moment(one) < datetime.fromisoformat(params["before"])]
        if "after" in params:
            found = [one for one in found if _moment(one) > datetime.fromisoformat(params["after"])]
        assert params.get("order", "desc") == "desc"
        found.sort(key=lambda one: (one["date_gmt"], one["id"]), reverse=True)
        place, size = int(params.get("offset", "0")), int(params["per_page"])
        shown = [
            {**one, "_embedded": {"up": [self._page(one["post"])]}} if params.get("_embed") else one
            for one in found[place : place + size]
        ]
        return Reply(body=shown, headers={"X-WP-Total": str(len(found))})

    def _page(self, number: int) -> dict[str, Any]:
        post = self.site.posts[number]
        return {"id": number, "title": post["title"], "link": post["link"], "date": post["date_gmt"]}

    def _made(self, asked: dict[str, Any]) -> Reply:
        if asked["post"] not in self.site.posts:
            return _refused(403, "rest_comment_invalid_post_id", "Sorry, you are not allowed to.")
        for one in self.comments.values():
            same = one["parent"] == asked["parent"] and one["content"]["raw"] == asked["content"]
            if same and one["author"] == 1 and one["status"] != "trash":
                return _refused(409, "comment_duplicate", "Duplicate comment detected.")
        agent = asked.get("author_user_agent", "")
        made = self.keep(asked["post"], asked["parent"], asked["content"], author=1, agent=agent)
        return Reply(status=201, body=made)

    def keep(
        self,
        post: int,
        parent: int,
        content: str,
        *,
        author: int = 0,
        agent: str = "Mozilla",
        status: str = "approved",
    ) -> dict[str, Any]:
        """A comment that stands from now on."""
        number = self.site.next()
        when = NOW - timedelta(minutes=10) + timedelta(seconds=number)
        name, mail = ("Ana", "ana@tilleuls.com") if author else ("Zoé", f"zoe-{SECRET}@example.com")
        self.comments[number] = {
            "id": number,
            "post": post,
            "parent": parent,
            "author": author,
            "author_name": name,
            "author_email": mail,
            "author_ip": f"192.0.2.7 {SECRET}",
            "author_url": "",
            "author_user_agent": agent,
            "date_gmt": when.strftime("%Y-%m-%dT%H:%M:%S"),
            "content": {"raw": content, "rendered": f"<p>{content}</p>"},
            "link": f"{SITE}/article-{post}/#comment-{number}",
            "status": status,
            "type": "comment",
            "author_avatar_urls": {"96": f"https://gravatar.example/{SECRET}"},
        }
        return self.comments[number]

    def speak(self, text: str, above: str) -> str:
        """Zoé comments an article of the site, or answers a comment; gives its id."""
        if above:
            post, parent = (int(number) for number in re.findall(r"\d+", above.partition("?p=")[2]))
        else:
            parent, post = 0, next(iter(self.site.posts), 0)
            if not post:
                post = self.site.article()
        return self._id(self.keep(post, parent, text))

    def unsay(self, remote_id: str) -> None:
        """It is erased for good; what answered it hangs one step higher."""
        gone = self.comments.pop(int(remote_id.rpartition("-")[2]))
        for one in self.comments.values():
            if one["parent"] == gone["id"]:
                one["parent"] = gone["parent"]

    @staticmethod
    def _id(comment: dict[str, Any]) -> str:
        return f"{SITE}/?p={comment['post']}#comment-{comment['id']}"

    def standing(self) -> list[Standing]:
        """What is said below the articles, but for the bin."""
        return [
            Standing(
                id=self._id(one),
                text=unescape(one["content"]["raw"]),
                above=self._id({**one, "id": one["parent"]}) if one["parent"] else f"{SITE}/?p={one['post']}",
            )
            for one in self.comments.values()
            if one["status"] != "trash"
        ]


def _moment(comment: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(comment["date_gmt"]).replace(tzinfo=UTC)


def _refused(status: int, code: str, message: str) -> Reply:
    return Reply(status=status, body={"code": code, "message": message, "data": {"status": status}})
