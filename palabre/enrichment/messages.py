"""What `palabre text` says at the terminal, in French and English."""

from palabre.kit.language import Language
from palabre.kit.told import Told, told

MESSAGES: dict[str, dict[Language, str]] = {
    "purpose": {
        "fr": "ajoute à chaque ligne de JSON sa langue, son sentiment, sa toxicité et le spam",
        "en": "add to each line of JSON its language, sentiment, toxicity and spam",
    },
    "file": {
        "fr": "lignes de JSON avec une clé «\u00a0text\u00a0», ou - pour l’entrée",
        "en": "lines of JSON with a key “text”, or - for standard input",
    },
    "quality": {
        "fr": "un meilleur sentiment, deux cents fois plus lent (extra «\u00a0quality\u00a0»)",
        "en": "a better sentiment, two hundred times slower (extra “quality”)",
    },
    "length": {
        "fr": "la longueur de chaque texte, comme un réseau la compte",
        "en": "how long each text is, as a network counts",
    },
    "no_quality": {
        "fr": '--quality demande l’extra «\u00a0quality\u00a0»\u00a0: pip install "palabre[quality]"',
        "en": '--quality needs the extra “quality”: pip install "palabre[quality]"',
    },
    "no_file": {
        "fr": "Impossible de lire {file}\u00a0: {why}",
        "en": "Cannot read {file}: {why}",
    },
    "terminal": {
        "fr": "Rien à lire\u00a0: donnez un fichier de lignes de JSON, ou envoyez-les à l’entrée "
        "(palabre text analyse < items.jsonl).",
        "en": "Nothing to read: give a file of lines of JSON, or send them to standard input "
        "(palabre text analyse < items.jsonl).",
    },
    "nothing_usable": {
        "fr": "Aucune ligne lisible\u00a0: il faut un objet JSON par ligne, avec une clé «\u00a0text\u00a0».",
        "en": "No line could be read: one JSON object a line is expected, with a key “text”.",
    },
    "not_json": {
        "fr": "Ligne {number}\u00a0: ce n’est pas du JSON ({why}).",
        "en": "Line {number}: not JSON ({why}).",
    },
    "not_utf8": {
        "fr": "Ligne {number}\u00a0: ce n’est pas de l’UTF-8.",
        "en": "Line {number}: not UTF-8.",
    },
    "not_an_object": {
        "fr": "Ligne {number}\u00a0: un objet JSON est attendu.",
        "en": "Line {number}: a JSON object is expected.",
    },
    "no_text": {
        "fr": "Ligne {number}\u00a0: il manque la clé «\u00a0text\u00a0», ou ce n’est pas un texte.",
        "en": "Line {number}: the key “text” is missing, or is not a text.",
    },
}


def say(code: str, language: Language, **params: object) -> str:
    """The sentence for a code."""
    return told(MESSAGES, code, language, params)


class UnreadableLine(Told):
    """A line of input that cannot be analysed; the others can."""

    sentences = MESSAGES
