"""The list of organisations, their public pages, and the links that lead there."""

import pytest

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core.db import db
from consult.core.languages import Localized
from consult.territory.models import StakeholderCategory
from tests.browser import text_of


@pytest.fixture(autouse=True)
def authority(make):
    return make.authority()


def test_the_list_shows_verified_organisations_by_name_and_category(browser, make):
    make.organisation(name="Zeta")
    make.organisation(name="Alfa", municipality=make.municipality("Castelprova"), description="Apre le **porte**.")
    make.organisation(name="In attesa", verified_at=None)
    other = StakeholderCategory(code="scuole", name=Localized.of("Scuole"), position=2)
    db.session.add(other)
    make.organisation(name="Liceo", category=other)
    page = text_of(browser().get("/organizzazioni"))
    assert page.index("Alfa") < page.index("Liceo") < page.index("Zeta")
    assert "Castelprova" in page
    assert "Apre le porte." in page
    assert "In attesa" not in page
    schools = text_of(browser().get("/organizzazioni?categoria=scuole"))
    assert "Liceo" in schools
    assert "Alfa" not in schools
    for asked in ("boh", "%00", "x" * 500, ""):
        assert browser().get(f"/organizzazioni?categoria={asked}").status_code in {200, 404}


def test_a_long_list_has_pages(browser, make, queries):
    for number in range(30):
        make.organisation(name=f"Org {number:02}")
    visitor = browser()
    with queries() as seen:
        first = visitor.get("/organizzazioni")
    page = first.get_data(as_text=True)
    assert page.count("data-code=") == 24
    rest = visitor.get(page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&"))
    assert rest.get_data(as_text=True).count("data-code=") == 6
    assert len(seen) <= 8


def test_the_page_shows_what_is_public_of_an_organisation_and_names_nobody(browser, make):
    author = make.person(display_name="Carla Segreta")
    organisation = make.organisation(author, name="Pro Loco", description_html="<p>La festa.</p>",
                                     municipality=make.municipality("Castelprova"))
    proposal = make.proposal(author=author, organisation=organisation, title="Panchine ovunque")
    make.comment(proposal.thread, author=author, organisation=organisation, body="Lo ripetiamo volentieri.")
    make.proposal(author=author, organisation=organisation, title="Ancora da leggere", state=State.PENDING)
    make.proposal(author=author, title="Per conto mio")
    page = text_of(browser().get(f"/organizzazioni/{organisation.slug}"))
    for shown in ("Pro Loco", "Imprese", "Castelprova", "La festa.", "Panchine ovunque", "Lo ripetiamo volentieri."):
        assert shown in page
    for hidden in ("Carla Segreta", "Ancora da leggere", "Per conto mio"):
        assert hidden not in page


def test_contributions_have_pages_and_cost_no_more_for_many(browser, make, queries):
    author = make.person()
    organisation = make.organisation(author)
    visitor, path = browser(), f"/organizzazioni/{organisation.slug}"
    make.proposal(author=author, organisation=organisation)
    with queries() as few:
        visitor.get(path)
    for number in range(24):
        make.proposal(author=author, organisation=organisation, title=f"Titolo {number}")
    with queries() as many:  # under another address: the first is answered without being made anew
        page = visitor.get(f"{path}?dopo=").get_data(as_text=True)
    assert sum("UPDATE" not in said for said in many) == sum("UPDATE" not in said for said in few)
    assert page.count("data-code=") == 20
    rest = visitor.get(page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&"))
    assert rest.get_data(as_text=True).count("data-code=") == 5


def test_what_is_hidden_leaves_the_page(browser, make):
    author = make.person()
    organisation = make.organisation(author)
    make.call(published=False)
    make.proposal(author=author, organisation=organisation, call=make.call(published=False), title="Non ancora")
    assert "Non ancora" not in text_of(browser().get(f"/organizzazioni/{organisation.slug}"))


def test_an_organisation_that_waits_is_unknown_but_to_those_whom_it_concerns(browser, make):
    speaker = make.person()
    organisation = make.organisation(speaker, verified_at=None)
    path = f"/organizzazioni/{organisation.slug}"
    assert browser().get(path).status_code == 404
    assert browser(make.person()).get(path).status_code == 404
    assert browser(speaker).get(path).status_code == 200
    assert browser(make.person(Role.PLAN_OFFICE)).get(path).status_code == 200
    assert browser().get("/organizzazioni/nessuna").status_code == 404


def test_proposals_and_comments_lead_to_the_organisation(browser, make):
    author = make.person()
    organisation = make.organisation(author, name="Pro Loco")
    proposal = make.proposal(author=author, organisation=organisation)
    make.comment(proposal.thread, author=author, organisation=organisation)
    page = browser().get(proposal.thread.path).get_data(as_text=True)
    assert page.count(f'href="/organizzazioni/{organisation.slug}"') == 2
    call = browser().get(f"/raccolte/{proposal.activity_id}").get_data(as_text=True)
    assert f'href="/organizzazioni/{organisation.slug}"' in call


@pytest.mark.parametrize("cursor", ["x", "W10", "%00", "e30", "W3sidCI6IjEifV0"])
def test_a_cursor_that_cannot_be_read_begins_anew(browser, make, cursor):
    organisation = make.organisation()
    for path in ("/organizzazioni", f"/organizzazioni/{organisation.slug}"):
        assert browser().get(f"{path}?dopo={cursor}").status_code in {200, 404}
