"""The processes one by one: web, worker, listen, and Django's own commands.

`palabre serve` runs the first three under its watch; on several machines each runs apart, any number
of times, against one DATABASE_URL.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from types import FrameType

from palabre.config import env
from palabre.kit.memory import settle
from palabre.runtime.lock import HomeLock
from palabre.runtime.messages import RuntimeFault
from palabre.runtime.postgres import Embedded, settings_from_url

WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "help", "makemessages", "makemigrations",
    "startapp", "--help", "--version", "version",
}  # fmt: skip
GRACE = 4
"""Seconds a process gives what it is doing when asked to stop; jobs not done by then run again."""
CONCURRENCY = 8
"""Jobs one worker has in hand at once: most wait for a network, not for the processor."""


def web(argv: list[str]) -> int:
    """Serve the pages with uvicorn, in this one process.

    Not granian, which answers as fast but always adds a process that watches over its workers: here
    `palabre serve` already watches, and a small machine spares the memory.
    """
    import uvicorn

    class Web(uvicorn.Server):
        """Pages that wait for news would hold the stop up until its grace is over."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            from palabre.agency.live import WIRE

            WIRE.close()
            super().handle_exit(sig, frame)

    settings = _prepare()
    config = uvicorn.Config(
        "palabre.config.asgi:application",
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        lifespan="auto",
        proxy_headers=True,
        timeout_graceful_shutdown=GRACE,
        ws="none",
    )
    Web(config).run()
    return 0


def worker(argv: list[str]) -> int:
    """Do the jobs as they come, periodic ones included; any number of workers share them."""
    _prepare()
    import django

    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    logging.getLogger("procrastinate").setLevel(logging.WARNING)

    settle()
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        working.run_worker(concurrency=CONCURRENCY, shutdown_graceful_timeout=GRACE, delete_jobs="successful")
    return 0


def listen(argv: list[str]) -> int:
    """Follow the open streams (Bluesky, Mastodon…) until asked to stop."""
    _prepare()
    import django

    django.setup()
    from palabre.intake.listen import main

    settle()
    main()
    return 0


def manage(argv: list[str]) -> int:
    """Django's commands; the embedded database is started for the time of the command if need be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.config.settings")
    with contextlib.ExitStack() as stack:
        if argv and argv[0] not in WITHOUT_DATABASE:
            stack.enter_context(database())
        from django.core.management import execute_from_command_line

        execute_from_command_line(["palabre manage", *argv])
    return 0


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The address of a database that answers: DATABASE_URL, the running embedded one, or one started here."""
    settings = read_environment()
    if settings.database_url:
        yield settings.database_url
        return
    embedded = Embedded(settings.home)
    if embedded.running():
        yield embedded.url
        return
    with HomeLock(settings.home):
        embedded.start()
        try:
            yield embedded.url
        finally:
            embedded.stop()


def read_environment() -> env.Env:
    """The settings of the environment. Raises RuntimeFault when one cannot be understood."""
    try:
        settings = env.read()
        if settings.database_url:
            settings_from_url(settings.database_url)
    except ValueError as error:
        raise RuntimeFault("bad_setting", why=error) from error
    return settings


def _prepare() -> env.Env:
    """What every process does first: find its settings, and its database."""
    settings = read_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.config.settings")
    if not settings.database_url and not Embedded(settings.home).running():
        raise RuntimeFault("stays_local")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    return settings
