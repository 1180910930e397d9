"""Whether a rule wants to tell something: pure, the same words as the mentions page's filter."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol


class Facts(NamedTuple):
    """What is known of a mention when it is told; None is unknown.

    `fit`: how well it keeps to the languages and countries its topic prefers, −2 to 2.
    """

    network: str = ""
    language: str = ""
    tone: int | None = None
    author: str = ""
    outlet: str = ""
    reach: int | None = None
    story: int | None = None
    story_size: int = 1
    is_spam: bool = False
    fit: int = 0

    def as_details(self) -> dict[str, Any]:
        """As JSON, for the event's row."""
        return self._asdict()


def facts_from(details: Mapping[str, Any]) -> Facts:
    """Back from an event's row; what it does not hold is unknown."""
    known = {name: details[name] for name in Facts._fields if name in details}
    return Facts(**known)


class Told(Protocol):
    """Anything that keeps facts as details."""

    details: Mapping[str, Any]


def fit_of(told: Told) -> int:
    """How well an event keeps to what its topic prefers; 0 where nobody said."""
    return facts_from(told.details).fit


def wants(filter: Mapping[str, Any], facts: Facts) -> bool:
    """Every condition of the filter holds; an absent condition holds always.

    Keys: `networks`, `languages`, `tones` (lists), `reach_min`, `story_min` (numbers), `spam`
    (true lets spam through). An unknown reach fulfils no minimum.
    """
    if facts.is_spam and not filter.get("spam"):
        return False
    if (networks := filter.get("networks")) and facts.network not in networks:
        return False
    if (languages := filter.get("languages")) and facts.language not in languages:
        return False
    if (tones := filter.get("tones")) and facts.tone not in tones:
        return False
    if (reach := filter.get("reach_min")) and (facts.reach is None or facts.reach < reach):
        return False
    return facts.story_size >= filter.get("story_min", 1)
