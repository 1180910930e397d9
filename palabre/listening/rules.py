"""What a brand's rules decide about a mention: pure; the filter's conditions and the query language's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palabre.query import Document, Query, matches, parse


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a rule may ask about a mention; None is unknown and fulfils no condition."""

    document: Document
    topic: int
    network: str
    language: str
    tone: int
    author: str = ""
    reach: int | None = None
    story_size: int = 1


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    """A rule ready to be asked. Conditions all hold (and); within a list one does (or)."""

    id: int
    query: Query | None
    topics: frozenset[int]
    networks: frozenset[str]
    languages: frozenset[str]
    tones: frozenset[int]
    authors: frozenset[str]
    reach_min: int | None
    story_min: int
    actions: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Act:
    """What all the rules together decided. `alert`: tell it at once, whatever the alerts say."""

    rules: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    read: bool = False
    alert: bool = False
    ignore: bool = False
    tone: int | None = None


def compiled_from(rule_id: int, conditions: Mapping[str, Any], actions: Mapping[str, Any]) -> CompiledRule:
    """From the stored form. Raises `palabre.query.QueryError` for a bad query."""
    query = conditions.get("query") or ""
    return CompiledRule(
        id=rule_id,
        query=parse(query) if query.strip() else None,
        topics=frozenset(conditions.get("topics") or ()),
        networks=frozenset(conditions.get("networks") or ()),
        languages=frozenset(conditions.get("languages") or ()),
        tones=frozenset(conditions.get("tones") or ()),
        authors=frozenset(name.casefold().lstrip("@") for name in conditions.get("authors") or ()),
        reach_min=conditions.get("reach_min"),
        story_min=conditions.get("story_min") or 1,
        actions=actions,
    )


def fires(rule: CompiledRule, subject: Subject) -> bool:
    """Whether every condition of the rule holds."""
    if rule.topics and subject.topic not in rule.topics:
        return False
    if rule.networks and subject.network not in rule.networks:
        return False
    if rule.languages and subject.language not in rule.languages:
        return False
    if rule.tones and subject.tone not in rule.tones:
        return False
    if rule.authors and subject.author.casefold().lstrip("@") not in rule.authors:
        return False
    if rule.reach_min is not None and (subject.reach is None or subject.reach < rule.reach_min):
        return False
    if subject.story_size < rule.story_min:
        return False
    return rule.query is None or matches(rule.query, subject.document)


def decide(rules: Sequence[CompiledRule], subject: Subject) -> Act:
    """Every rule that fires adds its actions, in order; the last to name a tone wins; `stop` ends it."""
    fired, tags = [], dict[str, None]()
    read = alert = ignore = False
    tone: int | None = None
    for rule in rules:
        if not fires(rule, subject):
            continue
        fired.append(rule.id)
        tags.update(dict.fromkeys(rule.actions.get("tags") or ()))
        read |= bool(rule.actions.get("read"))
        alert |= bool(rule.actions.get("alert"))
        ignore |= bool(rule.actions.get("ignore"))
        if rule.actions.get("tone") is not None:
            tone = rule.actions["tone"]
        if rule.actions.get("stop"):
            break
    return Act(rules=tuple(fired), tags=tuple(tags), read=read, alert=alert, ignore=ignore, tone=tone)
