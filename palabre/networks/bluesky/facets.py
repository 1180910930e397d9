"""What can be clicked in a post: links, people and hashtags, placed in UTF-8 bytes.

Read on 2026-11-23: https://docs.bsky.app/docs/advanced-guides/post-richtext
"""

from collections.abc import Mapping
from typing import Any

import regex

from palabre.networks.bluesky.posts import HANDLE
from palabre.networks.text_length import clusters
from palabre.networks.twitter_text import hashtags, links

_PERSON = regex.compile(rf"(?<![\w/.@-]){HANDLE.pattern.replace('@?', '@', 1)}")
TAG_MAX = 64


def handles(text: str) -> tuple[str, ...]:
    """The handles a text names, in order, each once."""
    taken = [(link.start, link.end) for link in links(text)]
    named = (
        match[1].lower()
        for match in _PERSON.finditer(text)
        if not any(start <= match.start() < end for start, end in taken)
    )
    return tuple(dict.fromkeys(named))


def facets(text: str, people: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a text; `people` are the ids by handle, whoever is not in it stays plain text."""
    found: list[tuple[int, int, dict[str, str]]] = []
    for person in _PERSON.finditer(text):
        did = people.get(person[1].lower())
        if did:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
            found.append((person.start(), person.end(), feature))
    named = [(start, end) for start, end, _ in found]
    for link in links(text):
        if any(start < link.end and link.start < end for start, end in named):
            continue
        address = link.value if "://" in link.value else f"https://{link.value}"
        found.append((link.start, link.end, {"$type": "app.bsky.richtext.facet#link", "uri": address}))
    for tag in hashtags(text):
        if len(clusters(tag.value)) <= TAG_MAX:
            feature = {"$type": "app.bsky.richtext.facet#tag", "tag": tag.value}
            found.append((tag.start, tag.end, feature))
    return [
        {
            "index": {"byteStart": _bytes(text[:start]), "byteEnd": _bytes(text[:end])},
            "features": [feature],
        }
        for start, end, feature in sorted(found, key=lambda place: place[0])
    ]


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
