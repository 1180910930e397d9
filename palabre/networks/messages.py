"""The sentences of `errors.py`, in both languages; each tells what happened and what comes next."""

from collections.abc import Mapping

from palabre.kit.language import Language

SENTENCES: dict[str, Mapping[Language, str]] = {
    "unreachable": {
        "fr": "Le site ne répond pas ({reason}). Nouvel essai prévu.",
        "en": "The site does not answer ({reason}). It will be tried again.",
    },
}


def sentence(code: str, params: Mapping[str, object], language: Language) -> str:
    """The sentence for `code`; KeyError for an unknown one, so that tests catch it."""
    return SENTENCES[code][language].format_map(params)
