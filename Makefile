# Everything runs in its own environment, made from nothing but Python and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := out/demo

.PHONY: demo test lint faults load bench-hostile bench bench-renew bench-plot bench-micro bench-choices clean

$(VENV)/.made: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	@touch $@

# The main job on the pool of the repository: what is in it, its associations of both levels, whether a second way
# to find them gives the same, and whether they are right.
demo: $(VENV)/.made
	$(BIN)/asnsolve inspect benchmarks/demo_pool.csv --level program
	$(BIN)/asnsolve generate benchmarks/demo_pool.csv -p $(DEMO)/signatures --save-orphans
	$(BIN)/asnsolve generate benchmarks/demo_pool.csv -p $(DEMO)/constraint --engine constraint >/dev/null
	$(BIN)/asnsolve compare $(DEMO)/signatures $(DEMO)/constraint
	$(BIN)/asnsolve check benchmarks/demo_pool.csv $(DEMO)/signatures
	@echo
	@echo "One of the files, $(DEMO)/signatures/jw01001-c1001_coron3_00001_asn.json:"
	@cat $(DEMO)/signatures/jw01001-c1001_coron3_00001_asn.json

test: $(VENV)/.made
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.made
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Runs that something happens to at every operation on files, and RUNS of them at random moments.
RUNS ?= 1000
faults: $(VENV)/.made
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.faults.operations SIGKILL SIGTERM SIGINT ENOSPC EROFS full
	$(BIN)/python -m tests.faults.moments --runs $(RUNS)

# Ten thousand pools in a run, many runs at once, threads, and a thousand calls in a process.
load: $(VENV)/.made
	$(BIN)/python -m benchmarks.load

# Pools that are made to cost as much as can be; RENEW=1 renews the table of benchmarks/README.md.
bench-hostile: $(VENV)/.made
	$(BIN)/python -m benchmarks.hostile $(if $(RENEW),--renew)

# What the benchmarks draw and compare with, which nothing else needs.
$(VENV)/.made-bench: $(VENV)/.made
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

# benchmarks/README.md tells what these measure. ALL=1 adds the workloads that take long, ONLY=NAME takes one;
# REFERENCE=SECONDS is how long the reference may run for a workload.
BENCH := $(BIN)/python -m benchmarks.table $(if $(ONLY),--only "$(ONLY)") $(if $(REFERENCE),--reference $(REFERENCE))

bench: $(VENV)/.made
	$(BENCH) $(if $(ALL),--all)

bench-plot: $(VENV)/.made-bench
	$(BIN)/python -m benchmarks.plot

bench-micro: $(VENV)/.made-bench
	$(BIN)/python -m pytest benchmarks/micro/bench_stages.py --benchmark-disable-gc \
	    --benchmark-columns=min,median,max,rounds --benchmark-sort=name

bench-choices: $(VENV)/.made-bench
	$(BIN)/python -m benchmarks.choices

# Measures everything anew, and renews the results, the plot and the figures of the pages that are committed.
bench-renew: $(VENV)/.made-bench
	$(BENCH) --renew
	$(BIN)/python -m benchmarks.choices --renew

clean:
	rm -rf $(VENV) .venv-reference out
