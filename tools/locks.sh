#!/bin/sh
# Pin what requirements/*.in name. No index address goes into the files, nor a hash: a mirror that builds
# its own wheels has others.
set -eu
for name in run quality test node; do
    .venv/bin/pip-compile --quiet --strip-extras --allow-unsafe --no-annotate --no-header --no-emit-index-url \
        --no-emit-find-links --no-emit-trusted-host "$@" --output-file requirements/$name.txt requirements/$name.in
done
