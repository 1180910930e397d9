"""A feed from bytes to plain values: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed.

Our own reader on libxml2 does the work; feedparser is asked only when ours fails, finds nothing or
misses every date or an id, so that nothing is refused that the reference reader reads.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b

from palabre.networks.formats import feed_json, feed_xml
from palabre.networks.formats.dates import AHEAD, EARLIEST, credible
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.feed_model import FeedDocument, FeedEntry, NotAFeed
from palabre.networks.formats.xml import fault_of

__all__ = ["FeedDocument", "FeedEntry", "NotAFeed", "read_feed"]

_BLANK = re.compile(rb"[\s\x00]*")
# White space, marks of UTF-8 and UTF-16, zero bytes of UTF-16, then a brace.
_JSON = re.compile(rb"[\s\x00\xef\xbb\xbf\xfe\xff]*[{\[]")


def read_feed(
    body: bytes,
    *,
    content_type: str = "",
    url: str = "",
    now: datetime | None = None,
    trust_ids: bool = True,
) -> FeedDocument:
    """Read a feed; `url` is where it came from, to complete relative addresses.

    Raises `NotAFeed`, also for one that breaks off before its first entry: an empty feed is well-formed.

    `trust_ids` False: tell entries apart by address because their ids were found repeated before.
    """
    if _BLANK.fullmatch(body):
        raise NotAFeed("feed_empty")
    document: FeedDocument | None = None
    failure: NotAFeed | None = None
    if _JSON.match(body):
        document = feed_json.read(decode(body, content_type), url=url)
    else:
        try:
            document = feed_xml.read(body, content_type=content_type, url=url)
        except NotAFeed as error:
            if error.reason == "feed_entity_bomb":
                raise
            failure = error
        if document is None or not _complete(document):
            document = _second_opinion(document, body, content_type, url)
    if document is None:
        raise failure or NotAFeed("not_a_feed")
    if document.doubtful and not document.entries and (fault := fault_of(decode(body, content_type))):
        raise NotAFeed(fault.code, line=fault.line)
    return _settled(document, now or datetime.now(UTC), trust_ids)


def _complete(document: FeedDocument) -> bool:
    """Whether a second opinion could add nothing: well-formed, or nothing missing all the same."""
    entries = document.entries
    if not document.doubtful:
        return bool(entries)
    return any(e.published or e.updated for e in entries) and all(e.id or e.url for e in entries)


def _second_opinion(
    mine: FeedDocument | None, body: bytes, content_type: str, url: str
) -> FeedDocument | None:
    from palabre.networks.formats import feed_reference  # a heavy import, seldom needed

    other = feed_reference.read(body, content_type=content_type, url=url)
    if other is None or mine is None:
        return other or mine
    if len(other.entries) > len(mine.entries):
        return other
    if len(other.entries) == len(mine.entries) and _known(other.entries) > _known(mine.entries):
        return other
    return mine


def _known(entries: Sequence[FeedEntry]) -> int:
    return sum(bool(e.published or e.updated) + bool(e.id) + bool(e.url) for e in entries)


def _settled(document: FeedDocument, now: datetime, trust_ids: bool) -> FeedDocument:
    """Every entry with an id of its own and dates one can believe; exact repeats dropped."""
    entries = document.entries
    ids = {entry.id for entry in entries}
    alone = trust_ids and len(ids) == len(entries) and "" not in ids
    moments = [moment for entry in entries for moment in (entry.published, entry.updated) if moment]
    if alone and (not moments or (min(moments) >= EARLIEST and max(moments) <= now + AHEAD)):
        return document
    unreliable = not trust_ids or (not alone and _shared(entries))
    settled: dict[str, FeedEntry] = {}
    for place, entry in enumerate(entries):
        key = (entry.url if unreliable else "") or entry.id or entry.url or _fingerprint(entry, place)
        if key in settled:
            continue
        settled[key] = entry._replace(
            id=key, published=credible(entry.published, now=now), updated=credible(entry.updated, now=now)
        )
    return replace(document, entries=tuple(settled.values()), unreliable_ids=unreliable)


def _shared(entries: Sequence[FeedEntry]) -> bool:
    """Whether two different pages carry the same id."""
    places: dict[str, str] = {}
    return any(entry.id and places.setdefault(entry.id, entry.url) != entry.url for entry in entries)


def _fingerprint(entry: FeedEntry, place: int) -> str:
    """An id for an entry that has neither id nor address: what it says, or its place if it says nothing."""
    said = "\n".join(filter(None, (entry.title, entry.text, entry.enclosure)))
    if not said:
        return f"empty:{place}"
    return "said:" + blake2b(said.encode("utf-8", "replace"), digest_size=12).hexdigest()
