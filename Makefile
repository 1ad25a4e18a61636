# The daily commands. `make demo` and `make test` need only Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test coverage lint format docs bench lock clean

demo: $(READY)  ## make the example city and its status, from raw extracts to report
	$(BIN)/kvarter demo --out kvarter-demo

test: $(READY) lint  ## everything CI checks
	$(BIN)/pytest

coverage: $(READY)  ## the same tests, and which lines none of them runs
	$(BIN)/pytest --cov=kvarter --cov-report=term-missing:skip-covered

lint: $(READY)  ## format, lint, types and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## put the code in house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)  ## rewrite the generated pages and check every link
	$(BIN)/python docs/build.py

bench: $(READY)  ## measure, side by side with peers in the same run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	$(BIN)/python benchmarks/match_addresses.py
	$(BIN)/python benchmarks/disclosure.py

lock:  ## choose new versions of the dependencies and write their hashes
	$(PYTHON) -m uv pip compile pyproject.toml --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -o requirements.txt
	$(PYTHON) -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -o requirements-dev.txt
	$(PYTHON) -m uv pip compile pyproject.toml --group bench --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-strip-extras --upgrade -c requirements-dev.txt -o requirements-bench.txt

clean:  ## remove what the commands above made
	rm -rf .venv kvarter-demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Kvarter needs Python 3.11 or newer; run for example: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@
