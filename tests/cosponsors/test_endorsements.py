"""Organisations that stand behind proposals, by the mandate of whoever speaks for them."""

import random

import pytest
import sqlalchemy as sa

from consult.accounts.models import Organisation, Person
from consult.contributions.services import MandateError
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.cosponsors import mails, queries, services
from consult.cosponsors.models import Endorsement
from consult.organisations import services as organisations
from consult.privacy import erasure
from consult.proposals import services as proposals
from consult.proposals.models import Proposal
from tests import recount
from tests.browser import text_of
from tests.voting.together import at_once


def change(proposal, body="Un altro testo, con altre parole e lo stesso intento di prima."):
    wording = proposals.worded(proposal)
    proposals.edit(proposal, proposal.author, proposals.Wording(**{**wording.__dict__, "body": body}),
                   seen=proposal.version, reason="Più chiaro.")


def test_an_organisation_endorses_and_withdraws(browser, make):
    speaker, proposal = make.person(), make.proposal()
    organisation = make.organisation(speaker)
    page = browser(speaker)
    page.submit(proposal.thread.path, action=f"/proposte/{proposal.id}/adesioni")
    assert (proposal.endorsement_count, proposal.support_count) == (1, 0)
    shown = text_of(browser().get(proposal.thread.path))
    assert organisation.name in shown
    assert "Imprese" in shown
    assert "Aderisce 1 organizzazione" in text_of(browser().get(f"/raccolte/{proposal.activity_id}"))
    endorsement = db.session.scalars(sa.select(Endorsement)).one()
    assert endorsement.mandate_id == speaker.mandates[0].id
    page.submit(proposal.thread.path, action=f"/adesioni/{endorsement.id}/ritira")
    assert (proposal.endorsement_count, queries.of(proposal)) == (0, [])
    assert recount.drift() == []


@pytest.mark.parametrize(("who", "granted"), [("speaker", True), ("person", False), ("author", False)])
def test_who_endorses(make, who, granted):
    author, speaker = make.person(), make.person()
    own = make.organisation(author)
    make.organisation(speaker)
    proposal = make.proposal(author=author, organisation=own)
    people = {"speaker": speaker, "person": make.person(), "author": author}
    assert bool(can(people[who], "endorsement.give", proposal)) is granted


def test_nobody_endorses_for_the_organisation_of_others(browser, make):
    speaker, other, proposal = make.person(), make.person(), make.proposal()
    make.organisation(speaker)
    theirs = make.organisation(other)
    assert browser(speaker).post(f"/proposte/{proposal.id}/adesioni", {"organisation": theirs.id}).status_code == 400
    assert browser(speaker).post(f"/proposte/{proposal.id}/adesioni", {"organisation": "x" * 99}).status_code == 400
    with pytest.raises(MandateError):
        services.endorse(proposal, theirs, speaker)
    services.endorse(proposal, theirs, other)
    endorsement = queries.of(proposal)[0]
    assert browser(speaker).post(f"/adesioni/{endorsement.id}/ritira").status_code == 403


def test_the_endorsement_outlives_the_mandate_and_is_withdrawn_by_whoever_speaks_then(make):
    speaker, later, proposal = make.person(), make.person(), make.proposal()
    organisation = make.organisation(speaker)
    services.endorse(proposal, organisation, speaker)
    organisations.end(speaker.mandates[0], actor=speaker)
    endorsement = queries.of(proposal)[0]
    assert endorsement.mandate.person_id == speaker.id
    assert not can(speaker, "endorsement.withdraw", endorsement)
    make.organisation(later)
    db.session.add(type(speaker.mandates[0])(person=later, organisation=organisation))
    db.session.flush()
    db.session.expire(later)
    assert can(later, "endorsement.withdraw", endorsement)


def test_at_once_an_organisation_endorses_once(app, make):
    speakers, proposal = [make.person() for _ in range(4)], make.proposal()
    organisation = make.organisation(speakers[0])
    for speaker in speakers[1:]:
        db.session.add(type(speakers[0].mandates[0])(person=speaker, organisation=organisation))
    ids, about, who = [speaker.id for speaker in speakers], proposal.id, organisation.id
    db.session.commit()

    def act(id):
        return services.endorse(db.session.get(Proposal, about), db.session.get(Organisation, who),
                                db.session.get(Person, id))

    assert sorted(at_once(app, act, ids)) == [False, False, False, True]
    db.session.expire_all()
    assert proposal.endorsement_count == 1
    assert recount.drift() == []


def test_when_the_text_changes_the_organisation_hears_it_and_may_endorse_the_new_one(browser, make):
    speaker, proposal = make.person(), make.proposal()
    organisation = make.organisation(speaker)
    services.endorse(proposal, organisation, speaker)
    change(proposal)
    mails.tell_speakers(proposal.id, proposal.version)
    mails.tell_speakers(proposal.id, proposal.version)
    told = db.session.scalars(sa.select(OutboxMessage)).one()
    assert told.recipient == speaker.email
    assert organisation.name in told.text
    assert "per la versione 1 del testo" in text_of(browser().get(proposal.thread.path))
    browser(speaker).submit(proposal.thread.path, action=f"/proposte/{proposal.id}/adesioni")
    assert queries.of(proposal)[0].version == 2
    assert proposal.endorsement_count == 1


def test_whoever_leaves_changes_no_count(make):
    speaker, proposal = make.person(), make.proposal()
    services.endorse(proposal, make.organisation(speaker), speaker)
    erasure.erase(speaker, withdraw=True, actor=None)
    db.session.expire_all()
    assert proposal.endorsement_count == 1
    assert recount.drift() == []


@pytest.mark.parametrize("seed", range(4))
def test_every_count_is_true_after_whatever_happens(make, seed):
    dice = random.Random(seed)  # noqa: S311 - a story told again
    speakers, all_of_them = [make.person() for _ in range(4)], [make.proposal() for _ in range(2)]
    theirs = {speaker.id: make.organisation(speaker) for speaker in speakers}
    for _ in range(40):
        speaker, proposal = dice.choice(speakers), dice.choice(all_of_them)
        act = dice.choice(["endorse", "endorse", "withdraw", "change"])
        if act == "endorse" and can(speaker, "endorsement.give", proposal):
            services.endorse(proposal, theirs[speaker.id], speaker, seen=dice.randint(1, 5))
        elif act == "withdraw":
            for endorsement in queries.of(proposal):
                if can(speaker, "endorsement.withdraw", endorsement):
                    services.withdraw(endorsement, speaker)
        elif act == "change":
            change(proposal, f"Un altro testo numero {dice.randint(1, 99)}, con altre parole e lo stesso intento.")
    assert recount.drift() == []
