"""What the way in hands to the store: an item as its network gave it, with what was guessed about it."""

from dataclasses import dataclass
from datetime import datetime

from palabre.enrichment.analysis import Analysis
from palabre.enrichment.neardup import Fingerprint
from palabre.networks.contract import RemoteItem


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """An item that matched; `hashtags` without their sign, as written; `collected_at` is aware."""

    network: str
    item: RemoteItem
    analysis: Analysis
    fingerprint: Fingerprint
    collected_at: datetime
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stored:
    """What became of an incoming item: its row, whether it is a new one, whether it changed a known one."""

    id: int
    is_new: bool
    changed: bool = False
