"""Public holidays, from the library `holidays`, which follows the laws of some 250 countries and regions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version

from palabre.kit.text import fold


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A public holiday; `key` is the same each year."""

    key: str
    name: str
    source: str


COUNTRIES = (
    "FR", "BE", "CH", "LU", "MC", "CA", "US", "GB", "IE", "DE", "AT", "ES", "IT", "PT", "NL", "PL", "SE",
    "DK", "NO", "FI", "MA", "TN", "DZ", "SN", "CI", "CM", "BJ", "TG", "BF", "ML", "NE", "GA", "CG", "CD",
    "MG", "MU", "HT",
)  # fmt: skip
"""Countries offered in the settings (ISO 3166-1), the French-speaking ones in full."""


def public_holidays(
    countries: Sequence[str], *, first: date, last: date, language: str
) -> list[tuple[date, Holiday]]:
    """The public holidays of these countries between two days, included, by day.

    Named in the reader's language where the library has it, else in the country's own.
    """
    found = []
    for country in countries:
        for year in range(first.year, last.year + 1):
            found += [row for row in _of_year(country, year, language) if first <= row[0] <= last]
    return sorted(found, key=lambda row: row[0])


@lru_cache(maxsize=128)
def _of_year(country: str, year: int, language: str) -> tuple[tuple[date, Holiday], ...]:
    # A quarter of a second to load: only who opens a calendar pays for it.
    import holidays

    try:
        known = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return ()
    wanted = "fr" if language == "fr" else "en_US"
    own = known.default_language or ""
    tongue = next((one for one in known.supported_languages if one[:2] == wanted[:2]), own)
    # The key is the name in the country's own tongue: it does not change with who reads.
    shown = holidays.country_holidays(country, years=year, language=tongue or None)
    source = f"holidays {version('holidays')}, {country}"
    return tuple(
        (
            day,
            Holiday(
                key=f"{country}:{_plain(name)}",
                name=re.sub(r"^Jour de l'an$", "Jour de l’An", shown.get(day, name)).replace("'", "’"),
                source=source,
            ),
        )
        for day, name in sorted(known.items())
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name))[:60].strip("-")
