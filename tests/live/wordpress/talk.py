"""What is said on a real site, by visitors and by colleagues, without any code of Palabre."""

from dataclasses import dataclass
from html import unescape
from itertools import count
from typing import Any

import httpx

from palabre.networks.outgoing import Target
from tests.contract.stage import Standing
from tests.live.wordpress.site import Site

_numbers = count(1)


@dataclass(frozen=True)
class Talk:
    """The comments of one article of a site."""

    site: Site
    article: int

    @classmethod
    def below(cls, site: Site, title: str) -> "Talk":
        """Below a new article."""
        asked = {"title": title, "content": "<p>Du jour</p>", "status": "publish"}
        return cls(site, int(site.call("POST", "/wp/v2/posts", json=asked).json()["id"]))

    async def speak(self, text: str, above: str = "") -> Target:
        """Zoé says something that is shown at once, each time in other words: a site takes none twice."""
        asked = {
            "post": self.article,
            "parent": int(above.rpartition("-")[2]) if above else 0,
            "content": f"{text} ({next(_numbers)})",
            "author_name": "Zoé",
            "author_email": "zoe@visiteurs.test",
            "status": "approve",
        }
        answer = self.site.call("POST", "/wp/v2/comments", json=asked)
        assert answer.status_code == 201, answer.text
        return Target(remote_id=self.id_of(answer.json()))

    async def unsay(self, target: Target) -> None:
        """It is erased for good."""
        path = f"/wp/v2/comments/{target.remote_id.rpartition('-')[2]}"
        assert self.site.call("DELETE", path, params={"force": "true"}).is_success

    def visitor(self, text: str) -> dict[str, Any]:
        """Somebody fills in the form below the article; gives the comment as its moderators have it."""
        mail = f"leo{next(_numbers)}@visiteurs.test"
        form = {"comment": text, "author": "Léo", "email": mail, "comment_post_ID": str(self.article)}
        answer = httpx.post(f"{self.site.address}/wp-comments-post.php", data=form, timeout=60)
        assert answer.status_code == 302, answer.text
        return next(one for one in reversed(self.all()) if one["author_email"] == mail)

    def all(self) -> list[dict[str, Any]]:
        """Every comment of the site that is neither spam nor in the bin, oldest first."""
        asked = {"status": "all", "context": "edit", "per_page": "100", "order": "asc"}
        found: list[dict[str, Any]] = self.site.call("GET", "/wp/v2/comments", params=asked).json()
        return found

    def standing(self) -> list[Standing]:
        """The same as the contract asks for them."""
        return [
            Standing(
                id=self.id_of(one),
                text=unescape(one["content"]["raw"]),
                above=self.id_of({**one, "id": one["parent"]}),
            )
            for one in self.all()
        ]

    def id_of(self, comment: dict[str, Any]) -> str:
        """The id of a comment, or of its article where it has no number."""
        page = f"{self.site.address}/?p={comment['post']}"
        return f"{page}#comment-{comment['id']}" if comment["id"] else page
