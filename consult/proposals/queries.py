"""Calls for proposals and the proposals in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names
from consult.core.db import db
from consult.core.statements import load, made_once
from consult.processes.models import Activity, ParticipationCount, Phase, Process
from consult.proposals.models import Proposal, ProposalCall
from consult.search import queries as search
from consult.search import stemming
from consult.territory.models import Authority


def call(id: int) -> ProposalCall | None:
    """A call with its phase, its percorso, the axes and the municipalities it is about."""
    found = db.session.scalars(_call(), {"wanted": id}).unique().first()
    if found is not None:
        process = found.phase.process
        load(process, Process.axes)
        load(process.authority, Authority.municipalities)
        load(found, ProposalCall.categories)
    return found


@made_once
def _call() -> sa.Select[ProposalCall]:
    process = joinedload(ProposalCall.phase).joinedload(Phase.process)
    return sa.select(ProposalCall).where(ProposalCall.id == sa.bindparam("wanted")).options(
        process.joinedload(Process.blackouts), process.joinedload(Process.authority))


def published(activity_id: Any) -> sa.ColumnElement[int]:
    """How many proposals of an activity are public, from the count that is moved with each of them."""
    phase = sa.select(Activity.phase_id).where(Activity.id == activity_id).scalar_subquery()
    return sa.select(sa.func.coalesce(sa.func.sum(ParticipationCount.count), 0)).where(
        ParticipationCount.phase_id == phase, ParticipationCount.activity_id == activity_id,
        ParticipationCount.kind == "proposal").scalar_subquery()


def proposal(id: int, slug: str | None = None) -> Proposal | None:
    """A proposal with all that its page shows of it and all that decides what may be done with it.

    It is found by its id whatever slug the address names.
    """
    found = db.session.scalars(_proposal(), {"wanted": id}).unique().first()
    if found is not None and found.thread is not None:
        set_committed_value(found.thread, "discussed", found)
    return found


def without_text(id: int) -> Proposal | None:
    """A proposal with all that decides what may be done with it, for acts that do not show it."""
    return db.session.scalars(_without_text(), {"wanted": id}).unique().first()


@made_once
def _proposal() -> sa.Select[Proposal]:
    """Made once: making it costs as much as finding the row."""
    return _with_activity().options(*by_names(), joinedload(Proposal.axis), joinedload(Proposal.thread))


@made_once
def _without_text() -> sa.Select[Proposal]:
    return _with_activity().options(defer(Proposal.body), defer(Proposal.body_html))


def _with_activity() -> sa.Select[Proposal]:
    process = joinedload(Proposal.activity.of_type(ProposalCall)).joinedload(Activity.phase).joinedload(Phase.process)
    return sa.select(Proposal).where(Proposal.id == sa.bindparam("wanted")).options(
        process.joinedload(Process.blackouts))


def not_public_of(person: Any, call: ProposalCall) -> Sequence[Proposal]:
    """What somebody has in a call that others do not see: drafts, and what waits or was hidden."""
    if not person.is_authenticated:
        return []
    return db.session.scalars(sa.select(Proposal).where(
        Contribution.author_id == person.id, Contribution.activity_id == call.id,
        Contribution.state.in_([State.DRAFT, State.PENDING, State.HIDDEN]),
    ).options(defer(Proposal.body), defer(Proposal.body_html)).order_by(Contribution.id.desc()).limit(50)).all()


def drafts_of(person: Any, call: ProposalCall) -> Sequence[Proposal]:
    """What somebody has begun in a call and not sent in, the one saved last first."""
    return db.session.scalars(sa.select(Proposal).where(
        Contribution.author_id == person.id, Contribution.activity_id == call.id, Contribution.state == State.DRAFT,
    ).options(defer(Proposal.body_html)).order_by(
        sa.func.coalesce(Proposal.saved_at, Contribution.created_at).desc()).limit(50)).all()


def draft_of_page(call: ProposalCall, person: Any, page: str) -> Proposal | None:
    """The draft that somebody saved last from a page; none where the page has no name."""
    if not page:
        return None
    return db.session.scalars(sa.select(Proposal).where(
        Contribution.author_id == person.id, Contribution.activity_id == call.id, Contribution.state == State.DRAFT,
        Proposal.written_on == page).order_by(Contribution.id.desc()).limit(1)).first()


@dataclass(frozen=True)
class Alike:
    """A public proposal that says the like of a text being written, and the words by which it does."""

    proposal: Proposal
    words: Sequence[str]


def alike(call: ProposalCall, title: str, body: str, *, language: str, but: int | None = None) -> list[Alike]:
    """Public proposals of a call that say the like of a text, the likest first; `but` is the id of its own."""
    found = search.similar(call.id, title, body, language=language, but=but)
    if not found:
        return []
    rows = db.session.scalars(sa.select(Proposal).where(
        Proposal.id.in_([one.contribution_id for one in found]), Proposal.replaced_at.is_(None),
    ).options(*by_names(), defer(Proposal.body_html))).unique()
    by_id = {proposal.id: proposal for proposal in rows}
    return [Alike(by_id[one.contribution_id], _as_written(one.words, by_id[one.contribution_id]))
            for one in found if one.contribution_id in by_id]


def _as_written(words: Sequence[str], proposal: Proposal) -> list[str]:
    forms = stemming.as_written(f"{proposal.body} {proposal.title}")
    return [forms[word] for word in words if word in forms]
