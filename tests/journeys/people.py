"""People of the journeys who are not in the demonstration."""

import re

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, passwords
from consult.core.db import db
from consult.demo import services as demo
from consult.processes.models import Audience
from consult.territory.models import Municipality
from consult.voting.models import Ballot

PHONE = 375


def newcomer(site, name):
    """Open an account with a confirmed address in Castelrovano, as if it had been there before; answers the address."""
    email = f"{name.lower()}@example.org"
    with site.app.app_context():
        town = db.session.scalars(sa.select(Municipality.id).where(Municipality.name == "Castelrovano")).one()
        db.session.add(Person(email=email, display_name=name.title(), municipality_id=town, confirmed_at=clock.now(),
                              password_hash=passwords.hashed(demo.PASSWORD)))
        db.session.commit()
    return email


def ballot_for_residents(site, *, verified=True):
    """The address of an open ballot: for verified residents, or for whoever has an account."""
    with site.app.app_context():
        ballot = next(one for one in db.session.scalars(sa.select(Ballot)) if one.takes())
        ballot.audience = Audience.VERIFIED if verified else Audience.SIGNED_IN
        ballot.codes_allowed = True
        db.session.commit()
        return f"/votazioni/{ballot.id}"


def may_vote(visitor, ballot):
    """Whether the page of a ballot offers to vote; if not, it says why."""
    page = visitor.open(ballot)
    if page.locator(f"main a[href='{ballot}/vota']").count():
        return True
    assert visitor.says("residenza verificata"), page.locator("main").inner_text()
    return False


def vote(visitor, ballot):
    """Choose the first option, look at the paper, and put it into the box."""
    page = visitor.open(f"{ballot}/vota")
    page.locator("main form[data-paper] input[name=choices]").first.check()
    page.click("main form[data-paper] button.btn-primary")
    page.click("main form[method=post] button.btn-primary")
    assert page.url.endswith("/ricevuta"), page.locator("main").inner_text()


def link_to(site, address):
    """The path of the link in the last letter to an address, which a real mail server was given."""
    site.work()
    return re.search(r"http://[^/\s]+(/\S+)", site.letters.to(address)[-1])[1]
