# make        set up, run the experiment, say what came out and where the report is
# make install    set up and run nothing
# make CONFIG=studies/quick.yaml   the same for another experiment; ARGS are Snakemake's own options
# make test   set up, run the tests; make quicktest: the fast ones; make test-slow: the slow ones
# make test-slurm  set up with the Slurm plugin, run the tests on a Slurm of this machine (as root)
# make cluster  set up with the plugin that submits jobs to Slurm (docs/cluster.md)
# make ui     browse the runs (ARGS="--port 5050"); make bench: the engine against its peers;
# make docs   the documentation, build/site/index.html;
# make study PART=map: a part of the study (studies/reference/), kept in reports/study/parts/
# make study-report: the study's report from the parts that are there, in a minute
# make torture: kills, flipped bits and mutated configurations, for hours (docs/reliability.md);
# make bench-dag: planning of large experiments; make style: all checks

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST = PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n auto --dist loadgroup
QUICK := analysis claims data experiment recurrent storage tasks test_registry.py
PIP = $(BIN)/python -m pip install --quiet --constraint constraints.txt
# Left to make test: what compiles, simulates or starts other processes
LEFT := recurrent/test_build.py claims/test_simulation.py storage/test_abandoned.py data/test_splits.py
CONFIG ?= config.yaml
TORTURE := results/torture
PARTS = $(basename $(notdir $(wildcard studies/reference/*.yaml)))
export MPLBACKEND := agg

.PHONY: torture all install test quicktest test-slow test-slurm style bench bench-dag study study-report
.PHONY: cluster docs ui clean
.DEFAULT_GOAL := all

all: $(VENV)/.installed
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m timeshare.experiment.unlocking $(CONFIG)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/snakemake --logger timeshare --configfile $(CONFIG) $(ARGS)
	@echo
	@$(BIN)/python -m timeshare.report.ending $(CONFIG)

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "timeshare needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	@echo "Installing timeshare and the packages it needs into $(VENV): several minutes the first time ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@echo "Installing what tests and checks need into $(VENV) ..."
	@$(PIP) --editable '.[test,style]'
	@touch $@

$(VENV)/.benched: $(VENV)/.installed
	@echo "Installing what benchmarks compare with into $(VENV) ..."
	@$(PIP) --editable '.[bench]'
	@touch $@

$(VENV)/.cluster: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[slurm]'
	touch $@

cluster: $(VENV)/.cluster

$(VENV)/.documented: $(VENV)/.installed
	@echo "Installing what the documentation needs into $(VENV) ..."
	@$(PIP) --editable '.[docs]'
	@touch $@

docs: $(VENV)/.documented
	$(BIN)/sphinx-build -E -W --keep-going -n -q -b html docs build/site
	@echo "The documentation:  file://$(CURDIR)/build/site/index.html"

test: $(VENV)/.tested
	$(PYTEST) -m "not slow" $(ARGS)

quicktest: $(VENV)/.tested
	$(PYTEST) -m "not slow" $(QUICK:%=tests/%) $(LEFT:%=--ignore=tests/%) $(ARGS)

test-slow: $(VENV)/.tested $(VENV)/.documented
	$(PYTEST) -m "slow and not slurm" $(ARGS)

test-slurm: $(VENV)/.tested $(VENV)/.cluster
	$(PYTEST) -m slurm $(ARGS)

style: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive src workflow
	$(BIN)/lint-imports
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/snakemake --lint

torture: $(VENV)/.tested
	rm -rf $(TORTURE) && mkdir -p $(TORTURE)
	PYTHONPATH=. $(BIN)/python -m tests.tracking.kills $(TORTURE)/schema 12
	PYTHONPATH=. $(BIN)/python -m tests.reliability.flips $(TORTURE)/flips 500
	PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=. $(BIN)/python -m tests.reliability.kills $(TORTURE)/kills 38
	PYTHONPATH=. $(BIN)/python -m tests.reliability.mutations 100000 0 $(TORTURE)/broken.jsonl

bench: $(VENV)/.benched
	$(BIN)/python -m benchmarks.engine --output results/bench/engine.csv
	$(BIN)/python -m benchmarks.gates --output results/bench/gates.csv
	$(BIN)/python -m benchmarks.memory --output results/bench/memory.csv
	$(BIN)/python -m benchmarks.modules --output results/bench/modules.csv
	$(BIN)/python -m benchmarks.cuda --output results/bench/cuda.csv

bench-dag: $(VENV)/.installed
	$(BIN)/python -m benchmarks.dag --output results/bench/dag.csv

study: $(VENV)/.installed
	@test -f "studies/reference/$(PART).yaml" || { echo "PART='$(PART)' is no part of the study. Parts: $(PARTS)."; exit 2; }
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/snakemake part --logger timeshare --configfile studies/reference/$(PART).yaml $(ARGS)

study-report: $(VENV)/.installed
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/snakemake --snakefile workflow/study.smk $(ARGS)

ui: $(VENV)/.installed
	@$(BIN)/python -m timeshare.tracking --config $(CONFIG) $(ARGS)

clean:
	rm -rf $(VENV) results .snakemake
