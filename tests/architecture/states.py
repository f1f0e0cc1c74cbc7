"""The states of things that matter to each action of the policy.

Each function yields the name of a state with a thing that is in it; what it changes for that is put back after.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Mandate, MandateKind, Role
from consult.amendments.models import Answer
from consult.analysis.models import IndicatorFile
from consult.appeals import queries as appeals
from consult.appeals import services as reviews
from consult.appeals.appealed import Appealed
from consult.appeals.models import Appeal
from consult.attachments.models import Attachment
from consult.ballots.models import PapersFile
from consult.codings.asked import Asked
from consult.codings.models import DECIDED, SEATS, Codebook, Coder, Coding
from consult.comments.models import Comment
from consult.contributions import services as contributions
from consult.contributions.models import Flag, FlagReason, State
from consult.core import clock
from consult.core.db import db
from consult.cosponsors.models import Endorsement
from consult.discussions.models import Openers
from consult.entry.models import EntryBatch, EntryFile, EntrySheet
from consult.factors.models import Passkey
from consult.importing.models import ConversationFile
from consult.invitations.models import Invitation
from consult.ledger import queries as ledgers
from consult.ledger.models import Stage
from consult.lineage import queries as lineage_queries
from consult.lineage import services as lineage
from consult.meetings.models import Minutes, MinutesCorrection, MinutesState
from consult.microdata.models import AnswerFile, AnswerFormat, FileState
from consult.moderation import contributed, matters
from consult.moderation import services as moderation
from consult.moderation.models import Act, Decision, Reason
from consult.opinions.models import Writers
from consult.organisations.models import Description, Standing
from consult.organisations.policy import held
from consult.pact.models import CommitmentState, PactState, SignatoryState, Signature, SignatureKind
from consult.planning.models import PlanState
from consult.polling.models import BallotBox, BoxPaper
from consult.privacy.models import PersonalExport
from consult.processes.models import Agreements, Audience, BlackoutWindow, Channel, ResultsVisible
from consult.proposals.models import CoAuthor
from consult.publishing.models import DocumentFormat, DocumentState, MadeDocument
from consult.remarks import services as remarks
from consult.remarks.passages import Spot
from consult.restitution.models import PhaseClosing
from consult.results.models import BatchKind, OutcomeBatch
from consult.sanctions import queries as sanctioned
from consult.sanctions import services as sanctions
from consult.sorting.models import Tag
from consult.statements import queries as statements
from consult.surveys import models as asked_models
from consult.surveys import services as surveys
from consult.surveys.models import AnsweredFile, Option, QuestionKind, Submission
from consult.verification.models import ExternalIdentity
from consult.voting import services as voting
from consult.voting.models import Electorate
from tests.architecture.world import World
from tests.factories import DAY, WHY

States = Iterator[tuple[str, Any]]


@contextmanager
def but(thing: Any, **values: Any) -> Iterator[Any]:
    """A thing with other values, for a while."""
    before = {name: getattr(thing, name) for name in values}
    for name, value in values.items():
        setattr(thing, name, value)
    db.session.flush()
    yield thing
    for name, value in before.items():
        setattr(thing, name, value)
    db.session.flush()


@contextmanager
def before_elections(world: World) -> Iterator[None]:
    """While the law forbids to collect anything."""
    window = BlackoutWindow(starts_at=clock.now() - DAY, ends_at=clock.now() + DAY, reason={"it": "Elezioni"})
    world.process.blackouts.append(window)
    db.session.flush()
    yield
    world.process.blackouts.remove(window)
    db.session.delete(window)
    db.session.flush()


def but_suspended(states: Callable[[World], States], *names: str) -> Callable[[World], States]:
    """The same states, and those that are named once more while the owner is suspended."""
    def found(world: World) -> States:
        for name, thing in states(world):
            yield name, thing
            if name in names:
                with but(world.owner, suspended_until=clock.now() + DAY):
                    yield f"{name}, owner suspended", thing

    return found


def nothing(world: World) -> States:
    """Actions on no thing."""
    yield "-", None


def in_process(world: World) -> States:
    yield "public", world.process
    with but(world.process, published=False):
        yield "not public", world.process


def with_tags(world: World) -> States:
    """The percorso before it has tags, and once it has one."""
    yield "without tags", world.process
    tag = Tag(process_id=world.process.id, code="BUS", key="bus", name={"it": "Autobus"}, definition={})
    db.session.add(tag)
    db.session.flush()
    yield "with tags", world.process
    db.session.delete(tag)
    db.session.flush()


def restituted(world: World) -> States:
    with but(_call(world), opens_at=clock.now() - 9 * DAY, closes_at=clock.now() - DAY) as call:
        yield "activity over", call
    yield "activity open", _call(world)
    yield "axis", world.make.axis()


def closing(world: World) -> States:
    yield "phase under way", world.make.phase(2)
    yield "phase over", world.make.phase(1)
    with db.session.begin_nested() as closed:
        db.session.add(PhaseClosing(phase_id=world.make.phase(1).id, without_restitution=0, without_outcome=0))
        db.session.flush()
        yield "phase closed", world.make.phase(1)
        closed.rollback()


def shown(build: Callable[[World], Any]) -> Callable[[World], States]:
    """Whether an activity is seen."""
    def states(world: World) -> States:
        activity = build(world)
        yield "public", activity
        with but(activity, published=False):
            yield "not public", activity
        with but(world.process, published=False):
            yield "percorso not public", activity

    return states


def taking(build: Callable[..., Any]) -> Callable[[World], States]:
    """Whether an activity takes anything, and from whom."""
    def states(world: World) -> States:
        for when in ("open", "coming", "closed"):
            yield when, build(world, when=when)
        activity = build(world)
        with but(activity, published=False):
            yield "not public", activity
        with but(activity, suspended_reason="Una verifica"):
            yield "suspended", activity
        with before_elections(world):
            yield "before elections", activity
        for audience in (Audience.VERIFIED, Audience.ANYONE):
            with but(activity, audience=audience):
                yield f"open to {audience.value}", activity
        with but(activity, codes_allowed=True):
            yield "a code is enough", activity

    return states


def _call(world: World, **values: Any) -> Any:
    return world.make.call(**values)


def _survey(world: World, **values: Any) -> Any:
    return world.make.survey(**values)


def _ballot(world: World, **values: Any) -> Any:
    return world.make.ballot(**values)


def of_states(build: Callable[..., Any]) -> Callable[[World], States]:
    """A contribution of the owner in each of its states."""
    def states(world: World) -> States:
        for state in State:
            yield state.value, build(world, state=state, author=world.owner)
        public = build(world, state=State.PUBLISHED, author=world.owner)
        with but(public.activity, published=False):
            yield "published, activity not public", public

    return states


def _proposal(world: World, **values: Any) -> Any:
    return world.make.proposal(**values)


def _comment(world: World, *, state: State = State.PUBLISHED, **values: Any) -> Comment:
    thread = world.make.proposal().thread
    comment = world.make.comment(thread, state=state, **values)
    if state in {State.HIDDEN, State.WITHDRAWN}:
        comment.published_at = clock.now()
    return comment


def comment_read(world: World) -> States:
    yield from of_states(_comment)(world)
    comment = _comment(world, author=world.owner)
    with but(comment.thread.discussed, state=State.HIDDEN):
        yield "published, about something hidden", comment


def attachment(world: World) -> States:
    """A file of the owner, with a text or with none."""
    for state in State:
        yield f"with a text {state.value}", _attachment(world, world.make.proposal(state=state, author=world.owner))
    public = world.make.proposal(author=world.owner)
    with but(public.activity, published=False):
        yield "with a text, activity not public", _attachment(world, public)
    about = world.make.proposal()
    comment = world.make.comment(about.thread, author=world.owner)
    yield "with a comment", _attachment(world, comment)
    with but(about, state=State.HIDDEN):
        yield "with a comment about something hidden", _attachment(world, comment)
    yield "of a form not sent in", _attachment(world, None)


def _attachment(world: World, contribution: Any) -> Attachment:
    attachment = Attachment(token=f"{world.make.number():032}", owner_id=world.owner.id, name="a.pdf", size=9,
                            contribution=contribution, mimetype="application/pdf")
    db.session.add(attachment)
    db.session.flush()
    return attachment


def may_speak(world: World) -> States:
    """A thread, open or not."""
    proposal = world.make.proposal()
    yield "open", proposal.thread
    with but(proposal.thread, locked=True):
        yield "locked", proposal.thread
    with but(proposal, state=State.HIDDEN):
        yield "about something hidden", proposal.thread
    with before_elections(world):
        yield "before elections", proposal.thread
    for when in ("coming", "closed"):
        yield when, world.make.proposal(call=world.make.call(when)).thread
    call = world.make.call(audience=Audience.VERIFIED)
    yield "open to verified", world.make.proposal(call=call).thread


def reply(world: World) -> States:
    for state in State:
        yield f"to a comment that is {state.value}", _comment(world, state=state, author=world.owner)
    comment = _comment(world, author=world.owner)
    with but(comment.thread, locked=True):
        yield "locked", comment


def comment_edit(world: World) -> States:
    yield from of_states(_comment)(world)
    comment = _comment(world, author=world.owner)
    world.make.comment(comment.thread, about=comment)
    yield "published, with a reply", comment
    alone = _comment(world, author=world.owner)
    with but(alone.thread, locked=True):
        yield "published, locked", alone
    with but(alone.activity, closes_at=clock.now() - timedelta(minutes=1)):
        yield "published, activity closed", alone


def agree(world: World) -> States:
    yield from reply(world)
    for mode in Agreements:
        comment = _comment(world, author=world.owner)
        with but(comment.activity, agreements=mode):
            yield f"one can say {mode.value}", comment


def topic_open(world: World) -> States:
    for openers in Openers:
        for when in ("open", "coming", "closed"):
            yield f"{when}, opened by {openers.value}", world.make.discussion(when, openers=openers)


def _conversation(world: World, when: str = "open", **values: Any) -> Any:
    return world.make.conversation(when, **values)


def _statement(world: World, **values: Any) -> Any:
    return world.make.statement(**values)


def statement(world: World) -> States:
    """A statement of the owner in each of its states, and answered."""
    yield from of_states(_statement)(world)
    yield "published, answered", world.make.statement(author=world.owner, agreed=1)


def statement_write(world: World) -> States:
    for writers in Writers:
        for when in ("open", "coming", "closed"):
            yield f"{when}, written by {writers.value}", world.make.conversation(when, writers=writers)
    full = world.make.conversation(statements_each=1)
    world.make.statement(conversation=full, author=world.owner)
    yield "the owner has written one of one", full


def conversation_export(world: World) -> States:
    for when in ("open", "closed"):
        for shown_when in ResultsVisible:
            yield f"{when}, results {shown_when.value}", world.make.conversation(when, results_visible=shown_when)


def _topic(world: World, **values: Any) -> Any:
    return world.make.topic(**values)


def topic(world: World) -> States:
    """A topic of the owner in each of its states, with a comment, and with a summary."""
    yield from of_states(_topic)(world)
    topic = world.make.topic(author=world.owner)
    with but(topic, summary="Che cosa ne è emerso"):
        yield "published, with a summary", topic
    world.make.comment(topic.thread)
    yield "published, with a comment", topic


def proposal_edit(world: World) -> States:
    yield from of_states(_proposal)(world)
    proposal = world.make.proposal(author=world.owner)
    with but(proposal, settled_at=clock.now()):
        yield "published, with an outcome", proposal
    for when in ("coming", "closed"):
        yield f"published, activity {when}", world.make.proposal(author=world.owner, call=world.make.call(when))


def support(world: World) -> States:
    yield from proposal_edit(world)
    yield "no supports collected", world.make.proposal(author=world.owner, call=world.make.call(supports_open=False))
    yield "open to verified", world.make.proposal(author=world.owner, call=world.make.call(audience=Audience.VERIFIED))
    limited = world.make.call(supports_each=1)
    voting.support(world.make.proposal(call=limited), world.owner)
    yield "no support left for the owner", world.make.proposal(call=limited)


def proposal_submit(world: World) -> States:
    yield from taking(_call)(world)
    limited = world.make.call(most_per_person=1)
    world.make.proposal(call=limited, author=world.owner)
    yield "the owner has sent in all they may", limited


def merging(world: World) -> States:
    yield from shown(_call)(world)
    yield "over", world.make.call("closed")


def splitting(world: World) -> States:
    yield from of_states(_proposal)(world)
    with but(world.make.proposal(), replaced_at=clock.now()) as replaced:
        yield "merged already", replaced
    yield "call over", world.make.proposal(call=world.make.call("closed"))


def _merged(world: World) -> Any:
    call, office = world.make.call(), world.make.person()
    one, two = world.make.proposal(call=call), world.make.proposal(call=call)
    voting.support(one, world.owner)
    text = lineage.Draft(title="Insieme", body="Quello che chiedono tutte, in un solo testo.")
    return lineage.merge(call, office, [one, two], text, reason="Chiedono la stessa cosa con altre parole.")


def undoing(world: World) -> States:
    new = _merged(world)
    yield "untouched", lineage_queries.family(new).origin
    world.make.comment(new.thread)
    yield "commented", lineage_queries.family(new).origin


def carrying(world: World) -> States:
    new = _merged(world)
    yield "made of what the owner supports", new
    with but(new, state=State.HIDDEN):
        yield "hidden", new
    yield "made by somebody", world.make.proposal(author=world.owner)


def outcome_file(world: World) -> States:
    steering = world.staff[Role.STEERING]["s"]
    for whose, sender in (("the owner", world.owner), ("somebody of the steering group", steering)):
        batch = OutcomeBatch(process=world.process, kind=BatchKind.PROPOSED, name="", lines=[], sent_by_id=sender.id)
        db.session.add(batch)
        db.session.flush()
        yield f"sent by {whose}", batch


def flagged(world: World) -> States:
    yield from of_states(_proposal)(world)
    with but(world.owner, next_flag_at=clock.now() + DAY):
        yield "published, the owner has reported today", world.make.proposal()


def proposed_suspension(world: World) -> States:
    """A suspension beyond a week, proposed by the moderator of the site or by another."""
    for name, proposer in (("proposed", world.make.person(Role.MODERATOR)),
                           ("proposed by the moderator of the site", world.moderator)):
        about = contributed.of(world.make.proposal())
        wanted = sanctions.propose(about, proposer, days=30, reason=Reason.OFFENCE, note=WHY)
        yield name, sanctioned.proposed(wanted.id)
    with but(wanted, settled_at=clock.now()):
        yield "answered", sanctioned.proposed(wanted.id)


def decide(world: World) -> States:
    yield from of_states(_proposal)(world)
    yield "written by the moderator of the site", world.make.proposal(author=world.moderator)
    organisation = world.make.organisation(world.moderator)
    yield "written for their organisation", world.make.proposal(author=world.owner, organisation=organisation)
    reported = world.make.proposal(author=world.owner)
    contributions.flag(reported, world.moderator, reason=FlagReason.SPAM, note="")
    yield "reported by the moderator of the site", reported
    yield from _passed_on(world)


def read(world: World) -> States:
    yield from of_states(_proposal)(world)
    yield from _passed_on(world)


def _passed_on(world: World) -> States:
    passed_on = world.make.proposal(author=world.owner)
    contributions.flag(passed_on, world.make.person(), reason=FlagReason.SPAM, note="")
    moderation.decide(passed_on, world.make.person(Role.MODERATOR), act=Act.ESCALATE, note=WHY,
                      seen=moderation.mark(passed_on))
    yield "passed on by a moderator", passed_on


def matters_of(states: Callable[[World], States]) -> Callable[[World], States]:
    """Contributions as they lie before the moderators."""
    def found(world: World) -> States:
        for name, contribution in states(world):
            yield name, contributed.of(contribution)

    return found


def _decided(world: World, act: Act = Act.HIDE, by: Any = None) -> Decision:
    author = world.make.person() if act is Act.KEEP else world.owner
    proposal = world.make.proposal(author=author)
    if act is Act.KEEP:
        contributions.flag(proposal, world.owner, reason=FlagReason.SPAM, note="")
    return moderation.decide(proposal, by or world.make.person(Role.MODERATOR), act=act, reason=Reason.SPAM, note=WHY,
                             seen=moderation.mark(proposal))


def told_of(world: World) -> States:
    yield "hidden", statements.statement(_decided(world).id)


def appealable(world: World) -> States:
    hidden = _decided(world)
    yield "hidden", appeals.appealable(hidden.id)
    with clock.at(clock.now() + DAY * 200):
        yield "hidden long ago", appeals.appealable(hidden.id)
    yield "left public, reported by the owner", appeals.appealable(_decided(world, Act.KEEP).id)
    yield "asked before", appeals.appealable(_asked(world, hidden).decision_id)


def _asked(world: World, decision: Decision) -> Appeal:
    return reviews.ask(appeals.appealable(decision.id), world.owner, words=WHY)  # type: ignore[arg-type]


class _BeforeTheCommittee(Appealed):
    before_the_committee = True  # type: ignore[assignment]


def review(world: World) -> States:
    asked = appeals.review(_asked(world, _decided(world)).id)
    assert asked is not None
    yield "asked", asked
    yield "asked where nobody else moderates", _BeforeTheCommittee(asked.thing, asked.about)
    own = appeals.review(_asked(world, _decided(world, by=world.moderator)).id)
    yield "decided by the moderator of the site", own
    with but(asked.thing, answered_at=clock.now(), reviewer_id=world.moderator.id, upheld=False,
             answer_id=asked.thing.decision_id):
        yield "answered", asked


def survey_answer(world: World) -> States:
    yield from taking(_survey)(world)
    survey = world.make.survey(anonymous=False)
    option = db.session.scalars(sa.select(Option).order_by(Option.id.desc())).first()
    surveys.answer(survey, world.owner, municipality_id=None, given={option.question.code: [option.code]})
    yield "answered by the owner", survey


def survey_change(world: World) -> States:
    yield from taking(lambda world, **values: world.make.survey(may_change=True, **values))(world)
    yield "answers cannot be changed", world.make.survey()


def answered_file(world: World) -> States:
    """A file that came with an answer."""
    survey = world.make.survey()
    option = db.session.scalars(sa.select(Option).order_by(Option.id.desc())).first()
    submission = surveys.answer(survey, None, municipality_id=None, given={option.question.code: [option.code]})
    file = AnsweredFile(token="ab" * 16, survey_id=survey.id, submission_id=submission)
    db.session.add(file)
    db.session.flush()
    yield "answered with", file


def results_of(build: Callable[..., Any]) -> Callable[[World], States]:
    """Results by when they are shown, of what is open and what has closed."""
    def states(world: World) -> States:
        for visible in ResultsVisible:
            for when in ("open", "closed"):
                yield f"shown {visible.value}, {when}", build(world, when=when, results_visible=visible)
        activity = build(world, when="closed", results_visible=ResultsVisible.LIVE)
        with but(activity, published=False):
            yield "not public", activity

    return states


def ballot_cast(world: World) -> States:
    yield from taking(_ballot)(world)
    ballot = world.make.ballot()
    db.session.add(Electorate(ballot_id=ballot.id, municipality_id=world.make.municipality("Altrove").id, eligible=9))
    yield "residents of another municipality vote", ballot
    db.session.add(Electorate(ballot_id=ballot.id, municipality_id=world.make.town().id, eligible=9))
    yield "residents of this municipality vote", ballot
    yield "organisations vote", world.make.ballot(by_organisation=True)


def _logged(world: World, stage: Stage = Stage.OPEN, **values: Any) -> Any:
    """A ballot whose log has begun."""
    ballot = world.make.ballot(**values)
    voting.open_log(ballot)
    ledgers.opened(ballot.id).stage = stage
    db.session.flush()
    return ballot


def ledger_publication(world: World) -> States:
    yield "its log is open", _logged(world)
    yield from shown(lambda world: _logged(world, Stage.CLOSED))(world)


def ballot_receipt(world: World) -> States:
    yield from shown(_ballot)(world)
    yield "a code is enough", world.make.ballot(codes_allowed=True)


def ballot_cancelled(world: World) -> States:
    """Until when a ballot need not take place."""
    for when in ("coming", "open", "closed"):
        yield when, world.make.ballot(when=when)
    ballot = world.make.ballot(when="coming")
    with but(ballot, published=False):
        yield "not public", ballot
    with but(ballot, paper_count=1):
        yield "papers in the box", ballot


def ballot_papers(world: World) -> States:
    """When the papers are given out, and to whom."""
    yield "open", world.make.ballot()
    ballot = world.make.ballot(when="closed")
    yield "closed", ballot
    with but(ballot, results_visible=ResultsVisible.STAFF):
        yield "closed, results for the staff", ballot
    with but(ballot, published=False):
        yield "closed, not public", ballot


def ballot_import(world: World) -> States:
    for when in ("coming", "open", "closed"):
        yield when, world.make.ballot(when=when)


def papers_file(world: World) -> States:
    """A file of papers, before it is taken and after, as long as the ballot is open and after."""
    for when in ("open", "closed"):
        ballot = world.make.ballot(when=when)
        file = PapersFile(ballot=ballot, name="schede.csv", sha256=when, sent_by_id=world.owner.id)
        db.session.add(file)
        db.session.flush()
        yield f"{when}, waits", file
        with but(file, taken_at=clock.now()):
            yield f"{when}, taken", file


def _spot(world: World, when: str = "open", *, latest: bool = True) -> Spot:
    world.make.section()
    consultation = world.make.consultation(when)
    edition = world.make.edition()
    node, cited = remarks.paragraphs_of(edition)[0]
    return Spot(edition, node, cited, consultation, latest)


def spot(world: World) -> States:
    """A paragraph of the draft that somebody would say something of."""
    for when in ("open", "closed", "coming"):
        yield when, _spot(world, when)
    yield "of an earlier edition", _spot(world, latest=False)


def remark(world: World) -> States:
    """A remark of the owner."""
    edition = _spot(world).edition
    for state in State:
        yield state.value, world.make.remark(edition, author=world.owner, state=state)
    judged = world.make.remark(edition, author=world.owner)
    world.make.outcome(judged)
    yield "published, outcome proposed", judged


def outcome(world: World) -> States:
    yield "published", world.make.proposal(author=world.owner)
    yield "pending", world.make.proposal(author=world.owner, state=State.PENDING)
    proposed = world.make.proposal(author=world.owner)
    world.make.outcome(proposed)
    yield "published, outcome proposed", proposed


def plan(world: World) -> States:
    for state in PlanState:
        with but(world.make.plan(), state=state) as thing:
            yield state.value, thing
    with but(world.process, published=False):
        yield "percorso not public", world.make.plan()


def pact(world: World) -> States:
    for state in PactState:
        with but(world.make.pact(in_force_since=clock.today()), state=state) as thing:
            yield state.value, thing
    with but(world.process, published=False):
        yield "percorso not public", world.make.pact()


def commitment(world: World) -> States:
    """One for which the owner's organisation answers."""
    whole = world.make.pact(in_force_since=clock.today())
    answering = world.make.signatory(organisation=world.make.organisation(speaker=world.plain["owner"]))
    for state in CommitmentState:
        yield state.value, world.make.commitment(state, signatory=answering)
    going = world.make.commitment(CommitmentState.UNDER_WAY, signatory=answering)
    for state in (PactState.DRAFT, PactState.IN_FORCE, PactState.CONCLUDED):
        with but(whole, state=state):
            yield f"under way, pact {state.value}", going
    yield "under way, another answers", world.make.commitment(CommitmentState.UNDER_WAY)


