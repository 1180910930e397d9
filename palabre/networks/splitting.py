"""One long text into the parts of a thread: at the end of a paragraph, else of a sentence, else of a word.

A link, a person's name, a hashtag and a character people see as one stay whole. Each part is valid by
the rules of its network, its number included.
"""

from collections.abc import Callable

import regex

from palabre.networks.rules import PostingRules
from palabre.networks.text_length import clusters, measure, whole

MOST_PARTS = 100

_PARAGRAPH = regex.compile(r"\s*\n\s*\n\s*")
_LINE = regex.compile(r"\s*\n\s*")
# An abbreviation or a number is followed by a small letter or a digit: no sentence begins there.
_SENTENCE = regex.compile(r"(?:[.!?…]+[»”\"')\]]*\s+(?=[^\p{Ll}\d])|[。！？]+[」』]*\s*)")
_PHRASE = regex.compile(r"[,;:–—、，；：]\s+|[、，；：]")
_WORD = regex.compile(r"\s+")
_BREAKS = (_PARAGRAPH, _LINE, _SENTENCE, _PHRASE, _WORD)
_ENOUGH = 0.4
"""A finer break is sought when the coarser one would leave a part emptier than this share of the limit."""


Suffix = Callable[[int], str]


class CannotSplit(ValueError):
    """A single link or name is longer than a whole part, or there would be more than `MOST_PARTS`."""


def split(text: str, rules: PostingRules, *, numbered: bool = False) -> tuple[str, ...]:
    """The parts, in order; one alone when the text fits. `numbered` adds " 2/5" where there are several.

    Raises `CannotSplit`. Nothing but the blank between two parts is left out.
    """
    text = text.strip()
    if measure(text, rules).valid or not text:
        return (text,)
    if not numbered:
        return _parts(text, rules, lambda place: "")
    digits = 1
    while True:
        # The number of parts must be known to be written, and writing it may make one more.
        widest = "9" * digits
        parts = _parts(text, rules, lambda place, widest=widest: f" {widest}/{widest}")  # type: ignore[misc]
        if len(str(len(parts))) <= digits:
            return tuple(f"{part} {place}/{len(parts)}" for place, part in enumerate(parts, 1))
        digits += 1


def _parts(text: str, rules: PostingRules, suffix: "Suffix") -> tuple[str, ...]:
    parts: list[str] = []
    while text:
        if len(parts) == MOST_PARTS:
            raise CannotSplit("more parts than a thread may have")
        end = _end(text, rules, suffix(len(parts) + 1))
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return tuple(parts)


def _end(text: str, rules: PostingRules, suffix: str) -> int:
    """Where the first part of `text` ends: the latest good break at which it is still valid."""
    window = text[: (rules.text_max or 0) * 4 + 5000]
    if len(window) < len(text) and measure(window, rules).over is not None:
        text = window  # what comes far behind the limit changes nothing
    if measure(text + suffix, rules).valid:
        return len(text)
    over = measure(text, rules).over
    reach = len(text) if over is None else over
    spans = [(start, end) for start, end in whole(text) if start <= reach]
    best = 0
    for breaks in _BREAKS:
        for match in reversed(list(breaks.finditer(text, 0, min(reach + 40, len(text))))):
            place = match.start() if breaks in (_PARAGRAPH, _LINE, _WORD) else match.end()
            if (
                place > 0
                and text[:place].strip()
                and not _inside(place, spans)
                and _fits(text, place, rules, suffix)
            ):
                best = max(best, place)
                break
        if best >= reach * _ENOUGH:
            return best
    return best or _cut(text, rules, suffix, spans, reach)


def _cut(text: str, rules: PostingRules, suffix: str, spans: list[tuple[int, int]], reach: int) -> int:
    """Between two characters, where there is no blank to break at."""
    places, place = [], 0
    for cluster in clusters(text[: reach + 1]):
        place += len(cluster)
        places.append(place)
    for place in reversed(places):
        if place <= reach and not _inside(place, spans) and _fits(text, place, rules, suffix):
            return place
    raise CannotSplit("a link or a name is longer than a part")


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < place < end for start, end in spans)


def _fits(text: str, place: int, rules: PostingRules, suffix: str) -> bool:
    return measure(text[:place].rstrip() + suffix, rules).valid
