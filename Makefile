# `make run` and `make test` set up what they need, once, in .venv; it needs Python 3.11 or newer and make.
PYTHON ?= python3
VENV ?= .venv
OUT ?= out
# Folders with the texts of the gold documents; papers that are not free to pass on lie outside this repository.
CORPUS ?= corpus $(wildcard ../shared/corpus)

BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
TEST_READY := $(VENV)/.ready-test
# A Python with what a user gets and nothing else, and one with the programs that look at it.
INSTALLED := build/installed
TOOLS := build/tools/bin
TOOLS_READY := build/tools/.ready
RELEASE_TOOLS := 'build>=1.2' 'cyclonedx-bom>=7' 'pip-audit>=2.9' 'twine>=6' 'check-wheel-contents>=0.6'

.DEFAULT_GOAL := help
.PHONY: help run test test-all check scores bench model docs pictures build sbom dependencies audit-dependencies clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

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
	$(BIN)/pytest -n 2 -m "not long"
	$(MAKE) --no-print-directory scores

test-all: test ## test, then what takes long: random kills, more growing texts, 230,000 odd inputs, all that keeps a pattern busy
	$(BIN)/pytest -n 2 -m long
	EXTRACT_FUZZ=long $(BIN)/pytest tests/fuzz/test_linear.py
	PYTHONPATH=tests $(BIN)/python -m fuzz

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

build: $(TOOLS_READY) ## wheel and source package in dist/, checked; the same files give the same bytes
	rm -f dist/*.whl dist/*.tar.gz
	$(TOOLS)/python -m build
	$(TOOLS)/twine check --strict dist/*.whl dist/*.tar.gz
	$(TOOLS)/check-wheel-contents dist/*.whl

sbom: installed ## what the wheel brings with it, as CycloneDX in dist/; SOURCE_DATE_EPOCH gives it a date
	$(TOOLS)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --validate \
	  --output-file dist/review-extract.cdx.json $(INSTALLED)/bin/python

dependencies: $(TEST_READY) ## write the tables of docs/dependencies.md
	$(BIN)/python docs/dependencies.py

# --strict, since pip-audit passes over packages that its service does not answer for.
audit-dependencies: installed ## known vulnerabilities of what the wheel brings, which needs network
	$(TOOLS)/pip --python $(INSTALLED)/bin/python freeze --exclude review-extract > build/installed.txt
	$(TOOLS)/pip-audit --strict --disable-pip --no-deps --progress-spinner off --requirement build/installed.txt

# By name, since the path of a file would stand in the bill of materials.
.PHONY: installed
installed: build
	rm -rf $(INSTALLED)
	$(TOOLS)/python -m venv --without-pip $(INSTALLED)
	PIP_FIND_LINKS=dist $(TOOLS)/pip --python $(INSTALLED)/bin/python install --quiet --no-index --no-deps review-extract
	$(TOOLS)/pip --python $(INSTALLED)/bin/python install --quiet --only-binary :all: review-extract
	$(TOOLS)/pip --python $(INSTALLED)/bin/python check

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

$(TOOLS_READY): Makefile
	$(PYTHON) -m venv build/tools
	$(TOOLS)/pip install --quiet $(RELEASE_TOOLS)
	@touch $@
