"""`make check`: style, types, layers, templates, migrations, translations; a fault stops none of them."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "style": [str(BIN / "ruff"), "check", "--quiet", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "types": [str(BIN / "mypy"), "palabre"],
    "layers": [str(BIN / "lint-imports"), "--no-logo"],
    "scripts": ["sh", "-c", "for file in tools/*.sh tools/npm .ci/run; do sh -n $file || exit 1; done"],
    "settings": [sys.executable, "-m", "palabre", "manage", "check", "--fail-level", "WARNING"],
    "templates": [sys.executable, "tools/check_templates.py"],
    "migrations": [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "palabre",
        "manage",
        "makemigrations",
        "--check",
        "--dry-run",
    ],
    "translations": [sys.executable, "tools/translations.py", "check"],
    "libraries": [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"],
}


def main(wanted: list[str]) -> int:
    """Run the checks named, or all; the exit code is the verdict."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="palabre-check-") as home:
        environment = {
            **os.environ,
            "PALABRE_HOME": home,
            "DJANGO_SETTINGS_MODULE": "palabre.config.settings",
            "PYTHONPATH": str(ROOT),
        }
        for name in wanted or CHECKS:
            began = time.monotonic()
            done = subprocess.run(
                CHECKS[name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            verdict = "ok" if done.returncode == 0 else "FAILED"
            print(f"{name:<13}{verdict:<8}{time.monotonic() - began:5.1f} s", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    if failed:
        print(f"Faults in: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
