"""`make bench`: run every benchmark, each in a process of its own, and write down what it measured.

`python -m tests.bench` runs all and writes docs/bench.md; `python -m tests.bench feeds query` runs some
and renews their tables there, the others staying as measured on this machine this day. A module that
sets `CORES = 1` is pinned to one core. The exit code is 1 if a bar was missed or a benchmark failed.
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
        write(name, rows)
    missed = [row.work for rows in results.values() for row in rows if row.met is False]
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
        # numpy’s own numbers and booleans are told as plain ones.
        json.dump([dataclasses.asdict(row) for row in rows], pipe, default=lambda value: value.item())
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
    }


def write(name: str, rows: list[Row]) -> None:
    """Put one benchmark's rows into build/bench.json and docs/bench.md; rows of another machine or day go."""
    here = machine()
    told = json.loads(OUTPUT.read_text()) if OUTPUT.exists() else {}
    if told.get("machine") != here:
        told = {"machine": here, "benchmarks": {}}
    load = f"{os.getloadavg()[1]:.1f}"
    told["benchmarks"][name] = {"load": load, "rows": [dataclasses.asdict(row) for row in rows]}
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    lines = [
        "# Measured",
        "",
        "Written by `make bench`. Each figure stands beside its named alternative, measured in the same",
        "run on the same machine; a ratio is the figure divided by the alternative’s. The load is the",
        "machine’s over the five minutes before: above the number of cores, something else was running too.",
        "",
        *(f"- {key}: {value}" for key, value in here.items()),
        "",
    ]
    for key, measured in sorted(told["benchmarks"].items()):
        lines += [f"## {key}", "", f"Load: {measured['load']}", ""]
        lines += [
            "| work | figure | alternative | ratio | bar | verdict | note |",
            "|---|---|---|---|---|---|---|",
        ]
        table = [cells(Row(**row)) for row in measured["rows"]]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in table]
        lines += [""]
    PAGE.write_text("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
