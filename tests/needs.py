"""What a test needs of the machine: a skip that says why, and that CI counts as a failure."""

import os
import shutil
from typing import NoReturn

import pytest


def program(name: str, *, package: str) -> str:
    """The path of a program of a Debian package; without it the test is skipped, or fails in CI."""
    if path := shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
        return path
    absent(f"{name} is not installed (Debian package {package})")


def absent(why: str) -> NoReturn:
    """Leave the test out because of `why`, or fail it in CI, where nothing may be left out."""
    if os.environ.get("CI") == "true":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)
