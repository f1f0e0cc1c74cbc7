"""The pact and its commitments go only where something bears them, and say why not otherwise."""

from datetime import timedelta

import pytest

from consult.core import clock
from consult.core.db import StaleVersionError, db
from consult.pact import commitments, parties, services
from consult.pact.models import CommitmentState, PactState, Progress, SignatoryState
from consult.pact.services import HinderedError

DAY = timedelta(days=1)


def refused(thing, state, actor, *, by=services):
    with pytest.raises(HinderedError) as refusal:
        by.take_to(thing, state, actor, seen=thing.version)
    return str(refusal.value.sentence)


def test_a_pact_goes_on_only_as_far_as_something_bears_it(make, pact, agreeable):
    office, first, second = make.person(), *pact.signatories
    assert "I" in refused(pact, PactState.OPEN_FOR_SIGNATURE, office)
    commitments.take_to(agreeable, CommitmentState.AGREED, office, seen=1)
    services.take_to(pact, PactState.OPEN_FOR_SIGNATURE, office, seen=1)
    first.state = SignatoryState.SIGNED
    assert "1" in refused(pact, PactState.IN_FORCE, office)
    assert refused(pact, PactState.IN_NEGOTIATION, office)  # somebody has signed this text
    second.state = SignatoryState.SIGNED
    services.take_to(pact, PactState.IN_FORCE, office, seen=2, act="Delibera 12", since=clock.today())
    assert (pact.in_force_since, pact.act) == (clock.today(), "Delibera 12")
    assert agreeable.code in refused(pact, PactState.CONCLUDED, office)


def test_a_pact_is_not_opened_for_signature_while_people_can_comment_or_something_is_unsettled(make, pact, agreeable):
    office = make.person()
    agreeable.state = CommitmentState.AGREED
    asking = make.pact_consultation()
    assert refused(pact, PactState.OPEN_FOR_SIGNATURE, office)
    asking.closes_at = clock.now() - DAY
    asking.opens_at = clock.now() - 2 * DAY
    open_one = make.commitment(CommitmentState.NEGOTIATING)
    assert open_one.code in refused(pact, PactState.OPEN_FOR_SIGNATURE, office)
    open_one.state = CommitmentState.WITHDRAWN
    services.take_to(pact, PactState.OPEN_FOR_SIGNATURE, office, seen=pact.version)
    assert pact.state is PactState.OPEN_FOR_SIGNATURE


def test_a_first_text_needs_a_clause_and_two_signatories_and_never_goes_back_to_the_desk(make, pact):
    office = make.person()
    pact.state = PactState.DRAFT
    pact.signatories[0].state = SignatoryState.WITHDRAWN
    assert refused(pact, PactState.IN_NEGOTIATION, office)
    pact.signatories[0].state = SignatoryState.WILLING
    services.take_to(pact, PactState.IN_NEGOTIATION, office, seen=1)
    assert all(PactState.DRAFT not in after for after in services.PASSAGES.values())


@pytest.mark.parametrize("missing", ["signatory", "due_on", "measure"])
def test_a_commitment_is_agreed_only_with_responsible_day_and_measure(make, agreeable, missing):
    setattr(agreeable, missing, "" if missing == "measure" else None)
    db.session.flush()
    assert refused(agreeable, CommitmentState.AGREED, make.person(), by=commitments)
    assert agreeable.state is CommitmentState.NEGOTIATING


def test_nobody_agrees_on_what_a_party_that_withdrew_was_to_do(make, pact, agreeable):
    pact.signatories[1].state = SignatoryState.WITHDRAWN
    assert refused(agreeable, CommitmentState.AGREED, make.person(), by=commitments)


def test_a_commitment_is_kept_by_its_latest_report_and_broken_by_its_day_or_by_being_stopped(make, agreeable):
    office = make.person()
    agreeable.state = CommitmentState.UNDER_WAY
    done = make.progress(agreeable, Progress.DONE, days_ago=5)
    make.progress(agreeable, Progress.LATE, days_ago=4, corrects=done)
    assert refused(agreeable, CommitmentState.KEPT, office, by=commitments)  # that it was done was corrected
    assert refused(agreeable, CommitmentState.NOT_KEPT, office, by=commitments)
    agreeable.due_on = clock.today() - DAY
    commitments.take_to(agreeable, CommitmentState.NOT_KEPT, office, seen=1)
    make.progress(agreeable, Progress.DONE)
    commitments.take_to(agreeable, CommitmentState.KEPT, office, seen=2)
    assert agreeable.state is CommitmentState.KEPT


def test_who_decides_on_what_they_did_not_see_decides_nothing(make, pact, agreeable):
    office = make.person()
    for thing, state, by in ((pact, PactState.OPEN_FOR_SIGNATURE, services),
                             (agreeable, CommitmentState.AGREED, commitments)):
        with pytest.raises(StaleVersionError):
            by.take_to(thing, state, office, seen=thing.version - 1)
    assert agreeable.state is CommitmentState.NEGOTIATING


def test_a_commitment_put_before_everybody_while_people_comment_gets_its_thread(make, pact):
    office, consultation = make.person(), make.pact_consultation()
    draft = make.commitment(CommitmentState.DRAFT)
    assert draft.thread is None
    commitments.take_to(draft, CommitmentState.NEGOTIATING, office, seen=1)
    assert draft.thread.activity_id == consultation.id
    assert draft.thread.path == f"/patti/{pact.slug}/impegni/{draft.code}"
    commitments.edit(draft, office, commitments.CommitmentText(code="I99", title="Altro nome"), seen=2)
    assert (str(draft.thread.label), draft.thread.path) == ("I99 · Altro nome", f"/patti/{pact.slug}/impegni/I99")


def test_a_later_consultation_goes_on_in_the_same_threads(make, agreeable):
    earlier = make.pact_consultation("closed")
    thread = agreeable.thread
    later = make.pact_consultation()
    assert (agreeable.thread, thread.activity_id) == (thread, later.id)
    assert earlier.id != later.id


def test_a_text_that_was_put_before_the_signatories_meanwhile_is_not_changed(make, pact, agreeable):
    before, pact.state = agreeable.title, PactState.OPEN_FOR_SIGNATURE
    text = commitments.CommitmentText(code="I98", title="Di nascosto")
    with pytest.raises(HinderedError):
        commitments.add(pact, make.person(), text)
    with pytest.raises(HinderedError):
        commitments.edit(agreeable, make.person(), text, seen=1)
    assert (agreeable.title, agreeable.version) == (before, 1)


def test_a_party_is_a_signatory_once(make, pact):
    office, known = make.person(), pact.signatories[1].organisation
    for party in (parties.Party(organisation_id=known.id), parties.Party(written_name="UNIONE di prova")):
        with pytest.raises(parties.TwiceError):
            parties.add(pact, office, party)
    named = parties.Party(organisation_id=known.id, signer_title="Presidente")
    parties.edit(pact.signatories[1], office, named, seen=1)
    assert pact.signatories[1].signer_title == "Presidente"
