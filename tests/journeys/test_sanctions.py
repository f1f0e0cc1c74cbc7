"""Without scripts, on a phone: somebody reports a text, two moderators suspend its author, who objects."""

from datetime import timedelta

from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core.db import db
from consult.proposals import services as proposals
from tests.journeys import people, proposing
from tests.journeys.people import PHONE

NOTE = "Offende le persone che abitano in piazza, più volte."


def insulting(email):
    """A public proposal of somebody: its number, address and code."""
    proposal = proposals.submit(proposing.open_call(), proposing.person(email), proposals.Wording(
        title="Parole grosse in piazza", body="Chi abita in piazza non capisce niente."))
    if not proposal.public:
        contributions.change_state(proposal, State.PUBLISHED, proposing.person("moderatrice@example.org"))
    db.session.commit()
    return proposal.id, proposal.thread.path, proposal.code


def report(reader, id):
    page = reader.open(f"/contributi/{id}/segnala")
    page.check("[name=reason][value=offence]")
    page.fill("[name=note]", "Offende chi abita in piazza.")
    reader.press("Invia la segnalazione")
    assert reader.says("entro il")


def propose(moderator, id):
    page = moderator.open(f"/moderazione/{id}")
    with page.expect_navigation():
        page.click("[data-act=suspend]")
    page.select_option("[name=reason]", "offence")
    page.fill("[name=note]", NOTE)
    page.fill("[name=days]", "30")
    moderator.press("Sospendi chi l’ha scritto")
    assert moderator.says("Proposta")


def confirm(moderator, code):
    page = moderator.open("/moderazione/sospensioni")
    faults = moderator.axe()
    with page.expect_navigation():
        page.click(f"main li a:has-text('{code}')")
    faults += moderator.axe()
    page.check("[name=answer][value=confirm]")
    moderator.press("Decidi")
    assert faults == []


def test_a_report_leads_to_a_suspension_that_two_people_decide(visit, site):
    author_email, reader_email = people.newcomer(site, "maleducato"), people.newcomer(site, "attenta")
    with site.app.app_context():
        id, path, code = insulting(author_email)
    reader, first, second, author = (visit(PHONE, scripts=scripts) for scripts in (False, False, True, False))
    reader.sign_in(reader_email)
    report(reader, id)
    first.sign_in("moderatrice@example.org")
    propose(first, id)
    second.sign_in("moderatore@example.org")
    confirm(second, code)
    author.sign_in(author_email)
    author.open(path)
    assert author.says("sospeso fino al")
    page = author.open("/profilo")
    with page.expect_navigation():
        page.click("#suspended ~ p a")
    assert author.says(NOTE)
    with site.later(timedelta(minutes=1)):
        site.work()
    assert any(NOTE in letter for letter in site.letters.to(author_email))
    assert any(code in letter for letter in site.letters.to(reader_email))
