"""Every counter of the database counted again from the rows, in the plainest way: `assert recount.drift() == []`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.attachments.models import Attachment
from consult.comments.models import Agreement, Comment
from consult.contributions.models import DISCUSSED, CodeCounter, Contribution, Flag, State, Thread
from consult.core.db import db
from consult.cosponsors.models import Endorsement
from consult.moderation.models import Act, Decision, DecisionCount
from consult.opinions.models import Conversation, Opinion, Participant, Statement, StatementTally
from consult.processes.models import Activity, ParticipationCount, Phase, PhaseParticipant
from consult.proposals.models import CoAuthor, Proposal
from consult.surveys.models import Answer, Quota, Submission, Survey
from consult.voting.models import Ballot, BallotPaper, Support, SupportTally


def drift() -> list[str]:
    """A sentence for each counter that is not what its rows say; nothing is changed."""
    db.session.flush()
    rows = _rows(sa.select(Contribution.__table__))
    return [*_contributions(rows), *_threads(rows), *_activities(), *_opinions(), *_quotas(), *_participation(rows),
            *_people(rows), *_codes(rows), *_decisions()]


def _rows(statement: sa.Select[Any]) -> list[Any]:
    return list(db.session.connection().execute(statement))


def _differences(what: str, kept: Mapping[Any, int], counted: Mapping[Any, int]) -> Iterator[str]:
    for key in sorted({*kept, *counted}, key=str):
        if kept.get(key, 0) != counted.get(key, 0):
            yield f"{what} {key}: {kept.get(key, 0)} kept, {counted.get(key, 0)} counted"


def _published(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.state is State.PUBLISHED]


def _comments(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.kind == Comment.__mapper_args__["polymorphic_identity"]]


def _contributions(rows: list[Any]) -> Iterator[str]:
    comments = _published(_comments(rows))
    in_thread, replies = Counter(c.thread_id for c in comments), Counter(c.about_id for c in comments)
    counted = {row.id: replies[row.id] if row.kind == "comment" else in_thread[row.thread_id] for row in rows}
    counted = {row.id: counted[row.id] for row in rows if row.kind == "comment" or row.kind in DISCUSSED}
    yield from _differences("comments of contribution", {row.id: row.comment_count for row in rows}, counted)
    yield from _differences("supports of contribution", {row.id: row.support_count for row in rows}, _supports())
    carried = {row.id: row.carried_count for row in _rows(sa.select(Proposal.__table__))}
    yield from _differences("supports carried to proposal", carried, _carried())
    proposals = _rows(sa.select(Proposal.__table__))
    yield from _differences("supports of the text of proposal",
                            {row.id: row.current_support_count for row in proposals}, _supports_of_the_text(rows))
    yield from _differences("organisations behind proposal", {row.id: row.endorsement_count for row in proposals},
                            Counter(_scalars(sa.select(Endorsement.proposal_id).where(
                                Endorsement.withdrawn_at.is_(None)))))
    yield from _differences("authors beside the first of proposal", {row.id: row.coauthor_count for row in proposals},
                            Counter(_scalars(sa.select(CoAuthor.proposal_id))))
    attachments = Counter(_scalars(
        sa.select(Attachment.contribution_id).where(Attachment.contribution_id.is_not(None))))
    yield from _differences("attachments of contribution", {row.id: row.attachment_count for row in rows}, attachments)
    flags = Counter(_scalars(sa.select(Flag.contribution_id).where(Flag.decided_at.is_(None))))
    agreed, disagreed = _agreements()
    yield from _differences("agreements with comment", {row.id: row.agree_count for row in rows}, agreed)
    yield from _differences("disagreements with comment", {row.id: row.disagree_count for row in rows}, disagreed)
    yield from _differences("flags of contribution", {row.id: row.flag_count for row in rows}, flags)


def _scalars(statement: sa.Select[Any]) -> list[Any]:
    return [row[0] for row in _rows(statement)]


def _supports() -> Counter[int]:
    counted = Counter(_scalars(sa.select(Support.contribution_id)))
    for contribution_id, count in _rows(sa.select(SupportTally.contribution_id, SupportTally.count)):
        counted[contribution_id] += count
    return counted


def _supports_of_the_text(rows: list[Any]) -> Counter[int]:
    """How many support each proposal as it stands, as far as it is known who they are."""
    standing = {(row.id, row.version) for row in rows if row.kind == "proposal"}
    given = [tuple(row) for row in _rows(sa.select(Support.contribution_id, Support.version))]
    return Counter(id for id, version in given if (id, version) in standing)


def _carried() -> Counter[int]:
    """Of the supports, those that name a consent, and those that did before their people left."""
    counted = Counter(_scalars(sa.select(Support.contribution_id).where(Support.consent_id.is_not(None))))
    for contribution_id, count in _rows(sa.select(SupportTally.contribution_id, SupportTally.carried)):
        counted[contribution_id] += count
    return counted


def _agreements() -> tuple[Counter[int], Counter[int]]:
    """How many agree and how many disagree with each comment."""
    said = _pairs(sa.select(Agreement.comment_id, Agreement.agrees))
    return Counter(id for id, agrees in said if agrees), Counter(id for id, agrees in said if not agrees)


def _threads(rows: list[Any]) -> Iterator[str]:
    kept = dict(_pairs(sa.select(Thread.id, Thread.comment_count)))
    yield from _differences("comments of thread", kept, Counter(c.thread_id for c in _published(_comments(rows))))


def _pairs(statement: sa.Select[Any]) -> list[tuple[Any, Any]]:
    return [(row[0], row[1]) for row in _rows(statement)]


def _activities() -> Iterator[str]:
    for kind, counter, what, model, by in (
            (Survey, "submission_count", "submissions of survey", Submission, "survey_id"),
            (Ballot, "paper_count", "papers of ballot", BallotPaper, "ballot_id"),
            (Conversation, "participant_count", "participants of conversation", Participant, "conversation_id")):
        table = kind.__table__
        kept = dict(_pairs(sa.select(table.c.id, table.c[counter])))
        yield from _differences(what, kept, Counter(_scalars(sa.select(model.__table__.c[by]))))


def _opinions() -> Iterator[str]:
    """What was said to each statement, in total, by place and category; how many said something, and how much."""
    said: Counter[tuple[int, int, int, int]] = Counter()
    each: Counter[tuple[int, str]] = Counter()
    homes = {(row.conversation_id, row.tag): (row.municipality_id or 0, row.category_id or 0)
             for row in _rows(sa.select(Participant.__table__))}
    for opinion in _rows(sa.select(Opinion.__table__)):
        said[opinion.statement_id, *homes[opinion.conversation_id, opinion.tag], opinion.stance] += 1
        each[opinion.conversation_id, opinion.tag] += 1
    columns = {1: "agreed", -1: "disagreed", 0: "passed"}
    tallies, statements = _rows(sa.select(StatementTally.__table__)), _rows(sa.select(Statement.__table__))
    yield from _differences("tally (statement, municipality, category, stance)", {
        (row.statement_id, row.municipality_id, row.category_id, stance): getattr(row, column)
        for row in tallies for stance, column in columns.items()}, said)
    in_total: Counter[tuple[int, int]] = Counter()
    for (statement, _place, _category, stance), number in said.items():
        in_total[statement, stance] += number
    yield from _differences("answers to statement (id, stance)", {
        (row.id, stance): getattr(row, column) for row in statements for stance, column in columns.items()}, in_total)
    yield from _differences("answers of participant", {
        (row.conversation_id, row.tag): row.answered for row in _rows(sa.select(Participant.__table__))}, each)


def _quotas() -> Iterator[str]:
    chosen = Answer.__table__
    kept = dict(_pairs(sa.select(Quota.__table__.c.option_id, Quota.__table__.c.taken)))
    taken = Counter(_scalars(sa.select(chosen.c.option_id).where(chosen.c.option_id.in_(kept))))
    yield from _differences("places taken of option", kept, taken)


def _participation(rows: list[Any]) -> Iterator[str]:
    phase_of = dict(_pairs(sa.select(Activity.__table__.c.id, Activity.__table__.c.phase_id)))
    counted: Counter[tuple[int, int, str, int]] = Counter()

    def count(activity_id: int, kind: str, municipality_id: int | None, by: int = 1) -> None:
        counted[phase_of[activity_id], activity_id, kind, municipality_id or 0] += by

    activity_of = {row.id: row.activity_id for row in _published(rows)}
    for row in _published(rows):
        count(row.activity_id, row.kind, row.municipality_id)
    for id, place in _pairs(sa.select(Support.contribution_id, Support.municipality_id)):
        if id in activity_of:
            count(activity_of[id], "support", place)
    for tally in _rows(sa.select(SupportTally.__table__)):
        if tally.contribution_id in activity_of:
            count(activity_of[tally.contribution_id], "support", tally.municipality_id, tally.count)
    for kind, activity, place_of in (("submission", Submission.survey_id, Submission.municipality_id),
                                     ("paper", BallotPaper.ballot_id, BallotPaper.municipality_id),
                                     ("opinion", Participant.conversation_id, Participant.municipality_id)):
        for id, place in _pairs(sa.select(activity, place_of)):
            count(id, kind, place)
    participants = sa.select(PhaseParticipant.phase_id, Person.municipality_id).join(
        Person, Person.id == PhaseParticipant.person_id)
    for phase_id, place in _pairs(participants):
        counted[phase_id, 0, "person", place or 0] += 1
    kept = {(c.phase_id, c.activity_id, c.kind, c.municipality_id): c.count
            for c in _rows(sa.select(ParticipationCount.__table__))}
    yield from _differences("participation (phase, activity, kind, municipality)", kept, counted)


def _people(rows: list[Any]) -> Iterator[str]:
    """Whoever published or supported something is a participant of its phase."""
    phase_of = dict(_pairs(sa.select(Activity.__table__.c.id, Activity.__table__.c.phase_id)))
    activity_of = {row.id: row.activity_id for row in rows}
    wanted = {(phase_of[row.activity_id], row.author_id) for row in rows if row.published_at}
    wanted |= {(phase_of[activity_of[id]], person_id)
               for id, person_id in _pairs(sa.select(Support.contribution_id, Support.person_id))}
    kept = set(_pairs(sa.select(PhaseParticipant.phase_id, PhaseParticipant.person_id)))
    yield from (f"person {person_id} took part in phase {phase_id} and is not noted"
                for phase_id, person_id in sorted(wanted - kept))


def _decisions() -> Iterator[str]:
    undone = sa.select(Decision.undoes_id).where(Decision.undoes_id.is_not(None))
    decided = Counter((act, reason or "") for act, reason in _pairs(
        sa.select(Decision.act, Decision.reason).where(Decision.act != Act.UNDO, Decision.id.not_in(undone))))
    kept = {(row.act, row.reason): row.count for row in _rows(sa.select(DecisionCount.__table__)) if row.count}
    yield from _differences("decisions", kept, decided)


def _codes(rows: list[Any]) -> Iterator[str]:
    """No number was given that the counter of codes would give again."""
    process_of = dict(_pairs(sa.select(Activity.__table__.c.id, Phase.process_id).join(
        Phase, Phase.id == Activity.__table__.c.phase_id)))
    highest: dict[tuple[int, str], int] = {}
    for row in rows:
        key = process_of[row.activity_id], row.kind
        highest[key] = max(highest.get(key, 0), int(row.code.rpartition("-")[2]))
    kept = {(c.process_id, c.kind): c.last for c in _rows(sa.select(CodeCounter.__table__))}
    yield from (f"codes of {key}: {kept.get(key, 0)} kept, {number} given"
                for key, number in highest.items() if kept.get(key, 0) < number)
