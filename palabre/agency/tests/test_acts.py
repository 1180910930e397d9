"""Every act that a room puts into the audit log has words, and a filter of the log finds it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

import palabre
from palabre.agency.acts import ACTS, rooms, words_of
from palabre.agency.models import AuditEntry
from palabre.agency.views.audit import _change

_CODE = re.compile(r"[a-z]+\.[a-z_]+")
_NOT_CODES = re.compile(r"palabre\.|.*\.(html|txt|csv|json|pdf)$")


def _recorded(module: Path) -> Iterator[str]:
    """The codes a module that writes into the log names: all it says that looks like one."""
    tree = ast.parse(module.read_text())
    names = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    if not names & {"palabre.agency.audit", "palabre.listening.corrections"}:
        return
    for each in ast.walk(tree):
        said = each.value if isinstance(each, ast.Constant) else None
        if isinstance(said, str) and _CODE.fullmatch(said) and not _NOT_CODES.match(said):
            yield said


def recorded() -> dict[str, str]:
    """Every code of every room, with a module that writes it."""
    home = Path(palabre.__file__).parent
    modules = [path for path in home.rglob("*.py") if "tests" not in path.parts and path.name != "acts.py"]
    return {code: str(path.relative_to(home)) for path in modules for code in _recorded(path)}


def test_every_act_that_is_recorded_has_words() -> None:
    found = recorded()
    assert len(found) > 60, "the search finds what there is"
    assert {code: module for code, module in found.items() if code not in ACTS} == {}


def test_the_filter_of_the_log_offers_every_room_that_records() -> None:
    offered = {room for room, _label in rooms()}
    assert {code.split(".")[0] for code in ACTS} - offered == set()


def test_an_act_from_a_later_version_is_shown_as_its_code() -> None:
    assert words_of("moon.land") == "moon.land"


def test_the_settings_of_a_topic_are_told_in_words() -> None:
    made = {
        "name": "Café Baobab", "about": "ours", "query": "market", "quality": "all", "languages": ["fr"],
        "languages_mode": "preferred", "regions_mode": "strict", "unbounded_confirmed": False,
    }  # fmt: skip
    with translation.override("en"):
        told = _change(AuditEntry(before=None, after=made))
    assert told == "Café Baobab · our brand · market · all results · fr · strictly"
