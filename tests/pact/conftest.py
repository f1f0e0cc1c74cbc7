"""The plan office at a pact, reading English: the tests name msgids."""

import pytest

from consult.accounts.models import Role
from consult.core import clock
from consult.pact.models import Clause

PACT = "/patti/patto"


@pytest.fixture
def pact(make):
    """A pact in negotiation with one clause and two signatories."""
    pact = make.pact()
    make._add(Clause(pact=pact, position=1, title="Oggetto", body="Il patto dice **chi fa che cosa**."))
    make.signatory(written_name="Unione di prova")
    make.signatory(organisation=make.organisation(name="Consorzio di prova"))
    return pact


@pytest.fixture
def office(make, browser, pact):
    office = browser(make.person(Role.PLAN_OFFICE))
    office.get(f"{PACT}?lingua=en")
    return office


@pytest.fixture
def agreeable(make, pact):
    """A commitment with all that it needs to be agreed."""
    return make.commitment(signatory=pact.signatories[1], due_on=clock.today().replace(year=2099), baseline=0,
                           measure="Corse al mese", target=600, unit="corse")
