# Two commands for a newcomer: `make run` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8080
OPTIQ_HOME ?= .optiq
SAMPLE ?= 1
EXAMPLES ?= 2000
CORES := $(shell $(PYTHON) -c "import os; print(os.cpu_count() or 1)")
# Tests wait for processes and browsers about as long as they work.
WORKERS ?= $(shell expr 2 \* $(CORES))
# A worker takes whole files, in the order that they are collected in.
BY_FILE := --dist loadfile --no-loadscope-reorder
CHOSEN = $(if $(CPU),--cpu) $(if $(CTX),$(wildcard tests/*/$(CTX)))
export PORT OPTIQ_HOME SAMPLE
# A run starts some hundred processes; without its bytecode each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-system context test-slow fuzz mutations check lint format types imports test-deployed bench bench-attribution bench-fairness bench-ads bench-alerts bench-billing bench-feedback build tracker console reference docs locks clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

run: $(VENV)/.run ## The whole system on this machine, with sample data
	@exec $(BIN)/optiq up

test: $(VENV)/.dev ## The test suite; CTX=links for the tests of one context, CPU=1 to see what takes long
	$(BIN)/pytest -m "not deployed and not slow and not system and not browser" --numprocesses $(WORKERS) $(BY_FILE) $(CHOSEN)

test-system: $(VENV)/.dev ## Tests that start the whole system, and those in a browser (needs `chromium`); CTX and CPU as for test
	$(BIN)/pytest -m "(system or browser) and not deployed and not slow" --numprocesses $(WORKERS) $(BY_FILE) $(CHOSEN)

context: $(VENV)/.dev ## Write the files of a new context: NAME=coupons ENTITY=coupon
	$(BIN)/python -m scripts.new_context $(NAME) $(ENTITY)
	@$(BIN)/ruff check --quiet --fix . && $(BIN)/ruff format --quiet .

test-slow: $(VENV)/.dev ## Kill the running system again and again; try more examples; measure on a small scale
	$(BIN)/pytest -m slow --numprocesses $(CORES) $(BY_FILE)
	OPTIQ_FUZZ_EXAMPLES=50 $(BIN)/pytest -m "(hypothesis or any_order) and not slow" --numprocesses $(WORKERS) $(BY_FILE)

fuzz: $(VENV)/.dev ## Look for requests that break something, for many minutes
	OPTIQ_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -m "hypothesis and not slow" --numprocesses $(WORKERS) $(BY_FILE)
	OPTIQ_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/functional/fuzz tests/functional/journeys tests/system/test_every_route.py

mutations: $(VENV)/.dev ## Break rules of security and durability on purpose: tests must notice each
	$(BIN)/python -m tests.mutations.run

check: lint types imports ## Everything a change must pass besides the tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev ## Sort imports, and write code in one form
	$(BIN)/ruff check --quiet --fix --select I .
	$(BIN)/ruff format --quiet .

types: $(VENV)/.dev
	$(BIN)/mypy
	node_modules/.bin/tsc -p console

imports: $(VENV)/.dev
	$(BIN)/lint-imports

build: $(VENV)/.run ## Third-party layers for Lambda (ARM64), under build/
	$(BIN)/python -m scripts.build_layers

tracker: $(VENV)/.tools ## The served form of the tracker, after a change to its source
	$(BIN)/python -m scripts.build_tracker

test-deployed: $(VENV)/.dev build ## Deploy the synthesised template onto an AWS emulator and follow one visit
	$(BIN)/python -m scripts.deployed_environment
	$(BIN)/pytest -m deployed

bench: $(VENV)/.dev ## Measure speed and cost, as ratios in one run
	$(BIN)/python -m tests.performance.bench

bench-attribution: $(VENV)/.dev ## Measure attribution of 10 M touches, beside reading them and other libraries
	$(BIN)/python -m tests.performance.attribution_at_scale

bench-fairness: $(VENV)/.dev ## Measure what others' load costs a quiet tenant, as ratios beside their goals
	$(BIN)/python -m tests.performance.bench_fairness

bench-ads: $(VENV)/.dev ## Measure what reading advertising accounts costs, beside its targets
	$(BIN)/python -m tests.performance.ads

bench-alerts: $(VENV)/.dev ## Measure sweeps of alert rules, and how often the detector is wrong, beside their goals
	$(BIN)/python -m tests.performance.alerts
	$(BIN)/python -m tests.performance.odd_days

bench-billing: $(VENV)/.dev ## Measure what billing costs, beside its goals
	$(BIN)/python -m tests.performance.bench_billing

bench-feedback: $(VENV)/.dev ## Measure what telling platforms a conversion costs, beside its goals
	$(BIN)/python -m tests.performance.conversion_feedback

console: $(VENV)/.tools ## The served form of the console, after a change to its source
	$(BIN)/python -m scripts.build_console

reference: $(VENV)/.dev ## Renew what draws /docs, after a change in scripts/reference
	npm ci --prefix scripts/reference --legacy-peer-deps --silent
	$(BIN)/python -m scripts.build_reference

docs: $(VENV)/.dev ## Renew what is generated from code: access patterns, pictures, schemas, OpenAPI, the console's types
	$(BIN)/python -m scripts.build_docs
	$(BIN)/python -m scripts.build_pictures
	$(BIN)/python -m scripts.build_schemas
	$(BIN)/python -m scripts.build_openapi
	$(BIN)/python -m scripts.build_console_types
	$(BIN)/python -m scripts.build_console

locks: $(VENV)/.dev ## Renew the hashed requirement locks
	$(BIN)/python -m scripts.lock_requirements

clean: ## Remove everything that can be made again (not the data under OPTIQ_HOME)
	rm -rf $(VENV) build cdk.out node_modules

$(VENV)/.tools: scripts/preflight.sh package-lock.json
	@sh scripts/preflight.sh "$(PYTHON)"
	@$(PYTHON) -m venv $(VENV)
	@npm ci --silent --no-audit --no-fund
	@touch $@

$(VENV)/.run: $(VENV)/.tools requirements/local.txt pyproject.toml functions/gateway/health.py
	@echo "Installing Optiq's dependencies into $(VENV) (about a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/local.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
