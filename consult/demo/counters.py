"""Every counter set at once from the rows it counts, after rows were made in bulk."""

from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import DISCUSSED, Contribution, State, Thread
from consult.core.db import Base, db, insert, table
from consult.moderation.models import Act, Decision, DecisionCount
from consult.opinions.models import Participant
from consult.processes.models import Activity, ParticipationCount, PhaseParticipant
from consult.proposals.models import Proposal
from consult.surveys.models import Submission, Survey
from consult.voting.models import Ballot, BallotPaper, Support, SupportTally

KINDS = ("proposal", "amendment", "remark", "topic", "statement", "comment", "support", "submission", "paper",
         "opinion", "person")

contribution = table(Contribution)
activity = table(Activity)
_NONE: sa.ColumnElement[int] = sa.literal_column("0")


def settle() -> None:
    """Make all counters true: those of threads and contributions, of surveys and ballots, of phases."""
    db.session.flush()
    _set(contribution.c.comment_count, _comments_of_contributions())
    _set(contribution.c.support_count, _supports_of_contributions())
    _set(_column(Proposal, "current_support_count"), _counted(
        _column(Support, "contribution_id"), contribution.c.id == _column(Support, "contribution_id"),
        contribution.c.version == _column(Support, "version"), contribution.c.kind == "proposal"))
    _set(_column(Thread, "comment_count"), _counted(contribution.c.thread_id, _published("comment")))
    _set(_column(Survey, "submission_count"), _counted(_column(Submission, "survey_id")))
    _set(_column(Ballot, "paper_count"), _counted(_column(BallotPaper, "ballot_id")))
    _note_participants()
    _count_participation()
    _count_decisions()
    db.session.expire_all()


def _column(model: type[Base], name: str) -> sa.Column[Any]:
    return table(model).c[name]


def _published(kind: str) -> sa.ColumnElement[bool]:
    return sa.and_(contribution.c.kind == kind, contribution.c.state == State.PUBLISHED)


