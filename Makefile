assets: consult/static/vendor/.built
.PHONY: assets

sources := $(shell find templates consult -name '*.html' -o -name '*.py')

consult/static/vendor/.built: package-lock.json $(wildcard assets/*) $(wildcard consult/static/site.*) $(sources)
	@assets/build && touch $@

i18n:
	.venv/bin/pybabel -q extract -F babel.cfg -k _l -k _n:1,2 -k lazy_ngettext:1,2 --no-location --no-wrap --sort-output -o build/messages.pot .
	.venv/bin/pybabel -q update -i build/messages.pot -d translations --no-fuzzy-matching --no-wrap --ignore-obsolete --ignore-pot-creation-date
.PHONY: i18n
