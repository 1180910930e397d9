"""Posts of the AT Protocol, as a server shows them or as a stream carries their records, to items.

Read on 2026-11-23: https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import msgspec

from palabre.networks.bluesky.heard import Heard
from palabre.networks.contract import ItemKind, RemoteAuthor, RemoteItem, Sighting
from palabre.networks.formats.plain import clean
from palabre.networks.shapes import (
    MOST,
    count,
    earlier,
    language,
    moment,
    moment_of,
    rows,
    table,
    text,
    web_address,
    word,
)
from palabre.networks.sightings import sighting_of

POSTS = "app.bsky.feed.post"
DID = re.compile(r"did:[a-z]{1,16}:[A-Za-z0-9._:%-]{1,256}")
HANDLE = re.compile(r"@?((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,62})")
_POST = re.compile(rf"at://(?P<did>{DID.pattern})/app\.bsky\.feed\.post/(?P<rkey>[A-Za-z0-9._:~-]{{1,512}})")
_CID = re.compile(r"[A-Za-z0-9]{10,120}")


def from_event(event: Mapping[str, Any]) -> RemoteItem | None:
    """An event of a stream, in Jetstream's JSON; `author` beside the commit is a profile, if known."""
    commit = table(event.get("commit"))
    uri = f"at://{event.get('did')}/{commit.get('collection')}/{commit.get('rkey')}"
    place = _POST.fullmatch(uri)
    if place is None:
        return None
    if commit.get("operation") == "delete":
        return taken_away(uri)
    micros = count(event.get("time_us"))
    seen = moment_of(micros / 1_000_000) if micros else moment(event.get("time"))
    author = _person({"did": place["did"], **table(event.get("author"))})
    return _item(uri, place, author, table(commit.get("record")), seen=seen, view={})


def taken_away(uri: str) -> RemoteItem:
    """What asks for the removal of a post."""
    did, _, rkey = uri.removeprefix("at://").split("/")
    return RemoteItem(remote_id=uri, url=_page(did, rkey), text="", deleted=True)


def sighted(event: Mapping[str, Any]) -> Sighting | None:
    """What matching reads of an event of a stream; the rest waits until somebody looks for it."""
    commit = table(event.get("commit"))
    record, did = table(commit.get("record")), event.get("did")
    said = "" if commit.get("operation") == "delete" else _said(record)
    if not said:
        item = from_event(event)
        return None if item is None else sighting_of(item)
    profile = event.get("author")
    handle, name = _names(table(profile)) if profile else ("", "")
    return Sighting(
        title="",
        text=said,
        author=" ".join(filter(None, (handle, name))),
        url=_page(handle or did, commit.get("rkey")),
        language=_language(record.get("langs")) or "",
        country="",
        deleted=False,
        whole=partial(from_event, event),
    )


def from_heard(heard: Heard) -> RemoteItem | None:
    """A message of Jetstream, now read whole."""
    return from_event(heard.event())


def glanced(heard: Heard) -> Sighting | None:
    """`sighted` of a message of which no more than that was decoded."""
    record = heard.record
    if record.facets or record.tags or record.embed:
        said = _said(msgspec.structs.asdict(record))
    else:
        said = clean(record.text[:MOST])
    if not said:
        item = from_heard(heard)
        return None if item is None else sighting_of(item)
    handle, author = heard.did, ""
    if heard.author:
        known, name = _names(heard.author)
        handle, author = known or handle, " ".join(filter(None, (known, name)))
    language = _first_language(record.langs) if record.langs else ""
    url = f"https://bsky.app/profile/{handle}/post/{heard.rkey}"
    return Sighting("", said, author, url, language, "", False, partial(from_heard, heard))


@lru_cache(maxsize=1000)
def _first_language(declared: tuple[str, ...]) -> str:
    """`_language` of what a glance lets through, which is short; "" for none."""
    return _language(declared) or ""


def from_view(post: Mapping[str, Any]) -> RemoteItem | None:
    """An `app.bsky.feed.defs#postView`."""
    uri = post.get("uri")
    place = _POST.fullmatch(uri) if isinstance(uri, str) else None
    if place is None:
        return None
    author = _person({**table(post.get("author")), "did": place["did"]})
    seen = moment(post.get("indexedAt"))
    return _item(str(uri), place, author, table(post.get("record")), seen=seen, view=post)


def _item(
    uri: str,
    place: re.Match[str],
    author: RemoteAuthor,
    record: Mapping[str, Any],
    *,
    seen: datetime | None,
    view: Mapping[str, Any],
) -> RemoteItem | None:
    said = _said(record)
    images = _images(table(view.get("embed"))) or _blobs(table(record.get("embed")), place["did"])
    if not said and not images:
        return None
    reply = table(record.get("reply"))
    parent, root = (post_uri(table(reply.get(end)).get("uri")) for end in ("parent", "root"))
    return RemoteItem(
        remote_id=uri,
        url=_page(author.handle or place["did"], place["rkey"]),
        text=said,
        kind=ItemKind.REPLY if parent else ItemKind.POST,
        author=author,
        published_at=earlier(moment(record.get("createdAt")), seen),
        language=_language(record.get("langs")),
        outlet="bsky.app",
        thread_id=root or parent or quoted_post(table(record.get("embed"))) or uri,
        reply_to=parent,
        likes=count(view.get("likeCount")),
        reposts=count(view.get("repostCount")),
        replies=count(view.get("replyCount")),
        image_urls=images,
    )


