"""Leaving: whoever deletes an account takes their name along from every page, and every count stays right."""

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.planning.models import Plan
from consult.processes.models import ModerationMode
from consult.proposals.models import Proposal
from tests.journeys.people import PHONE, ballot_for_residents, newcomer, vote
from tests.recount import drift

OFFICE = "ufficio@example.org"


@pytest.fixture(scope="module", autouse=True)
def texts_are_seen_at_once(site):
    """Moderation is walked elsewhere."""
    with site.app.app_context():
        for proposal in db.session.scalars(sa.select(Proposal)):
            proposal.activity.moderation = ModerationMode.AFTER
        db.session.commit()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("texts", ["stay", "withdraw"])
def test_whoever_leaves_takes_their_name_along_and_every_count_stays_right(site, visit, texts, scripts):
    name, title = f"Partente-{texts}-{scripts}".title(), f"Un’altalena per chi parte, {texts} {scripts}"
    visitor = visit(PHONE, scripts=scripts)
    visitor.email = newcomer(site, name)
    visitor.sign_in(visitor.email)
    ballot = ballot_for_residents(site, verified=False)
    said = f"Una panchina anche per chi parte, e basta così ({texts}, {scripts})."
    proposal = take_part(visitor, title, said, ballot)
    reader = visit(PHONE)
    search = "/raccolte/1?q=altalena"
    places = [proposal, "/raccolte/1", search, "/proposte/5", ballot, "/percorsi/rovano-2035", "/organizzazioni"]
    for place in (proposal, "/raccolte/1", search, "/proposte/5"):
        assert name in reader.open(place).content(), place  # and the browser, and the site, keep these pages
    before = papers(reader, ballot)

    leave(visitor, texts, scripts)
    site.work()

    for place in places:
        assert name not in reader.open(place).content(), place
    assert (said in reader.open("/proposte/5").content()) is (texts == "stay")
    assert (title in reader.open(search).locator("main").inner_text()) is (texts == "stay")
    assert (reader.page.goto(site.url + proposal).status == 200) is (texts == "stay")
    assert reader.says("una persona non più iscritta") or texts == "withdraw"
    assert papers(reader, ballot) == before
    gone = visit(PHONE)
    gone.sign_in(visitor.email)
    assert not gone.page.locator("form[action='/esci']").count()
    assert name not in document_made_now(site, visit)
    with site.app.app_context():
        assert drift() == []


def leave(visitor, texts, scripts):
    """Delete the account."""
    visitor.open("/profilo/elimina")
    visitor.page.check(f"[name=texts][value={texts}]")
    visitor.page.check("[name=sure]")
    assert not scripts or visitor.axe() == []
    visitor.page.click("main form button.btn-danger")


def take_part(visitor, title, said, ballot):
    """Propose, comment, support and vote; answers the path of the proposal."""
    page = visitor.open("/raccolte/1/proponi")
    page.fill("[name=title]", title)
    page.fill("[name=body]", "Nel parco c’è posto per un’altalena, e chi passa di qui la userebbe volentieri.")
    page.locator("main form button.btn-primary").last.click()
    visitor.open("/raccolte/1").get_by_role("link", name=title).first.click()
    proposal = visitor.page.url.removeprefix(visitor.site.url)
    page = visitor.open("/proposte/5")
    page.fill("#commenta [name=body]", said)
    page.click("#commenta form button")
    page = visitor.open("/proposte/5")
    page.locator("form[action$='/sostegno'] button").first.click()
    vote(visitor, ballot)
    return proposal


def papers(reader, ballot):
    """How many papers the page of a ballot tells of."""
    return reader.open(ballot).locator("section.ballot-act .small-print").last.inner_text()


def document_made_now(site, visit):
    """The text of a document of the plan that the office makes at this moment."""
    with site.app.app_context():
        path = f"/piani/{db.session.scalars(sa.select(Plan.slug)).first()}/documenti"
    office = visit(1280)
    office.sign_in(OFFICE)
    page = office.open(path)
    page.check("[name=format][value=html]")
    page.click("main form[method=post] button")
    site.work()
    link = office.open(path).locator("a[href^='/documenti/']").first.get_attribute("href")
    made = page.context.request.get(site.url + link)
    assert made.ok
    assert "<html" in made.text()
    return made.text()
