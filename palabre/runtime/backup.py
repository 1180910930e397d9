"""`palabre db backup|restore FILE`: the database, by PostgreSQL's own tools, and the library's files.

The file is a tar: `database.dump` (custom format), then `media/…`. A dump alone, as former versions wrote, is
restored too, and leaves the files as they are.
"""

import argparse
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from palabre.kit.language import terminal_language
from palabre.runtime.lock import HomeLock
from palabre.runtime.messages import RuntimeFault, text
from palabre.runtime.postgres import NAME, Embedded, binaries
from palabre.runtime.processes import database, read_environment

DUMP = "database.dump"
MEDIA = "media"
PASSING = "incoming"
"""The folder of what is just coming in: no part of a copy."""


def main(argv: list[str]) -> int:
    """Back up at any moment, restore while Palabre is stopped. The keys in `<home>/keys` are not in it."""
    french = terminal_language() == "fr"
    parser = argparse.ArgumentParser(prog="palabre db")
    parser.add_argument("action", choices=["backup", "restore"])
    parser.add_argument("file", type=Path, help="fichier de sauvegarde" if french else "backup file")
    args = parser.parse_args(argv)
    return backup(args.file) if args.action == "backup" else restore(args.file)


def backup(file: Path) -> int:
    """Write a consistent copy of the database, and the library's files, to `file`: its owner's alone.

    The database first: a file that comes meanwhile is one more, never one that the database misses.
    """
    settings = read_environment()
    part = file.with_name(file.name + ".part")
    with database() as url:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".palabre-") as folder:
            dump = Path(folder) / DUMP
            _run("backup_failed", "pg_dump", "--format=custom", f"--file={dump}", f"--dbname={url}")
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)
            files = _write(part, dump, settings.home / MEDIA)
    part.replace(file)
    print(text("backup_done", file=file, size=round(file.stat().st_size / 1e6, 1), files=files))
    return 0


def _write(part: Path, dump: Path, media: Path) -> int:
    """The tar; how many of the library's files are in it. One that goes meanwhile is left out."""
    files = 0
    with tarfile.open(part, "w") as tar:
        tar.add(dump, DUMP)
        tar.addfile(_folder(MEDIA))
        for path in _kept(media):
            name = f"{MEDIA}/{path.relative_to(media)}"
            try:
                with path.open("rb") as opened:
                    tar.addfile(tar.gettarinfo(arcname=name, fileobj=opened), opened)
            except FileNotFoundError:
                continue
            files += 1
    return files


def _folder(name: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, 0o700
    return entry


def _kept(media: Path) -> Iterator[Path]:
    for path in sorted(media.rglob("*")) if media.is_dir() else ():
        if path.is_file() and not path.is_symlink() and path.relative_to(media).parts[0] != PASSING:
            yield path


def restore(file: Path) -> int:
    """Put the database and the files of `file` in the place of the present ones."""
    settings = read_environment()
    if settings.database_url:
        raise RuntimeFault("restore_own_server")
    if not file.is_file():
        raise RuntimeFault("no_such_file", file=file)
    with (
        HomeLock(settings.home),
        tempfile.TemporaryDirectory(dir=settings.home, prefix=".restore-") as folder,
    ):
        dump = _opened(file, Path(folder))
        _run("restore_failed", "pg_restore", "--list", str(dump))
        _restore_database(settings.home, dump)
        files = _put_in_place(Path(folder) / MEDIA, settings.home / MEDIA)
    print(text("restore_done", file=file, files=files))
    return 0


def _opened(file: Path, folder: Path) -> Path:
    """The dump of a backup, its files beside it; a dump alone is itself."""
    if not tarfile.is_tarfile(file):
        return file
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise RuntimeFault("restore_failed", why=str(error)) from error
    if not (folder / DUMP).is_file():
        raise RuntimeFault("restore_failed", why=DUMP)
    return folder / DUMP


def _put_in_place(restored: Path, media: Path) -> int:
    """The files of the backup where the present ones are; how many."""
    if not restored.is_dir():
        return 0
    former = restored.with_name("former")
    if media.is_dir():
        media.rename(former)
    restored.rename(media)
    shutil.rmtree(former, ignore_errors=True)
    return sum(path.is_file() for path in media.rglob("*"))


def _restore_database(home: Path, dump: Path) -> None:
    import psycopg

    embedded = Embedded(home)
    embedded.start()
    try:
        with psycopg.connect(embedded.superuser_url(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            embedded.create_database(connection)
        into = f"--dbname={embedded.superuser_url(NAME)}"
        options = ["--no-owner", f"--role={NAME}", "--no-comments", "--exit-on-error"]
        _run("restore_failed", "pg_restore", *options, into, str(dump))
    finally:
        embedded.stop()


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
