#!/bin/sh
# Make .venv with a Python of 3.11 or later; installs Debian's python3-venv where it is missing and may be.
set -eu
python=$1

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ -x .venv/bin/python ] && fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
    exit 0
fi
if ! fits "$python"; then
    for candidate in python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if fits "$candidate"; then python=$candidate; break; fi
    done
fi
if ! fits "$python"; then
    echo "Palabre needs Python 3.11 or later; \`$python\` is $("$python" --version 2>&1 || true)." >&2
    echo "Install one, then: make run PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    sh tools/packages.sh install "python$version-venv"
fi
echo "· making the virtual environment ($("$python" --version))"
"$python" -m venv --clear .venv