def signatory(world: World) -> States:
    for state in PactState:
        with but(world.make.pact(in_force_since=clock.today()), state=state):
            yield f"pact {state.value}", world.make.signatory()
    with but(world.make.pact(), state=PactState.OPEN_FOR_SIGNATURE):
        yield "withdrawn", world.make.signatory(state=SignatoryState.WITHDRAWN)


def signature(world: World) -> States:
    whole, party = world.make.pact(in_force_since=clock.today()), world.make.signatory()
    signed = Signature(signatory=party, kind=SignatureKind.DIGITAL_PDF, signed_on=clock.today(),
                       token=f"{world.make.number():032x}", name="patto.pdf", mimetype="application/pdf", size=1,
                       sha256="0" * 64, recorded_by_id=world.plain["owner"].id)
    db.session.add(signed)
    db.session.flush()
    yield "files kept back", signed
    with but(signed, file_public=True):
        yield "files public", signed
        with but(whole, state=PactState.DRAFT):
            yield "files public, pact draft", signed


def coded(world: World) -> States:
    survey = _survey(world)
    question = world.make.question(survey.sections[0], QuestionKind.LONG_TEXT, position=2)
    yield "nobody reads", Asked(survey, question, None)
    book = Codebook(question_id=question.id)
    db.session.add_all([book, Coder(question_id=question.id, seat=1, person_id=world.owner.id),
                        Coder(question_id=question.id, seat=2, person_id=world.make.person().id)])
    db.session.flush()
    yield "two read", Asked(survey, question, book)
    closed = _survey(world, when="closed")
    question_closed = world.make.question(closed.sections[0], QuestionKind.LONG_TEXT, position=2)
    yield "survey closed", Asked(closed, question_closed, None)
    for _ in range(5):
        sent = Submission(id=f"{world.make.number():032x}", survey_id=closed.id)
        sent.answers = [asked_models.Answer(question_id=question_closed.id, text="Una panchina")]
        db.session.add(sent)
        db.session.flush()
        db.session.add_all([Coding(submission_id=sent.id, question_id=question_closed.id, option_id=0, seat=seat)
                            for seat in (DECIDED, *SEATS)])
    db.session.flush()
    yield "survey closed, all decided", Asked(closed, question_closed, None)
    with but(book, closed=True):
        yield "finished", Asked(survey, question, book)


