# What a newcomer types: `make up` to see it working, `make test` to check it. Python 3.11 or newer is all it needs.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
JOBS ?= 2

.PHONY: help up test check format lint types soak bench lock clean

help:
	@echo "make up      install, build the demo and serve it (PORT=8000)"
	@echo "make test    install what the tests need, check style and types, run the tests"
	@echo "make soak    ten minutes each of hostile queries, random requests and hostile values, sixty kills, four thousand"
	@echo "             random ontologies, and a client generated from the OpenAPI document"
	@echo "make bench   the benchmark beside the oxigraph server"
	@echo "make lock    compile the lock files anew"

# Tests start hundreds of processes: each would compile our modules anew where Python is told to keep nothing compiled.
export PYTHONDONTWRITEBYTECODE :=

# The lock files carry hashes, so an install is what was tested or nothing; they are complete, so nothing is resolved.
$(VENV)/installed-run: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/installed-dev: requirements/dev.txt $(VENV)/installed-run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-compile -r requirements/dev.txt
	@touch $@

up: $(VENV)/installed-run
	$(BIN)/kg up --port $(PORT)

# Types are checked with the time that the tests leave, and what is wrong with them is told below. A file of tests stays
# in one process, so that what it builds is built once.
test: lint
	@nice $(BIN)/mypy > $(VENV)/types.txt 2>&1 & types=$$!; \
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$types; types=$$?; \
	[ $$types = 0 ] || cat $(VENV)/types.txt; exit $$((tests ? tests : types))

check: test

format: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

# In an environment of its own, as it asks for older versions of what we use.
$(VENV)/installed-generator: requirements/generator.txt
	$(PYTHON) -m venv $(VENV)/generator
	$(VENV)/generator/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/generator.txt
	@touch $@

soak: $(VENV)/installed-dev $(VENV)/installed-generator
	PATH="$$PATH:$(CURDIR)/$(VENV)/generator/bin" $(BIN)/python -m pytest -m soak -o addopts="--strict-markers --strict-config -ra" -s

bench: $(VENV)/installed-dev
	$(BIN)/kg bench

# Hashes but no addresses: the packages come from whichever index the installing machine is set up with.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock:
	$(COMPILE) pyproject.toml --group build -o requirements/run.txt
	$(COMPILE) pyproject.toml --group build --group dev -o requirements/dev.txt
	$(COMPILE) --group generator -o requirements/generator.txt

clean:
	git clean -xdf
