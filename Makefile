# The two that set everything up by themselves: `make run` and `make test`.
PYTHON ?= python3
VENV ?= .venv
SEEDS ?= ../shared/seeds
CORPORA ?= ../shared/corpora
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test test-faults lint types seeds quality bench bench-engine lock clean

run: $(READY)
	$(BIN)/luigi --module pipeline CleanAll

test: $(READY) lint types
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

# Every fault and every call that can fail, all of it; make test runs a part.
test-faults: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal -m "whole or not whole" tests/engine/faults

# Checks any copy of the five documents the project began with against seeds/documents.toml.
seeds: $(READY)
	$(BIN)/python -m pipeline check-seeds $(SEEDS)

# Quality in folds grouped by site, beside trafilatura and line rules; refuses a fall. It takes its time.
quality: $(READY)
	$(BIN)/python -m pipeline evaluate --folds --corpus $(CORPORA)/wcxb_dev.parquet $(CORPORA)/fundus_parser.parquet \
		--least 0.87 0.972
	$(BIN)/python -m pipeline evaluate --metadata $(CORPORA)
	$(BIN)/python -m pipeline evaluate --text $(CORPORA)

# Cost and behaviour of single parts; each prints what it compares with.
bench: $(READY)
	$(BIN)/python -m tests.benchmarks.html
	$(BIN)/python -m tests.benchmarks.text
	$(BIN)/python -m tests.benchmarks.names
	$(BIN)/python -m tests.benchmarks.duplicates

# The engine: its cost beside a bare pool, what changes cost, memory, growth. An hour at the full sizes; a short
# version in minutes: make bench-engine SIZES="--pages 300 --documents 1000 10000".
bench-engine: $(READY)
	$(BIN)/python -m tests.benchmarks.engine $(SIZES)

# The whole environment, pinned and hashed; run after editing the dependencies.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -o requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
