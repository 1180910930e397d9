"""What a network can and cannot do here, beforehand: read from its manifest and rules, in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.channels.words import said
from palabre.networks.contract import Budget, Capability, Manifest
from palabre.networks.rules import Price

CAN: dict[Capability, str | Promise] = {
    Capability.PUBLISH: _("publish"),
    Capability.EDIT: _("change what was published"),
    Capability.DELETE: _("take back what was published"),
    Capability.MEASURE: _("count likes, reposts and replies"),
    Capability.HEAR: _("hear what is said to the account"),
    Capability.REPLY: _("answer what is said to it"),
    Capability.COLLECT: _("read what is said there"),
    Capability.STREAM: _("read it as it is said"),
}


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What the page shows of one network; `cannot` holds the network's own reasons."""

    can: tuple[str | Promise, ...]
    lacks: tuple[str | Promise, ...]
    cannot: tuple[str, ...]
    budgets: tuple[Budget, ...]
    prices: tuple[Price, ...]
    price: str


def coverage(manifest: Manifest) -> Coverage:
    """The coverage of a network."""
    return Coverage(
        can=tuple(words for capability, words in CAN.items() if capability in manifest.capabilities),
        lacks=tuple(words for capability, words in CAN.items() if capability not in manifest.capabilities),
        cannot=tuple(said(words) for words in manifest.cannot),
        budgets=manifest.budgets,
        prices=manifest.rules.prices if manifest.rules else (),
        price=said(manifest.price) if manifest.price else "",
    )
