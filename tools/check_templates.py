"""Every template of Palabre compiles: a wrong tag or filter shows here, not on a page nobody opened."""

import sys
from pathlib import Path

import django
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

PACKAGE = Path(__file__).resolve().parents[1] / "palabre"


def main() -> int:
    """Print each fault; the exit code is the verdict."""
    django.setup()
    names = {
        str(path.relative_to(folder))
        for folder in PACKAGE.glob("*/templates")
        for path in folder.rglob("*")
        if path.is_file()
    }
    faults = 0
    for name in sorted(names):
        try:
            get_template(name)
        except (TemplateSyntaxError, TemplateDoesNotExist) as error:
            faults += 1
            print(f"{name}: {error}")
    print(f"{len(names)} templates, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
