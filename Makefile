# `make` alone lists what there is. Everything runs from `.venv`, which the first call makes.

HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= $(or $(UBLOG_DATA_DIR),data)
export UBLOG_DATA_DIR := $(DATA)
export UBLOG_EXTRAS := $(or $(EXTRAS),$(UBLOG_EXTRAS))

# Another release of Django over the locked one, in an environment of its own: DJANGO=6.1.
DJANGO ?=
export UBLOG_DJANGO := $(DJANGO)
# Another Python's packages, or the settings of an activated environment, must not have an effect on `.venv`.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE VIRTUAL_ENV CONDA_PREFIX
export PYTHONNOUSERSITE := 1

# The first Python that is new enough, else one that is too old: tools/bootstrap.py says so.
# PYTHON=/path/to/python3 overrules the search.
pythons = python3 python3.15 python3.14 python3.13 python3.12 python3.11
found = $(shell for name in $(pythons); do \
	$$name -I -c 'import sys; sys.exit(not sys.version_info >= (3, $(1)))' 2>/dev/null \
	&& echo $$name && break; done)
PYTHON ?= $(or $(call found,11),$(call found,0))
install = @$(or $(PYTHON),$(error μblog needs Python 3.11 or newer, but did not find it: install it \
	(Debian, Ubuntu: apt install python3 python3-venv), or say make PYTHON=/path/to/python3)) \
	tools/bootstrap.py
venv = .venv$(if $(DJANGO),-django-$(DJANGO))
python = $(venv)/bin/python
frontend = @$(python) tools/frontend.py
manage = @$(python) manage.py

.DEFAULT_GOAL := help
.PHONY: $(shell awk -F: '/^[a-z-]+:.*## / {print $$1}' $(MAKEFILE_LIST))

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start μblog (HOST=127.0.0.1 PORT=8000 DATA=data EXTRAS="s3 sentry")
	$(install)
	$(frontend) build
	@$(python) -m ublog.run.supervisor --host $(HOST) --port $(PORT)

superuser: ## make an administrator, of an account that there is or of a new one
	$(install)
	$(manage) superuser

demo: ## fill an empty site with people, posts and likes (POSTS=1000)
	$(install)
	$(manage) demo $(if $(POSTS),--posts $(POSTS)) $(ARGS)

# With the settings of `make run`, secrets and address included.
command = @$(python) -m ublog.run.command --host $(HOST) --port $(PORT)

backup: ## copy database and pictures, while the site runs (TO=DIRECTORY, ARGS=--with-secrets)
	$(install)
	$(command) backup $(if $(TO),--to $(TO)) $(ARGS)

restore: ## fill an empty site with a backup (FROM=DIRECTORY DATA=NEW_DIRECTORY ARGS=--move)
	$(install)
	$(command) --alone restore $(or $(FROM),$(error Say which: make restore FROM=data/backups/…)) $(ARGS)

verify: ## read a backup through (FROM=DIRECTORY)
	$(install)
	$(command) verify $(or $(FROM),$(error Say which: make verify FROM=data/backups/…))

doctor: ## what is wrong with this site, and what to do (ARGS="--mail ADDRESS")
	$(install)
	$(command) doctor $(ARGS)

dev: ## start μblog for developing: debug pages, and what changes is loaded again
	$(install) test dev
	@UBLOG_DEBUG=on UBLOG_VITE_PORT=$(or $(VITE_PORT),5173) $(python) -m ublog.run.supervisor --host $(HOST) --port $(PORT)

pytest = $(python) -m pytest --numprocesses 2 --verbose $(ARGS)
# What runs once: the browser tests, which drive the same on both databases, and those that install,
# build or start something of their own and use no database of the tests.
once = e2e docs $(patsubst %,architecture/test_%.py,bootstrap install surroundings wheel)
test: ## every test, on SQLite and on PostgreSQL (ARGS="--interface GraphQL")
	$(install) test
	$(frontend) build
	@$(python) -m tests.needs
	@echo "== Tests of the front end"
	$(frontend) test
	@echo "== Tests on SQLite"
	@UBLOG_TEST_POSTGRES_URL= $(pytest)
	@$(python) -m tests.postgres $(pytest) $(once:%=--ignore=tests/%)
	@$(python) -m tests.needs left-out

test-clients: ## apps for Mastodon, generated clients, linters, feed readers of others (NEWEST=1)
	$(install) test
	$(frontend) build
	@$(python) -m tests.needs clients
	@UBLOG_TEST_CLIENTS=on UBLOG_TEST_NEWEST=$(NEWEST) $(python) -m pytest --verbose -rs tests/clients $(ARGS)
	@$(python) -m tests.needs clients left-out

