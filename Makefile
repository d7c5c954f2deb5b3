# What can be done with this checkout? `make help` lists it. Needs git, make and Python 3.11 or newer; nothing else.

# The first Python that is new enough; `make PY=/path/to/python3.12 test` chooses another one.
PY ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
# What the second database could answer otherwise; who may open a page and how it looks is asked once, and the demo has its own.
ON_POSTGRES := tests/browser/test_referral.py tests/browser/test_journey.py tests/browser/test_intake.py tests/web \
	--ignore=tests/web/test_matrix.py --ignore=tests/web/test_access.py --ignore=tests/web/test_words.py --ignore=tests/web/demo
# What each test sent to the first one; tests that would only repeat others are left out on the second.
STATEMENTS := .pytest_cache/statements
# What reaches every branch of daybreak/clinical.
RULES := tests/clinical tests/agreement tests/journeys
# Two more than there are cores: many tests wait for a browser, a server or a disk.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 2)))
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What was compiled once is kept: each worker and each program that a test starts would do it again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo browser test test-fast prove mutants check lint bench docs lock clean

help:
	@echo "make demo        run a made-up clinic with sixty-three patients on this machine; Ctrl-C stops it"
	@echo "make test        every test, also in a browser; every branch of daybreak/clinical is reached; the clinic on both databases"
	@echo "make test-fast   the same tests without browser and without counting branches, until the first failure"
	@echo "make prove       every test with many more generated examples"
	@echo "make mutants     change every place of daybreak/clinical once and count what no test notices"
	@echo "make check       style, types, the knowledge files and the rules of the house"
	@echo "make bench       measure; ONLY=screen-folder measures one; writes benchmarks/results.json"
	@echo "make docs        write docs/knowledge.md from the knowledge files"
	@echo "make lock        choose the versions in requirements.lock again"
	@echo "make clean       remove caches and results (.venv stays)"

demo: $(READY)
	@$(BIN)/daybreak demo

# The first two run beside each other, and what the shorter one says is shown when both are over. Branches are counted where
# the rules are tried, because counting doubles the time of what it watches.
test: $(READY) browser
	@rm -rf $(STATEMENTS) && mkdir -p .pytest_cache && { \
		$(BIN)/python -m pytest $(RULES) --cov --cov-branch --cov-fail-under=100 \
			--cov-report=term-missing:skip-covered >.pytest_cache/clinical.txt 2>&1 & rules=$$!; trap "kill $$rules; exit 130" INT TERM; \
		echo "The clinic on SQLite, and all that is neither clinic nor rules"; \
		DAYBREAK_STATEMENTS=$(STATEMENTS) $(PYTEST) $(RULES:%=--ignore=%); clinic=$$?; \
		echo "The rules"; wait $$rules; rules=$$?; cat .pytest_cache/clinical.txt; \
		exit $$((clinic || rules)); }
	@echo "The clinic once more, on PostgreSQL: every statement that it sends, and what was typed" \
		&& DAYBREAK_STATEMENTS=$(STATEMENTS) DAYBREAK_TEST_DATABASE=postgres $(PYTEST) $(ON_POSTGRES)
	@$(BIN)/python -m tests.browser.chromium

test-fast: $(READY)
	@$(PYTEST) -x --ignore=tests/browser

# A browser for the tests with letters for its Chinese pages, once. Root installs it; without it the tests say so at the end.
browser:
	@[ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || [ -n "$$DAYBREAK_CHROMIUM" ] \
		|| { command -v chromium-headless-shell >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .; } \
		|| { echo "Installing Chromium without windows and a font for Chinese (once)" && apt-get -qq update \
		&& { apt-get -qq install -y chromium-headless-shell fonts-noto-cjk || apt-get -qq install -y chromium fonts-noto-cjk; } >/dev/null; } || echo "chromium could not be installed"

prove: $(READY)
	@DAYBREAK_DEEP=1 $(PYTEST)

# every place of clinical changed once: a test must notice (about half an hour on two cores)
mutants: $(READY)
	@$(BIN)/mutmut run >/dev/null; $(BIN)/mutmut results --all true | awk '{print $$NF}' | sort | uniq -c

check: lint
	@echo "Rules of the house" && $(BIN)/python -m pytest tests/house

# what no test asks
lint: $(READY)
	@echo "Style" && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "Types" && $(BIN)/mypy
	@echo "Knowledge" && $(BIN)/daybreak knowledge check

bench: $(READY)
	@$(BIN)/python -m benchmarks $(ONLY)

docs: $(READY)
	@$(BIN)/python docs/generate.py

# setuptools is in the lock because it builds the package; with it no build reaches for anything that has no hash.
lock: $(READY)
	@$(BIN)/python -m pip install --quiet uv
	@echo "setuptools>=77" | $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra web --extra postgres --extra outcomes --extra dev \
		pyproject.toml - --output-file requirements.lock
	@echo "requirements.lock is written: $$(grep -c == requirements.lock) packages"

clean:
	@rm -rf build dist htmlcov mutants .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis benchmarks/results.json
	@find daybreak tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, once for each state of the lock: the lock names every package, so pip resolves nothing (--no-deps); what
# came out since cannot slip in, and `pip check` finds what the lock forgot. Where Python came without venv, root can mend that and others are told.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PY)" || { echo "Daybreak needs Python 3.11 or newer, and none was found. Install one, or name it: make PY=/path/to/python3.11"; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Daybreak needs Python 3.11 or newer; $(PY) is not. Name another one: make PY=/path/to/python3.11"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PY) -c 'import ensurepip, venv' 2>/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing python3-venv, which this Python came without" \
		&& apt-get -qq update && apt-get -qq install -y python3-venv >/dev/null; } || \
		{ echo "This Python came without the module venv. Ask the administrator to install it (Debian, Ubuntu: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making .venv with $$($(PY) --version)" && $(PY) -m venv --clear .venv; }
	@echo "Installing the packages of requirements.lock (once; a minute or so)"
	@$(BIN)/python -m pip install --quiet --no-compile --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip check > $@.check || { cat $@.check; exit 1; }
	@touch $@
