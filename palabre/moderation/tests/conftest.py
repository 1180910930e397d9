"""The inbox's own stage (a brand, a sandbox account, Aïcha's comment), a charter, somebody else to decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from palabre.inbox.tests.conftest import asked, brand, cast, channel, hear, now, store

if TYPE_CHECKING:
    from palabre.agency.models import User
    from palabre.inbox.models import Conversation, Message
    from palabre.moderation.models import Article
    from tests.builders import Cast

__all__ = ["asked", "brand", "cast", "channel", "hear", "now", "store"]


@pytest.fixture
def message(asked: Conversation) -> Message:
    """What Aïcha said."""
    from palabre.inbox.models import Message

    found: Message = Message.objects.select_related("item__author", "brand").get(conversation=asked)
    return found


@pytest.fixture
def article(cast: Cast, brand: object, now: datetime) -> Article:
    """The first article of the usual charter."""
    from palabre.moderation.charter import begin, in_force

    begin(brand=cast.brand, by=cast.owner, language="fr", now=now)
    return in_force().get(number=1)


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Somebody else who may moderate."""
    from palabre.agency.roles import Role
    from tests.builders import build_user

    return build_user("lise@iroko.example", cast.brand.organisation, Role.MEMBER)


@pytest.fixture
def act() -> Callable[[datetime], int]:
    """Carry out what was decided, at a moment."""
    from asgiref.sync import async_to_sync

    from palabre.moderation.acting import act_on_due

    return lambda at: async_to_sync(act_on_due)(lambda: at)
