# `make` lists what there is. Works with GNU make 3.81 (macOS) and later.

# `make PYTHON=python3.12` chooses another; the first of these that starts and is new enough is it.
CANDIDATES = $(if $(PYTHON),'$(PYTHON)',.venv/bin/python python3 python3.13 python3.12 python3.11 python)
BIN = .venv/bin
# What Python compiles is kept: else each process that runs tests compiles all of them anew.
unexport PYTHONDONTWRITEBYTECODE
# On CI, what fails is run once more, alone.
PYTEST = $(BIN)/python tests/again.py
# Each worker begins at a file of its own: what a file's tests share is made once.
BOTH = -n 2 --dist worksteal
# Tests that wait for kernels, cages and limits of time leave a processor to a third worker.
WAITING = -n 3 --dist worksteal
QUICK = -m 'not seconds and not slow and not tensorflow'

# Says what it does, and if it fails, at what: $(call step,name,command).
step = @printf '\n==> %s\n' '$(1)'; $(2) || { printf '\nmake $@: FAILED at %s\n' '$(1)' >&2; exit 1; }

LOCK = $(BIN)/uv pip compile pyproject.toml --output-file requirements.txt --quiet \
	--universal --python-version 3.11 --all-extras --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock'

.DEFAULT_GOAL := help
.PHONY: help setup lab check test test-pythons test-browser test-colab test-nbgrader pictures site build bench lock upgrade clean
# Steps are in order, and their output whole, under `make -j` too.
.NOTPARALLEL:

help: ## List what make can do here
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '  %-18s %s\n' "$$name" "$$what"; done

setup: ## Make or mend .venv, as requirements.txt locks it
	@for python in $(CANDIDATES); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec "$$python" bootstrap.py; \
		fi; \
	done; \
	for python in $(CANDIDATES); do \
		found=$$("$$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) \
			&& break; \
	done; \
	printf 'The course needs Python 3.11 or newer; here is %s.\n%s\n%s\n' \
		"$${found:-no Python that starts}" \
		'Install one: "sudo apt install python3.13 python3.13-venv", "brew install python@3.13" or "uv python install 3.13".' \
		'If it is not found by itself, name it: make $(or $(MAKECMDGOALS),setup) PYTHON=/path/to/python3.13' >&2; \
	exit 1

lab: setup ## Open your lesson in JupyterLab (NO_BROWSER=1 prints the address instead)
	@$(BIN)/course lab

# What takes seconds, and what `make test` begins with.
define quick
	$(call step,style,$(BIN)/ruff check)
	$(call step,format,$(BIN)/ruff format --check)
	$(call step,types,$(BIN)/mypy)
	$(call step,notebooks match their source,$(BIN)/course build --check)
	$(call step,every check that changed is proved,$(BIN)/course prove --changed)
endef

check: setup ## Prove in about a minute what you changed: style, types, checks, the quick tests
	$(quick)
	$(call step,the quick tests,$(PYTEST) $(WAITING) $(QUICK) $(PYTEST_ARGS))

test: setup ## Prove the whole; what passed here with the same files is not run again, except on CI
	$(quick)
	$(call step,tests,$(PYTEST) $(WAITING) $(PYTEST_ARGS))

test-pythons: setup ## Run the quick tests on each Python from 3.11 to 3.13 (PYTHONS="..." names them)
	$(call step,each Python that is here,$(BIN)/python tests/pythons.py $(if $(OTHERS),--others) $(PYTHONS))

test-browser: setup ## Open the lessons in a real browser, as a learner does
	$(call step,tests in a browser,$(PYTEST) $(BOTH) tests/browser $(PYTEST_ARGS))

test-colab: setup ## Run the lessons on Colab's versions, as Colab runs them
	$(call step,lessons on the versions of Colab,$(PYTEST) $(BOTH) tests/colab $(PYTEST_ARGS))

test-nbgrader: setup ## Put a lesson through the real nbgrader, and compare the points
	$(call step,the same points as nbgrader,$(PYTEST) tests/interop $(PYTEST_ARGS))

pictures: setup ## Take the README's pictures again; look at them before you commit
	@$(BIN)/python tests/browser/screenshots.py

site: setup ## Build the site, with the course running in the browser, and serve it here
	@$(BIN)/course site && $(BIN)/python -m http.server --bind 127.0.0.1 --directory site $(PORT)

build: setup ## Write the notebooks from solutions/*.py
	@$(BIN)/course build

bench: setup ## Measure the course against its peers, for three quarters of an hour
	@missed=0; for benchmark in benchmarks/*.py; do \
		printf '\n==> %s\n' "$$benchmark"; $(BIN)/python "$$benchmark" || missed=1; done; exit $$missed

lock: setup ## Write requirements.txt from pyproject.toml, changing as little as possible
	@$(LOCK) && echo 'requirements.txt is in step with pyproject.toml; `make setup` installs it.'

upgrade: setup ## The same, with the newest of everything
	@$(LOCK) --upgrade && echo 'requirements.txt has the newest versions; `make test` tries them.'

clean: ## Remove .venv and caches; never work/
	@rm -rf .venv .passed build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -path ./work -prune -o -path ./.git -prune -o -name __pycache__ -type d -prune \
		-exec rm -rf {} +
