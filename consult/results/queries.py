"""Frozen results, outcomes, and whether counters still agree with the rows."""

from collections import Counter
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload

from consult.comments.models import Comment
from consult.contributions.models import Contribution, State, Thread
from consult.core.db import db, table
from consult.core.statements import among, made_once
from consult.processes.models import Activity, Phase, Process, ResultsVisible
from consult.proposals.models import Proposal
from consult.results import inherited, owed
from consult.results.models import Outcome, OutcomeBatch, ReplacedSheet, ReplyTemplate, ResultSheet, Verdict
from consult.voting.models import Ballot, BallotPaper, Support, SupportTally

PUBLISHED = Contribution.state == State.PUBLISHED


def sheet_of(activity_id: int) -> ResultSheet | None:
    """The frozen results of an activity."""
    return db.session.scalar(sa.select(ResultSheet).where(ResultSheet.activity_id == activity_id))


def replaced(activity_id: int) -> Sequence[ReplacedSheet]:
    """The results of an activity that others have replaced, the first first."""
    return db.session.scalars(sa.select(ReplacedSheet).where(ReplacedSheet.activity_id == activity_id)
                              .order_by(ReplacedSheet.edition)).all()


def sheet_called(fingerprint: str) -> ResultSheet | ReplacedSheet | None:
    """The frozen results with this fingerprint or, of its first letters, the only ones; also those replaced since."""
    standing = sa.select(ResultSheet).where(ResultSheet.sha256.between(fingerprint, f"{fingerprint}g")).limit(2)
    before = sa.select(ReplacedSheet).where(ReplacedSheet.sha256.between(fingerprint, f"{fingerprint}g")).limit(2)
    found: list[ResultSheet | ReplacedSheet] = [*db.session.scalars(standing), *db.session.scalars(before)]
    return found[0] if len(found) == 1 else None


def activity(id: int) -> Activity | None:
    """An activity of any kind, with its phase and percorso."""
    return db.session.scalar(sa.select(Activity).where(Activity.id == id).options(
        joinedload(Activity.phase).joinedload(Phase.process)))


def sheets_of(activity_ids: Iterable[int]) -> dict[int, ResultSheet]:
    """Frozen results by id of the activity, in one query."""
    rows = db.session.scalars(sa.select(ResultSheet).where(ResultSheet.activity_id.in_(list(activity_ids))))
    return {sheet.activity_id: sheet for sheet in rows}


def frozen_among(activity_ids: Iterable[int]) -> set[int]:
    """Those of these activities whose results are frozen."""
    return set(db.session.scalars(
        sa.select(ResultSheet.activity_id).where(ResultSheet.activity_id.in_(list(activity_ids)))))


def frozen_in(phase: Phase) -> Sequence[ResultSheet]:
    """The frozen results of a phase, with their activities, in the order of closing."""
    return db.session.scalars(
        sa.select(ResultSheet).join(Activity, Activity.id == ResultSheet.activity_id)
        .where(Activity.phase_id == phase.id).options(joinedload(ResultSheet.activity))
        .order_by(Activity.closes_at, ResultSheet.id)).all()


def latest_frozen(process: Process, how_many: int) -> Sequence[ResultSheet]:
    """The results that everybody may see and that were frozen last, with their activities.

    Not those of kinds of activities whose results stand in no list.
    """
    kinds = sa.inspect(Activity).self_and_descendants
    return db.session.scalars(
        sa.select(ResultSheet).join(Activity, Activity.id == ResultSheet.activity_id)
        .join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == process.id, Activity.published, Activity.results_visible != ResultsVisible.STAFF,
               Activity.kind.not_in([kind.polymorphic_identity for kind in kinds if not kind.class_.results_listed]))
        .options(joinedload(ResultSheet.activity))
        .order_by(Activity.closes_at.desc(), ResultSheet.id.desc()).limit(how_many)).all()


def activities(process: Process) -> Sequence[Activity]:
    """The public activities of a percorso, by phase and closing."""
    return db.session.scalars(
        sa.select(Activity).join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == process.id, Activity.published)
        .order_by(Phase.position, Activity.closes_at, Activity.id)).all()


def outcome_of(contribution: Contribution) -> Outcome | None:
    """What became of a contribution, with who proposed it."""
    return db.session.scalar(sa.select(Outcome).where(Outcome.contribution_id == contribution.id).options(
        joinedload(Outcome.proposed_by)))


def outcomes_for(contribution_ids: Iterable[int]) -> dict[int, Outcome]:
    """What became of these contributions, by their ids, in one query; those without outcome are left out."""
    rows = db.session.scalars(_outcomes(), {"ids": list(contribution_ids)})
    return {outcome.contribution_id: outcome for outcome in rows}


