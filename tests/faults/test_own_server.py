"""With a DATABASE_URL Palabre starts no server of its own, and says so when that one does not answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.runtime.postgres import Embedded
from tests.served import Served


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Embedded]:
    """A server of one's own: any PostgreSQL will do."""
    server = Embedded(tmp_path / "own", durable=False)
    server.start()
    yield server
    server.stop(grace=5)


def test_it_runs_on_a_server_of_ones_own(own_server: Embedded) -> None:
    served = Served(environment={"DATABASE_URL": own_server.url})
    try:
        served.start()
        assert served.status() == 200
        assert "postgres" not in served.children()
        assert not (served.home / "postgres").exists()
    finally:
        served.close()


def test_a_server_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    served = Served(environment={"DATABASE_URL": f"postgresql://u:secret@/n?host={tmp_path}"})
    try:
        assert served.launch().wait(60) == 1
        assert "DATABASE_URL does not answer" in served.heard()
        assert "secret" not in served.heard()
    finally:
        served.close()


def test_an_address_that_is_none_is_said_so() -> None:
    served = Served(environment={"DATABASE_URL": "mysql://u:secret@h/n"})
    try:
        assert served.launch().wait(60) == 1
        assert "postgresql://" in served.heard() and "Traceback" not in served.heard()
        assert "secret" not in served.heard()
    finally:
        served.close()


def test_a_setting_that_cannot_be_understood_is_said_so() -> None:
    served = Served(environment={"PALABRE_PORT": "eighty"})
    try:
        assert served.launch().wait(60) == 1
        assert "Bad setting" in served.heard() and "eighty" in served.heard()
        assert "Traceback" not in served.heard()
    finally:
        served.close()