test-slow: ## the browser tests, with the CPU at a third and 300 ms of latency
	$(install) test
	$(frontend) build
	@$(pytest) --slow tests/e2e

dist: ## the wheel, with the front end inside, and what installs it on servers: dist/
	$(install)
	$(frontend) build
	@$(python) tools/dist.py

faults: ## break it on purpose, and count what is lost (LONG=1 takes an hour, ARGS="G1 G6" some)
	$(install) test
	$(frontend) build
	@$(python) -m tests.faults $(if $(LONG),--long) $(ARGS)

cluster: ## run it on eight hosts, which are namespaces, and break some (root; SECONDS=8 a phase)
	$(install) test
	$(frontend) build
	@$(python) -m tests.cluster $(if $(SECONDS),--seconds $(SECONDS)) $(ARGS)

# A site of its own to look at, whatever the environment says.
check schemas: export UBLOG_DATA_DIR = $(CURDIR)/.cache/check
check schemas: export DATABASE_URL = sqlite:///$(CURDIR)/.cache/check/ublog.sqlite3
check schemas: export UBLOG_SITE_URL = http://127.0.0.1:8000
check schemas: export UBLOG_SECRET_KEY = the-first-key-of-a-site-that-is-only-checked-and-never-served
check schemas: export UBLOG_TOKEN_KEY = the-other-key-of-a-site-that-is-only-checked-and-never-served
openapi = @$(python) manage.py spectacular --validate --fail-on-warn --file
graphql = @$(python) manage.py graphql_schema --out

# Material's advertisement for its successor is no warning about the documents.
docs check: export NO_MKDOCS_2_WARNING = 1
mkdocs = @$(python) -m mkdocs build --strict

docs: ## the documents as a site: .cache/docs/index.html
	$(install) docs
	$(mkdocs)
	@echo "Open $(CURDIR)/.cache/docs/index.html"

check: ## format, lint, types, import contracts, migrations, deployment, schemas, documents, lock, front end
	$(install) test dev docs
	$(frontend) build
	$(frontend) format:check
	$(frontend) lint
	$(frontend) typecheck
	$(frontend) size
	@mkdir -p .cache/check
	@$(python) -m ruff format --check .
	@$(python) -m ruff check .
	@$(python) -m bandit --quiet --recursive -ll ublog tools deploy
	@$(python) -m mypy
	@$(python) $(venv)/bin/lint-imports
	$(manage) makemigrations --check --dry-run
	@UBLOG_SITE_URL=https://blog.example.org $(python) manage.py check --deploy --fail-level WARNING
	$(openapi) .cache/check/openapi.yaml
	$(graphql) .cache/check/schema.graphql
	@diff -u docs/openapi.yaml .cache/check/openapi.yaml || (echo "Run make schemas"; exit 1)
	@diff -u docs/schema.graphql .cache/check/schema.graphql || (echo "Run make schemas"; exit 1)
	$(mkdocs)
	$(install) poetry check --lock

format: ## put the code in order
	$(install) test dev
	@$(python) -m ruff format .
	@$(python) -m ruff check --fix .

schemas: ## write what is made from the code: OpenAPI, GraphQL schema, table of variables
	$(install) test dev
	@$(python) -m tools.variables
	$(openapi) docs/openapi.yaml
	$(graphql) docs/schema.graphql

screenshots: ## the images of the README, of a site of its own or SITE=http://… WHO="E-MAIL PASSWORD"
	$(install) test
	$(frontend) build
	@$(python) tools/screenshots.py $(SITE) $(WHO)

lighthouse: ## how quick and how accessible the pages are, to bench/results/lighthouse.json
	$(install) test
	$(frontend) build
	@$(python) tools/lighthouse.py

bench bench-quick: export UBLOG_BENCH_PREFIX ?= ublog_bench
bench: ## measure everything, in about 20 minutes: bench/README.md
	$(install) test bench
	$(frontend) build
	@$(python) -m bench run $(ARGS)

bench-quick: ## measure the most important, in about three minutes
	$(install) test bench
	$(frontend) build
	@$(python) -m bench quick $(ARGS)

five-ways: ## update the code in docs/five-ways.md, without measuring
	$(install)
	@$(python) -m bench.five_ways

lock: ## update poetry.lock from pyproject.toml
	$(install) poetry lock
