# make course | lab | test | check | lock      (needs Python 3.11 or newer with venv, and the package index)
PYTHON ?= python3
PY := .venv/bin/python
COURSE := .venv/bin/gan-course

course: .venv/ready
	$(COURSE) run

lab: .venv/ready
	$(COURSE) lab

# static and unit tests, under three minutes
check: .venv/ready
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(COURSE) clean --check
	$(PY) -m pytest -m "not slow and not notebooks"

# everything, every notebook under the smoke profile included
test: .venv/ready
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(COURSE) clean --check
	$(PY) -m pytest --durations=15 --cov --cov-report=term:skip-covered --cov-fail-under=90

# the environment, exactly as locked; then the package itself, editable
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check uv
	.venv/bin/uv pip sync --quiet --require-hashes --python $(PY) requirements.lock
	.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --python $(PY) --editable .
	touch $@

# renew the lock after a change of pyproject.toml
lock: .venv/ready
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --all-extras --group dev \
		--python-version 3.11 pyproject.toml -o requirements.lock

.PHONY: course lab check test lock
