"""Many people at the same instant, through the pages and in threads of their own: nothing lost, nothing twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.amendments.models import Amendment, Answer
from consult.coauthors import services as coauthors
from consult.comments import services as comments
from consult.comments.models import Comment
from consult.contributions.models import State, Thread
from consult.core.db import StaleVersionError, db
from consult.core.policy import can
from consult.lineage import queries as lineage_queries
from consult.lineage import services as lineage
from consult.lineage.services import LineageError
from consult.moderation import services as moderation
from consult.moderation.models import Act, Reason
from consult.proposals.models import Proposal, ProposalCall
from consult.proposals.policy import REPLACED
from consult.versions import queries as versions
from consult.voting import carrying
from consult.voting import services as voting
from consult.voting.models import Support, SupportConsent
from tests import recount
from tests.browser import text_of
from tests.voting.together import at_once, counted

FIRST = "Chiediamo una panchina all'ombra davanti alla scuola, per chi aspetta."
SECOND = FIRST.replace("una panchina", "due panchine")
OTHER = FIRST + " E un cestino per la carta."
WHY = "Chiedono la stessa cosa con parole diverse."
TEXT = lineage.Draft(title="Insieme", body="Quello che chiedono tutte, in un solo testo.")


def sent_at_once(forms):
    """Send forms in threads that begin at the same instant, each some (browser, address, fields); what came back."""
    db.session.commit()
    together = Barrier(len(forms))

    def send(one_after_the_other):
        together.wait()
        return [page._client.post(address, data=fields) for page, address, fields in one_after_the_other]

    with ThreadPoolExecutor(len(forms)) as pool:
        answers = [answer for some in pool.map(send, forms) for answer in some]
    db.session.expire_all()
    return answers


def filled(page, path, action=None, **typed):
    """The form on a page, filled in and ready to be sent."""
    form = page.form(path, action)
    return page, form["action"], {**form["fields"], **typed}


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def supports(*which):
    ids = [proposal.id for proposal in which]
    return set(db.session.execute(sa.select(Support.person_id, Support.contribution_id)
                                  .where(Support.contribution_id.in_(ids))).all())


def join(proposal, person):
    invitation = coauthors.invite(proposal, person.email, inviter=proposal.author, language="it")
    assert coauthors.accept(invitation, proposal, person)
    return person


def test_of_two_authors_who_edit_at_once_one_is_told_and_has_both_texts(bare_app, make, browser):
    proposal = make.proposal(body=FIRST)
    people = [browser(proposal.author), browser(join(proposal, make.person()))]
    forms = [[filled(page, f"/proposte/{proposal.id}/modifica", body=body, reason=WHY, act="submit")]
             for page, body in zip(people, (SECOND, OTHER), strict=True)]
    answers = sent_at_once(forms)
    assert statuses(answers) == [303, 409]
    kept = SECOND if answers[0].status_code == 303 else OTHER
    late = next(text_of(answer) for answer in answers if answer.status_code == 409)
    assert SECOND in late
    assert OTHER in late
    assert [one.body for one in versions.of(proposal)] == [FIRST, kept]
    assert recount.drift() == []


def test_fifty_people_support_and_comment_at_once_and_each_sends_everything_twice(bare_app, make, browser):
    proposal, forms = make.proposal(), []
    for number in range(50):
        page = browser(make.person())
        say = filled(page, proposal.thread.path, f"/discussioni/{proposal.thread_id}/commenti",
                     body=f"Commento numero {number}.")
        support = page, f"/proposte/{proposal.id}/sostegno", {"csrf_token": say[2]["csrf_token"]}
        forms += [[support, say], [say, support]]
    answers = sent_at_once(forms)
    assert {answer.status_code for answer in answers} == {303}
    said = db.session.scalars(sa.select(Comment.body).where(Comment.thread_id == proposal.thread_id)).all()
    assert sorted(said) == sorted(f"Commento numero {number}." for number in range(50))
    assert (proposal.support_count, proposal.comment_count, proposal.thread.comment_count) == (50, 50, 50)
    assert counted() == counted("comment") == {make.town().id: 50}
    assert recount.drift() == []


@pytest.mark.parametrize("second", ["accetta", "respingi"])
def test_of_two_authors_who_answer_an_amendment_at_once_one_is_told(bare_app, make, browser, second):
    proposal = make.proposal(body=FIRST)
    other = join(proposal, make.person())
    amendment = make.amendment(proposal, SECOND)
    forms = [[filled(browser(who), f"/emendamenti/{amendment.id}/{act}", reason="Lo abbiamo letto con attenzione.")]
             for who, act in ((proposal.author, "accetta"), (other, second))]
    answers = sent_at_once(forms)
    assert statuses(answers)[0] == 303
    assert statuses(answers)[1] in {403, 409}, "where the first was done before the second was asked for, it is refused"
    accepted = db.session.get(Amendment, amendment.id).answer is Answer.ACCEPTED
    assert [one.body for one in versions.of(proposal)] == ([FIRST, SECOND] if accepted else [FIRST])
    assert recount.drift() == []


def test_a_form_sent_three_times_at_once_is_one_comment_and_one_proposal(bare_app, make, browser):
    proposal, page = make.proposal(), browser(make.person())
    comment = filled(page, proposal.thread.path, f"/discussioni/{proposal.thread_id}/commenti", body="Una volta sola.")
    answers = sent_at_once([[comment]] * 3)
    assert statuses(answers) == [303] * 3
    assert len({answer.location for answer in answers}) == 1
    call_id = proposal.activity_id
    new = filled(page, f"/raccolte/{call_id}/proponi", title="Una proposta sola", body=FIRST, act="submit")
    answers = sent_at_once([[new]] * 3)
    assert statuses(answers) == [303] * 3
    assert len({answer.location for answer in answers}) == 1
    assert db.session.scalars(sa.select(Comment.body)).all() == ["Una volta sola."]
    assert db.session.scalar(sa.select(sa.func.count()).where(Proposal.title == "Una proposta sola")) == 1
    assert recount.drift() == []


def test_whoever_supports_while_proposals_are_merged_is_counted_before_or_told(bare_app, make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    people = [make.person().id for _ in range(20)]
    ids, call_id, office_id = (one.id, two.id), one.activity_id, office.id
    db.session.commit()

    def act(number):
        if number == 20:
            return lineage.merge(db.session.get(ProposalCall, call_id), db.session.get(Person, office_id),
                                 [db.session.get(Proposal, id) for id in ids], TEXT, reason=WHY).id
        try:
            person = db.session.get(Person, people[number])
            return voting.support(db.session.get(Proposal, ids[number % 2]), person)
        except voting.RefusedError:
            db.session.rollback()
            return False

    *given, made = at_once(bare_app, act, range(21))
    db.session.expire_all()
    new = db.session.get(Proposal, made)
    assert {person for person, _proposal in supports(one, two)} == {
        people[number] for number, done in enumerate(given) if done}
    assert supports(new) == set()
    assert lineage_queries.family(new).origin.supporter_count == given.count(True)
    assert recount.drift() == []


def test_whoever_waits_while_proposals_are_merged_is_told_that_they_were(bare_app, make):
    one, two, office, person = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE), make.person()
    one_id, person_id = one.id, person.id
    db.session.commit()
    lineage.merge(one.activity, office, [one, two], TEXT, reason=WHY)

    def support():
        with bare_app.app_context(), pytest.raises(voting.RefusedError) as refusal:
            voting.support(db.session.get(Proposal, one_id), db.session.get(Person, person_id))
        return refusal.value

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(support)
        time.sleep(.5)
        assert not waiting.done()
        db.session.commit()
        assert waiting.result(timeout=20).reason is REPLACED


def test_consent_and_undoing_at_once_either_carry_or_undo(bare_app, make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    people = [make.person() for _ in range(12)]
    for person in people:
        voting.support(one, person)
    new = lineage.merge(one.activity, office, [one, two], TEXT, reason=WHY)
    ids, new_id, office_id = [person.id for person in people], new.id, office.id
    db.session.commit()

    def act(number):
        successor = db.session.get(Proposal, new_id)
        try:
            if number == 24:
                return lineage.undo(lineage_queries.family(successor).origin, db.session.get(Person, office_id))
            person = db.session.get(Person, ids[number % 12])
            if can(person, "support.carry", successor):
                carrying.answer(successor, person, carries=number % 3 > 0)
        except (LineageError, voting.RefusedError):
            db.session.rollback()

    at_once(bare_app, act, range(25))
    db.session.expire_all()
    yes = set(db.session.execute(sa.select(SupportConsent.person_id, SupportConsent.successor_id)
                                 .where(SupportConsent.carries)).all())
    assert supports(new) == yes
    assert len(supports(one)) == 12
    assert not yes or new.public
    assert one.replaced is new.public
    assert recount.drift() == []


def test_a_text_hidden_while_people_support_it_and_speak_of_it_leaves_every_count_true(bare_app, make):
    proposal, moderator = make.proposal(), make.person(Role.MODERATOR)
    people = [make.person().id for _ in range(20)]
    id, moderator_id = proposal.id, moderator.id
    db.session.commit()

    def act(number):
        text = db.session.get(Proposal, id)
        try:
            if number == 10:
                moderation.decide(text, db.session.get(Person, moderator_id), act=Act.HIDE, reason=Reason.SPAM,
                                  note=WHY, seen=moderation.mark(text))
            elif number % 2:
                voting.support(text, db.session.get(Person, people[number - 1]))
            else:
                comments.post(db.session.get(Thread, text.thread_id), db.session.get(Person, people[number - 1]),
                              body=f"Commento {number}")
        except (voting.RefusedError, StaleVersionError):
            db.session.rollback()

    at_once(bare_app, act, range(1, 21))
    db.session.expire_all()
    assert recount.drift() == []
    if proposal.state is State.HIDDEN:
        moderation.decide(proposal, moderator, act=Act.RESTORE, reason=None, seen=moderation.mark(proposal))
    assert recount.drift() == []


@pytest.mark.parametrize("state", [State.HIDDEN, State.WITHDRAWN])
def test_a_support_that_comes_just_after_a_text_has_gone_is_refused(make, state):
    proposal, person = make.proposal(state=state), make.person()
    with pytest.raises(voting.RefusedError):
        voting.support(proposal, person)
    assert supports(proposal) == set()
    assert recount.drift() == []


@pytest.mark.parametrize("gone", ["undone", "merged again"])
def test_a_consent_that_comes_just_after_a_proposal_has_gone_is_refused(make, gone):
    one, two, office, person = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE), make.person()
    voting.support(one, person)
    new = lineage.merge(one.activity, office, [one, two], TEXT, reason=WHY)
    if gone == "undone":
        lineage.undo(lineage_queries.family(new).origin, office)
    else:
        lineage.merge(one.activity, office, [new, make.proposal()], TEXT, reason=WHY)
    with pytest.raises(voting.RefusedError):
        carrying.answer(new, person, carries=True)
    assert supports(new) == set()
    assert recount.drift() == []
