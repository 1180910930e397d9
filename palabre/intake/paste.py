"""Something said where no connector reaches, pasted by a person: it takes the same way in."""

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.matching import Matcher
from palabre.listening.models import Source, Topic
from palabre.networks.contract import RemoteAuthor, RemoteItem

PASTED = "pasted"
"""The network of what came from nowhere we can reach."""


@transaction.atomic
def paste(
    *, brand: Brand, by: User, topic: Topic, text: str, url: str, author: str, published_at: datetime
) -> None:
    """File a pasted item under a topic; the same address or the same words twice are one item."""
    identity = hashlib.blake2b((url or text).encode(), digest_size=16).hexdigest()
    item = RemoteItem(
        remote_id=identity,
        url=url,
        text=text,
        author=RemoteAuthor(remote_id=author.casefold(), name=author) if author else None,
        published_at=published_at,
        outlet=urlsplit(url).hostname or "",
    )
    # A source that is never asked: it only says whose item this is and under which topic.
    source = Source(brand=brand, network=PASTED, kind=PASTED, topic=topic)
    batch = Batch(
        network=PASTED, sources=(source,), items=(item,), cursor={}, wait=0, at=timezone.now(), filed=True
    )
    take_in(batch, Matcher(brand))
    record(brand=brand, by=by, act="item.paste", subject=url or text[:80])
