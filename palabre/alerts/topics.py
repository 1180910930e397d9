"""How this room learns what topics there are: the room above says it, once, when it is loaded."""

from collections.abc import Callable

from palabre.agency.models import Brand

Lister = Callable[[Brand], list[tuple[int, str]]]
_listers: list[Lister] = []


def register(lister: Lister) -> None:
    """Called by the listening room's AppConfig."""
    _listers.append(lister)


def choices(brand: Brand) -> list[tuple[int, str]]:
    """Topic ids and names, for forms."""
    return [choice for lister in _listers for choice in lister(brand)]
