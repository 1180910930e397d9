"""Hacker News: hits as Algolia documents them, filtered and paged as it does."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from palabre.networks.contract import Watch
from tests.contract.scene import NOW, Reply, Request, Scenes, Walk
from tests.shared import SHARED


def _hit(number: int, *, hours: int, tags: tuple[str, ...], **said: Any) -> dict[str, Any]:
    at: datetime = NOW - timedelta(hours=hours)
    return {
        "objectID": str(number),
        "author": "lilou",
        "created_at": at.isoformat(),
        "created_at_i": int(at.timestamp()),
        "_tags": [*tags, "author_lilou"],
        **said,
    }


HITS = [
    _hit(
        900 + number,
        hours=number,
        tags=("story", f"story_{900 + number}"),
        title=f"Show HN: a palaver tree &amp; {number} chairs",
        url="https://tilleuls.example/tree",
        points=number,
        num_comments=number * 2,
        story_id=900 + number,
    )
    for number in range(1, 6)
]
HITS += [
    _hit(
        800 + number,
        hours=number + 5,
        tags=("comment", "story_901"),
        comment_text=(
            "I sat under the <i>palaver</i> tree &gt; see "
            '<a href="https:&#x2F;&#x2F;tilleuls.example&#x2F;a-very-long-path" rel="nofollow">'
            "https:&#x2F;&#x2F;tilleuls.example&#x2F;a-very...</a><p>And a café."
        ),
        story_id=901,
        parent_id=901,
        points=None,
    )
    for number in range(1, 4)
]


def search(request: Request) -> Reply:
    """`search_by_date`, three hits a page whatever is asked."""
    assert request.url == "https://hn.algolia.com/api/v1/search_by_date"
    query = request.params["query"].strip('"').lower()
    bounds = dict(re.findall(r"created_at_i([<>]=)(\d+)", request.params["numericFilters"]))
    low, high = int(bounds.get(">=", 0)), int(bounds["<="])
    wanted = re.findall(r"\b(author_\w+|story_\d+)", request.params["tags"])
    found = [
        hit
        for hit in HITS
        if low <= hit["created_at_i"] <= high
        and query in json.dumps(hit, ensure_ascii=False).lower()
        and all(tag in hit["_tags"] for tag in wanted)
        and (request.params["tags"].startswith("(") or "comment" in hit["_tags"])
    ]
    page = int(request.params["page"])
    pages = -(-len(found) // 3)
    return Reply(body={"hits": found[page * 3 : page * 3 + 3], "page": page, "nbPages": pages})


def _shared() -> list[Any]:
    """Real items of the official API in the shape of hits: their HTML is the same."""
    path = SHARED / "data" / "payloads" / "hackernews" / "examples.json"
    items = json.loads(path.read_text()) if path.exists() else []
    return [
        {
            "objectID": str(item["id"]),
            "title": item.get("title"),
            "url": item.get("url"),
            "author": item.get("by"),
            "comment_text": item["text"],
            "created_at_i": item.get("time"),
        }
        for item in items
        if isinstance(item, dict) and item.get("text") and item.get("id")
    ]


_SEARCH = Watch(kind="search", target="", words=("palaver", "café"))
_THREE = ("801", "802", "803")

SCENES = Scenes(
    key="hackernews",
    walks=(
        Walk(
            name="search",
            watch=Watch(kind="search", target="", words=("palaver",)),
            answers=search,
            ids=tuple(hit["objectID"] for hit in HITS),
        ),
        Walk(
            name="author",
            watch=Watch(kind="author", target="lilou"),
            answers=search,
            ids=tuple(hit["objectID"] for hit in HITS),
        ),
        Walk(
            name="thread",
            watch=Watch(kind="thread", target="https://news.ycombinator.com/item?id=901"),
            answers=search,
            ids=_THREE,
        ),
    ),
    raw=tuple((item, _SEARCH) for item in _shared()),
)
