"""What an act on many items leaves so that it can be taken back: which item had which value before."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What can be done to items, and taken back."""

    READ = "read"
    IGNORE = "ignore"
    TAG = "tag"
    TONE = "tone"


@dataclass(frozen=True, kw_only=True)
class Undo:
    """The items an act changed, in groups of an equal value before (as JSON); nothing for the rest."""

    act: Act
    groups: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def count(self) -> int:
        """How many items changed."""
        return sum(len(ids) for _, ids in self.groups)

    @property
    def ids(self) -> list[int]:
        """The items that changed."""
        return [id_ for _, ids in self.groups for id_ in ids]

    def written(self) -> str:
        """As text, for a session or a signed form field."""
        return json.dumps({"act": self.act, "groups": self.groups})

    @classmethod
    def read(cls, text: str) -> "Undo":
        """From `written`. Raises ValueError for anything else."""
        try:
            found = json.loads(text)
            groups = tuple((str(value), tuple(int(id_) for id_ in ids)) for value, ids in found["groups"])
            return cls(act=Act(found["act"]), groups=groups)
        except (KeyError, TypeError) as error:
            raise ValueError("not an undo") from error

    @classmethod
    def of(cls, act: Act, before: Iterable[tuple[int, Any]]) -> "Undo":
        """From (id, value before) pairs."""
        groups: dict[str, list[int]] = defaultdict(list)
        for id_, value in before:
            groups[json.dumps(value)].append(id_)
        return cls(act=act, groups=tuple((value, tuple(ids)) for value, ids in groups.items()))
