"""What can be done where: every account of the brand, every act, seen before it is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from palabre.channels.models import Channel
from palabre.moderation.deciding import Way, way_of
from palabre.moderation.rules import OFFERED
from palabre.networks.contract import Act
from palabre.networks.moderating import UNDONE_BY


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One act at one account. `undo`: it can be taken back from here."""

    act: Act
    way: Way
    undo: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One account; accounts of a network by hand differ from others of it."""

    channel: Channel
    cells: Sequence[Cell]

    @property
    def here(self) -> list[Cell]:
        """Acts that are done from here."""
        return [cell for cell in self.cells if cell.way.by]

    @property
    def by_hand(self) -> list[Cell]:
        """Acts that a person does there."""
        return [cell for cell in self.cells if not cell.way.by and cell.way.instead]

    @property
    def never(self) -> list[Cell]:
        """Acts that the network does not know."""
        return [cell for cell in self.cells if not cell.way.by and not cell.way.instead]


def covered() -> list[Row]:
    """Every account that stands, by network. In the brand's scope."""
    channels = Channel.objects.exclude(state="removed").order_by("network", "pk")
    return [Row(channel=channel, cells=cells_of(channel)) for channel in channels]


def cells_of(channel: Channel) -> list[Cell]:
    """Every act that is offered, at one account."""
    return [Cell(act=act, way=way_of(channel, act), undo=_can_undo(channel, act)) for act in OFFERED]


def _can_undo(channel: Channel, act: Act) -> bool:
    back = UNDONE_BY.get(act)
    return back is not None and way_of(channel, back).by is not None
