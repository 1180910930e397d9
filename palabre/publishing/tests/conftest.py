"""A brand with an account on a network that does as the test says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

# Django is loaded after this file is read (see the root conftest.py): what needs it is imported late.
if TYPE_CHECKING:
    from palabre.agency.models import Brand
    from palabre.channels.models import Channel
    from palabre.publishing.tests.scripted import Scripted
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
def network(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    from palabre.publishing.delivery import finding, sending
    from palabre.publishing.tests.scripted import Scripted

    scripted = Scripted()
    monkeypatch.setattr(sending, "connector", lambda key: scripted)
    monkeypatch.setattr(finding, "connector", lambda key: scripted)
    return scripted


@pytest.fixture
def channel(brand: Brand) -> Channel:
    from palabre.publishing.tests.arranged import build_channel

    return build_channel(brand)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)
