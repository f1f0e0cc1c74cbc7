"""Whatever is done with proposals, in any order: counts are what the rows say, and nobody's support moves alone."""

from dataclasses import dataclass, field, replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.accounts.models import Person, Role
from consult.amendments import services as amendments
from consult.amendments.models import Amendment
from consult.amendments.services import UnchangedError
from consult.attachments import services as attachments
from consult.attachments.models import Attachment
from consult.coauthors import services as coauthors
from consult.comments import agreeing
from consult.comments import services as comments
from consult.comments.models import Comment
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason
from consult.core.db import StaleVersionError, db
from consult.core.policy import can
from consult.cosponsors import services as cosponsors
from consult.cosponsors.models import Endorsement
from consult.lineage import queries as lineage_queries
from consult.lineage import services as lineage
from consult.lineage.services import LineageError
from consult.measures import places
from consult.moderation import acts, contributed, matters
from consult.moderation import services as moderation
from consult.moderation.acts import Order
from consult.moderation.models import Act, Decision, Reason
from consult.notices import services as notices
from consult.privacy import erasure
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.proposals.limits import LimitError
from consult.proposals.models import Proposal
from consult.redactions import passages
from consult.voting import carrying
from consult.voting import services as voting
from consult.voting.models import Support, SupportConsent
from tests import recount

WHY = "Così è più chiaro per tutti quelli che lo leggono."
EXPECTED = (StaleVersionError, LineageError, UnchangedError, voting.RefusedError, LimitError, ValueError)
"""What an act may answer instead of being done; anything else fails the test."""


@dataclass
class Valley:
    """A call with its people, and who has themselves supported what."""

    make: object
    moderation: ModerationMode = ModerationMode.AFTER
    people: list[Person] = field(default_factory=list)
    given: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self):
        make = self.make
        self.call = make.call(moderation=self.moderation, takes_amendments=True)
        self.people = [make.person() for _ in range(3)]
        self.organisation = make.organisation(self.people[0])
        self.office, self.moderator = make.person(Role.PLAN_OFFICE), make.person(Role.MODERATOR)
        for author in self.people[:2]:
            make.proposal(call=self.call, author=author)
        make.comment(self.texts(Proposal)[0].thread, author=self.people[2])

    def texts(self, kind):
        return db.session.scalars(sa.select(kind).where(kind.activity_id == self.call.id).order_by(kind.id)).all()

    def text(self, kind, which):
        found = self.texts(kind)
        return found[which % len(found)] if found else None


def _may(person, action, thing):
    return thing is not None and bool(can(person, action, thing))


def propose(valley, person, _which):
    wording = proposals.Wording(title="Un'altra panchina", body="La chiediamo davanti al municipio, per chi aspetta.")
    if _may(person, "proposal.submit", valley.call):
        proposals.submit(valley.call, person, wording)


def edit(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "proposal.edit", proposal):
        wording = proposals.worded(proposal)
        proposals.edit(proposal, person, replace(wording, body=f"{wording.body} Anzi, {which} panchine."),
                       seen=proposal.version, reason=WHY)


def withdraw(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "proposal.withdraw", proposal):
        proposals.withdraw(proposal, person)


def _decide(valley, text, *wanted):
    matter = contributed.of(text) if text is not None else None
    act = next((act for act in wanted if matter is not None and act in acts.offered(matter)), None)
    if act is not None and _may(valley.moderator, "moderation.decide", matter):
        moderation.decide(text, valley.moderator, act=act, reason=Reason.SPAM if act is Act.HIDE else None,
                          note=WHY, seen=moderation.mark(text))


def hide_or_show(valley, _person, which):
    _decide(valley, valley.text((Proposal, Comment, Amendment)[which % 3], which), Act.HIDE, Act.RESTORE)


def let_through(valley, _person, which):
    _decide(valley, valley.text((Proposal, Comment, Amendment)[which % 3], which), Act.APPROVE, Act.KEEP, Act.RESTORE)


def black_out(valley, _person, which):
    text = valley.text((Proposal, Comment, Amendment)[which % 3], which)
    if text is not None and _may(valley.moderator, "moderation.decide", contributed.of(text)):
        matter = contributed.of(text)
        place = passages.found(matter.passages(), matter.passages()[-1].text.split()[0])[0]
        moderation.decide(matter, valley.moderator, Order(
            act=Act.REDACT, reason=Reason.SPAM, note=WHY,
            details={"places": [[place.field, place.start, place.length]]}), seen=moderation.mark(matter))


