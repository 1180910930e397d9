"""`python -m palabre` is `palabre`."""

import sys

from palabre.runtime.cli import main

if __name__ == "__main__":
    sys.exit(main())
