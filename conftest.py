"""What every test run stands on: a home of its own, no network, a real database on demand, honesty.

This file is read before Django's settings are: the environment it sets is the one they see, whatever
the shell holds, so that no test ever touches the data of a Palabre in use.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.offline import unplug
from tests.shared import SHARED

HOME = Path(tempfile.mkdtemp(prefix="palabre-test-"))
HOME.chmod(0o711 if os.geteuid() == 0 else 0o700)

KEPT = ("PALABRE_SHARED", "PALABRE_TEST_CACHE")
for name in [name for name in os.environ if name.startswith("PALABRE_") and name not in KEPT]:
    del os.environ[name]
os.environ.pop("DATABASE_URL", None)
os.environ["PALABRE_HOME"] = str(HOME)
os.environ.pop("DJANGO_SETTINGS_MODULE", None)

unplug()

# Timings never decide a test: a loaded machine draws its examples slowly.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

WITHOUT_DJANGO = {"kit", "query", "enrichment", "networks", "runtime", "contract", "faults", "journeys"}
"""Rooms and suites whose tests run without loading Django in this process."""


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """Load Django before the first module that needs it."""
    room = module_path.relative_to(parent.config.rootpath).parts[1]
    if room in WITHOUT_DJANGO or "DJANGO_SETTINGS_MODULE" in os.environ:
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "palabre.config.settings"
    from django.conf import settings
    from pytest_django.plugin import _setup_django

    assert settings.DATABASES
    _setup_django(parent.config)


@pytest.fixture(scope="session")
def embedded_database() -> Iterator[None]:
    """The embedded PostgreSQL, started for the first test that asks for a database, and for no other."""
    from palabre.runtime.postgres import Embedded

    server = Embedded(HOME, durable=False)
    server.start()
    yield
    server.stop(grace=5)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(embedded_database: None) -> None:
    """Let Django know the password, which did not exist when it read its settings."""
    from django.db import connections

    from palabre.runtime.postgres import connection_settings

    connections["default"].settings_dict["PASSWORD"] = connection_settings(HOME)["PASSWORD"]


LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, and count aloud, the tests that read specification data a lone clone does not have."""
    if SHARED.is_dir():
        return
    absent = [item for item in items if item.get_closest_marker("needs_shared")]
    if absent:
        items[:] = [item for item in items if item not in absent]
        config.hook.pytest_deselected(items=absent)
        config.stash[LEFT_OUT] = [item.nodeid for item in absent]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which tests were left out for want of the specification data."""
    left_out = config.stash.get(LEFT_OUT, [])
    if left_out:
        terminalreporter.write_line(f"Left out, no specification data beside this clone: {len(left_out)}")
        for nodeid in left_out:
            terminalreporter.write_line(f"  {nodeid}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    shutil.rmtree(HOME, ignore_errors=True)
