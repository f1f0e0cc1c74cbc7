assets: consult/static/vendor/.built
.PHONY: assets

sources := $(shell find templates consult -name '*.html' -o -name '*.py')

consult/static/vendor/.built: package-lock.json $(wildcard assets/*) $(wildcard consult/static/site.*) $(sources)
	@assets/build && touch $@
