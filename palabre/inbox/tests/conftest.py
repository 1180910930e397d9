"""A brand with an account on the sandbox, where people can be made to speak."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Django is loaded after this file is read (see the root conftest.py): what needs it is imported late.
if TYPE_CHECKING:
    from palabre.agency.models import Brand
    from palabre.channels.models import Channel
    from palabre.inbox.models import Conversation
    from palabre.networks.sandbox.store import Store
    from tests.builders import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    from tests.builders import build_cast

    return build_cast()


@pytest.fixture
def brand(cast: Cast) -> Iterator[Brand]:
    from django_scopes import scope

    with scope(brand=cast.brand):
        yield cast.brand


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """What stands at the sandbox, to make people speak and to plan misbehaviour."""
    from palabre.networks.registry import connector

    return connector("sandbox").store(str(tmp_path / "sandbox.db"))  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def channel(brand: Brand, store: Store, tmp_path: Path) -> Channel:
    from palabre.channels.models import Channel

    secrets = {"name": "baobab", "store": str(tmp_path / "sandbox.db"), "token": "baobab-0"}
    store.grant("baobab-0", "baobab")
    return Channel.objects.create(
        brand=brand,
        network="sandbox",
        account="baobab",
        handle="baobab",
        name="Café Baobab",
        server="sandbox.example",
        credentials=json.dumps(secrets),
    )


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def hear(channel: Channel) -> Callable[..., int]:
    """Hear every account that is due, at a moment; how many lines were."""
    from asgiref.sync import async_to_sync

    from palabre.intake.hear import hear_due

    return lambda at: async_to_sync(hear_due)(lambda: at)


@pytest.fixture
def asked(channel: Channel, store: Store, hear: Callable[..., int], now: datetime) -> Conversation:
    """Aïcha commented on what the account published."""
    from palabre.inbox.models import Conversation

    post = store.say("baobab", "baobab", "Brunch des grands chemins", at=now - timedelta(hours=2))
    words = "45 minutes d’attente pour un thé…"
    store.say("baobab", "aicha", words, at=now - timedelta(hours=1), reply_to=post)
    hear(now)
    return Conversation.objects.select_related("channel", "author", "thread").get()
