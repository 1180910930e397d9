"""How long a text is for a network, in its own unit: the one counter of composer, import and terminal."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import regex

from palabre.networks.rules import LinkStyle, PostingRules, TextUnit
from palabre.networks.twitter_text import EMOJI, Entity, Weights, hashtags, links, weigh

_REMOTE = regex.compile(
    r"(?<![\w/.@-])@(?P<name>\w(?:[\w.-]*\w)?)(?P<domain>@[\w-]+(?:\.[\w-]+)*\.[\w-]*\w)", regex.IGNORECASE
)
"""A person of another server, as the fediverse writes them."""
_NAMED = regex.compile(r"(?<![\w/.@-])@\w(?:[\w.-]*\w)?(?:@[\w-]+(?:\.[\w-]+)+)?")
"""Anybody, as any network writes them: @name, @name.example.com, @name@example.com."""


@dataclass(frozen=True, kw_only=True)
class Length:
    """`length` and `limit` in the network's `unit`; `over` is the first code point that does not fit.

    `limit` None: no limit is known. `octets` of `octets_limit` where a network counts UTF-8 bytes too.
    """

    length: int
    limit: int | None
    valid: bool
    unit: TextUnit
    over: int | None = None
    octets: int | None = None
    octets_limit: int | None = None

    @property
    def left(self) -> int | None:
        """How much more fits, negative when too long; None without a limit."""
        return None if self.limit is None else self.limit - self.length


def measure(text: str, rules: PostingRules, *, with_media: bool = False) -> Length:
    """The length of `text` by the rules of a network; `with_media` where files narrow the limit."""
    limit = rules.text_max
    if with_media and rules.text_max_with_media is not None:
        limit = rules.text_max_with_media
    if rules.text_unit is TextUnit.WEIGHTED:
        most = limit if limit is not None else 10**9
        weighed = weigh(text, replace(Weights(), most=most, link=rules.link_cost or 23))
        over = None if weighed.fits == len(text) else weighed.fits
        return Length(
            length=weighed.length, limit=limit, valid=weighed.valid, unit=rules.text_unit, over=over
        )
    length, over = _counted(_pieces(text, rules), _COUNT[rules.text_unit], limit)
    octets, octets_over = None, None
    if rules.text_max_bytes is not None:
        octets, octets_over = _counted(_clusters(text), _octets, rules.text_max_bytes)
    overs = [place for place in (over, octets_over) if place is not None]
    return Length(
        length=length,
        limit=limit,
        valid=not overs and length >= rules.text_min,
        unit=rules.text_unit,
        over=min(overs, default=None),
        octets=octets,
        octets_limit=rules.text_max_bytes,
    )


def links_in(text: str, rules: PostingRules) -> list[Entity]:
    """The links that this network will make of a text."""
    if rules.links is LinkStyle.NONE:
        return []
    found = links(text)
    if rules.links is LinkStyle.SCHEME:
        return [link for link in found if link.value.lower().startswith(("http://", "https://"))]
    return found


def whole(text: str) -> list[tuple[int, int]]:
    """The stretches of a text that must not be cut: links, people, hashtags; in order, not overlapping."""
    spans = [(e.start, e.end) for e in (*links(text), *hashtags(text))]
    spans += [match.span() for match in _NAMED.finditer(text)]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def clusters(text: str) -> list[str]:
    """The characters of a text as people see them (extended grapheme clusters)."""
    return list(text) if text.isascii() and "\r" not in text else regex.findall(r"\X", text)


def _clusters(text: str) -> Iterator[tuple[str, None]]:
    for cluster in clusters(text):
        yield cluster, None


def _pieces(text: str, rules: PostingRules) -> Iterator[tuple[str, int | None]]:
    """What is counted at once, with its cost where that is not its own length."""
    costly: list[tuple[int, int, int]] = []
    if rules.link_cost is not None:
        costly += [(link.start, link.end, rules.link_cost) for link in links_in(text, rules)]
    if rules.mentions_count_locally:
        taken = [(start, end) for start, end, _ in costly]
        for person in _REMOTE.finditer(text):
            if not any(start < person.end() and person.start() < end for start, end in taken):
                costly.append((person.start("domain"), person.end(), 0))
    if rules.text_unit is TextUnit.EMOJI_BYTES:
        costly += [(found.start(), found.end(), _octets(found[0])) for found in EMOJI.finditer(text)]
    place = 0
    for start, end, cost in sorted(costly):
        yield from _clusters(text[place:start])
        yield text[start:end], cost
        place = end
    yield from _clusters(text[place:])


def _counted(
    pieces: Iterable[tuple[str, int | None]], count: Callable[[str], int], limit: int | None
) -> tuple[int, int | None]:
    """The length, and where the first piece that does not fit begins."""
    length, place, over = 0, 0, None
    for piece, cost in pieces:
        length += count(piece) if cost is None else cost
        if over is None and limit is not None and length > limit:
            over = place
        place += len(piece)
    return length, over


def _octets(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _one(cluster: str) -> int:
    return 1


_COUNT: Mapping[TextUnit, Callable[[str], int]] = {
    TextUnit.CODE_POINTS: len,
    TextUnit.EMOJI_BYTES: len,
    TextUnit.GRAPHEMES: _one,
    TextUnit.UTF16: _utf16,
    TextUnit.BYTES: _octets,
}
