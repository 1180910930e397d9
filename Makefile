# Palabre: `make run` sets everything up and starts it. `make help` lists the rest.
# Each step leaves a stamp beside what it makes, and is done again only when what it reads has changed.

PYTHON ?= python3
SHELL := /bin/sh
BIN := .venv/bin
PY := $(BIN)/python
# Set-up steps need settings but must not touch the home of a running Palabre.
SETUP := PALABRE_HOME=$(CURDIR)/build/home $(PY)

find_in = $(shell find palabre -type d \( -name tests -o -name build -o -name __pycache__ \) -prune -o -type f \( $(1) \) -print)
FRONT := package-lock.json $(call find_in,-name '*.html' -o -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.py' -o -name '*.svg')
CATALOGUES := $(call find_in,-name '*.po')
COMPILED := $(CATALOGUES:.po=.mo)

.PHONY: run demo test check bench messages locks help clean

run: build/static/.stamp $(COMPILED) ## set everything up, then start Palabre
	@exec $(PY) -m palabre serve

demo: build/static/.stamp $(COMPILED) ## the same, with a demo agency to look at
	@exec $(PY) -m palabre demo

test: .venv/.tests build/static/.stamp $(COMPILED) ## every test, browser and live servers included
	@sh tools/packages.sh test
	@PALABRE_HOME=$(CURDIR)/build/home $(PY) -m pytest $(ARGS)

check: .venv/.tests $(COMPILED) ## style, types, layers, templates, migrations, translations
	@$(PY) tools/check.py

bench: .venv/.tests build/static/.stamp $(COMPILED) ## measure, against the named alternatives
	@PALABRE_HOME=$(CURDIR)/build/home $(PY) -m tests.bench $(ARGS)

messages: $(COMPILED) ## compile the translations

locks: .venv/.tests ## pin again what requirements/*.in name
	@sh tools/locks.sh

clean: ## forget everything that was set up (never the data)
	rm -rf build node_modules .venv palabre/ui/static/build

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

.venv/.run: requirements/run.txt pyproject.toml tools/venv.sh
	@sh tools/venv.sh $(PYTHON)
	@echo "· installing the Python libraries"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements/run.txt
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.tests: .venv/.run requirements/test.txt
	@echo "· installing the libraries of the tests"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements/test.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json requirements/node.txt tools/npm | .venv/.run
	@echo "· installing the libraries of the pages"
	@sh tools/npm ci --silent
	@touch $@

palabre/ui/static/build/.stamp: node_modules/.stamp $(FRONT)
	@echo "· building what the pages load"
	@sh tools/npm run --silent build
	@touch $@

build/static/.stamp: palabre/ui/static/build/.stamp
	@echo "· gathering the static files"
	@$(SETUP) -m palabre manage collectstatic --no-input --clear --verbosity 0
	@touch $@

%.mo: %.po | .venv/.run
	@echo "· compiling the translations: $<"
	@$(PY) tools/compile_messages.py $< $@
