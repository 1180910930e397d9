"""`palabre db backup|restore FILE`: the whole database in one file, by PostgreSQL's own tools."""

import argparse
import subprocess
from pathlib import Path

from palabre.kit.language import terminal_language
from palabre.runtime.lock import HomeLock
from palabre.runtime.messages import RuntimeFault, text
from palabre.runtime.postgres import NAME, Embedded, binaries
from palabre.runtime.processes import database, read_environment


def main(argv: list[str]) -> int:
    """Back up at any moment, restore while Palabre is stopped. The keys in `<home>/keys` are not in it."""
    french = terminal_language() == "fr"
    parser = argparse.ArgumentParser(prog="palabre db")
    parser.add_argument("action", choices=["backup", "restore"])
    parser.add_argument("file", type=Path, help="fichier de sauvegarde" if french else "backup file")
    args = parser.parse_args(argv)
    return backup(args.file) if args.action == "backup" else restore(args.file)


def backup(file: Path) -> int:
    """Write a consistent copy of the database to `file`, which only its owner may read."""
    part = file.with_name(file.name + ".part")
    with database() as url:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)
        _run("backup_failed", "pg_dump", "--format=custom", f"--file={part}", f"--dbname={url}")
    part.replace(file)
    print(text("backup_done", file=file, size=round(file.stat().st_size / 1e6, 1)))
    return 0


def restore(file: Path) -> int:
    """Put the database of `file` in the place of the present one."""
    import psycopg

    settings = read_environment()
    if settings.database_url:
        raise RuntimeFault("restore_own_server")
    if not file.is_file():
        raise RuntimeFault("no_such_file", file=file)
    _run("restore_failed", "pg_restore", "--list", str(file))
    with HomeLock(settings.home):
        embedded = Embedded(settings.home)
        embedded.start()
        try:
            with psycopg.connect(embedded.superuser_url(), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
                embedded.create_database(connection)
            into = f"--dbname={embedded.superuser_url(NAME)}"
            options = ["--no-owner", f"--role={NAME}", "--no-comments", "--exit-on-error"]
            _run("restore_failed", "pg_restore", *options, into, str(file))
        finally:
            embedded.stop()
    print(text("restore_done", file=file))
    return 0


def _run(failure: str, program: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603
        [str(binaries() / program), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeFault(failure, why=done.stderr.strip()[-800:])
