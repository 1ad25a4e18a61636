# The daily commands. `make demo` and `make test` need only Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
READY := .venv/.ready
TOOLS := .venv/.tools
SITE := .venv/.site

.PHONY: demo site test coverage lint format docs look bench lock clean

demo: $(READY)  ## make the example city and its status, from raw extracts to report
	$(BIN)/kvarter demo --out kvarter-demo

site: $(SITE)  ## serve the example as a site; after `make demo`
	$(BIN)/kvarter serve --demo

test: $(TOOLS) lint  ## everything CI checks
	$(BIN)/pytest

coverage: $(TOOLS)  ## the same tests, and which lines none of them runs
	$(BIN)/pytest --cov=kvarter --cov-report=term-missing:skip-covered

lint: $(TOOLS)  ## format, lint, types and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TOOLS)  ## put the code in house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m kvarter.i18n.sort

docs: $(TOOLS)  ## rewrite the generated pages and check every link
	$(BIN)/python docs/build.py

look:  ## take Det Fælles Designsystem and Vega out of their packages again; needs npm
	cd $$(mktemp -d) && npm pack --silent dkfds@11.2.0 vega@6.4.0 vega-interpreter@2.3.2 && $(CURDIR)/$(BIN)/python -m kvarter.web.ui.vendor .

bench: $(TOOLS)  ## measure, side by side with peers in the same run
	$(PIP) --require-hashes -r requirements-bench.txt
	$(BIN)/python benchmarks/match_addresses.py
	$(BIN)/python benchmarks/suggest.py --city
	$(BIN)/python benchmarks/disclosure.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/protect.py

lock:  ## choose new versions of the dependencies and write their hashes
	$(PYTHON) -m uv pip compile pyproject.toml --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -o requirements.txt
	$(PYTHON) -m uv pip compile pyproject.toml --extra site --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -o requirements-dev.txt
	$(PYTHON) -m uv pip compile pyproject.toml --extra site --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -c requirements-dev.txt -o requirements-site.txt
	$(PYTHON) -m uv pip compile --group build --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -c requirements-dev.txt -o requirements-build.txt
	$(PYTHON) -m uv pip compile pyproject.toml --group bench --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -c requirements-dev.txt -o requirements-bench.txt

clean:  ## remove what the commands above made
	rm -rf .venv kvarter-demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What Kvarter needs to run, and the few packages that install a checkout of it.
$(READY): requirements.txt requirements-build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Kvarter needs Python 3.11 or newer; run for example: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing what Kvarter needs into .venv (some minutes the first time) ..."
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --require-hashes -r requirements-build.txt
	$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

# What the site needs besides.
$(SITE): $(READY) requirements-site.txt
	$(PIP) --require-hashes -r requirements-site.txt
	@touch $@

# And what its developers need besides.
$(TOOLS): $(READY) requirements-dev.txt
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
