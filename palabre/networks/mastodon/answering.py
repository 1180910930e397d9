"""What a reply needs: the status it answers, who is named in front of it, who may see it.

A server shows a reply to whom it names and to nobody by its place alone, so the name in front stays.
"""

import re
from collections.abc import Mapping
from typing import Any

from palabre.networks.answers import json_of
from palabre.networks.contract import Session
from palabre.networks.errors import Gone, Rejected
from palabre.networks.mastodon.signed import call, host
from palabre.networks.shapes import list_in, rows, table, web_address, word

_IN_FRONT = re.compile(r"(?:@\w[\w.-]*(?:@[\w.-]+\w)?\s+)+")
_NAME = re.compile(r"[\w.-]+(?:@[\w.:-]+)?")
_NARROWING = ("public", "unlisted", "private", "direct")
_AS_DIRECT = ("limited", "list")
"""What servers of the family call some ways to show a status to few."""


async def status_at(session: Session, *addresses: str, missing_is_nothing: bool = True) -> Mapping[str, Any]:
    """The status at the first of these addresses that the server knows or can fetch, else nothing.

    `missing_is_nothing`: a search that is not found finds nothing, as old servers say it.
    """
    for address in dict.fromkeys(filter(None, map(web_address, addresses))):
        try:
            found = await _found(session, "statuses", address)
        except (Gone, Rejected):
            if not missing_is_nothing:
                raise
            continue
        if found:
            return found
    return {}


async def account_at(session: Session, address: str) -> Mapping[str, Any]:
    """The account at the address of a profile, or of that name; nothing where there is none."""
    return await _found(session, "accounts", address) if address else {}


async def _found(session: Session, kind: str, address: str) -> Mapping[str, Any]:
    asked = {"q": address, "type": kind, "resolve": "true", "limit": "1"}
    told = table(json_of(await call(session, "GET", "/api/v2/search", params=asked)))
    found = list_in(told, kind, host=host(session))
    first = table(found[0]) if found else {}
    return first if word(first.get("id")) else {}


def addressed(text: str, target: Mapping[str, Any], account: str) -> str:
    """The text with whom it answers in front, unless it names them already."""
    author = table(target.get("account"))
    people = [author] if word(author.get("id")) != account else list(map(table, rows(target.get("mentions"))))
    names = [word(one.get("acct")) for one in people if word(one.get("id")) != account]
    missing = [f"@{name}" for name in names if _NAME.fullmatch(name) and not _names(text, name)]
    return " ".join((*missing, text)) if text else text


def _names(text: str, name: str) -> bool:
    """Whether a text names somebody: with their server, or without it where they are of the same one."""
    return re.search(rf"(?<![\w@])@{re.escape(name)}(?![\w@-]|\.\w)", text, re.I) is not None


def in_front(text: str) -> str:
    """The names a text begins with."""
    found = _IN_FRONT.match(text)
    return found[0] if found else ""


def as_visible(asked: str, target: Mapping[str, Any]) -> str:
    """Who may see a reply: as few as what it answers, or fewer."""
    above = word(target.get("visibility"))
    above = "direct" if above in _AS_DIRECT else above
    if above not in _NARROWING:
        return above or asked
    return max(asked, above, key=_NARROWING.index)
