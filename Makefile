# `make demo` and `make test` are all that a newcomer needs: both install what is missing into this folder first.
export UV_PROJECT_ENVIRONMENT := .venv
# Hundreds of tests start our command or a worker: without its bytecode each would compile 2,000 modules first.
unexport PYTHONDONTWRITEBYTECODE
bin := .venv/bin
jobs = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)# tests often wait: for a server, for another process

.PHONY: help demo test faults check validate bench pictures setup

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Without the tools for development, and without removing them where they are.
demo: ## practise: 200 synthetic subscribers, one alert, sent to files on this machine
	@uv=$$(scripts/find-uv) && "$$uv" sync --frozen --no-dev --inexact
	@$(bin)/dispatch demo

test: export TMPDIR = $(shell scripts/test-folder)
test: setup ## every test, on real servers that the tests start, and the coverage of rules/ and usecases/
	@UV=$$(scripts/find-uv) $(bin)/pytest --numprocesses=$(jobs) --dist=worksteal --cov --cov-report=
	@scripts/coverage-gate

# Kills processes and servers; two at a time, since they mostly wait, but for what measures a rate. FULL=1 repeats
# each fault as often as promised.
faults: full = $(if $(FULL),--full --timeout=900)
faults: setup ## what docs/guarantees.md promises, under kill -9, full disks and servers that go away
	@$(bin)/pytest tests/faults --numprocesses=2 --ignore=tests/faults/test_hosts.py $(full)
	@$(bin)/pytest tests/faults/test_hosts.py $(full)

check: setup ## format, lint, types, floors
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports

# Needs Debian's spamassassin, npm, a JRE and chromium; what npm brings is named in tests/validators/package.json.
validate: setup ## every shipped email and page, and reports, before SpamAssassin, the Nu HTML checker and axe
	@npm ci --prefix tests/validators --silent
	@$(bin)/pytest tests/validators --numprocesses=2 --dist=loadfile

bench: setup ## ratios to what this machine's SMTP allows (needs Debian's postgresql, redis-server and postfix)
	$(bin)/python benchmarks

pictures: setup ## the pictures in docs/img
	$(bin)/python scripts/screenshots.py
	$(bin)/python scripts/terminal_picture.py
	$(bin)/python scripts/report_picture.py

setup:
	@uv=$$(scripts/find-uv) && "$$uv" sync --frozen
