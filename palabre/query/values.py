"""From the words of one lexeme to a term or a field condition: the leaves of the tree."""

from functools import lru_cache
from typing import get_args

import regex

from palabre.kit.text import clean, fold, is_tag, is_unspaced, terms, tokens
from palabre.query.document import host_and_path
from palabre.query.errors import QueryError
from palabre.query.lexer import Kind, Lexeme
from palabre.query.stems import bare
from palabre.query.tree import Form, Is, Part, Term, TextField, ValueField

TEXT_FIELDS: dict[str, TextField] = {name: name for name in get_args(TextField)}
VALUE_FIELDS: dict[str, ValueField] = {name: name for name in get_args(ValueField)}

_QUOTE_AFTER_ARTICLE = regex.compile(r"""(?<=['’])["“”„«»＂]""")
_QUOTE = regex.compile(r'["“”„«»＂]')
_SYMBOLS = {"&": "AND", "&&": "AND", "|": "OR", "||": "OR", "!": "NOT"}


def term(lexeme: Lexeme, *, raw: bool, inflect: bool) -> Term:
    """The term a word or quoted phrase stands for."""
    text = lexeme.value
    if text.isalnum() and not (raw or inflect or lexeme.star) and (plain := _word(text)):
        return Term(plain, text, "", lexeme.start)
    if lexeme.kind is Kind.PHRASE:
        text = " ".join(_QUOTE.sub(" ", _QUOTE_AFTER_ARTICLE.sub("[", text)).split())
    found = _parts(text)
    if not found:
        raise _wordless(lexeme)
    if "*" in text and lexeme.kind is Kind.WORD:
        raise QueryError("star_inside", lexeme.start + text.index("*"), 1)
    parts = [part for part, _, _ in found]
    if lexeme.star and not _is_whole(parts[-1]):
        parts[-1] = Part(parts[-1].value, Form.PREFIX)
    if inflect:
        parts = [_inflected(part, text[start:end]) for part, start, end in found]
    exact = spelling(text[found[0][1] : found[-1][2]]) if raw else ""
    return Term(tuple(parts), text, exact, lexeme.start)


def spelling(text: str) -> str:
    """What `raw:` compares: the text composed, without invisible characters, single spaces."""
    return " ".join(clean(text).split())


def _is_whole(part: Part) -> bool:
    """Whether nothing longer can begin with the part: `canal+`, a character of an unspaced script."""
    return (is_tag(part.value) and part.value[-1] == "+") or is_unspaced(part.value)


@lru_cache(maxsize=20_000)
def _word(text: str) -> tuple[Part, ...]:
    """The parts of a plain word; the same words come back in the topics of a brand, and so do names."""
    return tuple(map(Part, terms(text)))


@lru_cache(maxsize=20_000)
def _parts(text: str) -> tuple[tuple[Part, int, int], ...]:
    """The parts of a term with their places in `text`: a tag stands for the words it covers."""
    parts: list[tuple[Part, int, int]] = []
    covered = opened = -1
    for token in tokens(text):
        if token.is_word and token.first <= covered:
            continue
        if not token.is_word:
            if token.first == opened:  # @name, then @name@server: the longer one
                parts.pop()
            covered, opened = token.last, token.first
        parts.append((Part(token.term), token.start, token.end))
    return tuple(parts)


def _inflected(part: Part, written: str) -> Part:
    if is_tag(part.value) or not regex.search(r"\p{L}", part.value):
        return part
    return Part(bare(written), Form.STEM)


def _wordless(lexeme: Lexeme) -> QueryError:
    operator = _SYMBOLS.get(lexeme.value)
    if operator:
        return error("symbol", lexeme, word=lexeme.value, operator=operator)
    return error("no_word", lexeme, word=lexeme.value + "*" * lexeme.star)


def condition(field: ValueField, lexeme: Lexeme) -> Is:
    """What `site:`, `lang:`, `network:` or `country:` asks of a document."""
    text = clean(lexeme.value).strip()
    match field:
        case "site":
            host, path = host_and_path(text.lstrip("."))
            if not regex.fullmatch(r"[\w-]+(\.[\w-]+)*", host):
                raise error("site_value", lexeme, word=text)
            return Is(field, host + path.rstrip("/"))
        case "lang":
            value = text.replace("_", "-").lower()
            if not regex.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", value):
                raise error("lang_value", lexeme, word=text)
            return Is(field, value)
        case "country":
            if not regex.fullmatch(r"[A-Za-z]{2}", text):
                raise error("country_value", lexeme, word=text)
            return Is(field, text.lower())
        case "network":
            if not fold(text).strip():
                raise error("no_word", lexeme, word=text)
            return Is(field, fold(text).strip())


def error(code: str, lexeme: Lexeme, **params: object) -> QueryError:
    """The refusal of one lexeme, underlined whole."""
    return QueryError(code, lexeme.start, lexeme.end - lexeme.start, **params)
