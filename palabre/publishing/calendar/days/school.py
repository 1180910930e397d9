"""French school holidays of zones A, B and C, from the library `vacances-scolaires-france`.

It carries the calendar of the ministry (https://www.education.gouv.fr/calendrier-scolaire) as the
open data set https://data.education.gouv.fr/explore/dataset/fr-en-calendrier-scolaire/ gives it. A year
the library does not know is left blank: nothing is guessed, and a note can be written in its place.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

ZONES = ("A", "B", "C")
ENGLISH = {
    "Vacances de la Toussaint": "autumn holidays",
    "Vacances de Noël": "Christmas holidays",
    "Vacances d'hiver": "winter holidays",
    "Vacances de printemps": "spring holidays",
    "Pont de l'Ascension": "Ascension bridge",
    "Vacances d'été": "summer holidays",
}


@dataclass(frozen=True, kw_only=True)
class SchoolPause:
    """A day without school: `zones` such as "AC"."""

    name: str
    zones: str
    source: str

    def said(self, language: str) -> str:
        """The name in the reader's language."""
        return ENGLISH.get(self.name, self.name) if language == "en" else self.name.replace("'", "’")


def school_holidays(zones: Sequence[str], *, first: date, last: date) -> list[tuple[date, SchoolPause]]:
    """Days of school holidays in these zones between two days, included, by day."""
    if not zones:
        return []
    days = _known()
    source = f"vacances-scolaires-france {version('vacances-scolaires-france')}"
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for name, free in days.get(day, {}).items():
            wanted = "".join(zone for zone in ZONES if zone in free and zone in zones)
            if wanted:
                found.append((day, SchoolPause(name=name, zones=wanted, source=source)))
    return found


def known_until() -> date:
    """The last day of school holidays the library knows."""
    return max(_known())


@cache
def _known() -> dict[date, dict[str, set[str]]]:
    # Reads 14,000 lines once a process: only who opens a calendar pays for it.
    from vacances_scolaires_france import SchoolHolidayDates

    rows = SchoolHolidayDates().data
    found: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for day, row in rows.items():
        for zone in ZONES:
            if row[f"vacances_zone_{zone.lower()}"]:
                found[day][row["nom_vacances"]].add(zone)
    return found
