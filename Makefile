# make run: everything from nothing, then http://127.0.0.1:3978. See README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLES := var/webchat/webchat-4.18.1.js var/mermaid/mermaid-11.17.2.js
DRAWN := var/pictures/.drawn
LEARNED := var/models/.learned
DESK := .venv-desk
DESK_PORT := 3980
DESK_URL := http://127.0.0.1:$(DESK_PORT)/tracker/
TRACKER := var/desk/roundup
# Roundup does not run as root unless it is told to.
AS_ROOT := $(if $(filter 0,$(shell id -u)),-u 0)

.PHONY: help setup dev run desk test check bench soak clean

help:
	@echo "make run     set up what is missing and serve at http://127.0.0.1:3978"
	@echo "make chat    the same conversation in this terminal"
	@echo "make desk    a ticketing system of your own, Roundup, at $(DESK_URL)"
	@echo "make test    every test"
	@echo "make check   style, types and knowledge"
	@echo "make bench   speed and memory, measured beside their peers"
	@echo "make soak    the service killed again and again; no case is lost or doubled"
	@echo "make lock    pin the dependencies anew, with hashes"

setup: $(VENV)/.runtime $(BUNDLES) $(DRAWN) $(LEARNED)

run: setup
	@$(BIN)/python -m bot serve

chat: setup
	@$(BIN)/python -m bot chat

dev: setup $(VENV)/.dev browser $(DESK)/.ready trackers

desk: $(TRACKER)/db/db
	@$(DESK)/bin/python -c 'import socket; socket.create_server(("127.0.0.1", $(DESK_PORT)))' \
	  2>/dev/null \
	  || { echo "Port $(DESK_PORT) is taken: does a desk run already, in another terminal?" >&2; exit 1; }
	@echo "Roundup is at $(DESK_URL); stop it with Ctrl+C."
	@echo "Log in there as agent with the password $$(cat $(TRACKER)/../agent-password)"
	@echo "Point the assistant at it, in another terminal:"
	@echo "  set -a; . var/desk/assistant.env; set +a; make run"
	@$(DESK)/bin/roundup-server -n 127.0.0.1 -p $(DESK_PORT) $(AS_ROOT) tracker=$(TRACKER)

test: dev
	@$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m bot knowledge check
	$(BIN)/python -m bot knowledge coverage >/dev/null

bench: dev
	@$(BIN)/python -m tests.benchmarks

soak: dev
	@$(BIN)/python -m tests.soak

clean:
	rm -rf $(VENV) $(DESK) .venv-bench .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

# --- what they need -------------------------------------------------------------------------

$(BIN)/python:
	@echo "[1/5] A Python environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python cannot make an environment. On Debian: apt-get install python3-venv" >&2; \
	       rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo "[2/5] Python packages (half a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(BUNDLES): deploy/fetch_bundles.py | $(VENV)/.runtime
	@echo "[3/5] $(notdir $(@D)), for the pages"
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet \
	  --disable-pip-version-check --require-hashes -r deploy/requirements-npm.lock
	@$(BIN)/python deploy/fetch_bundles.py $(notdir $(@D))
	@touch $@

# The folder, too, so that a file that is gone is noticed.
$(DRAWN): knowledge/en/pictures $(wildcard knowledge/en/pictures/*.yaml bot/drawing/*.py) \
    dialogs/pictures.py | $(VENV)/.runtime
	@echo "[4/5] The pictures at the steps"
	@$(BIN)/python -m bot knowledge pictures
	@mkdir -p $(@D) && touch $@

$(LEARNED): $(wildcard knowledge/en/*.yaml knowledge/en/procedures/*.yaml knowledge/en/articles/*.md \
    dialogs/*.py) | $(VENV)/.runtime
	@echo "[5/5] What people say"
	@$(BIN)/python -m bot knowledge learn
	@mkdir -p $(@D) && touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/.runtime
	@echo "Packages for tests and checks"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DESK)/.ready: deploy/requirements-desk.lock
	@echo "Roundup, a ticketing system, in $(DESK)"
	@$(PYTHON) -m venv $(DESK)
	@$(DESK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(TRACKER)/db/db: | $(DESK)/.ready
	@echo "A tracker in $(TRACKER)"
	@$(DESK)/bin/python deploy/roundup/make_tracker.py $(TRACKER) --url $(DESK_URL) \
	  --assistant http://127.0.0.1:3978/api/desk/roundup/events

.PHONY: browser chat lock trackers
browser:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Chromium, for the tests of the page"; \
	    apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	  else \
	    echo "Without chromium the tests of the page are skipped. On Debian: apt-get install chromium"; \
	  fi; }

RT := request-tracker5 rt5-standalone rt5-db-sqlite msmtp-mta
trackers:
	@test -x /usr/sbin/rt-setup-database-5 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Request Tracker, for the tests of tickets"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get install -qq -y --no-install-recommends $(RT) >/dev/null; \
	  else \
	    echo "Without Request Tracker its tests are skipped. On Debian: apt-get install" \
	      "--no-install-recommends $(RT)"; \
	  fi; }

UV := $(VENV)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet
lock: $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(UV) pyproject.toml -o requirements.lock
	$(UV) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(UV) --group npm -o deploy/requirements-npm.lock
	$(UV) --group desk -o deploy/requirements-desk.lock
