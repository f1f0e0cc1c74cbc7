"""Counting calls for proposals and consultations from their rows: what is public now, and what became of the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.comments.models import Comment, Stance
from consult.contributions.models import Contribution, State, Thread
from consult.core.db import db, table
from consult.core.languages import Localized
from consult.processes.models import Activity, Channel
from consult.proposals.models import Proposal
from consult.results import inherited
from consult.results.models import Verdict
from consult.voting.models import Support, SupportTally

ELSEWHERE = 0
"""Stands for people who named no municipality, or one outside the percorso."""

PUBLISHED = Contribution.state == State.PUBLISHED


@dataclass
class Counts:
    """What was counted. Places are ids of municipalities, `ELSEWHERE` for none."""

    contributions: Counter[int] = field(default_factory=Counter)
    """Public proposals, or comments of a consultation, by place."""
    comments: Counter[int] = field(default_factory=Counter)
    supports: Counter[int] = field(default_factory=Counter)
    channels: Counter[Channel] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    authors: int = 0
    organisations: int = 0
    by_organisations: int = 0
    derived: int = 0
    """Public proposals that the plan office made by merging and splitting."""
    carried: int = 0
    """Of the supports, those carried over to them."""


def proposals(call: Activity) -> Counts:
    """The proposals of a call, with the supports and comments of those that are public."""
    ours = (Contribution.activity_id == call.id, Contribution.kind == "proposal")
    counts = _contributions(*ours)
    theirs = sa.select(Contribution.id).where(*ours, PUBLISHED)
    threads = sa.select(Contribution.thread_id).where(*ours, PUBLISHED)
    counts.comments = _by_place(_comments().where(Contribution.thread_id.in_(threads)))
    counts.supports = _by_place(
        sa.select(Support.municipality_id, sa.func.count()).where(Support.contribution_id.in_(theirs))
        .group_by(Support.municipality_id))
    counts.supports.update(_by_place(
        sa.select(SupportTally.municipality_id, sa.func.sum(SupportTally.count))
        .where(SupportTally.contribution_id.in_(theirs)).group_by(SupportTally.municipality_id)))
    said = table(Contribution)
    standing = inherited.counted(said.c.activity_id == call.id, said.c.kind == "proposal",
                                 said.c.state == State.PUBLISHED)
    counts.verdicts = Counter({verdict: count for verdict, count in standing.items() if verdict is not None})
    counts.derived, counts.carried = _of_lineage(call)
    return counts


def _of_lineage(call: Activity) -> tuple[int, int]:
    ours = (Contribution.activity_id == call.id, PUBLISHED)
    derived = sa.select(sa.func.count()).select_from(Proposal).where(*ours, Proposal.derived)
    theirs = sa.select(Contribution.id).where(*ours, Contribution.kind == "proposal")
    given = sa.select(sa.func.count()).where(Support.contribution_id.in_(theirs), Support.consent_id.is_not(None))
    told = sa.select(sa.func.sum(SupportTally.carried)).where(SupportTally.contribution_id.in_(theirs))
    first, second, third = (int(db.session.scalar(each) or 0) for each in (derived, given, told))
    return first, second + third


def remarks(consultation: Activity) -> Counts:
    """The comments people wrote on the paragraphs of a draft."""
    return _contributions(Contribution.activity_id == consultation.id, Contribution.kind == "comment")


def discussion(activity: Activity) -> Counts:
    """The public comments on the public topics of a discussion."""
    threads = sa.select(Contribution.thread_id).where(
        Contribution.activity_id == activity.id, Contribution.kind == "topic", PUBLISHED)
    return _contributions(Contribution.activity_id == activity.id, Contribution.kind == "comment",
                          Contribution.thread_id.in_(threads))


def _contributions(*ours: sa.ColumnElement[bool]) -> Counts:
    counts = Counts()
    public = sa.select(Contribution).where(*ours, PUBLISHED)
    counts.contributions = _by_place(public.with_only_columns(Contribution.municipality_id, sa.func.count())
                                     .group_by(Contribution.municipality_id))
    counts.channels = Counter({row.channel: row[1] for row in db.session.execute(
        public.with_only_columns(Contribution.channel, sa.func.count()).group_by(Contribution.channel))})
    counts.states = Counter({row.state: row[1] for row in db.session.execute(
        sa.select(Contribution.state, sa.func.count()).where(*ours, Contribution.state != State.DRAFT)
        .group_by(Contribution.state))})
    counts.authors, counts.organisations, counts.by_organisations = db.session.execute(public.with_only_columns(
        sa.func.count(sa.distinct(Contribution.author_id)), sa.func.count(sa.distinct(Contribution.organisation_id)),
        sa.func.count(Contribution.organisation_id))).one()
    return counts


def _comments() -> sa.Select[int | None, int]:
    return (sa.select(Contribution.municipality_id, sa.func.count())
            .where(Contribution.kind == "comment", PUBLISHED).group_by(Contribution.municipality_id))


def _by_place(query: sa.Select[int | None, int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for place, count in db.session.execute(query):
        found[place or ELSEWHERE] += int(count)
    return found


@dataclass(frozen=True)
class Line:
    """One thing that was proposed, commented or supported, with its counts."""

    label: Localized
    counts: tuple[int, ...]


def by_axis(call: Activity, axes: Mapping[int, Localized], none: Localized) -> list[Line]:
    """Public proposals, their supports and comments, by axis in the order given, those without axis last."""
    rows = {row.axis_id: row[1:] for row in db.session.execute(
        sa.select(Proposal.axis_id, sa.func.count(), sa.func.sum(_supports()), sa.func.sum(_comments_below()))
        .select_from(Proposal).where(Contribution.activity_id == call.id, PUBLISHED).group_by(Proposal.axis_id))}
    lines = [Line(title, _whole(rows.get(id, (0, 0, 0)))) for id, title in axes.items()]
    rest = [_whole(counts) for id, counts in rows.items() if id not in axes]
    return [*lines, *([Line(none, tuple(map(sum, zip(*rest, strict=True))))] if rest else [])]


def of_axis(axis_id: int) -> tuple[int, ...]:
    """The public proposals on an axis in all calls, with their supports and comments."""
    row = db.session.execute(
        sa.select(sa.func.count(), sa.func.sum(_supports()), sa.func.sum(_comments_below()))
        .select_from(Proposal).where(Proposal.axis_id == axis_id, PUBLISHED)).one()
    return _whole(row)


def supports_of_each(call: Activity) -> dict[int, int]:
    """The supports of each public proposal that has any, by its id."""
    supports = _supports().label("supports")
    rows = db.session.execute(sa.select(Contribution.id, supports).where(
        Contribution.activity_id == call.id, Contribution.kind == "proposal", PUBLISHED, supports > 0))
    return {id: int(count) for id, count in rows}


def most_supported(call: Activity, how_many: int) -> list[Line]:
    """The public codes of the proposals with the most supports: never their words, which may be hidden later."""
    supports = _supports().label("supports")
    rows = db.session.execute(
        sa.select(Contribution.code, supports, _comments_below()).select_from(Proposal)
        .where(Contribution.activity_id == call.id, PUBLISHED, supports > 0)
        .order_by(supports.desc(), Contribution.id).limit(how_many))
    return [Line(Localized.of(code), _whole(counts)) for code, *counts in rows]


def _supports() -> sa.ColumnElement[int]:
    """The supports of a contribution, from the rows."""
    given = sa.select(sa.func.count()).select_from(Support).where(Support.contribution_id == Contribution.id)
    told = sa.select(sa.func.coalesce(sa.func.sum(SupportTally.count), 0)).where(
        SupportTally.contribution_id == Contribution.id)
    return given.correlate(Contribution).scalar_subquery() + told.correlate(Contribution).scalar_subquery()


def _comments_below(*which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """The public comments in the thread of a contribution, from the rows; of them only some, where that is asked."""
    below = aliased(Contribution, flat=True)
    own = table(Comment)
    counted = sa.select(sa.func.count()).select_from(below)
    if which:
        counted = counted.join(own, own.c.id == below.id).where(*which)
    return (counted.where(
        below.thread_id == Contribution.thread_id, below.kind == "comment", below.state == State.PUBLISHED)
        .correlate(Contribution).scalar_subquery())


def by_paragraph(consultation: Activity) -> list[Line]:
    """Public comments on each part of a draft, and how many of them are for and against; parts without are left out."""
    stances = [sa.func.sum(sa.case((Comment.stance == stance, 1), else_=0)) for stance in Stance
               if stance is not Stance.QUESTION]
    rows = db.session.execute(
        sa.select(Thread.id, Thread.label, sa.func.count(), *stances).select_from(Comment)
        .join(Thread, Thread.id == Contribution.thread_id)
        .where(Contribution.activity_id == consultation.id, PUBLISHED)
        .group_by(Thread.id).order_by(Thread.id))
    return [Line(Localized(label), _whole(counts)) for _id, label, *counts in rows]


def by_topic(activity: Activity) -> list[Line]:
    """The public topics of a discussion by their codes, with their comments and where these stand."""
    stances = [_comments_below(table(Comment).c.stance == stance) for stance in Stance]
    rows = db.session.execute(
        sa.select(Contribution.code, _comments_below(), *stances).where(
            Contribution.activity_id == activity.id, Contribution.kind == "topic", PUBLISHED)
        .order_by(Contribution.id))
    return [Line(Localized.of(code), _whole(counts)) for code, *counts in rows]


def _whole(counts: Sequence[int]) -> tuple[int, ...]:
    return tuple(int(count or 0) for count in counts)
