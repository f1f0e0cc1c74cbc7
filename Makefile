# run · test · lint · types · i18n · bench · oracles · lock · assets
unexport PYTHONDONTWRITEBYTECODE

python := .venv/bin/python
pytest := PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(python) -m pytest -p _hypothesis_pytestplugin -p pytest_timeout -p xdist -n auto --dist loadfile --timeout 600 --timeout-method thread
compile := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --upgrade --custom-compile-command "make lock"
extract := .venv/bin/pybabel -q extract -F babel.cfg -k _l -k _n:1,2 -k lazy_ngettext:1,2 --no-location --no-wrap --sort-output
update := .venv/bin/pybabel -q update -d translations --no-fuzzy-matching --no-wrap --ignore-obsolete --ignore-pot-creation-date

sources := $(shell find consult templates -name '*.py' -o -name '*.html')
catalogues := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
vendor := consult/static/vendor/.built

.PHONY: run test lint types i18n bench oracles lock assets

run: .venv/.run $(vendor) $(catalogues)
	@$(python) app.py

test: .venv/.test $(vendor) $(catalogues) lint types
	bin/programs
	$(pytest) tests
	CONSULT_TEST_DATABASE=postgresql $(pytest) tests

lint: .venv/.test
	.venv/bin/ruff check .
	.venv/bin/lint-imports --no-logo

types: .venv/.test
	.venv/bin/mypy

i18n: .venv/.run
	mkdir -p build && $(extract) -o build/messages.pot . && $(update) -i build/messages.pot

bench: .venv/.test $(vendor) $(catalogues)
	$(python) -m bench

oracles: .oracles/.built

lock: .venv/.test
	$(compile) pyproject.toml -o requirements.lock
	$(compile) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(compile) --group assets -o requirements-assets.lock
	$(compile) --group oracles -o requirements-oracles.lock
	npm update --package-lock-only

assets: $(vendor)

.venv/.run: requirements.lock
	@bin/environment $< && touch $@

.venv/.test: requirements-dev.lock
	@bin/environment $< && touch .venv/.run $@

# other programs that count and map the same, for tests and benchmarks alone: their licences stay outside
.oracles/.built: requirements-oracles.lock | .venv/.test
	.venv/bin/uv venv --quiet --allow-existing --python .venv/bin/python .oracles
	.venv/bin/uv pip install --quiet --python .oracles/bin/python --require-hashes -r $<
	@touch $@

$(vendor): package-lock.json $(wildcard assets/*) $(wildcard consult/static/site.*) $(sources) | .venv/.run
	@assets/build && touch $@

%.mo: %.po | .venv/.run
	@.venv/bin/pybabel -q compile -i $< -o $@