def document(world: World) -> States:
    for state in DocumentState:
        made = MadeDocument(process=world.process, kind="plan", subject="plan:1", format=DocumentFormat.PDF,
                            state=state, asked_by_id=world.owner.id)
        db.session.add(made)
        db.session.flush()
        yield state.value, made
    with but(world.process, published=False), but(made, state=DocumentState.READY):
        yield "ready, percorso not public", made
    with but(made, state=DocumentState.READY, kind="gone"):
        yield "ready, of a kind that is not for everyone", made


def batch_of_sheets(world: World) -> States:
    for when in ("open", "closed"):
        batch = EntryBatch(survey=world.make.survey(when=when), channel=Channel.PAPER, made_by_id=world.owner.id)
        db.session.add(batch)
        db.session.flush()
        yield when, batch
    with but(batch, survey=world.make.survey(), undone_at=clock.now()):
        yield "undone", batch
    with but(batch, survey=world.make.survey(), from_file=True):
        yield "of a file", batch


def with_codes(world: World) -> States:
    for when in ("open", "coming", "closed"):
        yield when, world.make.ballot(when=when, codes_allowed=True)
    yield "codes not enough", world.make.ballot()


def of_people_or_not(world: World) -> States:
    yield from taking(_ballot)(world)
    yield "of organisations", world.make.ballot(by_organisation=True)


