"""Where tests find the specification data that lives beside the repository, if it is there."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("PALABRE_SHARED", Path(__file__).resolve().parents[2] / "shared"))

needs_shared = pytest.mark.needs_shared
"""Marks a test that reads SHARED; without it the run says once what is left out (see conftest.py)."""
