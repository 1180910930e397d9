"""A WordPress site in memory: enough of its REST interface to sign in, publish and be found again.

It answers as the real one does in `tests/live/wordpress`, which plays the same scenes.
"""

import re
from base64 import b64decode
from datetime import UTC, datetime
from html import unescape
from typing import Any

from tests.contract.scene import SECRET, Reply, Request
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
        self.alive = True
        self.posts: dict[int, dict[str, Any]] = {}
        self.files: dict[int, dict[str, Any]] = {}
        self.terms: dict[str, dict[int, str]] = {"categories": {1: "Non classé"}, "tags": {}}
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
            case ["comments"]:
                return Reply(body=[], headers={"X-WP-Total": "0", "X-WP-TotalPages": "0"})
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
            return Reply(status=201, body=self._kept(self._next(), request.json))
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
        number = self._next()
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
        number = self._next()
        terms[number] = request.json["name"]
        return Reply(status=201, body={"id": number, "name": terms[number]})

    def _next(self) -> int:
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
        ]


def _refused(status: int, code: str, message: str) -> Reply:
    return Reply(status=status, body={"code": code, "message": message, "data": {"status": status}})