def _counted(by: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    counted = sa.select(by.label("id"), sa.func.count().label("n")).where(by.is_not(None), *conditions)
    return counted.group_by(by).subquery()


def _set(column: sa.Column[Any], counted: sa.Subquery) -> None:
    """Write what was counted where it differs, and 0 where there is nothing to count."""
    rows = column.table
    db.session.execute(sa.update(rows).where(rows.c.id == counted.c.id, column != counted.c.n)
                       .values({column: counted.c.n}))
    db.session.execute(sa.update(rows).where(column != 0, rows.c.id.not_in(sa.select(counted.c.id)))
                       .values({column: 0}))


def _comments_of_contributions() -> sa.Subquery:
    replies = _counted(contribution.c.about_id, _published("comment"))
    in_thread = _counted(contribution.c.thread_id, _published("comment"))
    discussed = (sa.select(contribution.c.id, in_thread.c.n)
                 .join(in_thread, in_thread.c.id == contribution.c.thread_id)
                 .where(contribution.c.kind.in_(DISCUSSED)))
    return sa.union_all(sa.select(replies.c.id, replies.c.n), discussed).subquery()


def _supports_of_contributions() -> sa.Subquery:
    given, tallied = _column(Support, "contribution_id"), _column(SupportTally, "contribution_id")
    each = sa.union_all(
        sa.select(given.label("id"), sa.func.count().label("n")).group_by(given),
        sa.select(tallied.label("id"), sa.func.sum(_column(SupportTally, "count")).label("n")).group_by(tallied),
    ).subquery()
    return sa.select(each.c.id, sa.func.sum(each.c.n).label("n")).group_by(each.c.id).subquery()


def _note_participants() -> None:
    """Whoever published something or gave a support took part in its phase, once."""
    authors = (sa.select(activity.c.phase_id, contribution.c.author_id.label("person_id"))
               .join(activity, activity.c.id == contribution.c.activity_id)
               .where(contribution.c.published_at.is_not(None)))
    supporters = (sa.select(activity.c.phase_id, _column(Support, "person_id"))
                  .join(contribution, contribution.c.id == _column(Support, "contribution_id"))
                  .join(activity, activity.c.id == contribution.c.activity_id))
    took_part = sa.union(authors, supporters).subquery()
    new = sa.select(took_part.c.phase_id, took_part.c.person_id).where(sa.true())  # SQLite needs a WHERE before ON
    db.session.execute(insert(PhaseParticipant).from_select(["phase_id", "person_id"], new).on_conflict_do_nothing())


def _count_participation() -> None:
    db.session.execute(sa.delete(ParticipationCount).where(ParticipationCount.kind.in_(KINDS)))
    for counted in (_of_contributions(), _of_supports(), _of_tallies(),
                    _of_activities("submission", Submission, "survey_id"),
                    _of_activities("paper", BallotPaper, "ballot_id"),
                    _of_activities("opinion", Participant, "conversation_id"), _of_people()):
        columns = ["phase_id", "activity_id", "kind", "municipality_id", "count"]
        row: Any = insert(ParticipationCount).from_select(columns, counted)
        db.session.execute(row.on_conflict_do_update(
            index_elements=columns[:4], set_={"count": ParticipationCount.count + row.excluded.count}))


def _count_decisions() -> None:
    db.session.execute(sa.delete(DecisionCount))
    reason = sa.func.coalesce(_column(Decision, "reason"), "")
    act = _column(Decision, "act")
    undone = sa.select(_column(Decision, "undoes_id")).where(_column(Decision, "undoes_id").is_not(None))
    counted = (sa.select(act, reason, sa.func.count()).where(act != Act.UNDO, _column(Decision, "id").not_in(undone))
               .group_by(act, reason))
    db.session.execute(sa.insert(DecisionCount).from_select(["act", "reason", "count"], counted))


def _grouped(kind: str | sa.Column[Any], municipality_id: sa.Column[Any], count: Any = None) -> sa.Select[Any]:
    """Counts by phase, activity, kind and municipality, 0 standing for none; to be joined and filtered."""
    place = sa.func.coalesce(municipality_id, _NONE)
    by = [activity.c.phase_id, activity.c.id, place, *([] if isinstance(kind, str) else [kind])]
    named = sa.literal(kind) if isinstance(kind, str) else kind
    counted = sa.func.count() if count is None else count
    return sa.select(activity.c.phase_id, activity.c.id, named, place, counted).where(sa.true()).group_by(*by)


def _of_contributions() -> sa.Select[Any]:
    return (_grouped(contribution.c.kind, contribution.c.municipality_id)
            .where(activity.c.id == contribution.c.activity_id, contribution.c.state == State.PUBLISHED,
                   contribution.c.kind.in_(("proposal", "amendment", "remark", "topic", "statement", "comment"))))


def _of_supports() -> sa.Select[Any]:
    return _public(_grouped("support", _column(Support, "municipality_id")),
                   _column(Support, "contribution_id"))


def _of_tallies() -> sa.Select[Any]:
    counted = sa.func.sum(_column(SupportTally, "count"))
    return _public(_grouped("support", _column(SupportTally, "municipality_id"), counted),
                   _column(SupportTally, "contribution_id"))


def _public(grouped: sa.Select[Any], contribution_id: sa.Column[Any]) -> sa.Select[Any]:
    """Only what was given to contributions that everyone can read."""
    return grouped.where(contribution_id == contribution.c.id, contribution.c.state == State.PUBLISHED,
                         activity.c.id == contribution.c.activity_id)


def _of_activities(kind: str, model: type[Base], by: str) -> sa.Select[Any]:
    return (_grouped(kind, _column(model, "municipality_id"))
            .where(activity.c.id == _column(model, by)))


def _of_people() -> sa.Select[Any]:
    phase_id = _column(PhaseParticipant, "phase_id")
    place = sa.func.coalesce(_column(Person, "municipality_id"), _NONE)
    return (sa.select(phase_id, _NONE, sa.literal("person"), place, sa.func.count())
            .join(table(Person), _column(Person, "id") == _column(PhaseParticipant, "person_id"))
            .group_by(phase_id, place))
