"""What "preferably" means: pure. On the path: matching (quality), the preview, and the digests ask it."""

from collections.abc import Collection
from dataclasses import dataclass

UNKNOWN = ("", "und")


@dataclass(frozen=True, kw_only=True)
class Preference:
    """The languages and countries a topic would rather have; empty ones ask nothing.

    Languages are ISO 639-1 in small letters, countries ISO 3166-1 in capitals.
    """

    languages: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    def fit(self, language: str | None, country: str | None) -> int:
        """How well something keeps to it, −2 to 2: for the language and for the country each, one more where
        it is a preferred one, one less where it is known to be another, nothing where it is unknown."""
        return _fit(self.languages, (language or "").lower()) + _fit(self.regions, (country or "").upper())


NONE = Preference()


def _fit(preferred: Collection[str], known: str) -> int:
    if not preferred or known in UNKNOWN:
        return 0
    return 1 if known in preferred else -1
