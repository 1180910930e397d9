"""The colours of the sheet for what is drawn outside a browser: charts in mail and on paper.

A chart's definition names colours as tokens (`"--pos"`); the browser resolves them for the theme in
force, this module for the others. The sheet is the only place where a colour is written.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

TOKENS = Path(__file__).parent / "css" / "1-tokens.css"
DECLARED = re.compile(r"(--[\w-]+):\s*(?:light-dark\(\s*(#\w+)\s*,\s*(#\w+)\s*\)|(#\w+))\s*;")

Theme = Literal["light", "dark"]


@cache
def colours(theme: Theme = "light") -> dict[str, str]:
    """Every colour token of the sheet as `#rrggbb`, `#rgb` or `#rrggbbaa`."""
    found = {}
    for name, light, dark, plain in DECLARED.findall(TOKENS.read_text("utf-8")):
        found[name] = plain or (dark if theme == "dark" else light)
    return found


def painted(definition: Any, theme: Theme = "light") -> Any:
    """The same definition with every token replaced by its colour. Raises KeyError for an unknown one."""
    if isinstance(definition, str):
        return colours(theme)[definition] if definition.startswith("--") else definition
    if isinstance(definition, list):
        return [painted(entry, theme) for entry in definition]
    if isinstance(definition, dict):
        return {key: painted(entry, theme) for key, entry in definition.items()}
    return definition