def box_of_papers(world: World) -> States:
    for when in ("open", "coming", "closed"):
        box = BallotBox(ballot=world.make.ballot(when=when), number=1, municipality=world.make.town(), place="Scuola")
        db.session.add(box)
        db.session.flush()
        yield when, box
    with but(box, ballot=world.make.ballot(), closed_at=clock.now()):
        yield "box closed", box


def paper_of_a_box(world: World) -> States:
    for name, box in box_of_papers(world):
        paper = BoxPaper(box=box, number=1, first={"marks": {}}, first_by_id=world.owner.id)
        db.session.add(paper)
        db.session.flush()
        yield f"{name}, keyed once", paper
        with but(paper, second_by_id=world.owner.id):
            yield f"{name}, two differ", paper
        db.session.delete(paper)
        db.session.flush()


def file_with_answers(world: World) -> States:
    for when in ("open", "closed"):
        survey = world.make.survey(when=when)
        file = EntryFile(survey=survey, name="", sha256=when, rows=[], sent_by_id=world.owner.id)
        batch = EntryBatch(survey=survey, channel=Channel.IMPORTED, made_by_id=world.owner.id, from_file=True)
        db.session.add_all([file, batch])
        db.session.flush()
        yield when, file
        with but(file, batch=batch, batch_id=batch.id):
            yield f"{when}, taken", file


