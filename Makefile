# make        lists what can be made
# make run    sets up, runs the pipeline on seeds/ into ./lake, shows what landed
# make test   sets up, lints, type-checks and runs every test

.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# A fixed date, so that the next run replaces what this one landed instead of finding copies of it.
SEEDS_DATE := 2026-01-01

# The first interpreter of a fit version; pyenv's are tried last, since its shims may refuse to start.
FIND_PYTHON = for python in "$$PYTHON" python3.13 python3.12 python3 \
	"$$HOME"/.pyenv/versions/3.13*/bin/python "$$HOME"/.pyenv/versions/3.12*/bin/python; do \
	  [ -n "$$python" ] && "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 14))' \
	    >/dev/null 2>&1 && echo "$$python" && break; done

.PHONY: help setup run test lint types pytest docs site lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(VENV)/.runtime ## make .venv with the locked dependencies and the newsmill command

run: setup ## run the pipeline on seeds/ into ./lake and show what landed
	@$(BIN)/newsmill run seeds --lake lake --date $(SEEDS_DATE)

test: lint types pytest ## lint, type-check, and run every test

$(VENV)/bin/python:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
	  echo "newsmill needs Python 3.12 or 3.13 with the venv module; install one, or name it: make PYTHON=/path/to/python3.13" >&2; \
	  exit 1; \
	fi; \
	echo "using $$("$$python" --version) ($$python)"; \
	"$$python" -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python requirements/runtime.lock pyproject.toml
	@$(call install,runtime)
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.lock pyproject.toml
	@$(call install,dev)
	@touch $@ $(VENV)/.runtime

# The lock is complete, so nothing is resolved (older versions of pip refuse its extras) and the result is checked.
# The project itself is installed from the tree, with the locked setuptools, so that edits count at once.
define install
echo "installing the locked $(1) dependencies"; \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/$(1).lock && \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e . && \
$(BIN)/python -m pip check
endef

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

# mypy cannot follow the mapping of flows/, tasks/ and schemas/ into the package, so it is shown a tree of links.
types: $(VENV)/.dev
	@rm -rf .typing && mkdir -p .typing/newsmill
	@for part in src/newsmill/* flows tasks schemas; do ln -s ../../$$part .typing/newsmill/; done
	@MYPYPATH=.typing $(BIN)/mypy

pytest: $(VENV)/.dev
	@$(BIN)/pytest

docs: $(VENV)/.dev ## write the generated documents again
	@$(BIN)/python -m newsmill.schemas.dictionary > docs/data-dictionary.md
	@$(BIN)/python -m newsmill.schemas.warehouses > docs/warehouses.md
	@$(BIN)/python -m tests.layers --write

site: $(VENV)/.dev ## write the website of docs/ into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: ## resolve the dependencies again (needs uv)
	@uv pip compile pyproject.toml --universal --python-version 3.12 --generate-hashes --no-header --no-annotate \
	  --quiet --output-file requirements/runtime.lock
	@uv pip compile pyproject.toml --extra cluster --universal --python-version 3.12 --generate-hashes --no-header \
	  --no-annotate --quiet --constraints requirements/runtime.lock --output-file requirements/cluster.lock
	@uv pip compile pyproject.toml --group dev --universal --python-version 3.12 --generate-hashes --no-header \
	  --no-annotate --quiet --constraints requirements/runtime.lock --output-file requirements/dev.lock

clean: ## remove what was made, except lakes
	@rm -rf $(VENV) .typing .mypy_cache .pytest_cache .ruff_cache build site *.egg-info
