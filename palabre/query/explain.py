"""A query in words, for the person who wrote it and the colleague who inherits it."""

from collections.abc import Mapping
from dataclasses import dataclass

from palabre.kit.language import Language
from palabre.query.tree import And, Form, Is, Near, Node, Not, Or, Query, Term, Within

_WORDS: Mapping[str, Mapping[Language, str]] = {
    "word": {"fr": "le mot «\u00a0{text}\u00a0»", "en": "the word “{text}”"},
    "phrase": {"fr": "l’expression «\u00a0{text}\u00a0»", "en": "the phrase “{text}”"},
    "tag": {"fr": "le mot-dièse {text}", "en": "the hashtag {text}"},
    "handle": {"fr": "l’identifiant {text}", "en": "the handle {text}"},
    "prefix": {"fr": "ce qui commence par «\u00a0{text}\u00a0»", "en": "what begins with “{text}”"},
    "stem": {"fr": "«\u00a0{text}\u00a0» sous toutes ses formes", "en": "any form of “{text}”"},
    "raw": {
        "fr": "«\u00a0{text}\u00a0» écrit exactement ainsi (majuscules et accents)",
        "en": "“{text}” spelt exactly so (capitals and accents)",
    },
    "all": {"fr": "tout ce qui suit\u00a0:", "en": "all of this:"},
    "any": {"fr": "au moins un de\u00a0:", "en": "at least one of:"},
    "none": {"fr": "mais rien de\u00a0:", "en": "but none of:"},
    "near": {
        "fr": "à {distance} mots d’écart au plus, dans n’importe quel ordre\u00a0:",
        "en": "at most {distance} words apart, in any order:",
    },
    "near_ordered": {
        "fr": "à {distance} mots d’écart au plus, dans cet ordre\u00a0:",
        "en": "at most {distance} words apart, in this order:",
    },
    "title": {"fr": "dans le titre\u00a0:", "en": "in the title:"},
    "author": {"fr": "dans le nom de l’auteur\u00a0:", "en": "in the author’s name:"},
    "url": {"fr": "dans l’adresse\u00a0:", "en": "in the address:"},
    "site": {"fr": "sur le site {value}", "en": "on the site {value}"},
    "lang": {"fr": "en langue «\u00a0{value}\u00a0»", "en": "in the language “{value}”"},
    "network": {"fr": "sur le réseau {value}", "en": "on the network {value}"},
    "country": {"fr": "du pays {value}", "en": "from the country {value}"},
    "found": {"fr": "Trouve les textes avec {what}.", "en": "Finds texts with {what}."},
}
_AND: Mapping[Language, str] = {"fr": " et ", "en": " and "}
_OR: Mapping[Language, str] = {"fr": " ou ", "en": " or "}
_BUT: Mapping[Language, str] = {"fr": ", mais sans ", "en": ", but without "}


@dataclass(frozen=True, slots=True)
class Part:
    """A condition in words and, under it, the conditions it is made of: a page can show it nested."""

    words: str
    parts: tuple["Part", ...] = ()


def explained(query: Query, language: Language) -> Part:
    """The query as nested words."""
    return _part(query.root, language)


def explain(query: Query, language: Language) -> str:
    """The query as one sentence; long choices are cut after six, with how many more there are."""
    return _WORDS["found"][language].format(what=_sentence(query.root, language))


def _part(node: Node, language: Language) -> Part:
    def of(key: str, *nodes: Node, **params: object) -> Part:
        return Part(_WORDS[key][language].format(**params), tuple(_part(one, language) for one in nodes))

    match node:
        case Term():
            return Part(_term(node, language))
        case And():
            return of("all", *node.items)
        case Or():
            return of("any", *node.items)
        case Not():
            return of("none", node.item)
        case Near():
            distance = max(link.distance for link in node.links)
            ordered = all(link.ordered for link in node.links)
            return of("near_ordered" if ordered else "near", *node.items, distance=distance)
        case Within():
            return of(node.field, node.item)
        case Is():
            return of(node.field, value=node.value)


def _term(term: Term, language: Language) -> str:
    text = term.text
    if term.raw:
        key = "raw"
    elif any(part.form is Form.STEM for part in term.parts):
        key = "stem"
    elif term.parts[-1].form is Form.PREFIX:
        key = "prefix"
    elif text.startswith("#"):
        key = "tag"
    elif text.startswith("@"):
        key = "handle"
    else:
        key = "word" if len(term.parts) == 1 else "phrase"
    return _WORDS[key][language].format(text=text)


SHOWN = 6
"""Choices a sentence names before it only counts."""


def _sentence(node: Node, language: Language) -> str:
    match node:
        case And():
            wanted = [_inside(item, language) for item in node.items if not isinstance(item, Not)]
            unwanted = [_inside(item.item, language) for item in node.items if isinstance(item, Not)]
            said = _AND[language].join(wanted)
            return said + _BUT[language] + _OR[language].join(unwanted) if unwanted else said
        case Or():
            said = _OR[language].join(_inside(item, language) for item in node.items[:SHOWN])
            more = len(node.items) - SHOWN
            rest = {"fr": f" ou {more} autres", "en": f" or {more} others"}[language]
            return said + rest if more > 0 else said
        case Not():
            return _BUT[language].lstrip(", ") + _inside(node.item, language)
        case Near():
            part = _part(node, language)
            near = part.words.rstrip("\u00a0:")
            said = _AND[language].join(_inside(item, language) for item in node.items)
            return f"{said} ({near})"
        case Within():
            return f"{_WORDS[node.field][language]} {_inside(node.item, language)}"
        case _:
            return _part(node, language).words


def _inside(node: Node, language: Language) -> str:
    said = _sentence(node, language)
    return f"({said})" if isinstance(node, And | Or) else said
