"""Templates run as Jinja runs them, only faster."""

import pytest
from flask_babel import lazy_gettext as _l
from jinja2 import Environment, StrictUndefined, UndefinedError, pass_context
from markupsafe import Markup

from consult.core.templating import printed

PARTS = """{% macro shown(value, more="<none>") %}
<b>{{ value }}</b>{{ more }}{% if caller %}{{ caller() }}{% endif %}{% endmacro %}
{% set given = site ~ "&" %}"""
PAGE = """{% from "parts.html" import shown, given %}
{% for value in values %}{{ loop.index }}{{ shown(value) }}{{ shown(value, more=value) }}
{% set told = value %}{{ names() }}
{% endfor %}
{% call shown("<a>") %}{{ given }}{% endcall %}{{ values|join("<") }}{{ "<" ~ values[0] }}{{ lookup.get("x") }}
{{ {"lang": "<it>"}|xmlattr }}{{ Shout()("<p>") }}{% autoescape false %}{{ values[0] }}{% endautoescape %}"""


class Shout:
    def __call__(self, word):
        return word.upper()


@pass_context
def names(context):
    return f"<{context['told']}>"


def given():
    return {"values": ["<script>", Markup("<em>"), 7, 2.5, None, True, _l("Comment")], "names": names,
            "lookup": {"x": "'"}, "Shout": Shout, "site": "<site>"}



def test_a_page_is_written_as_by_jinja_itself(app):
    templates = {"parts.html": PARTS, "page.html": PAGE}
    plain = Environment(autoescape=True)
    pages = []
    for known in (plain, app.jinja_env):
        environment = known.overlay(cache_size=0)
        environment.loader = type("Loader", (), {
            "load": lambda _self, to, name, more=None: to.template_class.from_code(
                to, to.compile(templates[name], name), to.make_globals(more))})()
        with app.test_request_context():
            pages.append(environment.get_template("page.html").render(**given()))
    assert "".join(pages[0].split()) == "".join(pages[1].split())
    assert "&lt;script&gt;" in pages[1]
    assert "<b><em></b>" in pages[1]


@pytest.mark.parametrize(("value", "expected"), [
    ("<&\"'>", "&lt;&amp;&#34;&#39;&gt;"), (Markup("<b>"), "<b>"), (12, "12"), (True, "True"), (None, "None"),
    (type("Text", (str,), {})("<"), "&lt;")])
def test_what_is_printed_is_escaped(value, expected):
    assert printed(value) == expected


def test_a_name_that_is_not_there_fails_as_ever(app):
    environment = app.jinja_env.overlay(undefined=StrictUndefined)
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nothing_of_this_name }}").render()
