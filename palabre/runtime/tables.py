"""Bringing the tables up to date, and knowing without loading Django that there is nothing to do.

After a migration, a stamp in the home remembers what the code held and what the database had applied.
While both are unchanged a start skips Django's own check, which costs a second or more.
"""

import hashlib
import os
from pathlib import Path

from palabre.runtime.processes import database, read_environment

PACKAGE = Path(__file__).resolve().parents[1]


def main(argv: list[str]) -> int:
    """`palabre migrate`: apply what is missing; further words go to Django's `migrate`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.config.settings")
    home = read_environment().home
    with database() as url:
        if not argv and up_to_date(home, url):
            return 0
        import django
        from django.core.management import call_command, execute_from_command_line

        django.setup()
        execute_from_command_line(["palabre", "migrate", "--no-input", *argv])
        call_command("createcachetable", verbosity=0)
        if not argv:
            _stamp(home).write_text(_state(url))
    return 0


def up_to_date(home: Path, url: str) -> bool:
    """Whether neither the code nor the database at `url` changed since the last full migration."""
    stamp = _stamp(home)
    return stamp.exists() and stamp.read_text() == _state(url)


def _stamp(home: Path) -> Path:
    return home / "tables"


def _state(url: str) -> str:
    """What the code holds, a line, then what the database has applied, another."""
    import psycopg

    digest = hashlib.sha256()
    for path in sorted(PACKAGE.glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(PACKAGE)).encode() + path.read_bytes())
    # Libraries bring migrations too: their versions stand for them.
    for folder in sorted(Path(psycopg.__file__).parents[1].glob("*.dist-info")):
        digest.update(folder.name.encode())
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return ""
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    applied = hashlib.sha256(repr(rows).encode())
    return f"{digest.hexdigest()}\n{applied.hexdigest()}\n"
