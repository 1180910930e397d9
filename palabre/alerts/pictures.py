"""The picture of a digest: the room of figures draws it, and says so once, when it is loaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from palabre.agency.models import Brand


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A PNG and what it shows, in words, for who cannot see it."""

    png: bytes
    words: str


Painter = Callable[[Brand, Sequence[int]], Picture | None]
_painters: list[Painter] = []


def register(painter: Painter) -> None:
    """Called by the insight room's AppConfig."""
    _painters.append(painter)


def picture_of(brand: Brand, topics: Sequence[int]) -> Picture | None:
    """The volume of these topics (all of them where empty) lately, in the active language."""
    for painter in _painters:
        if (picture := painter(brand, topics)) is not None:
            return picture
    return None
