"""The command `palabre`: finds the sub-command asked for, and imports nothing else.

The rooms' commands live in `palabre/<room>/command.py` (`arguments(parser)`, `run(args) -> exit code`);
`palabre query` must start fast, so Django is only imported by the commands that need it.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from palabre.kit.language import terminal_language
from palabre.runtime.messages import RuntimeFault


@dataclass(frozen=True)
class Command:
    """A sub-command: the module that holds it, what it is for, and how to call it."""

    module: str
    fr: str
    en: str
    function: str = ""
    """A `main(argv) -> exit code` in the module; empty for a room's `arguments` and `run`."""
    actions: Mapping[str, str] = field(default_factory=dict)
    """First words that another room's module answers, by the module that does."""


COMMANDS = {
    "serve": Command("palabre.runtime.serve", "tout, en une commande", "everything, in one command", "main"),
    "demo": Command(
        "palabre.runtime.demo",
        "la même chose, avec une agence de démonstration",
        "the same, with a demo agency",
        "main",
    ),
    "web": Command("palabre.runtime.processes", "les pages seules", "the pages alone", "web"),
    "worker": Command(
        "palabre.runtime.processes", "le travail de fond seul", "the background work alone", "worker"
    ),
    "listen": Command(
        "palabre.runtime.processes", "les flux ouverts seuls", "the open streams alone", "listen"
    ),
    "migrate": Command(
        "palabre.runtime.tables", "mettre les tables à jour", "bring the tables up to date", "main"
    ),
    "manage": Command(
        "palabre.runtime.processes", "les commandes de Django", "Django’s own commands", "manage"
    ),
    "db": Command(
        "palabre.runtime.backup",
        "sauvegarder ou restaurer la base",
        "back up or restore the database",
        "main",
    ),
    "query": Command(
        "palabre.query.command",
        "filtrer des lignes de JSON par une requête",
        "filter lines of JSON by a query",
    ),
    "text": Command(
        "palabre.enrichment.command",
        "langue, sentiment, toxicité, spam, longueur de lignes de JSON",
        "language, sentiment, toxicity, spam, length of lines of JSON",
        actions={"length": "palabre.networks.length_command"},
    ),
    "feed": Command(
        "palabre.networks.command", "lire un flux (RSS, Atom, JSON)", "read a feed (RSS, Atom, JSON)"
    ),
    "bursts": Command(
        "palabre.insight.command", "chercher les emballements d’une série", "find the bursts of a series"
    ),
}


def main(argv: list[str] | None = None) -> int:
    """Run `palabre …`; the exit code is 2 for a wrong use, 130 after Ctrl-C."""
    words = sys.argv[1:] if argv is None else argv
    try:
        code = _dispatch(words)
        sys.stdout.flush()
    except RuntimeFault as fault:
        print(fault, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader left (`palabre query … | head`): nothing to say, and nothing more to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def _dispatch(words: list[str]) -> int:
    name, rest = (words[0], words[1:]) if words else ("help", [])
    if name in ("help", "--help", "-h"):
        print(_help())
        return 0 if words else 2
    if name in ("version", "--version"):
        from palabre import __version__

        print(f"palabre {__version__}")
        return 0
    if name not in COMMANDS:
        print(_unknown(name), file=sys.stderr)
        return 2
    command = COMMANDS[name]
    if rest and rest[0] in command.actions:
        action, *rest = rest
        return _function(f"{name} {action}", replace(command, module=command.actions[action]))(rest)
    return _function(name, command)(rest)


def _function(name: str, command: Command) -> Callable[[list[str]], int]:
    try:
        module = importlib.import_module(command.module)
    except ModuleNotFoundError as error:
        if error.name and command.module.startswith(error.name):
            raise RuntimeFault("not_built", name=name) from error
        raise
    if command.function:
        function: Callable[[list[str]], int] = getattr(module, command.function)
        return function
    summary = command.fr if terminal_language() == "fr" else command.en
    parser = argparse.ArgumentParser(prog=f"palabre {name}", description=summary)
    module.arguments(parser)
    return lambda rest: int(module.run(_parsed(parser, rest)))


def _parsed(parser: argparse.ArgumentParser, words: list[str]) -> argparse.Namespace:
    """The words of a command, options anywhere among the others: `palabre query EXPR --explain FILE`."""
    try:
        return parser.parse_intermixed_args(words)
    except TypeError:  # said of a parser with actions, which takes its words in order
        return parser.parse_args(words)


def _help() -> str:
    french = terminal_language() == "fr"
    lines = ["Usage : palabre COMMANDE …" if french else "Usage: palabre COMMAND …", ""]
    lines += [f"  {name:<9}{command.fr if french else command.en}" for name, command in COMMANDS.items()]
    lines += ["  version  " + ("le numéro de version" if french else "the version number")]
    return "\n".join(lines)


def _unknown(name: str) -> str:
    if terminal_language() == "fr":
        return f"Commande inconnue : {name}. `palabre help` les énumère."
    return f"Unknown command: {name}. `palabre help` lists them."
