"""The page of the settings tells what the code reads, no less and no more."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VARIABLE = re.compile(r"\b(?:PALABRE_[A-Z_]+|DATABASE_URL)\b")


def test_the_page_lists_every_variable_the_code_reads() -> None:
    page = (ROOT / "docs" / "operate" / "settings.md").read_text()
    listed = set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE))
    code = "".join((ROOT / "palabre" / "config" / name).read_text() for name in ("env.py", "secrets.py"))
    assert listed == set(VARIABLE.findall(code))
