"""The brand's own rules on what just came in: decided by `listening.rules`, carried out here."""

from collections.abc import Sequence
from dataclasses import dataclass

from palabre.agency.models import Brand
from palabre.listening.bulk import ignore, mark_read, set_tone, tag
from palabre.listening.models import Mention
from palabre.listening.rule_runs import active_rules, subject_of
from palabre.listening.rules import Act, decide


@dataclass(frozen=True)
class Told:
    """A mention the alerts may tell; `urgent` when a rule wants it told at once."""

    mention: Mention
    urgent: bool = False


def apply_rules(*, brand: Brand, mentions: Sequence[Mention]) -> list[Told]:
    """Apply every active rule, in order; the mentions that are still to be told.

    In the caller's transaction: a mention is never seen before its rules were applied.
    """
    rules = active_rules()
    if not rules:
        return [Told(mention) for mention in mentions]
    told = []
    for mention in mentions:
        act = decide(rules, subject_of(mention))
        _carry_out(brand, mention, act)
        if not act.ignore:
            told.append(Told(mention, urgent=act.alert))
    return told


def _carry_out(brand: Brand, mention: Mention, act: Act) -> None:
    ids = [mention.item_id]
    if act.tags:
        tag(brand=brand, ids=ids, names=act.tags, by=None)
    if act.read:
        mark_read(brand=brand, ids=ids, by=None)
    if act.tone is not None:
        set_tone(brand=brand, ids=ids, tone=act.tone, by=None)
    if act.ignore:
        ignore(brand=brand, ids=ids, by=None)
