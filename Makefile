.POSIX:
.NOTPARALLEL:
.PHONY: help install serve test soak check format schema lock clean

PYTHON ?= python3
PORT ?= 8000
# Not `?=`: conda and tcsh export a HOST of their own.
HOST = 127.0.0.1
ARGS =
DEPTH = 10
SEED =
# A process for each processor, each with its share of the tests and a PostgreSQL of its own.
PARALLEL = --numprocesses auto --dist worksteal

PIP = .venv/bin/python -m pip --disable-pip-version-check --no-input -qq
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --annotation-style line --group build

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

install: .venv/installed ## Set up .venv and start nothing

serve: .venv/installed ## Start with the demo (HOST=127.0.0.1 PORT=8000)
	@export ENCORE_HOST='$(HOST)' ENCORE_PORT='$(PORT)'; \
	export ENCORE_DEMO=1 ENCORE_TIME_TRAVEL=1 ENCORE_GRAPHIQL=1; \
	.venv/bin/encore migrate && exec .venv/bin/encore serve

test: .venv/locked-dev .venv/installed ## Run the tests on SQLite and PostgreSQL (ARGS="-k credit")
	@.venv/bin/python -m pytest $(PARALLEL) $(ARGS)

soak: .venv/locked-dev .venv/installed ## Try the rules at random, DEPTH times as often as the tests (DEPTH=10 SEED=…)
	@seed='$(SEED)'; seed=$${seed:-$$(date +%s)}; \
	echo "To do the same again: make soak DEPTH=$(DEPTH) SEED=$$seed"; \
	ENCORE_TEST_DEPTH='$(DEPTH)' .venv/bin/python -m pytest tests/machine $(PARALLEL) --hypothesis-seed=$$seed $(ARGS)

check: .venv/locked-dev .venv/installed ## Check format, lint, types and imports, and run the tests
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 .venv/bin/pyright --project pyproject.toml
	.venv/bin/lint-imports --no-logo
	.venv/bin/python -m pytest $(PARALLEL)

format: .venv/locked-dev ## Format the code and repair what lint can repair
	@.venv/bin/ruff check --fix-only .
	@.venv/bin/ruff format .

schema: .venv/installed ## Write schema.graphql
	@.venv/bin/encore export-schema > schema.graphql.new
	@mv schema.graphql.new schema.graphql

lock: .venv/locked ## Write the lock files anew (ARGS=--upgrade takes newer versions)
	@$(PIP) install uv
	@$(COMPILE) $(ARGS) pyproject.toml --output-file requirements.lock
	@$(COMPILE) $(ARGS) pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## Remove .venv and all caches, but no data (var/ stays)
	@rm -rf .venv .hypothesis .import_linter_cache .pytest_cache .ruff_cache build *.egg-info
	@find api domain persistence schema tests -name __pycache__ -prune -exec rm -rf {} +

.venv/locked: requirements.lock
	@command -v '$(PYTHON)' >/dev/null || { \
	echo 'Encore needs Python 3.11 or newer, and "$(PYTHON)" is not there; name one with PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo 'Encore needs Python 3.11 or newer, and "$(PYTHON)" is older; name another with PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo 'Encore needs the venv module of "$(PYTHON)" (Debian and Ubuntu: apt install python3-venv).' >&2; exit 1; }
	@echo 'Setting up .venv (about half a minute)…'
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) install --no-user --require-hashes -r requirements.lock
	@touch .venv/locked

# While it adds packages, .venv counts as unfinished; the move keeps the stamp's time.
.venv/locked-dev: .venv/locked requirements-dev.lock
	@echo 'Adding the tools of the tests to .venv (about half a minute)…'
	@mv .venv/locked .venv/unfinished
	@$(PIP) install --no-user --require-hashes -r requirements-dev.lock
	@mv .venv/unfinished .venv/locked
	@touch .venv/locked-dev

.venv/installed: .venv/locked pyproject.toml
	@$(PIP) install --no-user --no-deps --no-build-isolation -e .
	@touch .venv/installed
