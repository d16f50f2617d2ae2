# One command each for what people do: demo, ui, test. `make check` is what CI runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
unexport PYTHONDONTWRITEBYTECODE # every command of the tests is a process, and reads what the last one compiled
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: install demo ui test test-slow check lint types browser benchmarks pictures mutants campaign clean help

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11) and "recpilot needs Python 3.11 or newer; say PYTHON=python3.11")'
	@echo "Installing recpilot into $(VENV) (once; some minutes) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade pip
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "Installing the test tools …"
	@$(PIP) --editable '.[test]'
	@touch $@

install: $(VENV)/.installed ## set up .venv with recpilot in it

demo: install ## tune a recommender on the demo data, 8 trials, offline
	@$(BIN)/recpilot demo

ui: install ## the page in the browser, on http://127.0.0.1:7860
	@$(BIN)/recpilot ui

browser: # Chromium for the browser tests, where apt can bring it; the tests say so where it cannot
	@command -v chromium >/dev/null || ! command -v apt-get >/dev/null \
		|| { SUDO=; [ "$$(id -u)" = 0 ] || SUDO="sudo -n"; \
		$$SUDO apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| echo "Chromium could not be installed; the browser tests will be skipped."

test: $(VENV)/.installed-test browser ## the tests, a real headless Chromium included
	@$(BIN)/python -m pytest -m "not slow" --numprocesses 3 --dist loadfile --no-loadscope-reorder

test-slow: $(VENV)/.installed-test ## the few tests that take a minute or more each
	@$(BIN)/python -m pytest -m slow

lint: $(VENV)/.installed-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(VENV)/.installed-test
	@$(BIN)/mypy

check: lint types test ## what CI runs: ruff, layers of imports, mypy strict, tests

benchmarks: $(VENV)/.installed-test ## measured, not tested: prints ratios and medians
	@for script in tests/benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

pictures: $(VENV)/.installed-test browser ## the pictures of README and docs, taken of a real study; some minutes
	@$(BIN)/python tests/benchmarks/pictures.py

AREA ?= metrics
mutants: $(VENV)/.installed-test ## small faults put in on purpose, and the share that the tests notice: AREA=metrics
	@$(PIP) --editable '.[mutation]'
	@$(BIN)/python -m tests.mutation.run $(AREA)

MINUTES ?= 5
SEED ?= 0
campaign: $(VENV)/.installed-test ## kills, faults and hostile input against the product, and what failed: MINUTES=5 SEED=0
	@$(BIN)/python -m tests.campaign --minutes $(MINUTES) --seed $(SEED)

clean: ## remove the virtual environment and caches
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
