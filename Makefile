# Newswire. `make demo` shows the main job on real servers, `make test` passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test chaos bench lint install install-dev lock clean help
.DEFAULT_GOAL := help

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "newswire needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@ $(VENV)/.installed

install: $(VENV)/.installed  ## the command newswire into .venv

install-dev: $(VENV)/.installed-dev  ## the same, with what tests and checks need

demo: install  ## a real Kafka and a real Elasticsearch, articles through the whole pipeline, and searches
	$(BIN)/newswire demo --keep

test: install-dev  ## all tests, on real servers
	$(BIN)/python -m pytest -m "not chaos" -n 2 --dist loadscope --no-loadscope-reorder

chaos: install-dev  ## every fault at length, on real servers, and a table of what it did (40 minutes)
	$(BIN)/python -m pytest -m chaos tests/chaos tests/integration

bench: install-dev  ## how fast, beside raw spaCy and parallel_bulk in the same run; the report in build/bench (half an hour)
	$(BIN)/python -m tests.benchmarks.bench

lint: install-dev  ## ruff and mypy --strict
	$(BIN)/ruff check pipeline tests
	$(BIN)/ruff format --check pipeline tests
	$(BIN)/mypy

lock:  ## the exact versions with hashes, after a change in pyproject.toml (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra dev -o requirements-dev.lock pyproject.toml
	echo 'hatchling>=1.27' | uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements-build.lock -

clean:  ## remove the virtual environment and caches (servers and data: newswire down --delete-data)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
