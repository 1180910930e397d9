"""`palabre query`: the query language at the terminal, over lines of JSON."""

import argparse
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from palabre.kit.language import Language, terminal_language
from palabre.query.document import Document
from palabre.query.errors import QueryError
from palabre.query.evaluate import matched_terms
from palabre.query.index import Index
from palabre.query.messages import say
from palabre.query.necessary import is_unbounded
from palabre.query.parser import parse
from palabre.query.tree import Query

_NAMES = Document._fields
_EXCERPT = 60
"""Characters of a long query shown around the place of its error."""


class _Refused(Exception):
    """The command cannot go on; the message is for the person at the terminal."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `palabre query`."""
    french = terminal_language() == "fr"

    def words(fr: str, en: str) -> str:
        return fr if french else en

    parser.add_argument("expression", nargs="?", metavar="EXPR", help=words("la requête", "the query"))
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE.jsonl",
        help=words("lignes de JSON, ou - pour l’entrée", "lines of JSON, or - for standard input"),
    )
    parser.add_argument(
        "--many",
        metavar="FILE.tsv",
        help=words("identifiant<TAB>requête par ligne\u00a0; écrit id<TAB>identifiant",
                   "query_id<TAB>query a line; prints id<TAB>query_id"),
    )  # fmt: skip
    parser.add_argument(
        "--explain",
        action="store_true",
        help=words(
            "ajoute matched_terms, ce qui a été trouvé et où", "adds matched_terms, what was found where"
        ),
    )
    parser.add_argument(
        "--languages",
        default="fr,en",
        help=words("langues de ~mot quand celle du texte est inconnue (fr,en)",
                   "languages of ~word where a text’s is unknown (fr,en)"),
    )  # fmt: skip
    parser.add_argument(
        "--yes",
        action="store_true",
        help=words("accepte une requête qui peut tout trouver", "accept a query that can match everything"),
    )


def run(args: argparse.Namespace) -> int:
    """Exit code: 0 done, 1 some lines could not be read, 2 a bad query or file."""
    language = terminal_language()
    try:
        if args.many is None:
            return _filter(args, language)
        return _pairs(args, language)
    except _Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _filter(args: argparse.Namespace, language: Language) -> int:
    if args.expression is None:
        raise _Refused(say("one_of", language))
    query = _read(args.expression, args, language)
    index = Index([(0, query)])
    reader = _Reader(language)
    with _opened(args.file or "-", language) as lines:
        for line, values, document in reader.documents(lines):
            if not index.match(document):
                continue
            if args.explain:
                spans = [asdict(span) for span in matched_terms(query, document)]
                line = _dumped(values | {"matched_terms": spans})
            _write(line)
    return reader.exit_code


def _pairs(args: argparse.Namespace, language: Language) -> int:
    if args.file is not None or args.explain:
        raise _Refused(say("one_of", language))
    names: list[str] = []
    index: Index[int] = Index()
    for number, (name, query) in enumerate(_read_many(args, language)):
        names.append(name)
        index.add(number, query)
    reader = _Reader(language)
    with _opened(args.expression or "-", language) as lines:
        for _, _, document in reader.documents(lines):
            for number in sorted(index.match(document)):
                _write(f"{document.id}\t{names[number]}".encode("utf-8", "replace"))
    return reader.exit_code


def _read_many(args: argparse.Namespace, language: Language) -> Iterator[tuple[str, Query]]:
    with _opened(args.many, language) as lines:
        for number, line in enumerate(lines, start=1):
            text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
            if not text.strip():
                continue
            name, tab, expression = text.partition("\t")
            if not tab:
                raise _Refused(say("no_line", language, line=number, reason=say("no_tab", language)))
            yield name, _read(expression, args, language, say("query_named", language, word=name))


def _read(expression: str, args: argparse.Namespace, language: Language, name: str = "") -> Query:
    try:
        query = parse(expression, args.languages.split(","))
        if not args.yes and is_unbounded(query):
            raise QueryError("unbounded", 0, len(expression))
    except QueryError as error:
        raise _Refused(pointed(expression, error, language, name)) from error
    return query


def pointed(expression: str, error: QueryError, language: Language, name: str = "") -> str:
    """The query's line, carets under the place of the error, and the message."""
    first = max(0, error.start - _EXCERPT // 2)
    shown = expression[first : first + _EXCERPT]
    before = shown[: error.start - first]
    marked = shown[error.start - first : error.start - first + error.length]
    lead = "…" if first else ""
    trail = "…" if first + _EXCERPT < len(expression) else ""
    carets = " " * (len(lead) + _width(before)) + "^" * max(1, _width(marked))
    head = f"{name}{chr(0xA0) if language == 'fr' else ''}: " if name else ""
    line = "".join(" " if c.isspace() else c for c in lead + shown + trail)
    return f"{head}{error.message(language)}\n  {line}\n  {carets}"


def _width(text: str) -> int:
    """Columns the text takes on a terminal."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


class _Reader:
    """Reads documents from lines of JSON and names the bad ones on the error output."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.exit_code = 0

    def documents(self, lines: BinaryIO) -> Iterator[tuple[bytes, dict[str, object], Document]]:
        """Each good line with its values; a bad one is reported and passed over."""
        for number, line in enumerate(lines, start=1):
            line = line.removeprefix(b"\xef\xbb\xbf").strip()
            if not line:
                continue
            try:
                values = json.loads(line)
            except (ValueError, RecursionError):
                values = None
            if not isinstance(values, dict):
                self._report(number, say("not_json", self.language))
                continue
            wrong = [name for name in _NAMES if not _is_text(name, values.get(name))]
            if wrong:
                self._report(number, say("not_text", self.language, word=wrong[0]))
                continue
            given = {name: str(values[name]) for name in _NAMES if values.get(name) is not None}
            yield line, values, Document(**given)

    def _report(self, number: int, reason: str) -> None:
        self.exit_code = 1
        print(say("no_line", self.language, line=number, reason=reason), file=sys.stderr)


def _is_text(name: str, value: object) -> bool:
    return value is None or isinstance(value, str) or (name == "id" and isinstance(value, int))


@contextmanager
def _opened(name: str, language: Language) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as lines:
            yield lines
    except OSError as error:
        reason = error.strerror or str(error)
        raise _Refused(say("no_file", language, word=name, reason=reason)) from error


def _dumped(values: dict[str, object]) -> bytes:
    try:
        return json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can write and UTF-8 cannot
        return json.dumps(values).encode()


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()
