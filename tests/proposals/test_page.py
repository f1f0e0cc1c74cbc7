"""The page of a proposal: what it says, to whom, at which address."""

import pytest

from consult.accounts.models import Role
from consult.contributions.models import State
from tests.browser import text_of


def test_a_page_shows_the_text_by_whom_from_where_when_and_its_code(browser, make):
    proposal = make.proposal(author=make.person(display_name="Bice Rossi", municipality=make.municipality("Acquaviva")),
                             title="Panchine", body="Una **panchina** all'ombra.", axis=make.axis())
    response = browser().get(proposal.thread.path)
    for said in ("Panchine", "Bice Rossi", "Acquaviva", str(proposal.axis.title), proposal.code, "Commenti 0"):
        assert said in text_of(response)
    assert "<strong>panchina</strong>" in response.get_data(as_text=True)
    assert "la leggono tutti" not in text_of(response)


def test_an_organisation_speaks_in_its_own_name(browser, make):
    speaker = make.person(display_name="Ada Nascosta")
    proposal = make.proposal(author=speaker, organisation=make.organisation(speaker, name="Pro loco"))
    text = text_of(browser().get(proposal.thread.path))
    assert "Pro loco" in text
    assert "Ada Nascosta" not in text


@pytest.mark.parametrize("path", ["/proposte/{id}", "/proposte/{id}-altro",
                                  "/proposte/{id}-altro?dopo=abc&ordine=recenti&x=1&id=7"])
def test_another_address_leads_to_the_right_one(browser, make, path):
    proposal = make.proposal()
    response = browser().get(path.format(id=proposal.id))
    assert response.status_code == 301
    assert response.location.partition("?")[0] == f"/proposte/{proposal.id}-{proposal.slug}"
    assert response.location.partition("?")[2] == ("dopo=abc&ordine=recenti" if "dopo" in path else "")


@pytest.mark.parametrize("id", ["0", "999", "2147483648", "99999999999999999999", "-1", "abc"])
def test_a_proposal_that_does_not_exist_is_unknown(browser, make, id):
    make.process()
    for path in (f"/proposte/{id}", f"/proposte/{id}-x", f"/proposte/{id}/modifica"):
        assert browser(make.person()).get(path).status_code == 404


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_what_is_not_public_is_unknown_at_every_address(browser, make, state):
    proposal = make.proposal(state=state)
    for person in (None, make.person(), make.person(Role.PLAN_OFFICE)):
        for rest in ("", f"-{proposal.slug}", "-x"):
            assert browser(person).get(f"/proposte/{proposal.id}{rest}").status_code == 404


@pytest.mark.parametrize(("state", "sentence"), [
    (State.PENDING, "attende la lettura di un moderatore"), (State.HIDDEN, "nascosta da un moderatore"),
    (State.WITHDRAWN, "ritirata da chi l’ha scritta")])
def test_author_and_moderators_see_what_is_not_public_marked_as_such(browser, make, state, sentence):
    author = make.person()
    proposal = make.proposal(state=state, author=author)
    for person in (author, make.person(Role.MODERATOR)):
        response = browser(person).get(proposal.thread.path)
        assert sentence in text_of(response)
        assert "/discussioni/" not in response.get_data(as_text=True)


def test_the_author_finds_the_state_and_what_may_be_done(browser, make):
    author = make.person()
    proposal = make.proposal(author=author, call=make.call())
    own, other = browser(author).get(proposal.thread.path), browser(make.person()).get(proposal.thread.path)
    assert "la leggono tutti" in text_of(own)
    for what in ("modifica", "ritira"):
        assert f"/proposte/{proposal.id}/{what}" in own.get_data(as_text=True)
        assert f"/proposte/{proposal.id}/{what}" not in other.get_data(as_text=True)
    assert f"/contributi/{proposal.id}/segnala" in other.get_data(as_text=True)
    assert f"/contributi/{proposal.id}/segnala" not in own.get_data(as_text=True)


def test_a_text_in_another_language_is_marked(browser, make):
    proposal = make.proposal(language="de", title="Mehr Busse")
    page = browser().get(proposal.thread.path).get_data(as_text=True)
    assert '<div class="prose proposal-text" lang="de">' in page


def test_a_visitor_gets_no_cookie(browser, make):
    response = browser().get(make.proposal().thread.path)
    assert "Set-Cookie" not in response.headers
    assert "csrf_token" not in response.get_data(as_text=True)
