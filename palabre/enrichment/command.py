"""`palabre text`: the enrichment at the terminal, over lines of JSON."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from palabre.enrichment.messages import UnreadableLine, say
from palabre.kit.language import Language, terminal_language

_BATCH = 512  # lines analysed, and written, together
_DECLARED = ("lang", "language")  # keys under which a line may say its own language


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `palabre text analyse`, and name `palabre text length`."""
    language = terminal_language()
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    purpose = say("purpose", language)
    analyse = actions.add_parser("analyse", help=purpose, description=purpose)
    analyse.add_argument("file", nargs="?", default="-", metavar="FILE.jsonl", help=say("file", language))
    analyse.add_argument("--quality", action="store_true", help=say("quality", language))
    analyse.set_defaults(act=_analyse)
    # Answered by the room of networks before this parser is asked: here for the list of actions.
    actions.add_parser("length", help=say("length", language), add_help=False)


def run(args: argparse.Namespace) -> int:
    """Exit code: 0 done, 1 some lines could not be read, 2 nothing could."""
    code: int = args.act(args)
    return code


def _analyse(args: argparse.Namespace) -> int:
    language = terminal_language()
    with contextlib.ExitStack() as stack:
        if args.file != "-":
            try:
                source: BinaryIO = stack.enter_context(Path(args.file).open("rb"))
            except OSError as error:
                print(say("no_file", language, file=args.file, why=error.strerror), file=sys.stderr)
                return 2
        elif sys.stdin.isatty():
            print(say("terminal", language), file=sys.stderr)
            return 2
        else:
            source = sys.stdin.buffer
        try:
            return _enriched(source, language, better=args.quality)
        except BrokenPipeError:  # the reader has seen enough, as with `| head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


def _enriched(source: Iterable[bytes], language: Language, *, better: bool) -> int:
    """Write the lines of the source with what was found, batch by batch, in order."""
    from palabre.enrichment import analysis, quality  # the models: only once there is something to do

    if better and not quality.available():
        print(say("no_quality", language), file=sys.stderr)
        return 2
    analyse = quality.analyse if better else analysis.analyse
    read = refused = 0
    lines = enumerate(source, start=1)
    while batch := list(islice(lines, _BATCH)):
        items = []
        for number, line in batch:
            if not line.strip():
                continue
            try:
                items.append(_item(number, line))
            except UnreadableLine as unreadable:
                refused += 1
                print(unreadable.message(language), file=sys.stderr)
        read += len(items)
        texts = [str(item["text"]) for item in items]
        for item, found in zip(items, analyse(texts, list(map(_declared, items))), strict=True):
            sys.stdout.write(_dumped(item | _rounded(asdict(found))) + "\n")
        sys.stdout.flush()
    if refused and not read:
        print(say("nothing_usable", language), file=sys.stderr)
        return 2
    return 1 if refused else 0


def _item(number: int, line: bytes) -> dict[str, object]:
    try:
        item = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableLine("not_utf8", number=number) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableLine("not_json", number=number, why=error) from error
    if not isinstance(item, dict):
        raise UnreadableLine("not_an_object", number=number)
    if not isinstance(item.get("text"), str):
        raise UnreadableLine("no_text", number=number)
    return item


def _declared(item: dict[str, object]) -> str | None:
    return next((said for key in _DECLARED if isinstance(said := item.get(key), str) and said), None)


def _dumped(item: dict[str, object]) -> str:
    text = json.dumps(item, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair can only be written escaped
        return json.dumps(item)
    return text


def _rounded(found: dict[str, object]) -> dict[str, object]:
    return {key: _short(value) for key, value in found.items()}


def _short(value: object) -> object:
    """Six decimals: enough to rank by."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, tuple):
        return [round(number, 6) for number in value]
    return value
