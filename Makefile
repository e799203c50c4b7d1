# make setup | demo | test - the rest are parts of these, or for those who change the house.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
BIN := .venv/bin
# Three workers keep two cores busy: one of them is always waiting, for a browser or a server of its own
PYTEST := $(BIN)/pytest -n 3 --dist worksteal

# The tests start many a Python: what was compiled for one is kept for the next
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: setup demo demo-code demo-reset test lint style types engine coverage messages screenshot sbom audit lock clean chromium

# ---------------------------------------------------------------- set-up: each step leaves a file, so a second run is instant

setup: .venv/installed src/bostad/static/manifest.json src/bostad/locale/compiled

# pip would compile file after file; all cores take half the time
.venv/locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "bostad needs Python 3.11 or newer")'
	@echo "- Installing the locked packages (about a minute the first time) ..."
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-compile -r requirements.lock
	$(BIN)/python -m compileall -qq -j 0 .venv/lib
	@touch $@

.venv/installed: pyproject.toml .venv/locked
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

assets/node_modules/.package-lock.json: assets/package.json assets/package-lock.json assets/.npmrc .venv/locked
	$(BIN)/python assets/build.py install
	@touch $@

src/bostad/static/manifest.json: assets/build.py $(wildcard assets/src/*) assets/node_modules/.package-lock.json
	$(BIN)/python assets/build.py build

src/bostad/locale/compiled: $(wildcard src/bostad/locale/*/LC_MESSAGES/*.po) tools/messages.py .venv/installed
	$(BIN)/python tools/messages.py compile
	@touch $@

# ---------------------------------------------------------------- see it

demo: setup
	@$(BIN)/bostad demo --port $(PORT)

demo-code: setup
	@$(BIN)/bostad demo-code

demo-reset: setup
	@$(BIN)/bostad demo --port $(PORT) --reset

# ---------------------------------------------------------------- prove it

test:
	@$(MAKE) --no-print-directory --jobs 2 setup chromium lint engine
	$(PYTEST)

coverage: setup chromium
	$(PYTEST) --cov --cov-report=term

# The proofs in full: all, or one, as PART=noninterference, between_boards, matrix, schemathesis,
# extra_fields, revocation or timing.
# A long one can be split: SEED=1 PAIRS=5000 on one machine and SEED=251 PAIRS=5000 (20 pairs a seed) on another.
PART ?=
SEED ?= 1
PAIRS ?= 10000
CASES ?= 60
RACES ?= 10000
REPEATS ?= 200

prove: setup
	BOSTAD_PROOF_SEED=$(SEED) BOSTAD_PROOF_PAIRS=$(PAIRS) BOSTAD_PROOF_CELLS=1000000 BOSTAD_PROOF_CASES=$(CASES) \
	BOSTAD_PROOF_RACES=$(RACES) BOSTAD_PROOF_REPEATS=$(REPEATS) \
		$(BIN)/pytest -n 2 -q $(if $(PART),tests/proofs/test_$(PART).py,tests/proofs)

lint: style types

style: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports --no-logo

types: setup
	$(BIN)/mypy

# The first run compiles the engine, as the tests want it; otherwise each of their workers would
engine: setup
	@$(BIN)/python -c 'import tests, sys, bostad.cli; sys.exit(bostad.cli.main(sys.argv[1:]))' \
		match examples/sundsvall --date 2026-11-21 >/dev/null

# What drives Chromium runs on a Node.js that wants libatomic, which a small Debian lacks
chromium: setup
	@{ command -v chromium && $(BIN)/playwright --version; } >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update --quiet && DEBIAN_FRONTEND=noninteractive \
		apt-get install --yes --quiet --no-install-recommends chromium libatomic1; \
	else \
		echo "The browser tests need Chromium, which only root may install: please install the packages chromium and libatomic1."; \
		exit 1; \
	fi

# ---------------------------------------------------------------- change it

messages: setup
	$(BIN)/python tools/messages.py update
	$(BIN)/python tools/messages.py compile

screenshot: setup chromium
	$(BIN)/python tools/screenshot.py

# What a release is made of: every package of both locks, as CycloneDX
sbom: setup
	$(BIN)/python tools/sbom.py dist/sbom.json

# Known faults in the packages of both locks, asked of the registries' services: the network is needed. ONLY="name name" for some
ONLY ?=

audit: setup .venv-audit/installed
	$(BIN)/python -m tools.faults .venv-audit/bin/pip-audit $(ONLY)

.venv-audit/installed:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	@touch $@

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check uv
	.venv-lock/bin/uv pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes --no-header \
		--quiet --output-file requirements.lock

clean:
	rm -rf .venv .venv-lock .venv-audit assets/node_modules src/bostad/static dist .coverage* .*_cache
	find src -name '*.mo' -delete -o -name compiled -delete
