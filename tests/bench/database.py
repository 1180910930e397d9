"""A database of a benchmark's own: an embedded server in a temporary home, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_database() -> Iterator[None]:
    """Start a server, migrate its database, and let Django use it; everything is removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="palabre-bench-"))
    if os.geteuid() == 0:
        home.chmod(0o711)
    from palabre.runtime.postgres import Embedded

    server = Embedded(home)
    server.start()
    try:
        os.environ |= {
            "PALABRE_HOME": str(home),
            "DATABASE_URL": server.url,
            "DJANGO_SETTINGS_MODULE": "palabre.config.settings",
        }
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        yield
        connection.close()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
