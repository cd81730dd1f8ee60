.DEFAULT_GOAL := run
.NOTPARALLEL:
.PHONY: run test check lint zones check-slow bench format messages node

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3 python; do $$p -c '$(NEW_ENOUGH)' 2>/dev/null && command -v $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
INSTALL_SELF = $(PIP) install --no-deps --no-build-isolation -e .

run: $(VENV)/.run
	@exec $(BIN)/rdv demo

test: $(VENV)/.dev node
	$(BIN)/python -m pytest -q -n 3 -m "not slow"

check: lint zones test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

zones: $(VENV)/.dev
	for zone in UTC Europe/Brussels America/New_York; do \
		TZ=$$zone $(BIN)/python -m pytest -q -n 2 -m "not slow and not postgres" tests/core tests/importing || exit 1; \
	done

check-slow: $(VENV)/.dev node
	$(BIN)/python -m pytest -q -n 2 -m slow

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(VENV)/.dev
	@$(BIN)/python handlers/locale/update.py

# What checks the cards of Teams runs in Node; without it those checks are skipped.
node: | $(VENV)/.made
	@if command -v npm >/dev/null && { [ ! -e $(VENV)/.node ] || [ tests/node/package-lock.json -nt $(VENV)/.node ]; }; then \
		npm ci --prefix tests/node --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null && touch $(VENV)/.node; \
	fi

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: https://www.python.org/downloads/"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' || { echo "Python lacks venv: on Debian, apt install python3-venv"; exit 1; }
	@echo "Setting up in $(VENV), once: this takes a minute or two ..." >&2
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/.made
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(INSTALL_SELF)
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.made
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(INSTALL_SELF)
	@touch $@ $(VENV)/.run
