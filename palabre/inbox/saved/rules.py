"""What stands between braces in a saved reply, and which wording is taken. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from palabre.kit.text import fold

_BRACES = re.compile(r"\{([^{}\n]{0,60})\}")
_HIDDEN = re.compile("[\u0000-\u001f\u007f\u200b\u2028-\u202e\u2060-\u2069\ufeff]+")
NAME_MOST = 80
"""Characters of somebody's name that are put into an answer."""
TONES = ("plain", "warm", "formal", "sorry")
"""The tones, in the order in which they are taken where nobody chooses."""
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "nom"),
    "first_name": ("first name", "prénom"),
    "handle": ("handle", "pseudo"),
    "brand": ("brand", "marque"),
    "site": ("site",),
    "network": ("network", "réseau"),
    "account": ("account", "compte"),
    "me": ("me", "moi"),
    "date": ("date",),
    "year": ("year", "année"),
}
"""All there is: what each is called in English, then in French; one word where both say the same."""
_MEANT = {fold(word): key for key, words in VARIABLES.items() for word in words}


class Worded(Protocol):
    """A wording: its language ("" for any) and its tone."""

    language: str
    tone: str


W = TypeVar("W", bound=Worded)


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Words between braces that mean nothing; `line` and `column` from 1."""

    name: str
    line: int
    column: int


def unknown(text: str) -> list[Unknown]:
    """Every pair of braces that holds no variable, in order."""
    found = []
    for match in _BRACES.finditer(text):
        if _key(match[1]) is None:
            before = text[: match.start()]
            column = match.start() - (before.rfind("\n") + 1) + 1
            found.append(Unknown(name=match[1].strip(), line=before.count("\n") + 1, column=column))
    return found


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with its variables filled in once: what is filled in is never read as a variable itself."""

    def meant(match: re.Match[str]) -> str:
        key = _key(match[1])
        return match[0] if key is None else known.get(key, "")

    return _BRACES.sub(meant, text)


def plain(name: str) -> str:
    """A name that its bearer chose, on one line and without what shows nothing."""
    return " ".join(_HIDDEN.sub(" ", name).split())[:NAME_MOST]


def first_name(name: str) -> str:
    """The first word of a name that has letters, the whole name where none has."""
    words = [word for word in plain(name).split() if any(char.isalpha() for char in word)]
    return words[0].strip(",;") if words else plain(name)


def in_order(texts: Sequence[W], languages: Sequence[str], tone: str = "") -> list[W]:
    """The wordings, the best first: by language in the order wanted, then any language, then the others;
    within one, the tone wanted first."""
    wanted = [*dict.fromkeys(one for one in languages if one), ""]
    tones = [*dict.fromkeys(one for one in (tone, *TONES) if one)]

    def rank(text: W) -> tuple[int, int]:
        language = wanted.index(text.language) if text.language in wanted else len(wanted)
        return language, tones.index(text.tone) if text.tone in tones else len(tones)

    return sorted(texts, key=rank)


def shortcut(typed: str) -> str:
    """A shortcut as it is kept: without the /, folded, its words joined by hyphens."""
    return "-".join(re.findall(r"\w+", fold(typed)))[:30]


def _key(words: str) -> str | None:
    return _MEANT.get(fold(" ".join(words.split())))