def sheet_of_paper(world: World) -> States:
    for name, batch in batch_of_sheets(world):
        sheet = EntrySheet(batch=batch, number=1, first={}, second={}, first_by_id=world.owner.id)
        db.session.add(sheet)
        db.session.flush()
        yield f"{name}, keyed once", sheet
        with but(sheet, second_by_id=world.owner.id):
            yield f"{name}, keyed twice", sheet
        db.session.delete(sheet)
        db.session.flush()


def file_of_answers(world: World) -> States:
    for state in FileState:
        made = AnswerFile(survey=world.make.survey(), format=AnswerFormat.XLSX, state=state, asked_by_id=world.owner.id)
        db.session.add(made)
        db.session.flush()
        yield state.value, made


def conversation_file(world: World) -> States:
    """Until when the files of a conversation can be taken."""
    for when, made in (("waits", None), ("taken", world.make.conversation().id)):
        file = ConversationFile(process=world.process, name="", sha256=f"{when} {world.make.number()}",
                                sent_by_id=world.owner.id, conversation_id=made)
        db.session.add(file)
        db.session.flush()
        yield when, file


def indicator(world: World) -> States:
    yield "-", world.make.indicator()


def file_of_figures(world: World) -> States:
    for name, taken, undone in (("waits", None, None), ("taken", clock.now(), None),
                                ("undone", clock.now(), clock.now())):
        file = IndicatorFile(process=world.process, name="f.csv", year=2023, taken_at=taken, undone_at=undone)
        db.session.add(file)
        db.session.flush()
        yield name, file


def section(world: World) -> States:
    yield "-", world.make.plan()


# organisations
def _organisation(world: World, kind: MandateKind | None = None, **values: Any) -> Any:
    for mandate in db.session.scalars(sa.select(Mandate).where(Mandate.person_id == world.owner.id)):
        mandate.ended_at = clock.now()
    organisation = world.make.organisation(**values)
    if kind is not None:
        db.session.add(Mandate(person=world.owner, organisation=organisation, kind=kind))
    db.session.flush()
    return organisation


def organisation(world: World) -> States:
    """An organisation for which the owner speaks."""
    for kind in MandateKind:
        yield f"verified, owner {kind.value}", _organisation(world, kind)
        yield f"not verified, owner {kind.value}", _organisation(world, kind, verified_at=None)
    yield "refused", _organisation(world, MandateKind.SIGNS, verified_at=None, refused_at=clock.now(), refusal="No.")
    left = _organisation(world, MandateKind.SIGNS)
    held(world.owner, left.id).ended_at = clock.now()  # type: ignore[union-attr]
    yield "verified, owner has left", left


