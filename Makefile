# The front door. Every target works on a fresh machine with Python 3.11 or later and nothing else.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.made-from-lock

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix soak bench train measure lock clean

help:  ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## Make .venv with what the lock file names, each file checked by its hash

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Lyhörd needs Python 3.11 or later; name one with: make PYTHON=python3.12 setup"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup  ## Start the demonstration: a phone simulator, a chat and a console on this machine
	$(BIN)/lyhord demo run

test: setup  ## Run all tests but the soak tests: side by side, and one after the other those that keep time
	$(BIN)/pytest -m "not soak and not keeps_time" -n auto --maxprocesses 4 --dist loadfile
	$(BIN)/pytest -m "keeps_time and not soak" tests/integration tests/failures

check: setup  ## Lint, format, types, import rules: what the common check runs before the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup  ## Put right what the linter and the formatter can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

soak: setup  ## Run the long failure tests (killed workers, full disks), and the console on PostgreSQL
	$(BIN)/pytest -m soak

bench: setup  ## Measure, and print the figures beside those that are promised
	$(BIN)/python -m benchmarks

train: setup  ## Learn the layers of safeguards and commands again from training/ (four minutes)
	$(BIN)/python -m training

measure: setup  ## What the learned layers find and cost, by messages that they had not learned from
	$(BIN)/python -m training measure

LOCK := pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

lock:  ## Make the lock files again from pyproject.toml, with the newest versions allowed
	rm -rf build/lock && $(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv
	build/lock/bin/uv pip compile $(LOCK) --extra postgres -o requirements.lock
	build/lock/bin/uv pip compile $(LOCK) --extra postgres --extra dev -o requirements-dev.lock

clean:  ## Remove what was made here; data/ stays
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
