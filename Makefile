# make run    everything on this machine, at http://localhost:8000 (PORT=… for another)
# make test   every test, on real PostgreSQL and Redis and, where there is one, in Chromium;
#             PYTEST="tests/devstack -k lock" runs some of them
# make same-everywhere   whether other processors give the same pre-scores (needs qemu-user)
# make texts  the texts of the screens, gathered for the translators (needs gettext)
# make check  formatting, lint, types, missing migrations, templates
# Needs Python 3.11 or newer and make; everything else is installed into .venv and node_modules.

PYTHON ?= python3
PORT ?= 8000
# Each processor runs whole files of tests, with databases of its own (devstack/pytest_plugin.py).
PYTEST ?= --numprocesses logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder
BIN := .venv/bin
# mypy reads the settings too: nothing connects to these addresses.
CHECK_ENV := SECRET_KEY=only-for-checks DATABASE_URL=postgres://check@127.0.0.1:1/check \
	REDIS_URL=redis://127.0.0.1:1/0
PIN := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal \
	--python-version 3.11 --no-emit-index-url --custom-compile-command "make requirements"

.PHONY: python run test same-everywhere check format texts requirements clean

# That it is new enough, devstack/ sees for itself.
python:
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "There is no $(PYTHON): Heard needs Python 3.11 or newer." >&2; exit 1; }

run: python
	@"$(PYTHON)" -m devstack.install run
	@PORT="$(PORT)" exec $(BIN)/python -m devstack.run

test: python
	@"$(PYTHON)" -m devstack.install test
	@$(BIN)/python -m pytest $(PYTEST)

same-everywhere: python
	@"$(PYTHON)" -m devstack.install test
	@$(BIN)/python -m benchmarks.same_everywhere

check: python
	@"$(PYTHON)" -m devstack.install test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(CHECK_ENV) $(BIN)/mypy
	$(BIN)/python -m devstack.servers $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/djlint --lint --quiet templates

format: python
	@"$(PYTHON)" -m devstack.install test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The texts in the sources become locale/fr/LC_MESSAGES/*.po, and these the *.mo that is read.
GATHER := $(BIN)/python manage.py makemessages --locale fr --no-location --no-wrap --no-obsolete \
	--ignore node_modules --ignore tests --ignore benchmarks --ignore devstack --ignore docs
texts: python
	@"$(PYTHON)" -m devstack.install test
	$(CHECK_ENV) $(GATHER)
	$(CHECK_ENV) $(GATHER) --domain djangojs
	$(CHECK_ENV) $(BIN)/python manage.py compilemessages --locale fr --ignore .venv

# Pin what the .in files ask for, with hashes, for every platform. requirements.txt is the base:
# it lies at the top, where images and people look for it. Of requirements/train.txt see there.
requirements:
	@$(PYTHON) -m devstack.install test
	$(PIN) requirements/base.in --output-file requirements.txt
	@for name in local dev uv node names; do \
		$(PIN) requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

# Removes what was installed; the data in .data stays.
clean:
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache
