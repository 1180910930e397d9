"""What a post points at: its hashtags, links and handles, in order, each once.

On the path: intake's enrich stage → here. A handle keeps its server (`@ada@example.social`), an e-mail
address is no handle, a number (`#1`) is no hashtag, and the mark that ends a sentence is no part of a link.
"""

from collections.abc import Iterable

import regex

_LINK = regex.compile(r"\b(?:https?://|www\.)[^\s<>\"“”«»]+", regex.IGNORECASE)
_HASHTAG = regex.compile(r"(?<![\w&/#])[#＃]((?=\w*\p{L})\w(?:[\w\p{M}]|[·\u200c\u200d](?=\w))*)")
_HANDLE = regex.compile(r"(?<![\w@./])[@＠](\w(?:[\w.-]*\w)?(?:@[\w-]+(?:\.[\w-]+)+)?)")
_CLOSING = {")": "(", "]": "[", "}": "{"}


def hashtags(text: str) -> tuple[str, ...]:
    """Hashtags without their sign, as written; one written in two cases is given once, as first seen."""
    return _once(found.group(1) for found in _HASHTAG.finditer(_LINK.sub(" ", text)))


def links(text: str) -> tuple[str, ...]:
    """Addresses as written, without the punctuation of the sentence around them; `www.` ones get `https://`."""
    found = (_trimmed(match.group()) for match in _LINK.finditer(text))
    return tuple(dict.fromkeys(link if "://" in link else f"https://{link}" for link in found))


def handles(text: str) -> tuple[str, ...]:
    """Handles without their sign, as written, with their server where they name one; each given once."""
    return _once(found.group(1) for found in _HANDLE.finditer(_LINK.sub(" ", text)))


def _once(words: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for word in words:
        seen.setdefault(word.casefold(), word)
    return tuple(seen.values())


def _trimmed(link: str) -> str:
    """Drop what ends the sentence; a closing bracket stays if the address opened it."""
    while link:
        last = link[-1]
        opening = _CLOSING.get(last)
        if opening and link.count(opening) >= link.count(last):
            break
        if not opening and last not in ".,;:!?…'’*_\u202f\u00a0":
            break
        link = link[:-1]
    return link
