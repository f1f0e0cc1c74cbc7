"""A reservation that breaks the rules is withheld with its reason, and can be read again; nobody is named."""

import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import FlagReason
from consult.core import clock
from consult.core.db import db
from consult.voting import caveats, services
from consult.voting.models import BallotCaveat, BallotPaper
from tests.browser import text_of

SAID = "Rossi di via Roma 4 non paga le tasse."


@pytest.fixture
def ballot(make):
    """A ballot that is over, with two reservations about the same commitment."""
    ballot = make.ballot(method="consent")
    for text in (SAID, "Prima la strada."):
        services.cast(ballot, make.person(), {"B01": 2}, caveats={"B01": text})
    ballot.closes_at = clock.now()
    return ballot


def address_of(ballot, text):
    """The page on which a moderator decides on a text."""
    return next(f"/votazioni/{ballot.id}/riserve/{one.mark}" for one in caveats.published(ballot)["B01"]
                if one.text == text)


def test_a_moderator_withholds_a_text_and_readers_learn_why(ballot, make, browser):
    moderator, public, page = make.person(Role.MODERATOR), browser(), f"/votazioni/{ballot.id}"
    address = address_of(ballot, SAID)
    assert (public.get(address).status_code, browser(make.person()).get(address).status_code) == (303, 403)
    desk = browser(moderator)
    assert address in desk.get(page).get_data(as_text=True)
    assert address not in public.get(page).get_data(as_text=True)
    assert SAID in text_of(desk.get(address))
    desk.post(address, {"why": "personal_data"})
    told = text_of(public.get(page))
    assert SAID not in told
    assert "Prima la strada." in told
    assert "dati personali" in told
    assert SAID not in repr(caveats.published(ballot))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotPaper)) == 2
    desk.post(address, {"why": ""})
    assert SAID in text_of(public.get(page))
    assert db.session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event.startswith("Caveat"))
                              .order_by(AuditEntry.id)).all() == ["CaveatWithheld", "CaveatShown"]


def test_the_register_names_neither_the_text_nor_the_tag_and_nothing_is_withheld_before_the_end(ballot, make, browser):
    address, moderator = address_of(ballot, SAID), browser(make.person(Role.MODERATOR))
    moderator.post(address, {"why": "offence"})
    assert db.session.scalar(sa.select(BallotCaveat.withheld).where(BallotCaveat.text == SAID)) is FlagReason.OFFENCE
    facts = str(db.session.scalar(sa.select(AuditEntry.facts).where(AuditEntry.event == "CaveatWithheld")))
    assert not any(said in facts for said in (SAID, *db.session.scalars(sa.select(BallotCaveat.tag))))
    assert re.search("offence", facts)
    assert moderator.post(address, {"why": "dull"}).status_code == 200
    assert moderator.get(f"/votazioni/{ballot.id}/riserve/{'0' * 16}").status_code == 404
    ballot.closes_at = clock.now() + clock.timedelta(hours=1)
    assert moderator.get(address).status_code == 403
