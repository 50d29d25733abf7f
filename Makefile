# The two commands of the README: `make run` and `make test`. Each does all of its own set-up.

PORT ?= 8000
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3; do \
	command -v $$python >/dev/null && $$python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: run test check bench messages requirements clean

## run: start the product on http://127.0.0.1:8000 (PORT= changes it)
run: export SITE_URL ?= http://127.0.0.1:$(PORT)
run: .venv/installed .env
	@$(BIN)/pybabel --quiet compile --directory locale --domain django
	@$(BIN)/pybabel --quiet compile --directory locale_libraries --domain django
	@$(BIN)/pybabel --quiet compile --directory locale_libraries --domain djangojs
	@$(MANAGE) prepare --demo
	@echo
	@echo "Alongside runs on http://127.0.0.1:$(PORT)   (Ctrl+C ends it)"
	@echo "Demo accounts, password alongside-demo:"
	@echo "  coordinator@demo.example   coordinates two schools"
	@echo "  partner@demo.example       contact person of a partner"
	@echo "  district@demo.example      admin of the district"
	@echo "  operator@demo.example      may do everything"
	@echo
	@exec $(BIN)/gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning

## test: everything, on SQLite and PostgreSQL, browser journeys included
test: .venv/installed-dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.run

## bench: how fast, on PostgreSQL with up to 100,000 partnerships (docs/performance.md)
bench: .venv/installed-dev
	@$(BIN)/python -m bench

## messages: collect what is to be translated (needs GNU gettext)
messages: .venv/installed-dev
	@$(MANAGE) makemessages --locale vi --no-obsolete --add-location file --ignore .venv --ignore staticfiles --ignore var --ignore tests

## requirements: pin the newest versions, with hashes
requirements: .venv/installed-dev
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.12 pyproject.toml --output-file requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.12 --group dev pyproject.toml --output-file requirements-dev.txt

clean:
	rm -rf .venv staticfiles

.env:
	@echo "LOCAL=1" > .env
	@echo "DEMO=1" >> .env
	@echo "SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))')" >> .env

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Alongside needs Python 3.12 or newer. Install it, or name it: make run PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what Alongside needs …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@ .venv/installed
