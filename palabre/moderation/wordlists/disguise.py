"""Spellings that hide a word from a list and not from a reader: pure.

Beside what `kit.text` folds (case, accents, invisible characters, twins among Latin letters): digits and
signs for letters, letters drawn out, letters set apart, words wholly in the twins of another alphabet.
Each is a guess about a whole word, and held against whole words alone.
"""

import re
from collections.abc import Iterator

import regex

from palabre.kit.text import Token, fold

_SIGNS = str.maketrans("0134578@$€!|", "oieastbaseii")
_OTHER_ONE = str.maketrans("1!|", "lll")
_TWINS = str.maketrans("авекмнорстухіѕјһԁԛԝαεικνορτυχ", "abekmhopctyxisjhdqwaeikvoptux")
_SUSPECT = regex.compile(
    r"[\p{L}\p{M}][0134578@$€!|]+[\p{L}\p{M}]|(?<!\w)[0134578$€!|]+\p{L}|\p{L}[0134578$€]+(?!\w)"
    r"|(\p{L})\1\1|(?<!\w)\p{L}(?:[\s._\-*]+\p{L}){2,}(?!\w)|[\p{Cyrillic}\p{Greek}]",
    regex.IGNORECASE,
)
_PIECE = re.compile(r"\S+")
_CORE = regex.compile(r"[\p{L}\p{N}$€].*[\p{L}\p{N}$€]", regex.DOTALL)
_APART = regex.compile(r"\p{L}(?:[._\-*]\p{L}){2,}")
_DRAWN_OUT = re.compile(r"(.)\1{2,}", re.DOTALL)
_LETTERS = regex.compile(r"[^\W\d_]{2,}")
LONGEST = 60
"""Characters of a piece that is looked at: no word is longer."""


def is_suspect(text: str) -> bool:
    """Whether anything of `unmasked` could be found in the text; quick."""
    return _SUSPECT.search(text) is not None


def unmasked(text: str, words: list[Token]) -> Iterator[Token]:
    """Words that may be meant, each with the characters of the text that stand for it.

    `words` are those of the text, in order. Positions (`first`, `last`) are those of no word: -1.
    """
    for piece in _PIECE.finditer(text):
        if "://" in piece[0] or len(piece[0]) > LONGEST:
            continue
        core = _CORE.search(piece[0])
        if core is None:
            continue
        start = piece.start() + core.start()
        for meant in _meant(fold(core[0])):
            yield Token(meant, start, start + len(core[0]), -1, -1)
    yield from _set_apart(words)


def _meant(piece: str) -> Iterator[str]:
    """What a folded piece may stand for."""
    if _APART.fullmatch(piece):
        yield regex.sub(r"[._\-*]", "", piece)
        return
    seen = {piece}
    for read in (piece, piece.translate(_SIGNS), piece.translate(_OTHER_ONE).translate(_SIGNS)):
        for word in (read.translate(_TWINS), read):
            for short in (word, _DRAWN_OUT.sub(r"\1", word), _DRAWN_OUT.sub(r"\1\1", word)):
                if short not in seen and _LETTERS.fullmatch(short):
                    seen.add(short)
                    yield short


def _set_apart(words: list[Token]) -> Iterator[Token]:
    """Three letters or more, each a word by itself: `m e r d e`."""
    run: list[Token] = []
    for word in [*words, None]:
        if word is not None and len(word.term) == 1 and word.term.isalpha():
            run.append(word)
            continue
        if 3 <= len(run) <= LONGEST:
            yield Token("".join(one.term for one in run), run[0].start, run[-1].end, -1, -1)
        run = []
