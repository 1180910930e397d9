"""A database that processes die on."""

from collections.abc import Iterator

import pytest

from palabre.runtime.postgres import Embedded
from tests.faults.senders import run, told


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """As durable as that of an installation, its tables made."""
    server = Embedded(tmp_path_factory.mktemp("database"), durable=True)
    server.start()
    told(run(server, "palabre", "migrate"))
    yield server
    server.stop(grace=5)
