"""A job that no worker knows is never done: every module of jobs is loaded when Palabre is."""

import os
import subprocess
import sys
from pathlib import Path

import palabre

HOME = Path(palabre.__file__).parent
LOADED = "import sys, django; django.setup(); print(*sorted(sys.modules))"


def test_every_module_of_jobs_is_loaded_with_palabre() -> None:
    modules = {
        ".".join(("palabre", *path.relative_to(HOME).with_suffix("").parts))
        for path in HOME.rglob("tasks.py")
    }
    environment = {"DJANGO_SETTINGS_MODULE": "palabre.config.settings", "PYTHONPATH": str(HOME.parent)}
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(modules) > 5
    assert modules - set(done.stdout.split()) == set()
