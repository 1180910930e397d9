"""What the code imports is declared, and what is declared is pinned without naming an index."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = {"palabre", "tests"}


def names(file: str) -> set[str]:
    """The libraries a requirements file names, in the form of PEP 503."""
    found = set()
    for line in (ROOT / "requirements" / file).read_text().splitlines():
        if match := re.match(r"[A-Za-z0-9._-]+", line):
            found.add(re.sub(r"[-_.]+", "-", match.group()).lower())
    return found


def imports() -> dict[str, str]:
    """Every module from outside that the package imports, with one file that does."""
    found: dict[str, str] = {}
    for path in (ROOT / "palabre").rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules = [node.module]
            for module in modules:
                found[module.split(".")[0]] = str(path.relative_to(ROOT))
    return {name: path for name, path in found.items() if name not in OWN | sys.stdlib_module_names}


def test_what_the_code_imports_is_declared() -> None:
    declared = names("run.in") | names("quality.in")
    distributions = packages_distributions()
    undeclared = {
        module: path
        for module, path in imports().items()
        if not {re.sub(r"[-_.]+", "-", name).lower() for name in distributions.get(module, [module])}
        & declared
    }
    assert not undeclared


@pytest.mark.parametrize("name", ["run", "quality", "test", "node"])
def test_what_is_declared_is_pinned_and_names_no_index(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert names(f"{name}.in") - {"-c"} <= names(f"{name}.txt")
    assert "://" not in text and "--" not in text
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.!+]+(?: ; .+)?", line) for line in lines)


def test_the_front_s_lock_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
