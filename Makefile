# Everything runs in its own environment, made from nothing but Python and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := out/demo

.PHONY: demo test lint bench clean

$(VENV)/.made: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	@touch $@

# The main job on the pool of the repository: what is in it, and its associations.
demo: $(VENV)/.made
	$(BIN)/asnsolve inspect benchmarks/demo_pool.csv --level program
	$(BIN)/asnsolve generate benchmarks/demo_pool.csv -p $(DEMO) --save-orphans
	@echo
	@echo "One of the files, $$(ls $(DEMO)/*_image3_00001_asn.json | head -n 1):"
	@cat "$$(ls $(DEMO)/*_image3_00001_asn.json | head -n 1)"

test: $(VENV)/.made
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(VENV)/.made
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/.made
	$(BIN)/python -m benchmarks.table

clean:
	rm -rf $(VENV) .venv-reference out
