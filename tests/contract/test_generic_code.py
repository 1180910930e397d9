"""Generic code never names a network: adding one is one file and no other edit."""

import ast
import re
from pathlib import Path

import pytest

from palabre.networks import registry
from palabre.networks.contract import Reach

PALABRE = Path(__file__).parents[2] / "palabre"

NAMED = sorted(
    key
    for key, manifest in registry.manifests().items()
    if any(watch.reach is Reach.RADAR for watch in manifest.watches) and not manifest.invented
)
"""Networks people search; `feeds`, `mailbox` and the like are also plain words of the trade."""


def _code(path: Path) -> str:
    """The names and texts of a Python file, without its docstrings and comments."""
    tree = ast.parse(path.read_text())
    said = []
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            first.value.value = ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said.append(node.value)
        for part in ("id", "attr", "name", "module", "arg"):
            value = getattr(node, part, None)
            if isinstance(value, str):
                said.append(value)
    return "\n".join(said)


def _generic() -> list[Path]:
    """Code and templates outside the room of networks; tests, migrations and what is built may name them."""
    aside = {"networks", "tests", "build", "migrations", "locale", "node_modules", "__pycache__"}
    found = [
        path
        for pattern in ("*.py", "*.html", "*.js", "*.txt", "*.mjml")
        for path in PALABRE.rglob(pattern)
        if not aside & set(path.relative_to(PALABRE).parts)
        and path.stem != "guide"  # sample items to look at
    ]
    assert len(found) > 50
    return found


@pytest.mark.parametrize("key", NAMED)
def test_generic_code_never_names_a_network(key: str) -> None:
    word = re.compile(rf"(?<![a-z]){re.escape(key)}(?![a-z])", re.IGNORECASE)
    naming = []
    for path in _generic():
        text = _code(path) if path.suffix == ".py" else path.read_text()
        if word.search(text):
            naming.append(str(path.relative_to(PALABRE)))
    assert naming == [], f"these name {key}: let the manifest say it"


def test_the_networks_people_search_are_looked_for() -> None:
    assert set(NAMED) >= {"bluesky", "hackernews", "mastodon"}
