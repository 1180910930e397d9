"""`palabre feed FILE|URL`: a feed's entries as lines of JSON, or why it cannot be read."""

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from palabre.kit.language import terminal_language

if TYPE_CHECKING:
    from palabre.networks.formats.feed import FeedDocument

MAX_FILE = 50_000_000
"""Bytes of a local file that are read at most."""
UNREADABLE = 2


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.description = "Print a feed's entries as lines of JSON (id, url, title, author, published, text)."
    parser.add_argument(
        "feed", metavar="FILE|URL", help="a file, an http(s) address, or - for standard input"
    )
    parser.add_argument(
        "--allow-private",
        action="store_true",
        help="also open addresses of this machine and of private networks",
    )


def run(args: argparse.Namespace) -> int:
    """Print the entries; 2 when the feed cannot be read, with the reason on standard error."""
    from palabre.networks.errors import NetworkError

    try:
        if args.feed.startswith(("http://", "https://", "feed:")):
            document = asyncio.run(_fetched(args.feed, allow_private=args.allow_private))
        else:
            document = _opened(args.feed)
    except NetworkError as error:
        print(f"palabre feed: {error.message(terminal_language())}", file=sys.stderr)
        return UNREADABLE
    for entry in document.entries:
        published = entry.published or entry.updated
        line = {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "author": entry.author,
            "published": published.isoformat().replace("+00:00", "Z") if published else None,
            "text": entry.text,
        }
        print(json.dumps(line, ensure_ascii=False))
    return 0


async def _fetched(address: str, *, allow_private: bool) -> "FeedDocument":
    from palabre.kit.guard import PRIVATE
    from palabre.kit.http import Http
    from palabre.kit.mailbox import Mailboxes
    from palabre.networks.answers import ask
    from palabre.networks.contract import Session
    from palabre.networks.feed_visits import ACCEPT, MAX_BYTES, read_answer
    from palabre.networks.formats.addresses import typed_address

    async with Http(allow=PRIVATE if allow_private else ()) as http:
        session = Session(http=http, mailboxes=Mailboxes(), now=lambda: datetime.now(UTC))
        target = typed_address(address) or address
        answer = await ask(session, "GET", target, headers={"accept": ACCEPT}, max_bytes=MAX_BYTES)
        return await read_answer(answer, now=session.now())


def _opened(name: str) -> "FeedDocument":
    from palabre.networks.errors import Rejected
    from palabre.networks.formats.feed import NotAFeed, read_feed

    try:
        if name == "-":
            body = sys.stdin.buffer.read(MAX_FILE + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise Rejected("file_missing", host=name) from None
    except OSError:
        raise Rejected("file_unreadable", host=name) from None
    if len(body) > MAX_FILE:
        raise Rejected("too_large", host=name, detail=str(MAX_FILE))
    try:
        return read_feed(body)
    except NotAFeed as error:
        raise Rejected(error.reason, host=name, found=error.found, line=error.line) from None
