"""From an hour on somebody's clock to a moment, and what a change of clocks does to it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class NoSuchHour(ValueError):
    """The clocks skip this hour that day; `instead` is as late after the change as it was to be."""

    def __init__(self, instead: datetime) -> None:
        super().__init__(str(instead))
        self.instead = instead


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a clock of `zone` shows `local` (naive).

    An hour that comes twice in autumn is its first time. Raises NoSuchHour for one that spring skips.
    """
    at = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchHour(at.astimezone(zone))
    return at
