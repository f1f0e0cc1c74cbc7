"""What proposals were made of and what they became."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names
from consult.core.db import db, table
from consult.lineage.models import Derivation, DerivationMember, Descent, Side
from consult.processes.models import Activity, Phase
from consult.proposals.models import Proposal, ProposalCall
from consult.voting.models import Support, SupportConsent, SupportTally

ACTED_ON = _l("Somebody has supported, commented or answered it by now: it can no longer be undone.")
FOUND = 20
"""Proposals that a search for what to merge answers."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """The derivation a proposal came out of and the one it went into, and everything further off."""

    origin: Derivation | None
    fate: Derivation | None
    further: Sequence[Proposal] = ()
    """What it descends from and what descends from it over more than one step."""

    @property
    def originals(self) -> list[Proposal]:
        """What it was made of."""
        return self.origin.on_the(Side.ORIGINAL) if self.origin else []

    @property
    def successors(self) -> list[Proposal]:
        """What was made of it."""
        return self.fate.on_the(Side.SUCCESSOR) if self.fate else []


def family(proposal: Proposal) -> Family:
    """The lineage of a proposal in both directions; asks nothing where there is none."""
    if not (proposal.derived or proposal.replaced):
        return Family(origin=None, fate=None)
    rows = db.session.execute(
        sa.select(Derivation, table(DerivationMember).c.side)
        .join(table(DerivationMember), table(DerivationMember).c.derivation_id == Derivation.id)
        .where(table(DerivationMember).c.proposal_id == proposal.id).options(
            joinedload(Derivation.made_by), *(
                selectinload(Derivation.members).joinedload(DerivationMember.proposal).joinedload(name)
                for name in (Contribution.author, Contribution.organisation, Contribution.municipality))))
    sides = {side: derivation for derivation, side in rows}
    found = Family(origin=sides.get(Side.SUCCESSOR), fate=sides.get(Side.ORIGINAL))
    near = {proposal.id, *(one.id for one in (*found.originals, *found.successors))}
    return Family(origin=found.origin, fate=found.fate, further=_further(proposal, near))


def _further(proposal: Proposal, near: set[int]) -> Sequence[Proposal]:
    kin = sa.union(sa.select(Descent.ancestor_id).where(Descent.descendant_id == proposal.id),
                   sa.select(Descent.descendant_id).where(Descent.ancestor_id == proposal.id))
    return db.session.scalars(sa.select(Proposal).where(
        Contribution.id.in_(kin), Contribution.id.not_in(near)).order_by(Contribution.id).limit(50)).all()


def derivation(id: int) -> Derivation | None:
    """A derivation with its members and its call."""
    return db.session.scalars(sa.select(Derivation).where(Derivation.id == id).options(
        selectinload(Derivation.members).joinedload(DerivationMember.proposal).joinedload(Contribution.thread),
        joinedload(Derivation.activity).joinedload(Activity.phase).joinedload(Phase.process))).first()


def told_later(id: int) -> bool:
    """Whether those concerned by a derivation are to be told once it can no longer be undone."""
    return db.session.scalar(sa.select(Derivation.tell_from).where(Derivation.id == id)) is not None


def ancestors(proposal_ids: Iterable[int]) -> list[int]:
    """All that these proposals came out of, at once or over several steps."""
    return list(db.session.scalars(sa.select(Descent.ancestor_id).where(
        Descent.descendant_id.in_(list(proposal_ids))).distinct().order_by(Descent.ancestor_id)))


def supporters(proposal_ids: Iterable[int]) -> int:
    """How many support at least one of these proposals; those who came as a number cannot be told apart."""
    ids = list(proposal_ids)
    people = db.session.scalar(sa.select(sa.func.count(sa.distinct(Support.person_id))).where(
        Support.contribution_id.in_(ids))) or 0
    told = db.session.scalar(sa.select(sa.func.sum(SupportTally.count - SupportTally.carried)).where(
        SupportTally.contribution_id.in_(ids))) or 0
    return int(people) + int(told)


def supported_an_original(successor: Proposal, person: Any) -> bool:
    """Whether somebody supports something that a proposal was made of."""
    if not successor.derived or not person.is_authenticated:
        return False
    return db.session.scalar(
        sa.select(Support.person_id).join(Descent, Descent.ancestor_id == Support.contribution_id)
        .where(Descent.descendant_id == successor.id, Support.person_id.in_(person.ids)).limit(1)) is not None


def supporters_of(derivation: Derivation, *, after: int, most: int) -> Sequence[Person]:
    """Some of those who support what was merged or split, or what that had come out of, by their ids."""
    originals = [member.proposal_id for member in derivation.members if member.side is Side.ORIGINAL]
    return db.session.scalars(_supporting([*originals, *ancestors(originals)]).where(
        Person.id > after).limit(most)).unique().all()


def supporters_among(proposal_ids: Iterable[int]) -> Sequence[Person]:
    """All who support one of these proposals, by their ids."""
    return db.session.scalars(_supporting(proposal_ids)).unique().all()


def _supporting(proposal_ids: Iterable[int]) -> sa.Select[Person]:
    theirs = sa.select(Support.person_id).where(Support.contribution_id.in_(list(proposal_ids)))
    return sa.select(Person).where(Person.id.in_(theirs)).order_by(Person.id)


def call(id: int) -> ProposalCall | None:
    """A call, with its percorso."""
    return db.session.scalars(sa.select(ProposalCall).where(ProposalCall.id == id).options(
        joinedload(ProposalCall.phase).joinedload(Phase.process))).first()


def mergeable(call: ProposalCall, codes: Iterable[str]) -> list[Proposal]:
    """Those of these codes that can be merged: public proposals of the call in whose place nothing stands yet."""
    return list(db.session.scalars(_mergeable(call).where(Contribution.code.in_(list(codes)))
                                   .order_by(Contribution.id)).unique())


def search(call: ProposalCall, words: str) -> Sequence[Proposal]:
    """The first proposals of a call that can be merged and have these words in their title, or this code."""
    said = [sa.or_(Proposal.title.icontains(word, autoescape=True), Contribution.code == word.upper())
            for word in words.split()[:8]]
    return db.session.scalars(_mergeable(call).where(*said).order_by(
        Contribution.support_count.desc(), Contribution.id).limit(FOUND)).unique().all()


def _mergeable(call: ProposalCall) -> sa.Select[Proposal]:
    return sa.select(Proposal).where(
        Contribution.activity_id == call.id, Contribution.kind == "proposal", Contribution.state == State.PUBLISHED,
        Proposal.replaced_at.is_(None)).options(*by_names(), joinedload(Contribution.thread))


def touched(derivation: Derivation) -> bool:
    """Whether somebody has acted on what was made: supported, answered, commented, or what features above tell."""
    ids = [member.proposal_id for member in derivation.members if member.side is Side.SUCCESSOR]
    threads = sa.select(Contribution.thread_id).where(Contribution.id.in_(ids))
    marks: list[sa.Select[Any]] = [
        sa.select(SupportConsent.id).where(SupportConsent.successor_id.in_(ids)),
        sa.select(Support.person_id).where(Support.contribution_id.in_(ids)),
        sa.select(SupportTally.count).where(SupportTally.contribution_id.in_(ids)),
        sa.select(Contribution.id).where(Contribution.thread_id.in_(threads), Contribution.id.not_in(ids)),
        sa.select(DerivationMember.proposal_id).where(
            DerivationMember.proposal_id.in_(ids), DerivationMember.side == Side.ORIGINAL),
        *(mark(ids) for mark in _marks)]
    return any(db.session.scalar(mark.limit(1)) is not None for mark in marks)


Mark = Callable[[Sequence[int]], sa.Select[Any]]
_marks: list[Mark] = []


def marked_by(mark: Mark) -> Mark:
    """Let a feature above say which rows show that somebody has acted on proposals with these ids."""
    if mark not in _marks:
        _marks.append(mark)
    return mark
