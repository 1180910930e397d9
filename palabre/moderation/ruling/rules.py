"""What a rule asks of a message, and which rules fire: pure; the query language and the filters beside it.

A rule has conditions, of which all must hold (or one: `any`), each of which can be turned round. What is not
known fulfils no condition, turned round or not. Rules are asked in order, until one says stop.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from palabre.moderation.ruling.signs import Sign, signs
from palabre.moderation.ruling.trust import History, trust
from palabre.query import Document, Query, Reading, holds, parse


class Ask(StrEnum):
    """What a condition is about; in the order of the page."""

    WORDS = "words"
    ADDRESS = "address"
    ACCOUNT = "account"
    NETWORK = "network"
    LANGUAGE = "language"
    SIGNS = "signs"
    SHORT = "short"
    TONE = "tone"
    TOXICITY = "toxicity"
    SPAM = "spam"
    TRUST = "trust"
    FIRST = "first"
    FOLLOWERS = "followers"
    CLOSED = "closed"


class Do(StrEnum):
    """What a rule does; in the order of the page."""

    ASSIGN = "assign"
    LABEL = "label"
    PRIORITY = "priority"
    REPLY = "reply"
    FLAG = "flag"
    HIDE = "hide"
    HOLD = "hold"
    NOTIFY = "notify"
    DONE = "done"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a rule may ask about a message; None is unknown. `open`: said within the brand's hours."""

    document: Document
    address: str
    channel: int
    at: datetime
    tone: int = 0
    toxicity: float = 0.0
    spam: float = 0.0
    followers: int | None = None
    history: History = field(default_factory=History)
    open: bool | None = None

    @cached_property
    def reading(self) -> Reading:
        """The message cut into words, once for all rules."""
        return Reading(self.document)

    @cached_property
    def signs(self) -> Mapping[Sign, bool]:
        """What the text bears, found out when it is asked for."""
        return _Signs(self.document.text)


class _Signs(dict[Sign, bool]):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def __missing__(self, sign: Sign) -> bool:
        self[sign] = found = bool(signs(self._text, frozenset((sign,))))
        return found


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One line of a rule: `values` one of which has to be so, a `number` or a `query`; `isnt` turns it."""

    ask: Ask
    isnt: bool = False
    values: frozenset[str] = frozenset()
    number: float = 0.0
    query: Query | None = None

    def met(self, subject: Subject) -> bool:
        """Whether it holds for a message."""
        found = self._found(subject)
        return found is not None and found is not self.isnt

    def _found(self, subject: Subject) -> bool | None:
        match self.ask:
            case Ask.WORDS:
                return self.query is not None and holds(self.query, subject.reading)
            case Ask.ADDRESS:
                return subject.address in self.values
            case Ask.ACCOUNT:
                return str(subject.channel) in self.values
            case Ask.NETWORK:
                return subject.document.network in self.values
            case Ask.LANGUAGE:
                language = subject.document.lang
                return None if language in ("", "und") else language in self.values
            case Ask.SIGNS:
                return any(subject.signs[Sign(one)] for one in self.values)
            case Ask.TONE:
                return str(subject.tone) in self.values
            case Ask.TRUST:
                return trust(subject.history, subject.at).value in self.values
            case Ask.FIRST:
                return subject.history.said == 0
            case Ask.CLOSED:
                return None if subject.open is None else not subject.open
            case _:
                return self._measured(subject)

    def _measured(self, subject: Subject) -> bool | None:
        match self.ask:
            case Ask.SHORT:
                return len(subject.document.text.split()) <= self.number
            case Ask.TOXICITY:
                return subject.toxicity * 100 >= self.number
            case Ask.SPAM:
                return subject.spam * 100 >= self.number
            case Ask.FOLLOWERS:
                return None if subject.followers is None else subject.followers >= self.number
            case _:
                raise ValueError(self.ask)


_DEAR = (Ask.SIGNS, Ask.WORDS)


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    """A rule ready to be asked; `actions` in the order in which they are done."""

    id: int
    conditions: tuple[Condition, ...]
    any: bool = False
    actions: tuple["Action", ...] = ()

    def fires(self, subject: Subject) -> bool:
        """Whether a message is one for this rule; a rule that asks nothing is for none."""
        if self.any:
            return any(condition.met(subject) for condition in self.conditions)
        return bool(self.conditions) and all(condition.met(subject) for condition in self.conditions)

    @property
    def stops(self) -> bool:
        return any(action.do is Do.STOP for action in self.actions)


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing a rule does: `to` names whom or what it is done with; it is done once a person in `days`."""

    do: Do
    to: str = ""
    days: int = 0


def compiled(rule: int, conditions: Mapping[str, Any], actions: Sequence[Mapping[str, Any]]) -> CompiledRule:
    """From the stored form; what is quick to know is asked first. Raises `palabre.query.QueryError`."""
    read = [_condition(row) for row in conditions.get("rows") or ()]
    read.sort(key=lambda one: _DEAR.index(one.ask) if one.ask in _DEAR else -1)
    done = [
        Action(do=Do(row["do"]), to=str(row.get("to") or ""), days=int(row.get("days") or 0))
        for row in actions
    ]
    return CompiledRule(
        id=rule,
        conditions=tuple(read),
        any=bool(conditions.get("any")),
        actions=tuple(sorted(done, key=lambda one: one.do is Do.STOP)),
    )


def _condition(row: Mapping[str, Any]) -> Condition:
    ask, value = Ask(row["ask"]), row.get("value")
    return Condition(
        ask=ask,
        isnt=bool(row.get("isnt")),
        values=frozenset(map(str, value)) if isinstance(value, list) else frozenset(),
        number=float(value) if isinstance(value, int | float) else 0.0,
        query=parse(str(value)) if ask is Ask.WORDS else None,
    )


def fired(rules: Iterable[CompiledRule], subject: Subject) -> list[CompiledRule]:
    """The rules that fire for a message, in their order, up to the first that says stop."""
    found = []
    for rule in rules:
        if rule.fires(subject):
            found.append(rule)
            if rule.stops:
                break
    return found
