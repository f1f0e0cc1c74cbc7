"""Contributions as a source of what lies before the moderators, whatever their kind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import LazyString
from sqlalchemy.orm import joinedload, load_only, with_polymorphic
from sqlalchemy.orm.attributes import set_committed_value

from consult.accounts.models import Organisation, Person
from consult.contributions import correcting, services
from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, Flag, FlagReason, State, Thread
from consult.contributions.words import KINDS, MANY
from consult.core import clock
from consult.core.db import db, table
from consult.core.statements import among, made_once, out_of_date
from consult.moderation import asked, matters
from consult.moderation.matters import Matter, Passage, Source
from consult.moderation.models import Decision, Origin
from consult.processes.models import Activity, Phase
from consult.proposals.models import FieldAnswer, Proposal
from consult.territory.models import Municipality

PENDING = sa.literal(State.PENDING, Contribution.__table__.c.state.type, literal_execute=True)
"""Written into the query itself, so that the database knows that the index of what waits holds all that is wanted."""
OWN_FIELDS = "own fields"
"""Whether a proposal answers own fields of its call: they are part of its text."""
HARMFUL = (FlagReason.OFFENCE, FlagReason.PERSONAL_DATA, FlagReason.DISCRIMINATION, FlagReason.ILLEGAL)
"""What does harm for as long as it stands."""


_picked: dict[Origin, Callable[[], sa.Select[Any]]] = {}


def picked(origin: Origin) -> Callable[[Callable[[], sa.Select[Any]]], Callable[[], sa.Select[Any]]]:
    """Register another reason for which contributions of every kind lie before the moderators: a select of `row`."""

    def register(select: Callable[[], sa.Select[Any]]) -> Callable[[], sa.Select[Any]]:
        _picked[origin] = select
        return select

    return register


class Contributed(Matter):
    """A contribution of any kind."""

    source = "contribution"
    reportable = True

    def __init__(self, contribution: Contribution, *, held: bool = False) -> None:
        self._it, self._held = contribution, held
        self.contribution_id = contribution.id
        self.kind, self.code, self.language = contribution.kind, contribution.code, contribution.language
        self.author_id, self.organisation_id = contribution.author_id, contribution.organisation_id

    @property
    def number(self) -> int:
        return self._it.id

    @property
    def thing(self) -> Contribution:
        return self._it

    def __getattr__(self, name: str) -> Any:
        """State, version, author and the like are those of the contribution."""
        if name in ("state", "version", "heading", "author", "organisation", "activity", "process_id"):
            return getattr(self._it, name)
        raise AttributeError(name)

    @property
    def address(self) -> str:  # type: ignore[override]
        return contributions.address(self._it)

    def correction(self, person: Any) -> str:
        return correcting.way(self._it, person)

    def passages(self) -> Sequence[Passage]:
        return [Passage(name, text) for name, text in self._it.written().items()]

    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        services.rewrite(self._it, actor, {p.field: p.text for p in passages}, reason=reason)

    @property
    def reported(self) -> bool:
        return self._it.flag_count > 0

    @property
    def pointed_out(self) -> bool:
        return any(db.session.scalar(select().where(Contribution.id == self._it.id)) is not None
                   for select in _picked.values())

    def hold(self) -> None:
        if self._held:
            return
        db.session.refresh(self._it, ["version", "state", "flag_count", "support_count"], with_for_update=True)

    def learn(self, answers: Mapping[str, Any]) -> None:
        super().learn(answers)
        if isinstance(self._it, Proposal) and not answers[OWN_FIELDS]:
            set_committed_value(self._it, "answers", [])

    def settle_flags(self) -> None:
        self._it.flag_count = 0
        with db.session.no_autoflush:  # written with what else becomes of the row
            db.session.execute(_settling(), {"which": self._it.id, "at": clock.now()})
            out_of_date(Flag, "decided_at", which=lambda row: row.get("contribution_id") == self._it.id)

    def reopen_flags(self, since: datetime) -> None:
        which = (Flag.contribution_id == self._it.id, Flag.decided_at >= since)
        self._it.flag_count = db.session.scalar(sa.select(sa.func.count()).select_from(Flag).where(*which)) or 0
        db.session.execute(sa.update(Flag).where(*which).values(decided_at=None))

    def pass_to(self, state: State, actor: Person | None) -> None:
        services.change_state(self._it, state, actor, held=True)

    def flagged_by(self, person: Person) -> bool:
        return db.session.scalar(_flagged_by(), {"which": self._it.id, "person": person.id}) is not None


@made_once
def _settling() -> sa.Update:
    own = table(Flag)
    return (sa.update(own).where(own.c.contribution_id == sa.bindparam("which"), own.c.decided_at.is_(None))
            .values(decided_at=sa.bindparam("at")))


@made_once
def _flagged_by() -> sa.Select[int]:
    return sa.select(Flag.id).where(Flag.contribution_id == sa.bindparam("which"),
                                    Flag.person_id == sa.bindparam("person"))


@matters.source("contribution")
class Contributions(Source):
    """All that is written within an activity."""

    def find(self, numbers: Iterable[int]) -> dict[int, Matter]:
        return {one.id: Contributed(one) for one in contributions.with_text(numbers)}

    def listed(self, numbers: Iterable[int]) -> dict[int, Matter]:
        return {one.id: Contributed(one) for one in db.session.scalars(_listed(), {"ids": list(numbers)})}

    def waiting(self) -> Sequence[tuple[Origin, sa.Select[Any]]]:
        return [(Origin.GRAVE, _reported(harmful=True)), (Origin.HELD, _held()),
                (Origin.FLAGGED, _reported(harmful=False)),
                *((origin, select()) for origin, select in _picked.items())]

    def labels(self) -> dict[str, tuple[LazyString, LazyString]]:
        return {kind: (KINDS[kind], MANY[kind]) for kind in KINDS}


@made_once
def _listed() -> sa.Select[Any]:
    """Contributions with what a line of a list says of them: no HTML, no rules of their activities."""
    every = with_polymorphic(Contribution, "*")
    kinds = [mapper for mapper in sa.inspect(Contribution).self_and_descendants if mapper.class_ is not Contribution]
    own = [getattr(getattr(every, mapper.class_.__name__), column.key)
           for mapper in kinds for column in mapper.column_attrs if _short(mapper, column)]
    return sa.select(every).where(among(every.id, "ids")).options(
        load_only(every.code, every.kind, every.state, every.language, every.version, every.author_id,
                  every.organisation_id, every.municipality_id, every.thread_id, every.activity_id,
                  every.attachment_count, every.flag_count, *own),
        joinedload(every.author).load_only(Person.display_name, Person.shows_name, Person.minor, Person.erased_at),
        joinedload(every.organisation).load_only(Organisation.name),
        joinedload(every.municipality).load_only(Municipality.name),
        joinedload(every.thread).load_only(Thread.label),
        joinedload(every.activity.of_type(Activity)).load_only(Activity.kind, Activity.phase_id, Activity.title)
        .joinedload(Activity.phase).load_only(Phase.process_id))


def _short(mapper: Any, column: Any) -> bool:
    """Whether a column of a kind of its own is not long, or what was typed."""
    stored = column.columns[0]
    return stored.table is mapper.local_table and not stored.primary_key and (
        column.key in mapper.class_.texts or not isinstance(stored.type, sa.Text | sa.JSON))


def _held() -> sa.Select[Any]:
    proposal = cast(sa.Table, Proposal.__table__)
    since = sa.func.coalesce(proposal.c.submitted_at, Contribution.created_at)
    return (row(since).select_from(Contribution).outerjoin(proposal, proposal.c.id == Contribution.id)
            .where(Contribution.state == PENDING))


def _reported(*, harmful: bool) -> sa.Select[Any]:
    """Public, and reported by readers; what does harm apart from what can wait."""
    does_harm = sa.func.max(sa.case((Flag.reason.in_(HARMFUL), 1), else_=0)) == (1 if harmful else 0)
    flagged = (sa.select(Flag.contribution_id, sa.func.min(Flag.created_at).label("since"))
               .where(Flag.decided_at.is_(None)).group_by(Flag.contribution_id).having(does_harm).subquery())
    return (row(flagged.c.since).select_from(flagged)
            .join(Contribution, Contribution.id == flagged.c.contribution_id)
            .where(Contribution.state == State.PUBLISHED))


def row(since: sa.ColumnElement[datetime]) -> sa.Select[Any]:
    """The columns of a contribution that waits since then."""
    columns: list[sa.ColumnElement[Any]] = [
        Contribution.id.label("number"), Contribution.kind.label("kind"), since.label("since"),
        Contribution.activity_id.label("activity_id"), Contribution.author_id.label("author_id"),
        Contribution.organisation_id.label("organisation_id"),
        sa.cast(Contribution.channel, sa.String(24)).label("channel")]
    return sa.select(*columns)


def decided_on(decision: Decision) -> Matter | None:
    """What a decision that is just being taken is about: a contribution, which is at hand, is not asked for again."""
    matter = of(decision.contribution) if decision.contribution is not None else None
    return matter if matter is not None and matter.subject == decision.subject else matters.matter(decision.subject)


def one(id: int, *, held: bool = False) -> Matter | None:
    """The contribution with this id, whole; once it is `held`, nobody else changes it until the transaction ends."""
    found = db.session.scalar(_to_decide() if held else _to_read(), {"id": id})
    return of(found, held=held) if found is not None else None


@made_once
def _to_read() -> sa.Select[Any]:
    return _whole()


@made_once
def _to_decide() -> sa.Select[Any]:
    return _whole(Thread.discussed).with_for_update(of=table(Contribution))


def _whole(*of_thread: Any) -> sa.Select[Any]:
    """The same as `contributions.with_text`, made once, and without what only decides whether others may write."""
    every = with_polymorphic(Contribution, "*")
    thread = joinedload(every.thread)
    return sa.select(every).where(every.id == sa.bindparam("id")).options(
        joinedload(every.author), joinedload(every.organisation), joinedload(every.municipality),
        thread.joinedload(*of_thread) if of_thread else thread,
        joinedload(every.activity).joinedload(Activity.phase).joinedload(Phase.process))


def of(contribution: Contribution, *, held: bool = False) -> Matter:
    """A contribution as it lies before the moderators; `held` where nobody can change it until the transaction ends."""
    return Contributed(contribution, held=held)


@asked.question(OWN_FIELDS)
def _answers_own_fields() -> sa.ColumnElement[Any]:
    return sa.exists().where(FieldAnswer.proposal_id == asked.CONTRIBUTION)
