"""`palabre text length --network KEY`: lines of JSON with how long each text is for a network."""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from palabre.kit.language import Language, terminal_language

_SAID: dict[str, dict[Language, str]] = {
    "purpose": {
        "fr": "Ajouter à chaque ligne length, limit et valid, comme le réseau compte.",
        "en": "Add length, limit and valid to each line, as the network counts.",
    },
    "file": {
        "fr": "un fichier de lignes JSON avec « text », ou - pour l’entrée standard",
        "en": "a file of JSON lines with “text”, or - for standard input",
    },
    "network": {"fr": "le réseau : {keys}", "en": "the network: {keys}"},
    "unknown": {
        "fr": "palabre text length : réseau inconnu « {key} ». Connus : {keys}.",
        "en": "palabre text length: unknown network “{key}”. Known: {keys}.",
    },
    "no_file": {
        "fr": "palabre text length : « {file} » ne peut pas être ouvert ({why}).",
        "en": "palabre text length: “{file}” cannot be opened ({why}).",
    },
    "terminal": {
        "fr": "palabre text length : donnez un fichier, ou des lignes sur l’entrée standard.",
        "en": "palabre text length: give a file, or lines on standard input.",
    },
    "bad_line": {
        "fr": "palabre text length : ligne {number} : il faut un objet JSON avec un texte dans « text ».",
        "en": "palabre text length: line {number}: a JSON object with a text in “text” is needed.",
    },
    "nothing": {
        "fr": "palabre text length : aucune ligne n’a pu être lue.",
        "en": "palabre text length: no line could be read.",
    },
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    from palabre.networks.rules import all_rules

    language = terminal_language()
    parser.description = _SAID["purpose"][language]
    keys = ", ".join(all_rules())
    parser.add_argument("--network", required=True, metavar="KEY", help=_say("network", keys=keys))
    parser.add_argument("file", nargs="?", default="-", metavar="FILE.jsonl", help=_say("file"))


def run(args: argparse.Namespace) -> int:
    """Exit code: 0 done, 1 some lines could not be read, 2 nothing could."""
    from palabre.networks.rules import all_rules

    if args.network not in all_rules():
        return _refused("unknown", key=args.network, keys=", ".join(all_rules()))
    with ExitStack() as stack:
        if args.file != "-":
            try:
                source: BinaryIO = stack.enter_context(Path(args.file).open("rb"))
            except OSError as error:
                return _refused("no_file", file=args.file, why=str(error.strerror))
        elif sys.stdin.isatty():
            return _refused("terminal")
        else:
            source = sys.stdin.buffer
        try:
            return _measured(source, args.network)
        except BrokenPipeError:  # the reader has seen enough, as with `| head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


def _measured(source: Iterable[bytes], key: str) -> int:
    from palabre.networks.rules import rules_of
    from palabre.networks.text_length import measure

    rules = rules_of(key)
    read = refused = 0
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        item = _item(line, first=number == 1)
        if item is None:
            refused += 1
            _told("bad_line", number=number)
            continue
        read += 1
        length = measure(str(item["text"]), rules)
        item |= {"length": length.length, "limit": length.limit, "valid": length.valid}
        if length.octets is not None:
            item |= {"bytes": length.octets, "bytes_limit": length.octets_limit}
        sys.stdout.buffer.write(_dumped(item) + b"\n")
    sys.stdout.buffer.flush()
    if refused and not read:
        return _refused("nothing")
    return 1 if refused else 0


def _item(line: bytes, *, first: bool) -> dict[str, object] | None:
    try:
        item = json.loads(line.decode("utf-8-sig" if first else "utf-8"))
    except (ValueError, RecursionError):
        return None
    return item if isinstance(item, dict) and isinstance(item.get("text"), str) else None


def _dumped(item: dict[str, object]) -> bytes:
    try:
        return json.dumps(item, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair can only be written escaped
        return json.dumps(item).encode()


def _say(code: str, **params: object) -> str:
    return _SAID[code][terminal_language()].format_map(params)


def _refused(code: str, **params: object) -> int:
    _told(code, **params)
    return 2


def _told(code: str, **params: object) -> None:
    sys.stderr.write(_say(code, **params) + "\n")
