# Everything runs in its own environment, made from nothing but Python and make.
PYTHON ?= python3
# Another Python has an environment of its own: make test PYTHON=python3.13
VENV ?= .venv$(if $(filter-out python3,$(PYTHON)),-$(shell $(PYTHON) -c 'import platform; print(platform.python_version())'))
BIN := $(VENV)/bin
DEMO := out/demo

.PHONY: demo test conformance explore test-lowest coverage mutants audit lint verify fuzz faults load bench-hostile bench \
    bench-renew bench-plot bench-micro bench-choices clean

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

# The same examples are drawn in every run; explore draws new ones.
test: $(VENV)/.made
	$(BIN)/python -m pytest -n auto --dist loadgroup

# New examples for the property tests, a new seed each round, until MINUTES are over; what is found is kept in out/explore.
# WITHOUT="explain verify" leaves out test_explain.py and test_verify.py.
explore: $(VENV)/.made
	$(BIN)/python -m tests.properties.explore $(if $(MINUTES),--minutes $(MINUTES)) $(addprefix --without ,$(WITHOUT))

# Our associations against those of the reference, in a Python with jwst 3.0.0 that ASNSOLVE_REFERENCE_PYTHON names;
# `.ci/run` makes one. Without it these tests are skipped.
conformance: $(VENV)/.made
	$(BIN)/python -m pytest -n auto --dist loadgroup tests/conformance

# The mission's rules: nothing is found in them that is not declared.
verify: $(VENV)/.made
	$(BIN)/asnsolve verify

# Cases of bad input, spread over all doors; what is found is kept in out/fuzz. The tests run a few for each door.
CASES ?= 100000
fuzz: $(VENV)/.made
	$(BIN)/python -m tests.fuzz --cases $(CASES) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

# The tests with the lowest versions of all dependencies that pyproject.toml admits, on the lowest Python.
LOWEST := .venv-lowest

test-lowest: $(VENV)/.made-supply
	$(BIN)/uv venv --quiet --clear --python 3.11 $(LOWEST)
	$(BIN)/uv pip install --quiet --python $(LOWEST) --resolution lowest-direct --editable '.[test,dask]'
	$(BIN)/uv pip freeze --python $(LOWEST)
	$(LOWEST)/bin/python -m pytest -n auto --dist loadgroup

# What share of the lines and branches the tests reach, and what they do not.
coverage: export COVERAGE_FILE := $(CURDIR)/out/coverage/data # the same one wherever a test runs the program
coverage: $(VENV)/.made
	mkdir -p out/coverage && rm -f out/coverage/data*
	$(BIN)/coverage run -m pytest -q -n auto --dist loadgroup
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Which small changes of the code no test notices, tests/mutants/README.md; ONLY=solver.solving.groups takes one module.
mutants: $(VENV)/.made-mutants
	$(BIN)/python -m tests.mutants.run $(ONLY)

# Known vulnerabilities of all that is installed. It fails where PyPI cannot be asked about one of them.
audit: $(VENV)/.made-supply
	$(BIN)/python -m pip check
	mkdir -p out && $(BIN)/python -m pip freeze --exclude-editable >out/installed.txt
	$(BIN)/pip-audit --strict --disable-pip --no-deps --requirement out/installed.txt

# Tools that only one of these needs: .made-EXTRA has what pyproject.toml lists for it.
$(VENV)/.made-%: $(VENV)/.made
	$(BIN)/python -m pip install --quiet --editable '.[$*]'
	@touch $@

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
	rm -rf .venv* out mutants