@made_once
def _outcomes() -> sa.Select[Outcome]:
    return sa.select(Outcome).where(among(Outcome.contribution_id, "ids"))


def latest_outcomes(process: Process, how_many: int) -> Sequence[Outcome]:
    """The outcomes of public proposals that were decided or proposed last."""
    latest = (sa.func.coalesce(Outcome.decided_on, Outcome.proposed_on).desc(), Outcome.id.desc())
    ids = (sa.select(Outcome.id).join(Contribution, Contribution.id == Outcome.contribution_id)
           .where(Contribution.activity_id.in_(_activities_of(process)), Contribution.kind == "proposal", PUBLISHED,
                  Outcome.verdict != Verdict.UNDER_REVIEW).order_by(*latest).limit(how_many))
    return db.session.scalars(
        sa.select(Outcome).join(Proposal, Proposal.id == Outcome.contribution_id)
        .where(Outcome.id.in_(ids)).options(contains_eager(Outcome.contribution.of_type(Proposal)))
        .order_by(*latest)).all()


def _activities_of(process: Process) -> sa.Select[int]:
    return sa.select(Activity.id).join(Phase, Phase.id == Activity.phase_id).where(Phase.process_id == process.id)


def by_verdict(process: Process) -> Counter[Verdict | None]:
    """How many public proposals of a percorso have which outcome standing for them; None counts those without."""
    return Counter(inherited.counted(*_public_proposals(process)))


def without_outcome(process: Process) -> int:
    """How many public proposals of a percorso wait for an outcome; for those merged or split their successors do."""
    waiting = (sa.select(sa.func.count()).select_from(Proposal)
               .outerjoin(Outcome, Outcome.contribution_id == Proposal.id)
               .where(Contribution.activity_id.in_(_activities_of(process)), PUBLISHED,
                      Proposal.replaced_at.is_(None), Outcome.id.is_(None)))
    return db.session.scalar(waiting) or 0


def _public_proposals(process: Process) -> list[sa.ColumnElement[bool]]:
    said = table(Contribution)
    return [said.c.activity_id.in_(_activities_of(process)), said.c.kind == "proposal",
            said.c.state == State.PUBLISHED]


def drift(activity: Activity) -> list[str]:
    """Counters of an activity that no longer agree with the rows they count, each as a line for the log."""
    found = []
    supports = (sa.select(sa.func.count()).where(Support.contribution_id == Contribution.id).scalar_subquery()
                + sa.select(sa.func.coalesce(sa.func.sum(SupportTally.count), 0))
                .where(SupportTally.contribution_id == Contribution.id).scalar_subquery())
    comments = (sa.select(sa.func.count()).select_from(Comment)
                .where(Contribution.thread_id == Thread.id, PUBLISHED).correlate(Thread).scalar_subquery())
    wrong = {
        "support_count": sa.select(sa.func.count()).where(
            Contribution.activity_id == activity.id, Contribution.kind == "proposal",
            Contribution.support_count != supports),
        "comment_count": sa.select(sa.func.count()).where(
            Thread.activity_id == activity.id, Thread.comment_count != comments),
        "paper_count": sa.select(sa.func.count()).where(
            Ballot.id == activity.id, Ballot.paper_count != sa.select(sa.func.count()).select_from(BallotPaper)
            .where(BallotPaper.ballot_id == activity.id).scalar_subquery()),
    }
    for counter, query in wrong.items():
        if rows := db.session.scalar(query):
            found.append(f"{counter} differs from the rows in {rows} places")
    return found


def template(id: int) -> ReplyTemplate | None:
    """A template, with its percorso."""
    return db.session.scalar(sa.select(ReplyTemplate).where(ReplyTemplate.id == id).options(
        joinedload(ReplyTemplate.process)))


def batch(id: int) -> OutcomeBatch | None:
    """A file of outcomes, with its percorso."""
    return db.session.scalar(sa.select(OutcomeBatch).where(OutcomeBatch.id == id).options(
        joinedload(OutcomeBatch.process)))


def batches(process: Process, how_many: int) -> Sequence[OutcomeBatch]:
    """The files of outcomes sent last, without their lines."""
    return db.session.scalars(sa.select(OutcomeBatch).where(OutcomeBatch.process_id == process.id).options(
        defer(OutcomeBatch.lines)).order_by(OutcomeBatch.id.desc()).limit(how_many)).all()


def answerable(process: Process) -> Sequence[Activity]:
    """The activities of a percorso in which something was said that is owed an outcome."""
    asked = sa.select(owed.said.c.activity_id).where(owed.said.c.kind.in_(list(owed.kinds())),
                                                     owed.said.c.state == State.PUBLISHED)
    return db.session.scalars(
        sa.select(Activity).join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == process.id, Activity.id.in_(asked))
        .order_by(Phase.position, Activity.closes_at, Activity.id)).all()
