# Two commands: `make run` starts the app, `make test` runs every test.
# Both do all their own set-up; the second time they start in seconds.

PYTHON ?= python3
PORT ?= 8501
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

.PHONY: run test check lock clean

run: $(VENV)/.run
	@$(BIN)/kpss-geo app --port $(PORT)

test: $(VENV)/.test
	@KPSS_CHROMIUM="$$($(BIN)/python tools/find_browser.py)" $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "kpss_geo needs Python 3.11 or newer. Say which one: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python has no venv here. On Debian or Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the app needs (once, a few minutes) ..."
	@$(PIP) -r requirements.lock
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	@echo "Installing what the tests need (once) ..."
	@$(PIP) -r requirements-test.lock
	@touch $@

# For developers with uv: new pins after a change in pyproject.toml.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet
lock:
	$(LOCK) --extra roads pyproject.toml tools/build.in -o requirements.lock
	$(LOCK) --extra test --extra dev --extra roads -c requirements.lock pyproject.toml tools/build.in -o requirements-test.lock

clean:
	rm -rf $(VENV) .pytest_cache .hypothesis .mypy_cache .ruff_cache
