"""What a person has in brands they lose: told before they go, taken away in the same transaction.

The rooms above say what they hold and how it goes, once, when they are loaded; this room knows none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from palabre.agency.models import Brand, User


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of thing. `tell` says in the reader's language what goes, "" for nothing; `drop` does it."""

    tell: Callable[[User, Sequence[Brand]], str]
    drop: Callable[[User, Sequence[Brand]], None]


_kinds: list[Kind] = []


def register(kind: Kind) -> None:
    """Called by a room's AppConfig."""
    _kinds.append(kind)


def told(user: User, brands: Sequence[Brand]) -> list[str]:
    """What goes when the person loses these brands, a sentence a kind."""
    return [sentence for kind in _kinds if (sentence := kind.tell(user, brands))] if brands else []


def drop(user: User, brands: Sequence[Brand]) -> None:
    """Take away what the person has in these brands; in the caller's transaction."""
    for kind in _kinds if brands else ():
        kind.drop(user, brands)
