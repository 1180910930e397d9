"""Inflected forms: the stem of a word in a language, by Snowball (https://snowballstem.org)."""

import threading
from functools import lru_cache

import snowballstemmer
from snowballstemmer.basestemmer import BaseStemmer

from palabre.kit.text import clean, fold

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

_local = threading.local()


def _stemmer(algorithm: str) -> BaseStemmer:
    """A stemmer of this thread's own: Snowball's keep the word they work on."""
    own: dict[str, BaseStemmer] = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in own:
        own[algorithm] = snowballstemmer.stemmer(algorithm)
    return own[algorithm]


def has_stemmer(language: str) -> bool:
    """Whether words of the language are known to have stems."""
    return language in _ALGORITHMS


def bare(word: str) -> str:
    """The word as a stemmer wants it: lower case, accents kept, nothing invisible."""
    return clean(word).lower()


@lru_cache(maxsize=100_000)
def stems(word: str, language: str) -> frozenset[str]:
    """The folded stems of a `bare` word: of the word as written, and as written without its accents.

    Both, because many posts leave accents out and stemmers lean on them. A language without a stemmer
    gives the folded word.
    """
    folded = fold(word)
    algorithm = _ALGORITHMS.get(language)
    if algorithm is None:
        return frozenset({folded})
    stemmer = _stemmer(algorithm)
    return frozenset({fold(stemmer.stemWord(word)), fold(stemmer.stemWord(folded))})