def reportable_description(world: World) -> States:
    """What organisations say of themselves."""
    for name, kind in (("of the owner's organisation", MandateKind.SPEAKS), ("of another organisation", None)):
        description = Description(
            organisation=_organisation(world, kind), text="La festa.", standing=Standing.PUBLISHED)
        db.session.add(description)
        db.session.flush()
        yield name, matters.matter(f"description:{description.id}")


def own_mandate(world: World) -> States:
    """A mandate of the owner."""
    for kind in MandateKind:
        mandate = held(world.owner, _organisation(world, kind).id)
        yield f"held, {kind.value}", mandate
        with but(mandate, ended_at=clock.now()):
            yield f"ended, {kind.value}", mandate


def mandate_of_another(world: World) -> States:
    """A mandate of somebody else, in an organisation for which the owner speaks or signs."""
    for kind in MandateKind:
        organisation = _organisation(world, kind)
        mandate = Mandate(person=world.make.person(), organisation=organisation)
        db.session.add(mandate)
        db.session.flush()
        yield f"held, owner {kind.value}", mandate
        with but(mandate, ended_at=clock.now()):
            yield f"ended, owner {kind.value}", mandate


def _invitation(world: World, **values: Any) -> Invitation:
    number = world.make.number()
    invitation = Invitation(**{"token_hash": f"{number:064}", "email": world.owner.email,
                               "inviter_id": world.make.person().id, "expires_at": clock.now() + DAY, **values})
    db.session.add(invitation)
    db.session.flush()
    return invitation


def invitation_of_organisation(world: World) -> States:
    """An invitation to speak for an organisation, sent by somebody else or by the owner."""
    for kind in MandateKind:
        organisation = _organisation(world, kind)
        to = {"organisation_id": organisation.id, "mandate_kind": MandateKind.SPEAKS}
        yield f"sent by another, owner {kind.value}", _invitation(world, **to)
        yield f"sent by the owner, who {kind.value}", _invitation(world, inviter_id=world.owner.id, **to)
    yield "to a role", _invitation(world, role=Role.MODERATOR)


def invitation_to_role(world: World) -> States:
    yield "to a role on the site", _invitation(world, role=Role.MODERATOR)
    yield "to a role here", _invitation(world, role=Role.MODERATOR, process_id=world.process.id)
    yield "to an organisation", _invitation(world, organisation_id=_organisation(world).id,
                                            mandate_kind=MandateKind.SPEAKS)


def invitation_accept(world: World) -> States:
    """An invitation to the address of the owner."""
    yield "waits", _invitation(world, role=Role.MODERATOR)
    yield "accepted", _invitation(world, role=Role.MODERATOR, accepted_at=clock.now())
    yield "withdrawn", _invitation(world, role=Role.MODERATOR, withdrawn_at=clock.now())
    yield "too old", _invitation(world, role=Role.MODERATOR, expires_at=clock.now() - DAY)


def recognised(build: Callable[[World], Any]) -> Callable[[World], States]:
    """Whether everybody typed their password once more, just now or longer ago."""
    def states(world: World) -> States:
        people = [*world.plain.values(), *(person for held in world.staff.values() for person in held.values())]
        for ago, minutes in (("just now", 0), ("too long ago", 11)):
            for person in people:
                person.password_at = clock.now() - timedelta(minutes=minutes)
            yield f"password typed {ago}", build(world)
        for person in people:
            person.password_at = None
        yield "password not typed", build(world)

    return states


def _nothing(_world: World) -> None:
    """No thing."""


def meeting(world: World) -> States:
    """A meeting before, at and after its hour."""
    body = world.make.body(world.owner)
    yield "not convened", world.make.meeting(convened_at=None, body=body)
    yield "convened", world.make.meeting(body=body)
    with but(world.make.meeting(body=body), cancelled_at=clock.now(), cancelled_reason="Neve.") as cancelled:
        yield "cancelled", cancelled
    yield "past, never convened", world.make.meeting("past", convened_at=None, body=body)
    yield "past", world.make.meeting("past", body=body)
    for state in MinutesState:
        yield f"with minutes {state.value}", _minutes(world, state).meeting


def _minutes(world: World, state: MinutesState, **values: Any) -> Minutes:
    past = world.make.meeting("past", body=world.make.body(world.owner))
    return world.make.minutes(state, meeting=past, **values)


def minutes(world: World) -> States:
    """Minutes of a table at which the owner sits."""
    for state in MinutesState:
        yield state.value, _minutes(world, state)
    with but(_minutes(world, MinutesState.APPROVED).meeting, published=False) as hidden:
        yield "approved, meeting not public", hidden.minutes
    circulated = _minutes(world, MinutesState.CIRCULATED)
    with but(world.owner, suspended_until=clock.now() + DAY):
        yield "circulated, owner suspended", circulated
    late = _minutes(world, MinutesState.CIRCULATED, corrections_until=clock.now() - DAY)
    yield "time for corrections over", late
    db.session.add(MinutesCorrection(minutes=late, text="Le corse sono due."))
    db.session.flush()
    yield "time over, a correction not answered", late


def correction(world: World) -> States:
    """A correction of minutes, by the owner."""
    for state in (MinutesState.CIRCULATED, MinutesState.APPROVED):
        sent = MinutesCorrection(minutes=_minutes(world, state), text="Le corse sono due.", written_by=world.owner)
        db.session.add(sent)
        db.session.flush()
        yield f"of minutes {state.value}", sent


def _passkey(world: World) -> Passkey:
    number = world.make.number()
    passkey = Passkey(person_id=world.owner.id, credential_id=f"k{number}", public_key=b"k", sign_count=0, name="Key")
    db.session.add(passkey)
    db.session.flush()
    return passkey


def _amendable(world: World, when: str = "open", **values: Any) -> Any:
    return world.make.proposal(call=world.make.call(when, takes_amendments=True), **values)


def amending(world: World) -> States:
    """A proposal that somebody would change."""
    for state in State:
        yield state.value, _amendable(world, state=state)
    yield "the owner's", _amendable(world, author=world.owner)
    yield "no amendments taken", world.make.proposal()
    yield "call over", _amendable(world, "closed")
    with but(_amendable(world), settled_at=clock.now()) as settled:
        yield "with an outcome", settled


