"""Who else is in a conversation, told to its open pages, and a “next” that gets in nobody's way."""

import json
import threading
import time
from collections.abc import AsyncIterator

from palabre.agency.live import PRESENT, WIRE, Reader, say
from palabre.agency.models import Brand, User
from palabre.inbox.models import Conversation
from palabre.inbox.room import ROOM
from palabre.inbox.selectors import Wanted, next_of

_CHOOSING = threading.Lock()


def writes(*, brand: Brand, pk: int, user: User) -> None:
    """Somebody is typing an answer to a conversation."""
    say(brand, pk, user, "writes")


def next_free(*, brand: Brand, wanted: Wanted, reader: User, after: Conversation) -> Conversation | None:
    """The conversation that follows in the list and that nobody else has open; the reader is in it from now
    on, so that two who go on at the same moment do not meet."""
    with _CHOOSING:
        at = time.monotonic()
        taken = WIRE.present.taken(brand.pk, but=reader.pk, at=at)
        found = next_of(wanted, reader, after, skip=taken)
        if found is not None:
            WIRE.present.heard(brand.pk, found.pk, reader.pk, "reads", str(reader), at=at)
    if found is not None:
        say(brand, found.pk, reader, "reads")
    return found


async def events(*, brand: int, reader: Reader | None, user: int) -> AsyncIterator[bytes]:
    """Server-sent events of an open page: `news` names the conversation in which something changed, 0 for
    any; `present` says who else is in the one that is open, each time it changed."""
    shown = "[]"
    yield b"retry: 2000\n\n"
    async for news in WIRE.news(brand, reader):
        if news is None:
            yield b": alive\n\n"
        elif news.room in ("", ROOM):
            yield f"event: news\ndata: {json.dumps(news.subject)}\n\n".encode()
        if reader is None or (news is not None and news.room == ROOM):
            continue
        seen = WIRE.present.beside(brand, reader.subject, but=user, at=time.monotonic())
        told = json.dumps([[one.name, one.writes] for one in seen], ensure_ascii=False)
        again = news is not None and news.room == PRESENT and news.subject == reader.subject and seen
        if told != shown or again:
            shown = told
            yield f"event: present\ndata: {told}\n\n".encode()
