"""`make bench`: run every benchmark, each in a process of its own, and write down what it measured.

`python -m tests.bench` runs all and writes docs/bench.md; `python -m tests.bench feeds query` runs some
and prints them. A module that sets `CORES = 1` is pinned to one core. The exit code is 1 if a
bar was missed or a benchmark failed.
"""

import argparse
import dataclasses
import importlib
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.report import Row

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OUTPUT = ROOT / "build" / "bench.json"
PAGE = ROOT / "docs" / "bench.md"


def main() -> int:
    """Run what was asked for; the exit code is the verdict."""
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--one", choices=known, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        return measure(args.one)
    if unknown := set(args.names) - set(known):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    results, failed = {}, []
    for name in args.names or known:
        print(f"\n{name}", flush=True)
        began = time.monotonic()
        rows = in_a_process_of_its_own(name)
        if rows is None:
            failed.append(name)
            continue
        results[name] = rows
        for row in rows:
            print("  " + " · ".join(cells(row)))
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    missed = [row.work for rows in results.values() for row in rows if row.met is False]
    write(results, whole=not args.names and not failed)
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    if missed:
        print(f"\nBars missed: {'; '.join(missed)}")
    return 1 if failed or missed else 0


def in_a_process_of_its_own(name: str) -> list[Row] | None:
    """The rows a benchmark hands back over a pipe; None if it failed (its error is on the terminal)."""
    reader, writer = os.pipe()
    with os.fdopen(reader) as answers:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench", "--one", name],
            cwd=ROOT, pass_fds=[writer], env={**os.environ, "PALABRE_BENCH_PIPE": str(writer)},
        )  # fmt: skip
        os.close(writer)
        text = answers.read()
    if process.wait() != 0:
        return None
    return [Row(**fields) for fields in json.loads(text)]


def measure(name: str) -> int:
    """Run one benchmark here and hand its rows to the parent."""
    module = importlib.import_module(f"tests.bench.bench_{name}")
    if getattr(module, "CORES", None) == 1:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rows = module.run()
    with os.fdopen(int(os.environ["PALABRE_BENCH_PIPE"]), "w") as pipe:
        json.dump([dataclasses.asdict(row) for row in rows], pipe)
    return 0


def number(value: float | None) -> str:
    """Three significant figures, or all of them for large ones."""
    if value is None:
        return ""
    return f"{value:,.0f}".replace(",", "\u00a0") if abs(value) >= 100 else f"{value:.3g}"


def cells(row: Row) -> list[str]:
    """A row as the table shows it."""
    verdict = {True: "met", False: "**missed**", None: ""}[row.met]
    alternative = f"{row.alternative}: {number(row.alternative_figure)}" if row.alternative else ""
    return [
        row.work,
        f"{number(row.figure)} {row.unit}",
        alternative,
        f"{number(row.ratio)} ×" if row.ratio is not None else "",
        row.bar,
        verdict,
        row.note,
    ]


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    cpu = names[0] if names else platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{cpu}, {len(os.sched_getaffinity(0))} cores used",
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.freedesktop_os_release().get('PRETTY_NAME', platform.system())}",
        "python": platform.python_version(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "load": f"{os.getloadavg()[1]:.1f} in the last five minutes",
    }


def write(results: dict[str, list[Row]], *, whole: bool) -> None:
    """build/bench.json always; docs/bench.md only after a whole run, so that it never mixes machines."""
    OUTPUT.parent.mkdir(exist_ok=True)
    told = {"machine": machine(), "rows": {k: [dataclasses.asdict(r) for r in v] for k, v in results.items()}}
    OUTPUT.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    if not whole:
        return
    lines = [
        "# Measured",
        "",
        "Written by `make bench`. Each figure stands beside its named alternative, measured in the same",
        "run on the same machine; a ratio is the figure divided by the alternative’s.",
        "",
        *(f"- {name}: {value}" for name, value in machine().items()),
        "",
    ]
    for name, rows in results.items():
        lines += [f"## {name}", "", "| work | figure | alternative | ratio | bar | verdict | note |"]
        lines += ["|---|---|---|---|---|---|---|"]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells(row)) + " |" for row in rows]
        lines += [""]
    PAGE.write_text("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
