"""An entry of a feed as the words of a content, and the hour it gets. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from palabre.publishing.hours import NoSuchHour, moment

TOLD_MOST = 4000
"""Characters kept of what an entry says."""
SUMMARIES = (600, 280, 140, 70, 0)
"""Characters of a summary that are tried, in order, until every account takes the text."""
TAGS_MOST = 6
LATE = timedelta(days=1)
"""A site may date an entry this much before it shows it."""
_NAME = re.compile(r"\{\s*([^{}\s]{1,20})\s*\}")
_END = re.compile(r"[.!?…](?=\s)")
VARIABLES: Mapping[str, str] = {
    "title": "title", "titre": "title",
    "link": "link", "lien": "link",
    "summary": "summary", "résumé": "summary", "resume": "summary",
    "author": "author", "auteur": "author",
    "tags": "tags", "mots": "tags",
    "source": "source",
}  # fmt: skip
"""What may stand between braces, and what it means; other words stay as they are."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an entry says, in plain text; `source` is the site."""

    title: str = ""
    link: str = ""
    summary: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """From what `written` made."""
        return cls(**{**stored, "tags": tuple(stored.get("tags", ()))})

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"tags": list(self.tags)}


def filled(template: str, told: Told, summary_most: int) -> str:
    """The template with what the entry says; what it says is never read as a template itself.

    A line that held nothing but names of what the entry does not say goes.
    """
    known = {
        "title": told.title,
        "link": told.link,
        "summary": shortened(told.summary, summary_most),
        "author": told.author,
        "tags": " ".join(hashtags(told.tags)),
        "source": told.source,
    }

    def meant(found: re.Match[str]) -> str:
        name = VARIABLES.get(found[1].casefold())
        return found[0] if name is None else known[name]

    lines = []
    for line in template.split("\n"):
        said = _NAME.sub(meant, line)
        if line.strip() and not said.strip():
            continue
        lines.append(said.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def unknown_names(template: str) -> list[str]:
    """Words between braces that mean nothing here."""
    also = {"brand", "marque", "site", "date", "year", "annee"}
    return [name for name in _NAME.findall(template) if name.casefold() not in {*VARIABLES, *also}]


def shortened(text: str, most: int) -> str:
    """The text in at most so many characters: whole sentences where one fits, else whole words and “…”."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    if most < 2:
        return ""
    ends = [found.end() for found in _END.finditer(text, 0, most)]
    if ends and ends[-1] >= most // 3:
        return text[: ends[-1]]
    cut = text[: most - 1].rstrip()
    if text[most - 1] == " ":
        return f"{cut}…"
    space = cut.rfind(" ")
    return f"{cut[:space] if space > most // 2 else cut}…"


def hashtags(tags: Sequence[str]) -> Iterator[str]:
    """Words of a site as hashtags: `vélo électrique` becomes `#VéloÉlectrique`; each once."""
    seen: set[str] = set()
    for tag in tags:
        words = re.findall(r"\w+", tag)
        joined = words[0] if len(words) == 1 else "".join(word[:1].upper() + word[1:] for word in words)
        if joined and not joined.isdigit() and joined.casefold() not in seen and len(seen) < TAGS_MOST:
            seen.add(joined.casefold())
            yield f"#{joined}"


def is_new(published: datetime | None, since: datetime) -> bool:
    """Whether an entry seen for the first time is news; a site that renames all its entries tells none."""
    return published is None or published >= since - LATE


def next_hour(
    hours: Sequence[time], zone: ZoneInfo, *, after: datetime, taken: Collection[datetime]
) -> datetime:
    """The first moment (UTC) after `after` at one of these hours of the clock that nothing has taken yet."""
    day: date = after.astimezone(zone).date()
    while True:
        for hour in sorted(hours):
            try:
                at = moment(datetime.combine(day, hour), zone)
            except NoSuchHour as skipped:
                at = skipped.instead.astimezone(UTC)
            if at > after and at not in taken:
                return at
        day += timedelta(days=1)