def move(valley, _person, which):
    text = valley.text(Proposal, which)
    if text is not None and _may(valley.moderator, "moderation.decide", contributed.of(text)):
        matter = contributed.of(text)
        to = places.activities(matter) or [valley.make.call(takes_amendments=True)]
        moderation.decide(matter, valley.moderator, Order(
            act=Act.MOVE, reason=Reason.MISPLACED, note=WHY,
            details={"activity": to[0].id, "from_activity": text.activity_id, "from_category": None}),
            seen=moderation.mark(matter))


def decide_otherwise(valley, _person, _which):
    decision = db.session.scalars(sa.select(Decision).order_by(Decision.id.desc())).first()
    if decision is not None and decision.act is not Act.UNDO:
        moderation.take_back(decision, matters.matter(decision.subject), valley.moderator)


def report(valley, person, which):
    text = valley.text((Proposal, Comment, Amendment)[which % 3], which)
    if _may(person, "contribution.flag", text):
        contributions.flag(text, person, reason=FlagReason.SPAM, note="")


def attach(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "proposal.edit", proposal):
        file = Attachment(token=f"{valley.make.number():032}", owner_id=person.id, name="a.pdf", size=9,
                          mimetype="application/pdf")
        db.session.add(file)
        attachments.add(proposal, [file], person, most=2)


def detach(_valley, person, _which):
    file = db.session.scalars(sa.select(Attachment).where(Attachment.owner_id == person.id)).first()
    if file is not None:
        attachments.take_back(file, person)


def support(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "support.give", proposal) and voting.support(proposal, person):
        valley.given.add((person.id, proposal.id))


def take_back(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "support.withdraw", proposal):
        voting.withdraw_support(proposal, person)


def confirm(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "support.confirm", proposal):
        voting.confirm_support(proposal, person, seen=proposal.version)


def comment(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "comment.post", proposal.thread):
        comments.post(proposal.thread, person, body="Sono parole mie.")


def reply(valley, person, which):
    about = valley.text(Comment, which)
    if _may(person, "comment.reply", about):
        comments.post(about.thread, person, body="Rispondo.", about=about, quote="")


def change_comment(valley, person, which):
    own = valley.text(Comment, which)
    if _may(person, "comment.edit", own):
        comments.edit(own, person, seen=own.version, body=f"Altre parole, {which}.")


def withdraw_comment(valley, person, which):
    own = valley.text(Comment, which)
    if _may(person, "comment.withdraw", own):
        comments.withdraw(own, person)


def agree(valley, person, which):
    about = valley.text(Comment, which)
    if _may(person, "comment.agree", about):
        agreeing.agree(about, person, (True, False, None)[which % 3])


