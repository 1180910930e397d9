"""JSON Feed 1.0 and 1.1, in which every field may be missing or odd.

https://www.jsonfeed.org/version/1.1/, read 2026-11-23.
"""

import json
from collections.abc import Mapping
from typing import Any

from palabre.networks.formats.addresses import absolute
from palabre.networks.formats.dates import parse_date
from palabre.networks.formats.feed_model import MAX_ENTRIES, FeedDocument, FeedEntry, NotAFeed
from palabre.networks.formats.plain import clean, one_line


def read(text: str, *, url: str = "") -> FeedDocument:
    """Read a JSON feed. Raises `NotAFeed` for JSON of another kind and for what is not JSON."""
    try:
        root = json.loads(text.strip("\ufeff \t\r\n\0"))
    except (ValueError, RecursionError):
        raise NotAFeed("feed_bad_json") from None
    if not isinstance(root, dict) or not isinstance(root.get("items"), list):
        raise NotAFeed("feed_other_json")
    base = _text(root, "home_page_url") or url
    hubs = [hub for hub in _list(root, "hubs") if isinstance(hub, dict)]
    return FeedDocument(
        kind="json",
        title=one_line(_text(root, "title")),
        link=absolute(base, url),
        language=_text(root, "language"),
        entries=tuple(_entry(i, base or url) for i in root["items"][:MAX_ENTRIES] if isinstance(i, dict)),
        next_page=absolute(_text(root, "next_url"), url),
        hub=_text(hubs[0], "url") if hubs else "",
        own_url=absolute(_text(root, "feed_url"), url),
    )


def _entry(item: Mapping[str, Any], base: str) -> FeedEntry:
    html = _text(item, "content_html")
    plain = _text(item, "content_text")
    author = next((a for a in [*_list(item, "authors"), item.get("author")] if isinstance(a, dict)), {})
    files = [f for f in _list(item, "attachments") if isinstance(f, dict) and _text(f, "url")]
    # An external_url is what a link blog talks about; the entry's own address comes first.
    address = _text(item, "url") or _text(item, "external_url")
    identity = _text(item, "id")
    if not address and identity.startswith(("http://", "https://")):
        address = identity
    return FeedEntry(
        id=identity,
        url=absolute(address, base),
        title=one_line(_text(item, "title")),
        author=clean(_text(author, "name")).replace("\n", " "),
        author_url=absolute(_text(author, "url"), base),
        published=parse_date(_text(item, "date_published")),
        updated=parse_date(_text(item, "date_modified")),
        html=html or plain or _text(item, "summary"),
        markup=bool(html),
        full=bool(html or plain),
        language=_text(item, "language"),
        image=absolute(_text(item, "image") or _text(item, "banner_image"), base),
        enclosure=absolute(_text(files[0], "url"), base) if files else "",
        enclosure_type=_text(files[0], "mime_type") if files else "",
        tags=tuple(
            dict.fromkeys(one_line(tag) for tag in _list(item, "tags") if isinstance(tag, str) and tag)
        ),
    )


def _text(holder: Mapping[str, Any], key: str) -> str:
    """A string as it is, a number as its digits (ids are often numbers), anything else as nothing."""
    value = holder.get(key)
    if isinstance(value, str):
        # A lone surrogate, legal in JSON, is no character a database or a page could take.
        return value.strip().encode("utf-8", "replace").decode("utf-8")
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def _list(holder: Mapping[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []
