"""Marks on links (UTM), so that visits can be told apart: put on when a content is frozen, shown before."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from palabre.agency.models import Brand
from palabre.kit.text import fold
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.models import LinkMarks

# The sign that ends a sentence is not part of the address, nor is the bracket around it.
_LINK = re.compile(r"https?://[^\s<>\"“”«»]*[^\s<>\"“”«».,;:!?…'’)\]]", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The marks of one network: names and values, and the site whose links get them ("" for any)."""

    values: Mapping[str, str]
    site: str = ""

    def on(self, url: str) -> str:
        """The address with the marks; as it is when it is of another site or marked already."""
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        own = not self.site or host == self.site or host.endswith(f".{self.site}")
        if not self.values or not own or any(name.startswith("utm_") for name in asked):
            return url
        query = "&".join(filter(None, [parts.query, urlencode(self.values)]))
        return urlunsplit(parts._replace(query=query, path=parts.path or "/"))

    def within(self, text: str) -> str:
        """The text with every link of the site marked; one without `https://` stays as it was written."""
        return _LINK.sub(lambda link: self.on(link[0]), text)


NONE = Marks(values={})
FRENCH = {"network": "réseau", "campaign": "campagne", "brand": "marque"}
"""What is filled in between braces, and what French calls it."""
_NAMED = {fold(word): name for name, french in FRENCH.items() for word in (name, french)}
_BRACES = re.compile(r"\{(\w+)\}")


Kept = Mapping[tuple[int, str], LinkMarks]
"""What brands said of their marks, by brand and network ("" for every network)."""


def kept_marks(brands: Iterable[int]) -> Kept:
    """All that these brands said, by one query: for many contents at once."""
    return {(row.brand_id, row.network): row for row in LinkMarks.objects.filter(brand__in=set(brands))}


def marks_for(
    brand: Brand, network: str, *, label: str, campaign: str = "", kept: Kept | None = None
) -> Marks:
    """The marks of a network: its own, else those for every network. `campaign` is a campaign's name."""
    rows = kept_marks([brand.pk]) if kept is None else kept
    row = rows.get((brand.pk, network)) or rows.get((brand.pk, ""))
    if row is None:
        return NONE
    known = {"network": slug(label), "campaign": slug(campaign), "brand": slug(brand.name)}
    given = {"utm_source": row.source, "utm_medium": row.medium, "utm_campaign": row.campaign}
    filled = {name: _braced(value, known).strip() for name, value in given.items()}
    values = {name: value for name, value in filled.items() if value}
    host = (urlsplit(brand.website).hostname or "").removeprefix("www.")
    return Marks(values=values, site=host)


def _braced(said: str, known: Mapping[str, str]) -> str:
    """What stands between braces is filled in, in whichever language it was named; the rest stays."""
    return _BRACES.sub(lambda word: known.get(_NAMED.get(fold(word[1]), ""), word[0]), said)


def worded(said: str, language: str) -> str:
    """The words between braces as a language names them."""
    own = FRENCH if language == "fr" else {name: name for name in FRENCH}
    return _braced(said, {name: f"{{{word}}}" for name, word in own.items()})


def slug(words: str) -> str:
    """Words as they stand in an address: small letters, hyphens."""
    kept = "".join(letter if letter.isalnum() else " " for letter in fold(words))
    return "-".join(kept.split())


def marked(said: Content, marks: Marks) -> Content:
    """The content with its links marked."""
    if not marks.values:
        return said
    return replace(
        said,
        text=marks.within(said.text),
        parts=tuple(marks.within(part) for part in said.parts),
        first_comment=marks.within(said.first_comment),
        link=marks.on(said.link) if said.link else "",
    )
