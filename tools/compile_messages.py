"""Compile a catalogue (`compile_messages.py FROM.po TO.mo`) without GNU gettext."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogue(source: Path, target: Path) -> None:
    """Write the binary twin of `source`; its folder names the language (`fr/LC_MESSAGES/django.po`)."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parents[1].name, abort_invalid=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)


if __name__ == "__main__":
    compile_catalogue(Path(sys.argv[1]), Path(sys.argv[2]))
