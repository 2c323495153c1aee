# Égide. `make setup` then `make letter` or `make serve`; `make test` judges everything. `make help` lists the rest.

PYTHON ?= python3
EDITION ?= editions/2026
DIAGNOSTIC ?= editions/diagnostic-62
BIN := .venv/bin
WORKERS ?= 2

.DEFAULT_GOAL := help
# Two syncs of one environment at the same time would break it.
.NOTPARALLEL:
# Where this is set, Python compiles all it imports at every start: two seconds of each build. Bytecode is not tracked.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help setup letter diagnostic serve docs test-setup system-tools test fast slow bench lock clean

help:  ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: .venv/core.stamp  ## Make .venv and install Égide in it

letter: setup  ## Build the Letter of EDITION (editions/2026)
	$(BIN)/egide letter build $(EDITION)
	@echo "Open the HTML page named above in a browser; the PDF and the open data are beside it."

diagnostic: setup  ## Build the report of a territorial diagnostic (editions/diagnostic-62) into build/diagnostic-62
	$(BIN)/egide diagnostic build $(DIAGNOSTIC)

serve: setup  ## Serve the registry's demo on this machine: its own PostgreSQL, an invented department
	$(BIN)/python manage.py serve

test-setup: .venv/test.stamp system-tools  ## Add the test tools; chromium, JDK and poppler come from apt

test: test-setup  ## Style, types, architecture, every test, 95 % of branches
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# Types take one processor: the loops are compiled on the other, once, before two workers would each do it.
	$(BIN)/pytest -q -n 0 -m machine_code $$(grep -rl mark.machine_code tests --include=*.py) & compiled=$$!; $(BIN)/mypy && $(BIN)/lint-imports && wait $$compiled
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not slow" --cov --cov-report=term --cov-fail-under=95

fast: .venv/test.stamp  ## Tests without the browser and the PDF judge, stop at the first failure
	$(BIN)/pytest -x -q -m "not browser and not pdfjudge"

docs: setup  ## Write the pages of docs/reference anew from the code
	$(BIN)/python docs/make_reference.py

slow: test-setup  ## The longest tests: every page of the site, a national year, the demo from nothing, all examples
	$(BIN)/pytest -m slow
	EGIDE_EXAMPLES=all $(BIN)/pytest -q -n $(WORKERS) tests/property

bench: setup  ## Run every script of benchmarks/
	@set -e; for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

# --no-emit-index-url and no annotation: a lock names packages and hashes, never where they were fetched.
COMPILE = $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-annotate \
	--no-header --python-version 3.11
lock: $(BIN)/uv  ## Remake the hash locks from requirements/*.in
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/core.in -o requirements/core.txt
	$(COMPILE) -c requirements/core.txt requirements/test.in -o requirements/test.txt

# build/store is kept: deliveries recorded there may be nowhere else.
clean:  ## Remove what was built and every cache; .venv and recorded deliveries stay
	if [ -d build ]; then find build -mindepth 1 -maxdepth 1 ! -name store -exec rm -rf {} +; fi
	rm -rf $(EDITION)/build .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf .import_linter_cache src/*.egg-info
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ---- the environment ----

APT = apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends

# Debian ships python3 without ensurepip: venv then fails half-way, so look first.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Égide needs Python 3.11 or later; try make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then $(APT) python3-venv >/dev/null; \
		else echo "Python's venv is missing: install the package python3-venv, then run make again."; exit 1; fi
	$(PYTHON) -m venv .venv

# uv is itself pinned by hash; plain pip installs it once.
$(BIN)/uv: requirements/uv.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

SYNC = $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/uv.txt
# Editable and without build isolation: setuptools comes from the lock, nothing else is fetched.
EGIDE = $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .

.venv/core.stamp: requirements/core.txt pyproject.toml $(BIN)/uv
	@rm -f .venv/test.stamp
	$(SYNC) requirements/core.txt
	$(EGIDE)
	@touch $@

# test.txt holds all of core.txt: after it, core is in place too.
.venv/test.stamp: requirements/test.txt requirements/core.txt pyproject.toml $(BIN)/uv
	$(SYNC) requirements/test.txt
	$(EGIDE)
	@touch .venv/core.stamp $@

system-tools:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v javac >/dev/null || missing="$$missing default-jdk-headless"; \
	command -v pdftotext >/dev/null || missing="$$missing poppler-utils"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then echo "Installing$$missing"; $(APT) $$missing >/dev/null; \
	else echo "The tests need these packages of the system:$$missing. Install them, then run make again."; exit 1; fi
