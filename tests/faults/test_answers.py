"""What is said to the brand and what it answers, with senders and syncs killed with -9 at every step.

No answer stands there twice, none is lost without a word; no message is lost, none is there twice.
"""

import json
from pathlib import Path
from typing import Any

from palabre.runtime.postgres import Embedded
from tests.faults.senders import run, told

MESSAGES = 120
SYNCS_DIE = (
    "hear:put_down_failure:before:1",
    "hear:claim:after:1",
    "hear:_store:after:2",
    "hear:receive:after:3",
    "hear:commit:before:2",
    "hear:commit:after:4",
)
SENDERS_DIE = (
    "send:claim:after:2",
    "send:count_call:after:10",
    "send:publish:before:5",
    "send:publish:after:9",
    "send:proved:before:12",
    "send:kept_message:after:7",
    "send:proved:after:20",
    "send:put_down_failure:after:2",
    "send:sweep:after:2",
    "send:_absent:after:1",
)
"""Where each dies in turn: claimed, handed over, taken by the network, in the middle of the proof, proved…"""


def became(database: Embedded, store: Path, *lives: str) -> dict[str, Any]:
    """Live these lives; what the last one reports."""
    found: dict[str, Any] = json.loads(told(run(database, "tests.faults.answering", str(store), *lives)))
    return found


def test_no_message_is_lost_and_none_is_there_twice(database: Embedded, tmp_path: Path) -> None:
    found = became(database, tmp_path / "heard.sqlite", f"seed:{MESSAGES}", *SYNCS_DIE, "hear", "report")
    assert found["messages"] > MESSAGES
    assert found["messages twice"] == []
    assert found["messages absent"] == []
    assert found["messages miscounted"] == 0


def test_no_answer_leaves_twice_and_none_is_lost(database: Embedded, tmp_path: Path) -> None:
    said = (f"seed:{MESSAGES}", "hear", "answer")
    found = became(database, tmp_path / "answered.sqlite", *said, *SENDERS_DIE, "send", "hear", "report")
    assert found["twice"] == [] and found["absent"] == []
    assert found["unproved"] == [] and found["proved twice"] == 0
    assert set(found["states"]) == {"sent", "unknown"}, found["states"]
    assert sum(found["states"].values()) == MESSAGES
    assert found["unknown elsewhere"] == [], "who can be asked has told"
    assert found["unseen"] == 0, "a person is told of each"
    assert found["messages twice"] == [] and found["messages absent"] == []
