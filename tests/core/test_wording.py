"""What templates say and where they lead: as Jinja, Flask and Babel would, only cheaper."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import render_template_string, url_for
from flask_babel import force_locale, format_decimal, ngettext
from flask_babel import gettext as _

from consult.core import languages, pages
from consult.core.config import MAX_ID


@pytest.mark.parametrize("language", ["it", "en", "de", "fr"])
def test_a_template_says_what_the_catalogue_says(app, language):
    with app.test_request_context(), force_locale(language):
        assert render_template_string("{{ _('Skip to the content') }}") == _("Skip to the content")
        for number in (0, 1, 2, 1234):
            assert render_template_string("{{ ngettext('%(num)s agrees', '%(num)s agree', n) }}", n=number) == ngettext(
                "%(num)s agrees", "%(num)s agree", number)
            assert render_template_string("{{ n|number }}", n=number) == format_decimal(number)
        assert render_template_string("{{ 1.5|number }}") == format_decimal(1.5)


def test_one_language_after_another_in_one_page(app):
    with app.test_request_context():
        said = []
        for language in ("de", "it"):
            with force_locale(language):
                said.append(render_template_string("{{ _('Skip to the content') }}"))
    assert said == ["Zum Inhalt springen", "Vai al contenuto"]


def test_what_is_said_outside_the_application_is_not_what_pages_say_afterwards(app, monkeypatch):
    monkeypatch.setattr(languages, "_catalogues", {})
    with ThreadPoolExecutor(1) as elsewhere:  # a thread begins outside
        assert elsewhere.submit(lambda: languages._catalogue().gettext("Skip to the content")).result() == (
            "Skip to the content")
    with app.test_request_context():
        assert render_template_string("{{ _('Skip to the content') }}") == "Vai al contenuto"


def test_what_is_put_into_a_sentence_is_escaped_in_pages_alone(app):
    with app.test_request_context():
        sentence = "{{ _('Reply to %(name)s', name=name) }}"
        assert render_template_string(sentence, name="<b>") == "Rispondi a &lt;b&gt;"
        assert app.jinja_env.from_string("{% autoescape false %}" + sentence + "{% endautoescape %}").render(
            name="<b>") == "Rispondi a <b>"


def test_a_per_cent_sign_is_written_twice_as_in_every_sentence(app):
    with app.test_request_context():
        assert render_template_string("{{ _('100%% sure') }}") == "100% sure"


def test_every_address_is_the_one_that_flask_makes(app):
    asked = [(rule.endpoint, names) for rule in app.url_map.iter_rules()
             if (names := rule.arguments) in ({"id"}, {"slug"}, {"id", "slug"})]
    assert len(asked) > 50
    with app.test_request_context():
        for endpoint, names in asked:
            for id in (1, 12, MAX_ID):
                values = {name: id if name == "id" else "orti-e-sentieri-2" for name in names}
                assert pages.address(endpoint, **values) == url_for(endpoint, **values)


@pytest.mark.parametrize("values", [
    {"id": "12"}, {"id": 12, "slug": "più orti"}, {"id": 12, "slug": "Orti/2"}, {"id": 12, "slug": None},
    {"id": 12, "_anchor": "sostegno", "slug": "orti"}, {"id": 12, "_external": True}, {"id": 12, "dopo": "a b"}])
def test_an_address_that_says_more_is_made_by_flask(app, values):
    with app.test_request_context():
        assert pages.address("proposals.show", **values) == url_for("proposals.show", **values)


def test_below_another_path_addresses_lead_there(app):
    with app.test_request_context(environ_overrides={"SCRIPT_NAME": "/consulta"}):
        assert pages.address("proposals.edit", id=7) == "/consulta/proposte/7/modifica"
        assert pages.address("proposals.edit", id=8) == "/consulta/proposte/8/modifica"
