"""What connectors are handed on the way in: the session, and articles read whole."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from django.conf import settings
from django.utils import timezone

from palabre import __version__
from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks.contract import Session

USER_AGENT = f"Palabre/{__version__} (+{settings.ENV.public_url})"


@asynccontextmanager
async def session(credentials: Mapping[str, str] | None = None) -> AsyncIterator[Session]:
    """A session for one round: its connections are kept within the round and closed after it."""
    allowed = settings.ENV.allowed_networks
    async with Http(allow=allowed, user_agent=USER_AGENT) as http:
        yield Session(
            http=http,
            mailboxes=Mailboxes(allow=allowed),
            now=timezone.now,
            credentials=dict(credentials or {}),
        )
