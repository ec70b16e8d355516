# Everything runs in an environment of its own, which needs only Python and make.
PYTHON ?= python3
# Each Python has its own environment: make test PYTHON=python3.13
VENV ?= .venv$(if $(filter-out python3,$(PYTHON)),-$(shell $(PYTHON) -c 'import platform; print(platform.python_version())'))
BIN := $(VENV)/bin
DEMO := out/demo
comma := ,

.PHONY: demo demo-files test conformance explore test-lowest coverage mutants audit lint verify docs notebooks release fuzz faults load \
    bench-hostile bench bench-renew bench-plot bench-micro bench-choices clean

# uv installs in a fifth of pip's time, and leaves it to Python to compile what is used; pip does where uv cannot.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[$(1)]' \
    || $(BIN)/python -m pip install --quiet --no-compile --editable '.[$(1)]'

$(VENV)/.made: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	-$(BIN)/python -m pip install --quiet --no-compile uv
	$(call INSTALL,test$(comma)lint)
	@touch $@

# The main job on the repository's pool: what it contains, its associations of both levels, whether a second engine
# finds the same, and whether they are right.
demo: $(VENV)/.made
	$(BIN)/asnsolve inspect benchmarks/demo_pool.csv --level program
	$(BIN)/asnsolve generate benchmarks/demo_pool.csv -p $(DEMO)/signatures --save-orphans
	$(BIN)/asnsolve generate benchmarks/demo_pool.csv -p $(DEMO)/constraint --engine constraint >/dev/null
	$(BIN)/asnsolve compare $(DEMO)/signatures $(DEMO)/constraint
	$(BIN)/asnsolve check benchmarks/demo_pool.csv $(DEMO)/signatures
	@echo
	@echo "One of the files, $(DEMO)/signatures/jw01001-c1001_coron3_00001_asn.json:"
	@cat $(DEMO)/signatures/jw01001-c1001_coron3_00001_asn.json

# The folder of downloaded files that README works on.
demo-files: $(VENV)/.made
	$(BIN)/python -m benchmarks.simulated_files mastDownload
	@echo "18 simulated exposures and a product of Level 3 are in mastDownload"

# Without bytecode each process that a test starts would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

# Every run draws the same examples; explore draws new ones.
test: $(VENV)/.made
	$(BIN)/python -m pytest -n auto --dist loadgroup

# New examples for the property tests, with a new seed each round, for MINUTES; findings are kept in out/explore.
# WITHOUT="explain verify" leaves out test_explain.py and test_verify.py.
explore: $(VENV)/.made
	$(BIN)/python -m tests.properties.explore $(if $(MINUTES),--minutes $(MINUTES)) $(addprefix --without ,$(WITHOUT))

# Our associations against those of the reference, in the Python with jwst 3.0.0 that ASNSOLVE_REFERENCE_PYTHON names;
# `.ci/run` makes one. Without it these tests are skipped.
conformance: $(VENV)/.made
	ASNSOLVE_THOROUGH=1 $(BIN)/python -m pytest -n auto --dist loadgroup tests/conformance

# The mission's rules: every finding must be declared, and its witness pool must show it.
verify: $(VENV)/.made
	$(BIN)/asnsolve verify
	ASNSOLVE_THOROUGH=1 $(BIN)/python -m pytest -q tests/unit/verification/test_mission.py

# The documentation, in out/docs/html/index.html. A warning is an error, and so is a link within it that leads nowhere.
docs: $(VENV)/.made-docs
	$(BIN)/python -m sphinx --builder html --fail-on-warning --keep-going --quiet --fresh-env --write-all \
	    --doctree-dir out/docs/doctrees docs out/docs/html
	@echo "written to out/docs/html/index.html"

# Run the notebooks and keep what they print; `make docs` compares.
notebooks: $(VENV)/.made-docs
	PYTHONPATH=docs/_ext $(BIN)/python -c 'from asnsolve_docs.notebooks import renew; renew()'

# The fragments in changes/ become a section of docs/CHANGELOG.md: make release VERSION=0.3.0
release: $(VENV)/.made
	$(BIN)/python changes/release.py $(VERSION)

# Bad input, spread over all entry points; findings are kept in out/fuzz. The tests run a few cases for each.
CASES ?= 100000
fuzz: $(VENV)/.made
	$(BIN)/python -m tests.fuzz --cases $(CASES) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

# The tests with the lowest versions of all dependencies that pyproject.toml allows, on the lowest Python.
LOWEST := .venv-lowest

test-lowest: $(VENV)/.made-supply
	$(BIN)/uv venv --quiet --clear --seed --python 3.11 $(LOWEST)
	$(BIN)/uv pip install --quiet --python $(LOWEST) --resolution lowest-direct --editable '.[test,dask]'
	$(BIN)/uv pip freeze --python $(LOWEST)
	$(LOWEST)/bin/python -m pytest -n auto --dist loadgroup

# The share of lines and branches that the tests reach, and those that they miss.
# What is counted is kept in one place, wherever a test runs the program.
coverage: export COVERAGE_FILE := $(CURDIR)/out/coverage/data
coverage: $(VENV)/.made
	mkdir -p out/coverage && rm -f out/coverage/data*
	$(BIN)/coverage run -m pytest -q -n auto --dist loadgroup
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Small changes of the code that no test notices, tests/mutants/README.md; ONLY=solver.solving.groups takes one module.
mutants: $(VENV)/.made-mutants
	$(BIN)/python -m tests.mutants.run $(ONLY)

# Known vulnerabilities of everything installed. It fails if PyPI cannot be asked about a package.
audit: $(VENV)/.made-supply
	$(BIN)/python -m pip check
	mkdir -p out && $(BIN)/python -m pip freeze --exclude-editable >out/installed.txt
	$(BIN)/pip-audit --strict --disable-pip --no-deps --requirement out/installed.txt

# Tools that only one target needs: .made-EXTRA has what pyproject.toml lists for it.
$(VENV)/.made-%: $(VENV)/.made
	$(call INSTALL,$*)
	@touch $@

lint: $(VENV)/.made
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	@if command -v npx >/dev/null; then npx --yes --package typescript@5.9.3 tsc --project tests/browser; \
	else echo "npx cannot be had here: the types of the report's scripts are not checked"; fi

# Runs disturbed at every file operation, and RUNS runs disturbed at random moments.
RUNS ?= 1000
faults: $(VENV)/.made
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.faults.operations SIGKILL SIGTERM SIGINT ENOSPC EROFS full
	$(BIN)/python -m tests.faults.moments --runs $(RUNS)

# Ten thousand pools in a run, many runs at once, threads, and a thousand calls in a process.
load: $(VENV)/.made
	$(BIN)/python -m benchmarks.load

# Pools made to be as costly as possible; RENEW=1 renews the table of benchmarks/README.md.
bench-hostile: $(VENV)/.made
	$(BIN)/python -m benchmarks.hostile $(if $(RENEW),--renew)

# benchmarks/README.md explains what these measure. ALL=1 adds the long workloads, ONLY=NAME takes one;
# REFERENCE=SECONDS limits the time of the reference for each workload.
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

# Measures everything again, and renews the committed results, the plot, and the figures in the pages.
bench-renew: $(VENV)/.made-bench
	$(BENCH) --renew
	$(BIN)/python -m benchmarks.choices --renew

clean:
	rm -rf .venv* out mutants