def join(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(proposal.author, "coauthor.invite", proposal) and person.email:
        invitation = coauthors.invite(proposal, person.email, inviter=proposal.author, language="it")
        coauthors.accept(invitation, proposal, person)


def leave(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "coauthor.leave", proposal):
        coauthors.leave(proposal, person, actor=person)


def endorse(valley, _person, which):
    proposal, speaker = valley.text(Proposal, which), valley.people[0]
    if speaker.mandate_for(valley.organisation) and _may(speaker, "endorsement.give", proposal):
        cosponsors.endorse(proposal, valley.organisation, speaker)


def endorse_no_more(valley, person, _which):
    endorsement = db.session.scalars(sa.select(Endorsement).where(Endorsement.proposal_id.in_(
        [one.id for one in valley.texts(Proposal)])).order_by(Endorsement.id)).first()
    if _may(person, "endorsement.withdraw", endorsement):
        cosponsors.withdraw(endorsement, person)


def amend(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "amendment.propose", proposal):
        amendments.propose(proposal, person, (proposal.title, f"{proposal.body} E {which} tigli."),
                           base=proposal.version, reason=WHY)


def answer_amendment(valley, person, which):
    amendment = valley.text(Amendment, which)
    if which % 2 and _may(person, "amendment.accept", amendment):
        amendments.accept(amendment, person, reason=WHY)
    elif _may(person, "amendment.decline", amendment):
        amendments.decline(amendment, person, reason=WHY)


def withdraw_amendment(valley, person, which):
    amendment = valley.text(Amendment, which)
    if _may(person, "amendment.withdraw", amendment):
        amendments.withdraw(amendment, person)


def support_amendment(valley, person, which):
    amendment = valley.text(Amendment, which)
    if _may(person, "amendment.support", amendment) and voting.support(amendment, person):
        valley.given.add((person.id, amendment.id))


def merge(valley, _person, _which):
    free = [one for one in valley.texts(Proposal) if one.public and not one.replaced]
    if len(free) > 1 and _may(valley.office, "proposal.merge", valley.call):
        lineage.merge(valley.call, valley.office, free[:2], lineage.Draft(title="Insieme", body=WHY), reason=WHY)


def split(valley, _person, which):
    proposal = valley.text(Proposal, which)
    if _may(valley.office, "proposal.split", proposal):
        drafts = [lineage.Draft(title=f"Parte {number}", body=WHY) for number in (1, 2)]
        lineage.split(proposal, valley.office, drafts, reason=WHY)


def undo(valley, _person, which):
    origin = lineage_queries.family(valley.text(Proposal, which)).origin
    if _may(valley.office, "lineage.undo", origin):
        lineage.undo(origin, valley.office)


def carry(valley, person, which):
    proposal = valley.text(Proposal, which)
    if _may(person, "support.carry", proposal):
        carrying.answer(proposal, person, carries=bool(which % 3))


def follow(valley, person, which):
    (notices.follow if which % 2 else notices.unfollow)(valley.text(Proposal, which), person)


def leave_the_site(valley, person, which):
    valley.people[valley.people.index(person)] = valley.make.person()
    erasure.erase(person, withdraw=bool(which % 2), actor=None, say_goodbye=False)


DONE = (propose, edit, withdraw, hide_or_show, let_through, report, attach, detach, support, support, take_back,
        confirm, comment, reply, change_comment, withdraw_comment, agree, join, leave, endorse,
        endorse_no_more, amend, answer_amendment, withdraw_amendment, support_amendment, merge, split, undo,
        carry, carry, follow, leave_the_site, black_out, move, decide_otherwise)
ACTS = st.lists(st.tuples(st.sampled_from(DONE), st.integers(0, 2), st.integers(0, 6)), max_size=30)


def supports(valley):
    return db.session.execute(
        sa.select(Support.person_id, Support.contribution_id, SupportConsent.carries)
        .outerjoin(SupportConsent, SupportConsent.id == Support.consent_id)
        .where(Support.contribution_id.in_([one.id for one in valley.texts(Proposal)]))).all()


def play(valley, played):
    """Do these acts one after the other; what is refused leaves nothing behind."""
    for act, who, which in played:
        try:
            with db.session.begin_nested():
                act(valley, valley.people[who], which)
        except EXPECTED:
            db.session.expire_all()
        alone = [(person, proposal) for person, proposal, carries in supports(valley)
                 if carries is not True and (person, proposal) not in valley.given]
        assert alone == [], act.__name__


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, mode=st.sampled_from(ModerationMode))
def test_counts_are_what_the_rows_say_and_no_support_moves_without_consent(make, acts, mode):
    play(Valley(make, mode), acts)
    assert recount.drift() == []


@pytest.mark.parametrize("acts", [
    [(support, 1, 0), (support, 2, 0), (merge, 0, 0), (carry, 1, 2), (carry, 2, 0), (undo, 0, 2), (edit, 0, 2)],
    [(support, 2, 0), (split, 0, 0), (carry, 2, 1), (carry, 2, 2), (leave_the_site, 2, 0), (merge, 0, 0)],
    [(amend, 2, 0), (support, 2, 0), (answer_amendment, 0, 1), (confirm, 2, 0), (join, 2, 0), (leave, 0, 0)],
    [(support, 2, 0), (amend, 1, 0), (black_out, 0, 0), (comment, 1, 0), (move, 0, 0), (decide_otherwise, 0, 0)],
    [(support, 2, 0), (black_out, 0, 0), (decide_otherwise, 0, 0), (take_back, 2, 0), (move, 0, 0), (edit, 0, 0)],
    [(support, 2, 1), (endorse, 0, 1), (hide_or_show, 0, 0), (merge, 0, 0), (leave_the_site, 0, 1)]])
def test_sequences_that_are_easy_to_get_wrong(make, acts):
    play(Valley(make), acts)
    assert recount.drift() == []


def test_a_supporter_becomes_an_author_while_a_moderator_reads(make):
    play(Valley(make, ModerationMode.BEFORE), [(support, 2, 0), (edit, 0, 0), (join, 2, 0), (let_through, 0, 0)])
    assert recount.drift() == []
