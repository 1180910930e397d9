"""What `npm run build` left behind: within its budget, self-contained, holding every icon that is named."""

import gzip
import json
import re
from pathlib import Path

UI = Path(__file__).resolve().parents[1]
BUILD = UI / "static" / "build"
BUDGET = 250_000  # bytes of compressed script and style before charts (UX.md, Fast)


def test_script_and_style_stay_within_their_budget():
    weight = sum(len(gzip.compress((BUILD / name).read_bytes(), 9)) for name in ("palabre.css", "palabre.js"))
    assert weight < BUDGET


def test_the_lock_file_holds_no_registry_address():
    lock = (UI.parents[1] / "package-lock.json").read_text("utf-8")
    assert "http" not in re.sub(r'"(?:url|license|funding)":\s*"[^"]*"', "", lock)
    assert '"resolved"' not in lock


def test_what_ships_is_pinned():
    package = json.loads((UI.parents[1] / "package.json").read_text("utf-8"))
    versions = package["devDependencies"].values()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_the_sheet_asks_for_nothing_from_elsewhere():
    sheet = (BUILD / "palabre.css").read_text("utf-8")
    addresses = re.findall(r"url\(\s*['\"]?([^)'\"]+)", sheet)
    assert [address for address in addresses if not address.startswith(("./fonts/", "data:"))] == []


def test_both_themes_are_in_the_tokens():
    tokens = (UI / "css" / "1-tokens.css").read_text("utf-8")
    for name in ("ink", "paper", "card", "pos", "neg", "act"):
        assert re.search(rf"--{name}: light-dark\(", tokens)


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = (BUILD / "icons.svg").read_text("utf-8")
    named = set()
    for path in UI.glob("templates/**/*.html"):
        named |= set(re.findall(r"{%\s*(?:icon|empty)\s+\"([a-z0-9-]+)\"", path.read_text("utf-8")))
    assert named
    assert [name for name in named if f'id="{name}"' not in sprite] == []