def _person(profile: Mapping[str, Any]) -> RemoteAuthor:
    did = str(profile["did"])
    handle, name = _names(profile)
    return RemoteAuthor(
        remote_id=did,
        handle=handle,
        name=name,
        url=f"https://bsky.app/profile/{handle or did}",
        avatar_url=web_address(profile.get("avatar")),
        followers=count(profile.get("followersCount")),
    )


def _names(profile: Mapping[str, Any]) -> tuple[str, str]:
    """Handle and name, "" where there is none."""
    handle = word(profile.get("handle"))
    handle = handle if HANDLE.fullmatch(handle) and handle != "handle.invalid" else ""
    return handle, word(profile.get("displayName")) or handle


def _language(declared: object) -> str | None:
    """The first of the languages a record declares that is one."""
    for tag in rows(declared):
        if found := language(tag):
            return found
    return None


def _page(who: object, rkey: object) -> str:
    return f"https://bsky.app/profile/{who}/post/{rkey}"


def post_uri(value: object) -> str | None:
    """The address of a post, None for anything else."""
    return value if isinstance(value, str) and _POST.fullmatch(value) else None


def _said(record: Mapping[str, Any]) -> str:
    """The text with its links whole, then what is not in it: tags apart, alt texts, the shared page."""
    if not (record.get("facets") or record.get("tags") or record.get("embed")):
        return text(record.get("text"))
    body = _with_links(record.get("text"), rows(record.get("facets")))
    known = body.casefold()
    tags = (word(tag) for tag in rows(record.get("tags")))
    further = [" ".join(f"#{tag}" for tag in tags if tag and f"#{tag}".casefold() not in known)]
    for embed in _embeds(table(record.get("embed"))):
        further += [text(table(image).get("alt")) for image in _pictures(embed)]
        further.append(text(embed.get("alt")))
        card = table(embed.get("external"))
        address = web_address(card.get("uri"))
        further += [word(card.get("title")), "" if address in body else address]
    return "\n".join(part for part in [body, *further] if part)


def _with_links(said: object, facets: Iterable[Any]) -> str:
    """Facets mark bytes: an address cut short is put in whole, a linked word is followed by its address."""
    whole = text(said)
    if not isinstance(said, str):
        return ""
    try:
        raw = said.encode()
    except UnicodeEncodeError:
        return whole
    links = []
    for facet in map(table, facets):
        start, end = (count(table(facet.get("index")).get(key)) for key in ("byteStart", "byteEnd"))
        addresses = (web_address(table(feature).get("uri")) for feature in rows(facet.get("features")))
        address = next((found for found in addresses if found), "")
        if address and start is not None and end is not None and start < end <= len(raw):
            links.append((start, end, address))
    pieces, place = [], 0
    for start, end, address in sorted(links):
        if start < place:
            continue
        shown = raw[start:end].decode("utf-8", "replace")
        pieces += [raw[place:start].decode("utf-8", "replace"), _spelled(shown, address)]
        place = end
    return text("".join([*pieces, raw[place:].decode("utf-8", "replace")])) if pieces else whole


def _spelled(shown: str, address: str) -> str:
    bare = re.sub(r"^https?://(www\.)?", "", address)
    cut = re.sub(r"^(https?://)?(www\.)?", "", shown.strip()).rstrip("….")
    return address if "." in cut and bare.startswith(cut) else f"{shown} ({address})"


def _embeds(embed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The embed itself, and the media beside a quoted record."""
    return [part for part in (embed, table(embed.get("media"))) if part]


def _pictures(embed: Mapping[str, Any]) -> list[Any]:
    return [*rows(embed.get("images")), *rows(embed.get("items"))]


def _images(view: Mapping[str, Any]) -> tuple[str, ...]:
    shown = [table(image).get("fullsize") for embed in _embeds(view) for image in _pictures(embed)]
    shown += [embed.get("thumbnail") for embed in _embeds(view)]
    return tuple(dict.fromkeys(filter(None, map(web_address, shown))))


def _blobs(embed: Mapping[str, Any], did: str) -> tuple[str, ...]:
    """Where the public network serves the pictures of a bare record."""
    cids = []
    for part in _embeds(embed):
        for image in _pictures(part):
            cids.append(table(table(table(image).get("image")).get("ref")).get("$link"))
    good = [cid for cid in cids if isinstance(cid, str) and _CID.fullmatch(cid)]
    return tuple(f"https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}@jpeg" for cid in good)


def quoted_post(embed: Mapping[str, Any]) -> str | None:
    """The address of the post that an embed of a record quotes."""
    record = table(embed.get("record"))
    return post_uri(record.get("uri")) or post_uri(table(record.get("record")).get("uri"))
