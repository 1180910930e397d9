"""The servers of others, each started once per run, for the first test that asks."""

from collections.abc import Iterator

import pytest

from tests.live import mail
from tests.live.bluesky import network
from tests.live.matrix import synapse
from tests.live.wordpress import site


@pytest.fixture(scope="session")
def mail_server() -> Iterator[mail.MailServer]:
    """Postfix and Dovecot."""
    with mail.running() as server:
        yield server


@pytest.fixture(scope="session")
def bluesky_network() -> Iterator[network.Network]:
    """A whole Bluesky network, empty."""
    with network.running() as started:
        yield started


@pytest.fixture(scope="session")
def wordpress_site() -> Iterator[site.Site]:
    """A WordPress site with its database."""
    with site.running() as started:
        yield started


@pytest.fixture(scope="session")
def matrix_homeserver() -> Iterator[synapse.Homeserver]:
    """A homeserver of Matrix, empty."""
    with synapse.running() as started:
        yield started
