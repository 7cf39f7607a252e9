# `make run` and `make test` set up what they need, once, in .venv; it needs Python 3.11 or newer and make.
PYTHON ?= python3
VENV ?= .venv
OUT ?= out
# Folders with the texts of the gold documents; papers that are not free to pass on lie outside this repository.
CORPUS ?= corpus $(wildcard ../shared/corpus)

BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
TEST_READY := $(VENV)/.ready-test

.DEFAULT_GOAL := help
.PHONY: help run test check scores bench model docs pictures build clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: $(RUN_READY) ## extract the sample reviews and the papers in corpus/sources into out/, show the results of one
	@set -- corpus/samples/*.md corpus/samples/*.pdf corpus/samples/*.nxml; \
	for file in corpus/sources/*; do \
	  case "$$(printf %s "$$file" | tr A-Z a-z)" in \
	    *.pdf|*.xml|*.nxml|*.jats|*.html|*.htm|*.xhtml|*.txt|*.text|*.md|*.markdown) set -- "$$@" "$$file" ;; \
	  esac; \
	done; \
	$(BIN)/extract run "$$@" -o "$(OUT)"
	@$(BIN)/extract show corpus/samples/haematology.md --table outcomes --head 15
	@echo "All tables are in $(OUT)/. Next: $(BIN)/extract show corpus/samples/haematology.md"
	@echo "Your own papers: $(BIN)/extract corpus add FILE or fetch DOI, then make run again"

test: check $(TEST_READY) ## everything that must hold: check, tests, scores no worse than the baseline
	$(BIN)/pytest -n 2
	$(MAKE) --no-print-directory scores

check: $(TEST_READY) ## lint, types, layers
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

scores: $(TEST_READY) ## score against the gold and compare with gold/baseline.json
	$(BIN)/extract evaluate --corpus $(CORPUS) --check-baseline

bench: $(TEST_READY) ## run the benchmarks
	@for script in benchmarks/startup.py benchmarks/text.py benchmarks/growth.py benchmarks/pdf.py benchmarks/batch.py benchmarks/audit.py benchmarks/report.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

.PHONY: peers
peers: $(TEST_READY) ## compare with other programs, each set up in an environment of its own
	-$(BIN)/python benchmarks/peers.py --make
	$(BIN)/python benchmarks/peers.py

model: $(RUN_READY) ## write models/review_trials for spacy.load and its model card
	$(BIN)/extract model build --corpus $(CORPUS)

docs: $(TEST_READY) ## write the data dictionary and the command output that README.md and docs/ quote
	$(BIN)/python docs/refresh.py --corpus $(CORPUS)

pictures: $(TEST_READY) ## make the pictures of docs/ anew, which needs Chromium
	$(BIN)/python docs/pictures.py

build: $(TEST_READY) ## wheel and source package in dist/
	$(BIN)/python -m build

clean: ## remove .venv and everything made
	rm -rf "$(VENV)" "$(OUT)" dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "extract needs Python 3.11 or newer; name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv "$(VENV)"

$(RUN_READY): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(TEST_READY): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(RUN_READY)
