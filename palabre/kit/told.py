"""What a person is told, in either language: sentences by code, and the error that carries one."""

from collections.abc import Mapping
from typing import ClassVar

from palabre.kit.language import Language

Sentences = Mapping[str, Mapping[Language, str]]
"""By code, then language; `{name}` and the like are filled in by what the error or the caller knows."""


def told(sentences: Sentences, code: str, language: Language, params: Mapping[str, object]) -> str:
    """The sentence of a code. KeyError for an unknown code or a value that is missing."""
    return sentences[code][language].format_map(params)


class Told(Exception):
    """An error told in sentences: a stable `code`, the `params` that fill its sentence in.

    A subclass names its table in `sentences`. Neither the code nor the params may hold a secret.
    """

    sentences: ClassVar[Sentences] = {}
    params: Mapping[str, object]

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)  # what is here is what a copy is made with
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code

    def message(self, language: Language) -> str:
        """The sentence a person reads: what is wrong, and what comes next or was expected."""
        return told(self.sentences, self.code, language, self.params)
