"""The brand's own rules on what just came in: decided by `listening.rules`, carried out here."""

from collections.abc import Sequence
from dataclasses import dataclass

from palabre.agency.models import Brand
from palabre.listening.bulk import ignore, mark_read, set_tone, tag
from palabre.listening.found import Found, found_of
from palabre.listening.rule_runs import Stored, subject_of
from palabre.listening.rules import Act, decide


@dataclass(frozen=True)
class Told:
    """A mention the alerts may tell; `urgent` when a rule wants it told at once."""

    mention: Found
    urgent: bool = False


def apply_rules(*, brand: Brand, rules: Sequence[Stored], mentions: Sequence[Found]) -> list[Told]:
    """Apply the brand's active rules, in order; the mentions that are still to be told, as they are now.

    In the caller's transaction and the brand's scope: a mention is never seen before its rules were applied.
    """
    compiled = [rule.compiled() for rule in rules]
    decided = [(mention, decide(compiled, subject_of(mention))) for mention in mentions]
    alike: dict[Act, list[int]] = {}
    for mention, act in decided:
        alike.setdefault(act, []).append(mention.item)
    for act, items in alike.items():
        _carry_out(brand, items, act)
    told = {mention.id: act.alert for mention, act in decided if not act.ignore}
    corrected = any(act.tone is not None for act in alike)
    fresh = found_of(list(told)) if corrected else [mention for mention in mentions if mention.id in told]
    return [Told(mention, urgent=told[mention.id]) for mention in fresh]


def _carry_out(brand: Brand, ids: Sequence[int], act: Act) -> None:
    if act.tags:
        tag(brand=brand, ids=ids, names=act.tags, by=None)
    if act.read:
        mark_read(brand=brand, ids=ids, by=None)
    if act.tone is not None:
        set_tone(brand=brand, ids=ids, tone=act.tone, by=None)
    if act.ignore:
        ignore(brand=brand, ids=ids, by=None)
