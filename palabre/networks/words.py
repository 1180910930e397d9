"""What a manifest says to people, in both languages: the pure rooms know no translation machinery."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """A label or a sentence in both languages."""

    fr: str
    en: str