def amendment(world: World) -> States:
    """An amendment of the owner, then one to a proposal of the owner."""
    for state in State:
        yield f"the owner's, {state.value}", world.make.amendment(
            _amendable(world), "Altro.", author=world.owner, state=state)
    theirs = world.make.amendment(_amendable(world, author=world.owner), "Altro.")
    yield "to the owner's proposal", theirs
    with but(theirs.proposal, settled_at=clock.now()):
        yield "to the owner's proposal, with an outcome", theirs
    with but(theirs.proposal, state=State.HIDDEN):
        yield "to the owner's proposal, hidden", theirs
    with but(theirs, answer=Answer.DECLINED, answer_reason="No.", answered_at=clock.now()):
        yield "to the owner's proposal, answered", theirs
    yield "to the owner's proposal, call over", world.make.amendment(
        _amendable(world, "closed", author=world.owner), "Altro.")
    yield "of others", world.make.amendment(_amendable(world), "Altro.")


def _together(world: World, **values: Any) -> Any:
    """A proposal that the owner writes with its author."""
    proposal = world.make.proposal(**values)
    proposal.coauthors.append(CoAuthor(person=world.owner))
    proposal.coauthor_count = 1
    db.session.flush()
    return proposal


def together(world: World) -> States:
    yield from proposal_edit(world)
    yield "the owner is the second author", _together(world)
    alone = _together(world)
    with but(alone, author=world.make.person(closed_at=clock.now())):
        yield "the first author has left", alone
    author = world.make.person()
    organisation = world.make.organisation(author)
    yield "sent in for an organisation", _together(world, author=author, organisation=organisation)


def invitation_to_write(world: World) -> States:
    """An invitation to write a proposal together with its authors."""
    proposal = world.make.proposal(author=world.owner)
    yield "to the owner's", _invitation(world, subject=f"proposta:{proposal.id}")
    yield "to that of others", _invitation(world, subject=f"proposta:{world.make.proposal().id}")
    yield "to something else", _invitation(world, subject="altro:1")


def endorsing(world: World) -> States:
    """A proposal, and the organisation for which the owner speaks."""
    yield "owner without an organisation", world.make.proposal()
    organisation = _organisation(world, MandateKind.SPEAKS)
    db.session.expire(world.owner, ["mandates"])
    yield "owner with an organisation", world.make.proposal()
    yield "sent in for that organisation", world.make.proposal(organisation=organisation)
    for state in State:
        yield f"owner with an organisation, {state.value}", world.make.proposal(state=state)
    yield "call over", world.make.proposal(call=world.make.call("closed"))


def endorsement(world: World) -> States:
    """An endorsement by an organisation for which the owner speaks."""
    organisation = _organisation(world, MandateKind.SPEAKS)
    db.session.expire(world.owner, ["mandates"])
    for when in ("open", "closed"):
        proposal = world.make.proposal(call=world.make.call(when))
        given = Endorsement(proposal=proposal, organisation=organisation, version=1,
                            mandate=held(world.owner, organisation.id))
        db.session.add(given)
        db.session.flush()
        yield f"call {when}", given
    with but(given, withdrawn_at=clock.now()):
        yield "withdrawn", given


def identity(world: World) -> States:
    """An identity with which the owner signs in."""
    yield "the owner's", ExternalIdentity(person_id=world.owner.id)


def _copy(world: World) -> PersonalExport:
    number = world.make.number()
    copy = PersonalExport(id=f"{number:032}", person_id=world.owner.id, language="it")
    db.session.add(copy)
    db.session.flush()
    return copy


