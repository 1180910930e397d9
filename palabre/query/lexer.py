"""The pieces of a query's text, never refusing: the parser refuses, the editor colours what is there."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

import regex

from palabre.kit.text import clean, fold, words


class Kind(Enum):
    """What a piece of a query is."""

    OPEN = "open"
    CLOSE = "close"
    AND = "and"
    OR = "or"
    NOT = "not"
    NEAR = "near"
    FIELD = "field"
    RAW = "raw"
    INFLECT = "inflect"
    WORD = "word"
    PHRASE = "phrase"
    UNCLOSED = "unclosed"
    STRAY = "stray"
    UNKNOWN_FIELD = "unknown_field"


class Lexeme(NamedTuple):
    """A piece of the query's text: `value` is the operator, field or words in it, `star` a prefix mark."""

    kind: Kind
    start: int
    end: int
    value: str
    star: bool = False


OPERATORS = {
    "AND": Kind.AND,
    "ET": Kind.AND,
    "OR": Kind.OR,
    "OU": Kind.OR,
    "NOT": Kind.NOT,
    "SAUF": Kind.NOT,
}
FIELDS = {
    "title": "title", "titre": "title", "author": "author", "auteur": "author", "site": "site",
    "url": "url", "lang": "lang", "langue": "lang", "network": "network", "reseau": "network",
    "country": "country", "pays": "country", "raw": "raw",
}  # fmt: skip
CLOSERS = {"«": "»", "“": "”", "„": "”", '"': '"', "＂": '"'}

_QUOTES, _OPENERS = '"“”„«»＂', '"“„«＂'
# One grammar for two alphabets: the standard library's engine is twice as fast on what most queries hold.
# %Z is a blank, %B may not stand before a minus that negates, %D must follow it, %L is a letter.
_GRAMMAR = rf"""
      %Z*+ (?:
      (?P<end> \Z )
    | (?P<open> [(（] )
    | (?P<close> [)）] )
    | (?P<phrase> (?: «[^»]*» | ["“„＂][^"“”„＂]*["“”„＂] ) \*? )
    | (?P<quote> [{_QUOTES}] )
    | (?P<minus> (?<!%B) [-−] (?=%D) )
    | (?P<wave> ~ )
    | (?P<field> (?P<name> %L+ ) : (?!//) )
    | (?P<word> [^\s()（）{_QUOTES}]+ )
    )"""


def _grammar(blank: str, before: str, after: str, letter: str) -> str:
    text = _GRAMMAR.replace("%Z", blank).replace("%B", before).replace("%D", after)
    return text.replace("%L", letter)


_ANY_LEXEME = regex.compile(
    "(?V1x)" + _grammar(r"[\s\p{Cf}\ufe00-\ufe0f]", r"[^\s\p{Cf}(（:~-]", r"[^\s)）\p{Pd}]", r"[\p{L}\p{M}]")
)
_LATIN_LEXEME = re.compile("(?x)" + _grammar(r"\s", r"[^\s(（:~-]", r"[^\s)）-]", "[A-Za-zÀ-ÖØ-öø-ſ]"))
_ALL_LATIN = re.compile(r"[\n -~À-ÖØ-öø-ſ«»“”’]*")
_LATIN = re.compile(r"(?!NEAR\Z)[0-9A-Za-zÀ-ÖØ-öø-ſ]+")
_PUNCTUATION = regex.compile(r"[\p{Pd}.,;:!?…·•/+=]+")


def lexemes(text: str) -> Iterator[Lexeme]:
    """The pieces of a query in order; white space and lone punctuation between words are left out."""
    grammar: re.Pattern[str] | regex.Pattern[str] = (
        _LATIN_LEXEME if _ALL_LATIN.fullmatch(text) else _ANY_LEXEME
    )
    for match in grammar.finditer(text):
        if match.lastgroup == "word":
            start, end = match.span("word")
            written = text[start:end]
            if _LATIN.fullmatch(written):  # the common case
                yield Lexeme(OPERATORS.get(written, Kind.WORD), start, end, written)
                continue
        lexeme = _lexeme(match)
        if lexeme is not None:
            yield lexeme


def _lexeme(match: re.Match[str] | regex.Match[str]) -> Lexeme | None:
    name = match.lastgroup
    assert name is not None, "every alternative has a name"
    (start, end), text = match.span(name), match[name]
    match name:
        case "word":
            return None if _is_article(match, text) else _word(start, end, text)
        case "end":
            return None
        case "open":
            return Lexeme(Kind.OPEN, start, end, text)
        case "close":
            return Lexeme(Kind.CLOSE, start, end, text)
        case "phrase":
            star = text.endswith("*")
            return Lexeme(Kind.PHRASE, start, end, text[1 : -2 if star else -1], star)
        case "quote":
            kind = Kind.STRAY if text in "»”" else Kind.UNCLOSED
            return Lexeme(kind, start, end, text)
        case "minus":
            return Lexeme(Kind.NOT, start, end, text)
        case "wave":
            return Lexeme(Kind.INFLECT, start, end, text)
        case _:
            return _field(match)


def _is_article(match: re.Match[str] | regex.Match[str], text: str) -> bool:
    """Whether this is the elided word in front of a quoted name: l'"Oréal Paris"."""
    following = match.string[match.end() : match.end() + 1]
    return following != "" and following in _OPENERS and words(text + "x") == ["x"]


def _field(match: re.Match[str] | regex.Match[str]) -> Lexeme | None:
    start, end = match.span("field")
    name = FIELDS.get(fold(match["name"]))
    if name == "raw":
        return Lexeme(Kind.RAW, start, end, match["field"])
    if name is not None:
        return Lexeme(Kind.FIELD, start, end, name)
    if match.string[end : end + 1].strip(")）"):
        return Lexeme(Kind.UNKNOWN_FIELD, start, end, match["name"])
    return _word(start, end, match["name"])


def _word(start: int, end: int, text: str) -> Lexeme | None:
    visible = clean(text)
    if visible in OPERATORS:
        return Lexeme(OPERATORS[visible], start, end, visible)
    if visible.startswith("NEAR") and visible[4:5] in ("", "/"):
        return Lexeme(Kind.NEAR, start, end, visible)
    if _PUNCTUATION.fullmatch(visible):
        return None
    star = text.endswith("*")
    return Lexeme(Kind.WORD, start, end, text.rstrip("*") if star else text, star)
