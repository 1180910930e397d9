"""Who has what open right now, as the web processes tell each other: in memory alone, expiring by itself."""

import threading
from collections import defaultdict
from dataclasses import dataclass, replace

STAYS = 45.0
"""Seconds after which somebody of whom nothing is heard is gone; they are heard of three times in it."""
WRITES = 8.0
"""Seconds during which somebody who typed is writing."""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Somebody at something: `acts`, they could change it; until when that is believed, monotonic seconds."""

    name: str
    acts: bool
    until: float
    writes_until: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Somebody as others see them."""

    name: str
    writes: bool


class Present:
    """What one process knows of who is where. Times are monotonic seconds, given by the caller."""

    def __init__(self) -> None:
        self._sights: defaultdict[int, dict[tuple[int, int], Sight]] = defaultdict(dict)
        self._lock = threading.Lock()

    def heard(self, brand: int, subject: int, user: int, word: str, name: str, *, at: float) -> None:
        """Somebody reads, looks (they could not act), writes or left."""
        with self._lock:
            known = self._sights[brand]
            if word == "left":
                known.pop((subject, user), None)
                return
            old = known.get((subject, user), Sight(name=name, acts=word != "looks", until=at + STAYS))
            writes = at + WRITES if word == "writes" else old.writes_until
            known[subject, user] = replace(old, name=name, until=at + STAYS, writes_until=writes)
            for key in [key for key, sight in known.items() if sight.until < at]:
                del known[key]

    def beside(self, brand: int, subject: int, *, but: int, at: float) -> list[Seen]:
        """Who else is at this, by name."""
        with self._lock:
            rows = [
                Seen(name=sight.name, writes=sight.writes_until >= at)
                for (what, user), sight in self._sights.get(brand, {}).items()
                if what == subject and user != but and sight.until >= at
            ]
        return sorted(rows, key=lambda one: one.name)

    def taken(self, brand: int, *, but: int, at: float) -> set[int]:
        """What others who could act on it have open."""
        with self._lock:
            return {
                what
                for (what, user), sight in self._sights.get(brand, {}).items()
                if user != but and sight.acts and sight.until >= at
            }
