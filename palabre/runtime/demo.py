"""`palabre demo`: everything, on a home of its own filled with labelled demo content."""

import os

from palabre.runtime import serve
from palabre.runtime.processes import read_environment


def main(argv: list[str]) -> int:
    """Serve the demo agency. PALABRE_HOME is left alone: the demo has `<home>-demo` unless it is set."""
    if not os.environ.get("PALABRE_HOME"):
        home = read_environment().home
        os.environ["PALABRE_HOME"] = str(home.with_name(f"{home.name}-demo"))
    return serve.main(argv, before=["manage", "demo"])
