"""While somebody writes: what says the like already is shown, with the words in common, to be supported instead."""

import pytest

from consult.contributions import services as contributions
from consult.contributions.models import State
from tests.browser import text_of

TITLE = "Autobus anche la domenica"
BODY = "La domenica nessun autobus porta all'ospedale: chi non guida resta a piedi. Bastano due corse."
OTHER = ("Corse festive verso l'ospedale",
         "La domenica non passa un autobus per l'ospedale. Chiedo due corse per chi non guida e ha parenti ricoverati.")
HINT = "C’è già una proposta che chiede una cosa simile"


@pytest.fixture
def other(make):
    """Somebody else's proposal that says the like, among others."""
    call = make.call()
    for title, body in (("Biblioteca la sera", "La biblioteca apra anche di sera, per chi lavora in fabbrica."),
                        ("Lampioni spenti", "In via dei Molini i lampioni sono spenti e si ha paura.")):
        make.proposal(call=call, title=title, body=body)
    return make.proposal(call=call, title=OTHER[0], body=OTHER[1])


def written(browser, person, call, act):
    return browser(person).submit(f"/raccolte/{call.id}/proponi", {"title": TITLE, "body": BODY}, button=("act", act))


def test_the_preview_shows_what_says_the_like_without_scripts(browser, make, other):
    page = written(browser, make.person(), other.activity, "preview")
    text = text_of(page)
    assert HINT in text
    for said in (OTHER[0], other.code, "domenica", "ospedale", "Leggi e sostieni questa"):
        assert said in text
    assert "Biblioteca la sera" not in text
    assert f'href="/proposte/{other.id}-{other.slug}#sostegno"' in page.get_data(as_text=True)


def test_a_script_that_saves_the_draft_is_told_too(browser, make, other):
    page, call = browser(make.person()), other.activity
    fields = page.form(f"/raccolte/{call.id}/proponi")["fields"]
    answer = page.post(f"/raccolte/{call.id}/bozza", {**fields, "title": TITLE, "body": BODY, "act": "draft"})
    assert answer.status_code == 200
    assert HINT in text_of(answer)


def test_an_empty_form_is_told_nothing(browser, make, other):
    assert HINT not in text_of(browser(make.person()).get(f"/raccolte/{other.activity_id}/proponi"))


@pytest.mark.parametrize("state", [State.HIDDEN, State.WITHDRAWN])
def test_what_is_no_longer_public_is_not_shown(browser, make, other, state):
    contributions.change_state(other, state, None)
    assert HINT not in text_of(written(browser, make.person(), other.activity, "preview"))


def test_a_draft_is_not_told_of_itself_once_it_is_public(browser, make):
    call, author = make.call(), make.person()
    proposal = make.proposal(call=call, author=author, title=TITLE, body=BODY)
    assert HINT not in text_of(browser(author).get(f"/proposte/{proposal.id}/modifica"))


def test_where_nothing_is_supported_one_is_sent_to_the_discussion(browser, make, other):
    other.activity.supports_open = False
    text = text_of(written(browser, make.person(), other.activity, "preview"))
    assert "partecipa alla sua discussione" in text
    assert "Leggi e sostieni questa" not in text
