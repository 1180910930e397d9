"""Are the pages complete in French, and well set? `translations.py check`; `update` adds what is missing.

The sentences of the code and the templates are English; their French is in one catalogue. Extraction
goes through Django's own `templatize` and Babel, so GNU gettext is not needed. The pure rooms carry
their sentences in tables of their own, which are checked too.
"""

import importlib
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "palabre"
FRENCH = PACKAGE / "ui" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
LAZY = {f"{name}_lazy": value for name, value in DEFAULT_KEYWORDS.items()}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}
LEFT_ASIDE = {"tests", "migrations", "static", "__pycache__"}

FAULTS = (
    (re.compile(r"\w'\w"), "straight apostrophe (’)"),
    (re.compile(r" [;!?]"), "plain space before ; ! ? (U+202F)"),
    (re.compile(r"[\w)»…](?<![\u00a0\u202f])[;!?](?=\s|$)"), "no space before ; ! ? (U+202F)"),
    (re.compile(r" :(?=\s|$)"), "plain space before : (U+00A0)"),
    (re.compile(r"[\w)»](?<!\u00a0):(?=[ \n]|$)"), "no space before : (U+00A0)"),
    (re.compile(r"« | »|«(?=\w)|(?<=\w)»"), "no no-break space inside « » (U+00A0)"),
    (re.compile(r"\.\.\."), "three dots (…)"),
)
"""What French typography refuses, looked for once code, tags and placeholders are out of the way."""

NOT_PROSE = re.compile(r"<[^>]*>|&\w+;|`[^`]*`|%\(\w+\)[sd]|%[sd]|\{[^}]*\}|https?://\S+")


def main(argv: list[str]) -> int:
    """The exit code is the verdict."""
    settings.configure(USE_I18N=True)
    sys.path.insert(0, str(ROOT))
    template = extracted()
    if argv == ["update"]:
        update(template)
    faults = [*missing(template), *ill_set()]
    for fault in faults:
        print(fault)
    print(f"{len(template)} sentences, {len(faults)} faults")
    return 1 if faults else 0


def extracted() -> Catalog:
    """Every sentence of the code and the templates."""
    catalogue = Catalog(project="Palabre", charset="utf-8")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or LEFT_ASIDE & set(path.relative_to(PACKAGE).parts):
            continue
        source = path.read_text()
        if path.suffix != ".py":
            if "templates" not in path.parts:
                continue
            source = templatize(source, origin=str(path))
        for line, message, comments, context in extract(
            "python", io.BytesIO(source.encode()), KEYWORDS, ["Translators:"]
        ):
            where = [(str(path.relative_to(ROOT)), line)]
            catalogue.add(message, locations=where, auto_comments=comments, context=context)
    return catalogue


def update(template: Catalog) -> None:
    """Rewrite the French catalogue: new sentences empty, old ones gone, no line numbers to churn."""
    known = read_catalogue()
    known.update(template, no_fuzzy_matching=True)
    FRENCH.parent.mkdir(parents=True, exist_ok=True)
    with FRENCH.open("wb") as file:
        write_po(file, known, width=110, ignore_obsolete=True, include_lineno=False, sort_by_file=True)


def read_catalogue() -> Catalog:
    """The French catalogue, empty when there is none yet."""
    if not FRENCH.exists():
        return Catalog(locale="fr", project="Palabre", charset="utf-8", fuzzy=False)
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def missing(template: Catalog) -> Iterator[str]:
    """The sentences without a French one, or with one that is doubtful or ill set."""
    known = read_catalogue()
    for message in template:
        if not message.id:
            continue
        found = known.get(message.id, message.context)
        where = message.locations[0][0] if message.locations else "?"
        texts = () if found is None else found.string if isinstance(found.string, tuple) else (found.string,)
        if found is None or not texts or not all(texts):
            yield f"{where}: no French for {message.id!r}"
            continue
        if found.fuzzy:
            yield f"{where}: doubtful (fuzzy) French for {message.id!r}"
        for error in found.check(known):
            yield f"{where}: {error} in {message.id!r}"
        for text in texts:
            yield from (f"{where}: {fault} in {text!r}" for fault in typography(text))


def ill_set() -> Iterator[str]:
    """Faults in the bilingual tables of the rooms."""
    for path in sorted(PACKAGE.glob("*/messages.py")):
        module = importlib.import_module(f"palabre.{path.parent.name}.messages")
        for table in vars(module).values():
            for pair in _pairs(table):
                where = f"palabre/{path.parent.name}/messages.py"
                if not pair["fr"] or not pair["en"]:
                    yield f"{where}: one language only in {pair!r}"
                yield from (f"{where}: {fault} in {pair['fr']!r}" for fault in typography(pair["fr"]))


def _pairs(value: object) -> Iterator[dict[str, str]]:
    if not isinstance(value, dict):
        return
    if set(value) == {"fr", "en"} and all(isinstance(text, str) for text in value.values()):
        yield value
        return
    for inner in value.values():
        yield from _pairs(inner)


def typography(text: str) -> list[str]:
    """What is wrong with the setting of a French sentence; a placeholder counts as a word."""
    prose = NOT_PROSE.sub("x", text)
    return [fault for pattern, fault in FAULTS if pattern.search(prose)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
