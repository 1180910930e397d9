"""The log files of a home: bounded, without asking anything of the processes that write them."""

import shutil
from pathlib import Path

SIZE_MAX = 5_000_000
"""Bytes a log may reach before it is put aside."""
KEPT = 3


def rotate(folder: Path) -> None:
    """Put aside the logs that grew too long.

    Their writers hold them open for appending, so the file is copied and emptied in place; a line
    written between the two steps is lost.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size <= SIZE_MAX:
            continue
        for number in range(KEPT - 1, 0, -1):
            older = log.with_name(f"{log.name}.{number}")
            if older.exists():
                older.replace(log.with_name(f"{log.name}.{number + 1}"))
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        with log.open("r+b") as file:
            file.truncate(0)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, indented; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8000))
        last = file.read().decode(errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in last)
