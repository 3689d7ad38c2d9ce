# Every target sets up its own environment in .venv from PyPI first; nothing else is needed but Python and make.
PYTHON ?= python3
BIN := .venv/bin
PROMPT ?=
PORT ?=
export PROMPT
# Idle threads sleep instead of spinning: many times faster on a busy machine.
export OMP_WAIT_POLICY ?= PASSIVE
# Compiled modules are kept even where the user's environment says not to: every test process imports them.
unexport PYTHONDONTWRITEBYTECODE
READY := .venv/.ready
# One thread of torch in each of the workers: faster for small models than two threads in one process. One worker more
# than two cores have, as tests of pages and servers mostly wait.
WORKERS ?= 3
PYTEST = OMP_NUM_THREADS=1 $(BIN)/python -m pytest

.PHONY: setup demo demo-ui screenshots test test-quick check format test-webui matrix-webui record-webui bench clean

setup: $(READY)

$(READY): requirements.txt requirements-nodeps.txt requirements-current.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-nodeps.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target .venv/current -r requirements-current.txt
	touch $(READY)

demo: $(READY)  ## plan a prompt, draw it plain and with regions: demo/out/*.png
	$(BIN)/python -m sandbox.demo $(if $(PROMPT),"$$PROMPT")

demo-ui: $(READY)  ## open the sandbox's page
	$(BIN)/python -m sandbox $(if $(PORT),--port $(PORT))

screenshots: $(READY)  ## take README's pictures of the page again: docs/*.png
	$(BIN)/python -m sandbox.screenshots

test: $(READY)  ## all tests, on the sandbox, in several worker processes
	$(PYTEST) --dist worksteal -n $(WORKERS) --durations 10

test-quick: $(READY)  ## the tests that need no picture, browser or server
	RPG_TEST_QUICK=1 $(PYTEST) --dist worksteal -n $(WORKERS) -m quick

check: $(READY)  ## linters and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test-webui: $(READY)  ## the contract suite and the page's tests on a real WebUI: make test-webui WEBUI_ROOT=/path
	$(BIN)/python -m pytest tests/contract tests/ui --webui-root "$(WEBUI_ROOT)"

matrix-webui: $(READY)  ## models, jobs and rows on a real WebUI, as a table: matrix.md
	$(BIN)/python -m pytest tests/contract/test_models.py tests/contract/test_jobs.py tests/contract/test_rows.py --webui-root "$(WEBUI_ROOT)" --table matrix.md

record-webui: $(READY)  ## record a real WebUI's pictures, which `make test` has the sandbox reproduce
	$(BIN)/python -m tests.contract.record --webui-root "$(WEBUI_ROOT)"

bench: $(READY)  ## speed of regions, and accuracy on the shapes model
	$(BIN)/python -m lib_rpg bench attention
	$(BIN)/python -m lib_rpg bench accuracy
	$(BIN)/python -m lib_rpg bench lora

clean:
	rm -rf .venv demo/out