STATES: dict[str, Callable[[World], States]] = {
    **dict.fromkeys((
        "page.read", "health.read", "account.register", "account.confirm", "account.sign_in", "account.sign_out",
        "account.reset", "account.profile", "invitation.open", "organisation.list", "organisation.register",
        "organisation.check", "category.manage", "moderation.queue", "moderation.passed", "screening.set",
        "quality.read", "review.queue", "suspension.list", "document.dress",
        "flag.list", "organisation.moderate_descriptions", "register.read", "office.read", "role.give",
        "role.invite",
        "privacy.own_data", "privacy.recognise", "privacy.read_notice", "privacy.publish_notice",
        "account.settle_move", "account.stop_move", "domain.manage", "factor.step", "factor.list", "factor.oversee",
        "account.resume", "identity.sign_in", "code.bring", "notices.read", "notices.see", "notices.pace",
        "notices.unsubscribe",
        "verification.ask", "verification.check", "verification.conflicts", "verification.codes",
    ), nothing),
    "account.move": recognised(_nothing),
    "factor.remove_passkey": recognised(_passkey),
    "factor.reset": recognised(lambda world: world.owner),
    "factor.set_up": recognised(_nothing),
    "identity.unlink": identity,
    "activity.manage": shown(_call),
    "activity.read": shown(_call),
    "attachment.read": attachment,
    "attachment.take_back": attachment,
    "ballot.cancel": ballot_cancelled,
    "ballot.cast": ballot_cast,
    "ballot.import": ballot_import,
    "ballot.let_go": papers_file,
    "ballot.look": papers_file,
    "ballot.papers": ballot_papers,
    "ballot.prepare": shown(_ballot),
    "ballot.read": shown(_ballot),
    "ballot.receipt": ballot_receipt,
    "ledger.read": shown(_logged),
    "ledger.publication": ledger_publication,
    "ledger.void": lambda world: iter([("a ballot", _logged(world))]),
    "ballot.take": papers_file,
    "ballot.undo": papers_file,
    "ballot.withdraw": taking(_ballot),
    "ballot.withhold": lambda world: ((when, world.make.ballot(when=when)) for when in ("open", "closed")),
    "call.read": shown(_call),
    "comment.agree": agree,
    "comment.disagree": agree,
    "comment.edit": but_suspended(comment_edit, "published"),
    "comment.official": may_speak,
    "comment.post": but_suspended(may_speak, "open"),
    "comment.read": comment_read,
    "comment.reply": but_suspended(reply, "to a comment that is published"),
    "comment.withdraw": of_states(_comment),
    "conversation.answer": taking(_conversation),
    "conversation.export": conversation_export,
    "conversation.lead": shown(_conversation),
    "conversation.own": taking(_conversation),
    "conversation.read": shown(_conversation),
    "conversation.take_back": taking(_conversation),
    "contribution.flag": flagged,
    "flag.make": reportable_description,
    "flag.follow": lambda world: iter([("the owner's", Flag(person_id=world.owner.id))]),
    "suspension.confirm": proposed_suspension,
    "suspension.read": proposed_suspension,
    "contribution.read": of_states(_proposal),
    "discussion.read": shown(lambda world: world.make.discussion()),
    "thread.lock": may_speak,
    "thread.read": may_speak,
    "thread.visit": may_speak,
    "statement.read": statement,
    "statement.seed": taking(_conversation),
    "statement.withdraw": statement,
    "statement.write": but_suspended(statement_write, "open, written by everybody"),
    "topic.edit": but_suspended(topic, "published"),
    "topic.open": but_suspended(topic_open, "open, opened by everybody"),
    "topic.pin": topic,
    "topic.read": topic,
    "topic.summarise": topic,
    "topic.withdraw": topic,
    "document.make": in_process,
    "edition.make": plan,
    "document.read": document,
    "microdata.make": shown(_survey),
    "polling.see": shown(_ballot),
    "polling.desk": of_people_or_not,
    "polling.codes": with_codes,
    "polling.open": of_people_or_not,
    "polling.tick": box_of_papers,
    "polling.key": box_of_papers,
    "polling.close": box_of_papers,
    "polling.compare": paper_of_a_box,
    "entry.see": shown(_survey),
    "entry.start": taking(_survey),
    "entry.key": batch_of_sheets,
    "entry.undo": batch_of_sheets,
    "entry.send": taking(_survey),
    "entry.look": file_with_answers,
    "entry.take": file_with_answers,
    "entry.let_go": file_with_answers,
    "entry.compare": sheet_of_paper,
    "microdata.read": file_of_answers,
    "governance.manage": in_process,
    "rules.manage": in_process,
    "notices.follow": in_process,
    "notices.unfollow": in_process,
    "office.answer": in_process,
    "invitation.accept": invitation_accept,
    "mandate.invite": organisation,
    "mandate.invite_to_sign": organisation,
    "mandate.revoke": mandate_of_another,
    "mandate.withdraw_invitation": invitation_of_organisation,
    "reasons.read": told_of,
    "appeal.read": appealable,
    "appeal.ask": appealable,
    "review.read": review,
    "review.decide": review,
    "moderation.decide": matters_of(decide),
    "moderation.read": matters_of(read),
    "organisation.correct": organisation,
    "organisation.describe": but_suspended(organisation, "verified, owner speaks"),
    "organisation.leave": own_mandate,
    "organisation.manage": organisation,
    "organisation.read": organisation,
    "organisation.verify": organisation,
    "lineage.undo": undoing,
    "amendment.propose": but_suspended(amending, "published"),
    **dict.fromkeys(("amendment.read", "amendment.accept", "amendment.decline", "amendment.withdraw",
                     "amendment.support", "amendment.unsupport"), amendment),
    "coauthor.invite": together,
    "coauthor.leave": together,
    "coauthor.withdraw_invitation": invitation_to_write,
    "endorsement.give": endorsing,
    "endorsement.withdraw": endorsement,
    "support.confirm": support,
    "version.hide": of_states(_proposal),
    "outcome.batch": outcome_file,
    "outcome.bulk": in_process,
    "meeting.prepare": in_process,
    **dict.fromkeys((f"meeting.{act}" for act in ("edit", "convene", "cancel", "record")), meeting),
    "minutes.write": meeting,
    **dict.fromkeys((f"minutes.{act}" for act in ("read", "circulate", "correct", "approve", "annotate")), minutes),
    "minutes.answer": correction,
    "phase.close": closing,
    **dict.fromkeys(("docpp.write", "docpp.pass", "docpp.mark"), in_process),
    "restitution.write": restituted,
    "outcome.bulk_decide": in_process,
    "outcome.decide": outcome,
    "outcome.propose": outcome,
    "pact.make": in_process,
    **dict.fromkeys(("pact.read", "pact.edit", "pact.run"), pact),
    **dict.fromkeys(("commitment.read", "commitment.edit", "commitment.run", "commitment.report"), commitment),
    "signatory.sign": signatory,
    **dict.fromkeys(("signature.read", "signature.verify"), signature),
    "plan.edit": plan,
    "plan.history": plan,
    "plan.notes": plan,
    "plan.review": plan,
    "plan.read": plan,
    "privacy.ask_copy": recognised(_nothing),
    "privacy.download": recognised(_copy),
    "privacy.erase": recognised(_nothing),
    "process.manage": in_process,
    "process.read": in_process,
    "proposal.edit": but_suspended(proposal_edit, "published"),
    "proposal.merge": merging,
    "proposal.read": of_states(_proposal),
    "proposal.submit": but_suspended(proposal_submit, "open"),
    "proposal.withdraw": proposal_edit,
    "results.read": results_of(_survey),
    "role.withdraw_invitation": invitation_to_role,
    "proposal.split": splitting,
    "reply.manage": in_process,
    "support.carry": carrying,
    "support.give": support,
    "support.withdraw": support,
    "survey.answer": survey_answer,
    "survey.read": shown(_survey),
    "survey.results": results_of(_survey),
    "crossing.see": results_of(_survey),
    "crossing.open": shown(_survey),
    **dict.fromkeys(("indicator.read", "indicator.add", "indicator.send"), in_process),
    "indicator.edit": indicator,
    "conversation_file.send": in_process,
    **dict.fromkeys((f"conversation_file.{act}" for act in ("look", "take", "let_go", "undo")), conversation_file),
    **dict.fromkeys(("indicator.look", "indicator.take", "indicator.undo"), file_of_figures),
    "weighting.see": shown(_survey),
    "weighting.set": shown(_survey),
    "questionnaire.edit": shown(_survey),
    "survey.texts": shown(_survey),
    "survey.receipt": shown(_survey),
    "survey.change": survey_change,
    "survey.file": answered_file,
    **dict.fromkeys(("sorting.see", "sorting.codebook", "sorting.look"), in_process),
    **dict.fromkeys(("sorting.tag", "sorting.decide"), with_tags),
    "coding.see": shown(_survey),
    "coding.codebook": coded,
    "coding.code": coded,
    "coding.take_over": coded,
    "coding.decide": coded,
    "coding.finish": coded,
    "coding.quote": coded,
    "remark.write": but_suspended(spot, "open"),
    **dict.fromkeys(("remark.read", "remark.withdraw"), remark),
    "remark.place": plan,
    "trace.link": section,
}
"""What yields the states of the thing of each action."""
