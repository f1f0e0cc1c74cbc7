"""Whoever withdraws a commitment, or leaves the pact, says why: everybody reads it."""

import pytest

from consult.core.db import db
from consult.pact import commitments, figures, monitoring, parties
from consult.pact.models import Commitment, CommitmentState, Signatory, SignatoryState
from consult.pact.services import UnreasonedError
from tests.browser import text_of
from tests.pact.conftest import PACT
from tests.payloads import XSS

REASON = "La Provincia ha già assegnato il servizio."


def test_a_commitment_is_withdrawn_only_with_a_reason_that_everybody_reads(office, browser, agreeable):
    path, code = f"{PACT}/impegni/{agreeable.code}/stato", agreeable.code
    silent = office.submit(path, {"state": "withdrawn", "withdrawn_reason": "  "})
    assert silent.status_code == 200
    assert 'id="withdrawn_reason-error"' in silent.text
    assert db.session.get(Commitment, agreeable.id).state is CommitmentState.NEGOTIATING
    assert office.submit(path, {"state": "withdrawn", "withdrawn_reason": REASON}).status_code == 303
    visitor = browser()
    for page in (f"{PACT}/impegni/{code}", f"{PACT}/monitoraggio", PACT, f"{PACT}/monitoraggio/scarica"):
        assert REASON in text_of(visitor.get(page)), page


def test_no_other_state_asks_for_a_reason_or_keeps_one(office, make, agreeable):
    path = f"{PACT}/impegni/{agreeable.code}/stato"
    assert office.submit(path, {"state": "agreed", "withdrawn_reason": REASON}).status_code == 303
    assert db.session.get(Commitment, agreeable.id).withdrawn_reason == ""
    broken = make.commitment(CommitmentState.NOT_KEPT)
    assert "withdrawn_reason" not in office.get(f"{PACT}/impegni/{broken.code}/stato").text


def test_the_service_demands_a_reason_whatever_the_page_asked(make, pact, agreeable):
    office, party = make.person(), pact.signatories[1]
    leaving = parties.Party(organisation_id=party.organisation_id, state=SignatoryState.WITHDRAWN)
    with pytest.raises(UnreasonedError):
        commitments.take_to(agreeable, CommitmentState.WITHDRAWN, office, seen=1, reason="\n ")
    with pytest.raises(UnreasonedError):
        parties.edit(party, office, leaving, seen=1)
    with pytest.raises(UnreasonedError):
        parties.add(pact, office, parties.Party(written_name="Terza", state=SignatoryState.WITHDRAWN))
    db.session.flush()
    assert (agreeable.version, party.version, party.state) == (1, 1, SignatoryState.INVITED)
    assert len(pact.signatories) == 2


def test_a_party_that_leaves_says_why_and_one_that_comes_back_no_longer_does(office, browser, pact):
    party, visitor = pact.signatories[1], browser()
    path, harm = f"{PACT}/firmatari/{party.id}/modifica", XSS[0]
    silent = office.submit(path, {"state": "withdrawn"})
    assert 'id="withdrawn_reason-error"' in silent.text
    assert db.session.get(Signatory, party.id).state is SignatoryState.INVITED
    assert office.submit(path, {"state": "withdrawn", "withdrawn_reason": f"{REASON} {harm}"}).status_code == 303
    assert REASON in text_of(visitor.get(PACT))
    assert harm not in visitor.get(PACT).text
    assert office.submit(path, {"state": "willing"}).status_code == 303
    assert REASON not in visitor.get(PACT).text
    assert db.session.get(Signatory, party.id).withdrawn_reason == ""


def test_what_was_withdrawn_before_anybody_was_asked_says_nothing(make, browser):
    old = make.commitment(CommitmentState.WITHDRAWN)
    assert "It was withdrawn." not in text_of(browser().get(f"{PACT}/impegni/{old.code}?lingua=en"))
    assert figures.sheet([monitoring.line(old)])[1][-1] == ""
