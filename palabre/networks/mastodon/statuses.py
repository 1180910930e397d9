"""Statuses of the Mastodon API to items.

Read on 2026-11-23: https://docs.joinmastodon.org/entities/Status/
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from palabre.networks.contract import ItemKind, RemoteAuthor, RemoteItem
from palabre.networks.formats.plain import one_line, to_text
from palabre.networks.shapes import count, language, moment, rows, table, text, web_address, word

_HOME = re.compile(r"(?P<site>https?://[^/]+)/users/(?P<name>\w+)/statuses/(?P<id>\w+)")
_NAME = re.compile(r"\w{1,100}")


def from_status(raw: Mapping[str, Any]) -> RemoteItem | None:
    """A status, a boost (the boosted status), or `{"deleted": address}`; None for what is not public.

    A reply names its parent by an id of one server alone: `reply_to` is known where that server is the
    home of both, as the addresses of its statuses are made of their ids; it stays empty elsewhere.
    """
    if "deleted" in raw:
        gone = web_address(raw.get("deleted"))
        return RemoteItem(remote_id=gone, url=gone, text="", deleted=True) if gone else None
    status = table(raw.get("reblog")) or raw
    if word(status.get("visibility")) not in ("", "public", "unlisted"):
        return None
    return item_of(status)


def item_of(status: Mapping[str, Any]) -> RemoteItem | None:
    """A status whoever may see it; None for one that says and shows nothing."""
    address = web_address(status.get("uri")) or web_address(status.get("url"))
    said, images = _said(status), _images(status)
    if not address or not (said or images):
        return None
    quoted = quoted_by(status)
    return RemoteItem(
        remote_id=address,
        url=web_address(status.get("url")) or address,
        text=said,
        title=one_line(text(status.get("spoiler_text"))),
        kind=ItemKind.REPLY if status.get("in_reply_to_id") else ItemKind.POST,
        author=author_of(table(status.get("account"))),
        published_at=moment(status.get("created_at")),
        language=language(status.get("language")),
        outlet=host_of(address),
        thread_id=web_address(quoted.get("uri")) or None,
        reply_to=_parent(status, address),
        likes=count(status.get("favourites_count")),
        reposts=count(status.get("reblogs_count")),
        replies=count(status.get("replies_count")),
        image_urls=images,
    )


def quoted_by(status: Mapping[str, Any]) -> Mapping[str, Any]:
    """The status that another quotes, nothing where there is none: Akkoma and Pleroma have it elsewhere."""
    quote = table(status.get("quote")) or table(table(status.get("pleroma")).get("quote"))
    return table(quote.get("quoted_status")) or (quote if quote.get("uri") else {})


def _parent(status: Mapping[str, Any], address: str) -> str | None:
    """The address of the status this one answers, if it was written on the server that was asked."""
    parent, whose = word(status.get("in_reply_to_id")), status.get("in_reply_to_account_id")
    home = _HOME.fullmatch(address)
    if home is None or not parent.isalnum() or not whose or home["id"] != word(status.get("id")):
        return None
    if whose == table(status.get("account")).get("id"):
        return f"{home['site']}/users/{home['name']}/statuses/{parent}"
    for person in map(table, rows(status.get("mentions"))):
        name = word(person.get("acct"))  # "name" of somebody here, "name@server" of somebody elsewhere
        if person.get("id") == whose and _NAME.fullmatch(name):
            return f"{home['site']}/users/{name}/statuses/{parent}"
    return None


def host_of(address: str) -> str:
    """The name in an address, "" when there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _said(status: Mapping[str, Any]) -> str:
    """The text, then what is not in it: choices of a poll, alt texts, the title of the shared page."""
    body = to_text(text(status.get("content")))
    choices = (
        one_line(text(table(choice).get("title")))
        for choice in rows(table(status.get("poll")).get("options"))
    )
    shown = (text(table(media).get("description")) for media in rows(status.get("media_attachments")))
    card = one_line(text(table(status.get("card")).get("title")))
    further = [*choices, *shown, card if card not in body else ""]
    return "\n".join(part for part in [body, *(to_text(part) for part in further)] if part)


def _images(status: Mapping[str, Any]) -> tuple[str, ...]:
    media = [table(part) for part in rows(status.get("media_attachments"))]
    shown = [part for part in media if part.get("type") in ("image", "gifv", "video")]
    stills = (
        web_address(part.get("url") if part.get("type") == "image" else part.get("preview_url"))
        for part in shown
    )
    return tuple(dict.fromkeys(filter(None, stills)))


def author_of(account: Mapping[str, Any]) -> RemoteAuthor | None:
    url, name = web_address(account.get("url")), word(account.get("acct"))
    handle = name if "@" in name or not name else f"{name}@{host_of(url)}".rstrip("@")
    if not (url or handle):
        return None
    return RemoteAuthor(
        remote_id=url or handle,
        handle=handle,
        name=one_line(text(account.get("display_name"))) or handle,
        url=url,
        avatar_url=web_address(account.get("avatar")),
        followers=count(account.get("followers_count")),
    )
