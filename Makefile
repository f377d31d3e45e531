# Guiyan: two commands to know, `make demo` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell scripts/find-python.sh)
VENV := .venv
BIN := $(VENV)/bin
# A file's tests stay together, since they share what they start; tests/conftest.py says which files
# begin. Three at once, as a test waits for its database, server or browser a third of its time.
AT_ONCE := -n 3 --dist loadfile --no-loadscope-reorder
# What failed is run once more by itself: a busy machine may starve a browser, a real fault fails twice.
ONCE_MORE := $(BIN)/python -m pytest --last-failed --last-failed-no-failures none
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## list what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.runtime ## a running Guiyan with invented people, at http://127.0.0.1:8000
	@exec $(BIN)/guiyan demo

run: $(VENV)/.runtime ## your own Guiyan: database, web and worker on this machine
	@exec $(BIN)/guiyan serve

test: $(VENV)/.dev ## everything: lint, types, import law, unit, integration and browser tests
	@scripts/install-browser.sh
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint
	$(BIN)/python -m pytest tests --ignore=tests/browser $(AT_ONCE) || $(ONCE_MORE)
	$(BIN)/python -m pytest tests/browser $(AT_ONCE) || $(ONCE_MORE)

lint: types style ## style, types, import law, templates, invented people only

types: $(VENV)/.dev
	$(BIN)/mypy

style: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	git ls-files '*.html' | xargs $(BIN)/djhtml --tabwidth 2 --check
	$(BIN)/python scripts/scan_people.py
	$(BIN)/python scripts/messages.py check

test-at: $(VENV)/.dev ## unit and integration tests at another moment: AT=2027-01-31T17:30+00:00
	GUIYAN_TEST_NOW=$(AT) $(BIN)/python -m pytest tests --ignore=tests/browser -m "not embedded and not database_clock" $(AT_ONCE)

e2e: $(VENV)/.dev ## the browser tests alone
	@scripts/install-browser.sh
	$(BIN)/python -m pytest tests/browser

bench: $(VENV)/.dev ## measure on this machine; writes bench/results/*.json
	$(BIN)/python -m bench

lock: $(VENV)/.dev ## write the lock files anew from pyproject.toml
	scripts/lock.sh

clean: ## remove the environment and caches; var/ with its data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build

$(VENV)/bin/python:
	@scripts/require.sh $(PYTHON)
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Guiyan needs (pinned, with hashes) ..."
	@$(BIN)/pip install --quiet --progress-bar on --require-hashes -r requirements/runtime.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need (pinned, with hashes) ..."
	@$(BIN)/pip install --quiet --progress-bar on --require-hashes -r requirements/dev.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

.PHONY: help demo run test test-at lint types style e2e bench lock clean
