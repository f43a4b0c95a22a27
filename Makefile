# Needs Python 3.11 or later and PyPI; everything else is made in .venv.

ifndef PYTHON
PYTHON := $(shell for python in python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
endif

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
FLASK := $(BIN)/python -m flask --app app

.DEFAULT_GOAL := help
.PHONY: help run test check bench science soak e2e image screens pins sbom release chromium secret-key
.DELETE_ON_ERROR:

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run secret-key ## set up, fill a demo club into an empty database, serve
	@$(FLASK) migrate
	@$(FLASK) demo
	@exec $(FLASK) serve

test: $(VENV)/.test ## set up and run the whole test suite
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: $(VENV)/.test ## lint, types, import contracts, known advisories
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.advisories

sbom: $(VENV)/.test ## write sbom.cdx.json: what an installation consists of, in CycloneDX
	@$(BIN)/cyclonedx-py requirements --output-format JSON --output-file sbom.cdx.json requirements.txt

bench: $(VENV)/.test ## measure, as ratios to what the machine can do
	@$(BIN)/python -m tests.bench $(ARGS)

science: $(VENV)/.test ## try the models on public data, and the tests of messages in simulated clubs
	@$(BIN)/python -m tests.science $(ARGS)

soak: $(VENV)/.test ## live through two years of a club of 10,000, a file and a night of 100,000, an upgrade under load and 200 kills, and draw many random histories
	@$(BIN)/python -m tests.soak $(ARGS)
	@$(BIN)/python -m tests.soak.files
	@$(BIN)/python -m tests.soak.files --database postgresql
	@$(BIN)/python -m tests.soak.upgrade
	@$(BIN)/python -m tests.soak.upgrade --database postgresql
	@$(BIN)/python -m tests.soak.kills
	@$(BIN)/python -m tests.soak.kills --database postgresql
	@[ "$$(id -u)" != 0 ] || $(BIN)/python -m tests.soak.kills.silent
	@KAYOI_NIGHT_MEMBERS=100000 $(BIN)/python -m pytest tests/handlers/chat/test_night.py
	@KAYOI_EXAMPLES_TIMES=10 $(BIN)/python -m pytest -n 2 -m "hypothesis or soak"

screens: $(VENV)/.test ## photograph the demo club for the docs, and every text to be looked at (needs chromium)
	@$(BIN)/python -m tests.screens $(ARGS)

e2e: $(VENV)/.test chromium ## staff at the counter, in a real browser (needs chromium)
	@$(BIN)/python -m pytest tests/e2e -n 2 --dist loadfile $(ARGS)

image: $(VENV)/.test ## the Dockerfile's steps in an empty Debian tree, and the club started in it (as root, with mmdebstrap)
	@$(BIN)/python -m pytest tests/image $(ARGS)

# What stands in the .in files, with all that it needs in turn and the hash of each file. Versions that are
# pinned already stay, but for ARGS=--upgrade or ARGS="--upgrade-package NAME".
pins: | $(BIN)/python ## write requirements.txt anew from requirements.in, with hashes
	@$(PIP) uv==0.13.9
	@UV_CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes \
		--no-strip-extras $(ARGS) requirements.in --output-file requirements.txt >/dev/null
	@UV_CUSTOM_COMPILE_COMMAND="make pins" $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes \
		--no-strip-extras $(ARGS) --constraints requirements.txt tests/requirements.in \
		--output-file tests/requirements.txt >/dev/null

# What the tag says is the part of CHANGELOG.md under this version; what is tagged has passed .ci/run before.
release: $(VENV)/.run ## tag this version, with what CHANGELOG.md says of it
	@version=$$($(BIN)/python -c 'from bot import VERSION; print(VERSION)'); \
	[ -z "$$(git status --porcelain)" ] || { echo "Something is not committed yet." >&2; exit 1; }; \
	grep -qE "^## $$version, [0-9]{4}-[0-9]{2}-[0-9]{2}$$" CHANGELOG.md || { \
		echo "CHANGELOG.md has no heading \"## $$version, YEAR-MONTH-DAY\"." >&2; exit 1; }; \
	awk -v heading="## $$version," '/^## / { on = index($$0, heading) == 1 } on' CHANGELOG.md \
		| git tag --annotate "v$$version" --cleanup=verbatim --file - && \
	echo "Tagged v$$version: git push origin v$$version"

chromium:
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || { \
			echo "make e2e needs Chromium: apt-get install chromium, or set CHROMIUM to its path." >&2; \
			exit 1; }; \
		echo "Installing Chromium …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq --no-install-recommends chromium fonts-noto-cjk fonts-noto-color-emoji >/dev/null; \
	}

# Adds a line to .env only if neither it nor the environment has a key; changes no line of it.
secret-key: $(VENV)/.run
	@if [ -z "$$SECRET_KEY" ] && ! grep -qsE "^(export )?SECRET_KEY *= *[\"']?[^\"' ]" .env; then \
		umask 077; \
		[ ! -s .env ] || echo >> .env; \
		$(BIN)/python -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(48))' >> .env; \
		echo "Wrote a random SECRET_KEY to .env"; \
	fi

$(VENV)/.run: requirements.txt | $(BIN)/python
	@echo "Installing what Kayoi needs into $(VENV) …"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.test: requirements.txt tests/requirements.txt | $(BIN)/python
	@echo "Installing what Kayoi and its tests need into $(VENV) …"
	@$(PIP) -r tests/requirements.txt
	@touch $(VENV)/.run $@

$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or later is needed (set PYTHON=…)." >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }
