"""Lists of proposals, of one call or of a whole percorso: narrowed, ordered, in keyset pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from sqlalchemy.orm import defer, joinedload

from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names
from consult.core import paging
from consult.core.db import db
from consult.core.statements import among, made_once
from consult.processes.models import Activity, Phase, Process
from consult.proposals.models import Proposal, ProposalCall
from consult.search import queries as search
from consult.search.queries import Wanted

PAGE = 20
MOST_IN_FILE = 10_000
RANDOM = "caso"
MOST_SEEDS = 1_000_000
CITIZENS, ORGANISATIONS = "cittadini", "organizzazioni"
_PRIME = 2**31 - 1
_NEWEST = paging.Order(Contribution.id, descending=True)
ORDERS: dict[str, tuple[paging.Order, ...]] = {
    "recenti": (_NEWEST,),
    "sostenute": (paging.Order(Contribution.support_count, descending=True), _NEWEST),
    "discusse": (paging.Order(Contribution.comment_count, descending=True), _NEWEST),
    RANDOM: (),
}
"""The orders one can ask for, by their name in the address; the first is the usual one."""
OWN_STATES: dict[str, State] = {"bozze": State.DRAFT, "attesa": State.PENDING, "nascoste": State.HIDDEN,
                                "ritirate": State.WITHDRAWN}
"""What only its author finds in a list, by its name in the address."""
STANDING, REPLACED = "attuali", "sostituite"


@dataclass(frozen=True)
class Scope:
    """Whose proposals are listed: those of some calls of a percorso, or of one."""

    process: Process
    calls: Sequence[ProposalCall]
    call: ProposalCall | None = None

    @property
    def activity_ids(self) -> list[int]:
        return [call.id for call in self.calls]


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """A question that a feature above adds to the lists: which of some options holds for a proposal."""

    name: str
    """In the address."""
    label: LazyString
    options: Callable[[], list[tuple[str, str]]]
    condition: Callable[[str], sa.ColumnElement[bool]]


_narrowings: list[Narrowing] = []


def narrow(narrowing: Narrowing) -> None:
    """Let every list of proposals be narrowed by one more question."""
    if narrowing.name not in {known.name for known in _narrowings}:
        _narrowings.append(narrowing)


def narrowings() -> Sequence[Narrowing]:
    """The questions that features above have added."""
    return _narrowings


NO_WORDS = Wanted()


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which proposals are wanted; what is None or empty does not matter."""

    axis_id: int | None = None
    category_id: int | None = None
    municipality_id: int | None = None
    speaker: str = ""
    standing: str = ""
    """STANDING, REPLACED, or one of OWN_STATES."""
    own_of: int | None = None
    """The id of the person whose own proposals are wanted: these in every state."""
    words: Wanted = NO_WORDS
    code: str = ""
    further: tuple[sa.ColumnElement[bool], ...] = ()


def of_call(call: ProposalCall) -> Scope:
    """The proposals of one call."""
    return Scope(call.phase.process, [call], call)


def of_process(process: Process) -> Scope:
    """The proposals of all public calls of a percorso."""
    calls = db.session.scalars(
        sa.select(ProposalCall).join(Phase, Activity.phase_id == Phase.id)
        .where(Phase.process_id == process.id, Activity.published.is_(True))
        .options(joinedload(ProposalCall.phase).joinedload(Phase.process)).order_by(Activity.opens_at, Activity.id))
    return Scope(process, calls.all())


def listed(scope: Scope, order: str, wanted: Filter, after: str | None = None, *, seed: int = 0,
           size: int = PAGE) -> paging.Page:
    """A page of proposals in one of ORDERS; their texts come along only where words are looked for."""
    page = paging.page(ids(scope, wanted), _order(order, seed), after=after, size=size)
    if not page.items:
        return page
    whole = db.session.scalars(_with_texts() if wanted.words else _whole(), {"ids": list(page.items)})
    by_id = {proposal.id: proposal for proposal in whole}
    return paging.Page([by_id[id] for id in page.items if id in by_id], page.next)


@made_once
def _whole() -> sa.Select[Proposal]:
    return _with_texts().options(defer(Proposal.body))


@made_once
def _with_texts() -> sa.Select[Proposal]:
    return sa.select(Proposal).where(among(Contribution.id, "ids")).options(
        *by_names(), joinedload(Proposal.axis), defer(Proposal.body_html))


def exported(scope: Scope, order: str, wanted: Filter, *, seed: int = 0) -> Sequence[Proposal]:
    """All proposals of a list in its order, with their texts and categories; at most MOST_IN_FILE."""
    statement = sa.select(Proposal).where(*conditions(scope, wanted)).options(
        *by_names(), joinedload(Proposal.axis), joinedload(Proposal.category), defer(Proposal.body_html))
    return paging.page(statement, _order(order, seed), size=MOST_IN_FILE).items


def ids(scope: Scope, wanted: Filter) -> sa.Select[Any]:
    """Selects the ids of all proposals of a list."""
    return sa.select(Proposal.id).where(*conditions(scope, wanted))


def _order(name: str, seed: int) -> Sequence[paging.Order]:
    if name == RANDOM:
        return (paging.Order(_shuffled(seed)), paging.Order(Contribution.id))
    return ORDERS.get(name) or (_NEWEST,)


def _shuffled(seed: int) -> sa.ColumnElement[int]:
    """A number for each proposal that nobody foresees who does not know the seed, and that databases agree on.

    Ids are spread by a multiplication and a squaring modulo a prime: no product exceeds what 64 bits hold.
    """
    factor, shift = 1 + (seed + 1) * 48_271 % (_PRIME - 1), (seed + 1) * 69_621 % _PRIME
    spread = (sa.cast(Contribution.id, sa.BigInteger) * factor + shift) % _PRIME
    return sa.type_coerce((spread * spread) % _PRIME, sa.BigInteger)


def conditions(scope: Scope, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """What holds for the proposals of a list."""
    found = [_within(scope), Contribution.kind == "proposal", _state(wanted), *wanted.further]
    if wanted.axis_id is not None:
        found.append(Proposal.axis_id == wanted.axis_id)
    if wanted.category_id is not None:
        found.append(Proposal.category_id == wanted.category_id)
    if wanted.municipality_id is not None:
        found.append(Contribution.municipality_id == wanted.municipality_id)
    if wanted.speaker == CITIZENS:
        found.append(Contribution.organisation_id.is_(None))
    if wanted.speaker == ORGANISATIONS:
        found.append(Contribution.organisation_id.is_not(None))
    if wanted.own_of is not None:
        found.append(Contribution.author_id == wanted.own_of)
    if wanted.standing in {STANDING, REPLACED}:
        found.append(Proposal.replaced_at.is_(None) if wanted.standing == STANDING
                     else Proposal.replaced_at.is_not(None))
    if wanted.code:
        return [*found, Contribution.code == wanted.code]
    return found + (search.holding(wanted.words, scope.activity_ids) if wanted.words else [])


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    if len(scope.calls) == 1:
        return Contribution.activity_id == scope.calls[0].id
    return Contribution.activity_id.in_(scope.activity_ids)


def _state(wanted: Filter) -> sa.ColumnElement[bool]:
    """What is public; of somebody's own also what others do not see, but nobody else's."""
    if wanted.own_of is None:
        return Contribution.state == State.PUBLISHED
    if wanted.standing in OWN_STATES:
        return Contribution.state == OWN_STATES[wanted.standing]
    if wanted.standing or wanted.words:
        return Contribution.state == State.PUBLISHED
    return Contribution.state.in_([State.DRAFT, State.PENDING, State.PUBLISHED, State.HIDDEN])
