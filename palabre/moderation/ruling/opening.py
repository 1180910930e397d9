"""The brand's hours, for the rules that ask for them."""

from collections.abc import Sequence

from palabre.agency.models import Brand
from palabre.inbox.pace.terms import Terms
from palabre.moderation.ruling.rules import Ask, CompiledRule
from palabre.moderation.ruling.subjects import OpenAt


def opening(brand: Brand, rules: Sequence[CompiledRule]) -> OpenAt | None:
    """Whether somebody is there at a moment, on the brand's clock; None where no rule asks."""
    if not any(condition.ask is Ask.CLOSED for rule in rules for condition in rule.conditions):
        return None
    return Terms(brand).hours.open_at
