# Palabre: `make run` sets everything up and starts it. `make help` lists the rest.
# Each step leaves a stamp in build/stamps and is done again only when what it reads has changed.

PYTHON ?= python3
SHELL := /bin/sh
STAMPS := build/stamps
BIN := .venv/bin
PY := $(BIN)/python
# Set-up steps need settings but must not touch the home of a running Palabre.
SETUP := PALABRE_HOME=$(CURDIR)/build/home $(PY)

find_in = $(shell find palabre -type d \( -name tests -o -name build -o -name __pycache__ \) -prune -o -type f \( $(1) \) -print)
FRONT := package-lock.json $(call find_in,-name '*.html' -o -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.py' -o -name '*.svg')
CATALOGUES := $(call find_in,-name '*.po')

.PHONY: run demo test check bench messages locks help clean

run: $(STAMPS)/static $(STAMPS)/messages ## set everything up, then start Palabre
	@exec $(PY) -m palabre serve

demo: $(STAMPS)/static $(STAMPS)/messages ## the same, with a demo agency to look at
	@exec $(PY) -m palabre demo

test: $(STAMPS)/test $(STAMPS)/static $(STAMPS)/messages ## every test, browser and live servers included
	@sh tools/packages.sh test
	@PALABRE_HOME=$(CURDIR)/build/home $(PY) -m pytest $(ARGS)

check: $(STAMPS)/test $(STAMPS)/messages ## style, types, layers, templates, migrations, translations
	@$(PY) tools/check.py

bench: $(STAMPS)/test $(STAMPS)/static $(STAMPS)/messages ## measure, against the named alternatives
	@PALABRE_HOME=$(CURDIR)/build/home $(PY) -m tests.bench $(ARGS)

messages: $(STAMPS)/messages ## compile the translations

locks: $(STAMPS)/test ## pin again what requirements/*.in name
	@sh tools/locks.sh

clean: ## forget everything that was set up (never the data)
	rm -rf build node_modules .venv palabre/ui/static/build

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

$(STAMPS)/run: requirements/run.txt pyproject.toml tools/venv.sh
	@mkdir -p $(STAMPS)
	@sh tools/venv.sh $(PYTHON)
	@echo "· installing the Python libraries"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements/run.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/test: $(STAMPS)/run requirements/test.txt
	@echo "· installing the libraries of the tests"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements/test.txt
	@touch $@

$(STAMPS)/node: $(STAMPS)/run package.json package-lock.json requirements/node.txt tools/npm
	@echo "· installing the libraries of the pages"
	@sh tools/npm ci --silent
	@touch $@

$(STAMPS)/bundle: $(STAMPS)/node $(FRONT)
	@echo "· building what the pages load"
	@sh tools/npm run --silent build
	@touch $@

$(STAMPS)/static: $(STAMPS)/bundle
	@echo "· gathering the static files"
	@$(SETUP) -m palabre manage collectstatic --no-input --clear --verbosity 0
	@touch $@

$(STAMPS)/messages: $(STAMPS)/run $(CATALOGUES)
	@echo "· compiling the translations"
	@$(PY) tools/compile_messages.py
	@touch $@
