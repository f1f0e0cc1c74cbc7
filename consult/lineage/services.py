"""Merging proposals and splitting them, so that nothing that was said or supported is lost; and undoing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.comments import locking
from consult.contributions import services as contributions
from consult.contributions.models import State, Thread
from consult.contributions.splitting import SplittingError
from consult.core import clock, events, languages, richtext
from consult.core.db import db, rows_touched, table
from consult.core.languages import Localized
from consult.lineage import queries
from consult.lineage.models import Derivation, DerivationKind, DerivationMember, Descent, Side
from consult.processes.models import Activity, Axis
from consult.proposals.models import Proposal, ProposalCall, slug_of
from consult.proposals.services import ProposalSubmitted

SHORTEST_REASON, LONGEST_REASON = 20, 1000
MOST_TOGETHER = 20
MOST_PARTS = 6


class LineageError(SplittingError):
    """A merging, splitting or undoing that cannot be, with the sentence that says why; nothing is changed."""


@dataclass(frozen=True, kw_only=True)
class ProposalsMerged(events.Event):
    derivation_id: int
    original_ids: list[int]
    successor_id: int


@dataclass(frozen=True, kw_only=True)
class ProposalSplit(events.Event):
    derivation_id: int
    original_id: int
    successor_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class DerivationUndone(events.Event):
    derivation_id: int
    original_ids: list[int]
    successor_ids: list[int]
    told: bool
    """Whether people had been told of it."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The text of a proposal that is made of others."""

    title: str
    body: str
    axis: Axis | None = None


def merge(call: ProposalCall, actor: Person, originals: Sequence[Proposal], draft: Draft, *, reason: str) -> Proposal:
    """Make one proposal of several, which stay readable; whoever supports them is asked whether to go along.

    Raises LineageError where there are too few or too many of them, one is no longer to be had, or the reason is
    less than a sentence.
    """
    if not 2 <= len({original.id for original in originals}) <= MOST_TOGETHER:
        raise LineageError(_l("Choose from two to %(most)d proposals.", most=MOST_TOGETHER))
    derivation, (successor,) = _derive(DerivationKind.MERGE, call, actor, originals, [draft], reason)
    events.record(ProposalsMerged(actor_id=actor.id, derivation_id=derivation.id, successor_id=successor.id,
                                  original_ids=sorted(original.id for original in originals)))
    return successor


def split(original: Proposal, actor: Person, drafts: Sequence[Draft], *, reason: str,
          moderated_until: datetime | None = None) -> list[Proposal]:
    """Make several proposals of one, which stays readable; whoever supports it is asked of each.

    Where moderators do it, that is after the instant until which they can undo it. Raises LineageError as `merge`.
    """
    if not 2 <= len(drafts) <= MOST_PARTS:
        raise LineageError(_l("Write from two to %(most)d parts.", most=MOST_PARTS))
    call = original.activity
    assert isinstance(call, ProposalCall), "proposals stand in calls"  # noqa: S101 - for whoever checks the types
    derivation, made = _derive(DerivationKind.SPLIT, call, actor, [original], drafts, reason)
    derivation.moderated, derivation.tell_from = moderated_until is not None, moderated_until
    events.record(ProposalSplit(actor_id=actor.id, derivation_id=derivation.id, original_id=original.id,
                                successor_ids=[one.id for one in made]))
    return made


def undo(derivation: Derivation, actor: Person) -> None:
    """Put the originals back into their place and take back what was made of them.

    Raises LineageError where somebody has acted on it: what they did would be lost.
    """
    originals, made = derivation.on_the(Side.ORIGINAL), derivation.on_the(Side.SUCCESSOR)
    _hold(derivation.activity, [*originals, *made])
    if queries.touched(derivation):
        raise LineageError(queries.ACTED_ON)
    locked_before = {member.proposal_id for member in derivation.members if member.was_locked}
    _set_replaced(originals, since=None)
    for original in originals:
        if original.thread is not None and original.id not in locked_before:
            locking.unlock(original.thread, actor)
    events.record(DerivationUndone(actor_id=actor.id, derivation_id=derivation.id,
                                   original_ids=[one.id for one in originals], successor_ids=[one.id for one in made],
                                   told=derivation.tell_from is None))
    db.session.execute(sa.delete(Descent).where(Descent.descendant_id.in_([one.id for one in made])))
    db.session.delete(derivation)
    db.session.flush()
    for one in made:
        if one.public:
            contributions.change_state(one, State.WITHDRAWN, actor)


def _derive(kind: DerivationKind, call: ProposalCall, actor: Person, originals: Sequence[Proposal],
            drafts: Sequence[Draft], reason: str) -> tuple[Derivation, list[Proposal]]:
    if len(reason.strip()) < SHORTEST_REASON:
        raise LineageError(_l("Say why, in a sentence at least: everybody reads it."))
    if any(original.activity_id != call.id for original in originals):
        raise LineageError(_l("Only proposals of the same call can be merged."))
    _hold(call, originals)
    if any(original.replaced or not original.public for original in originals):
        raise LineageError(_l("One of these proposals is no longer public, or was merged or split meanwhile."))
    _set_replaced(originals, since=clock.now())
    earlier = queries.ancestors([original.id for original in originals])
    family = [*earlier, *(original.id for original in originals)]
    derivation = Derivation(activity=call, kind=kind, reason=reason.strip(), made_by=actor,
                            supporter_count=queries.supporters(family))
    db.session.add(derivation)
    made = [_publish(call, actor, draft, originals[0].language) for draft in drafts]
    for original in sorted(originals, key=lambda one: one.id):
        _close(original, made, actor, derivation)
    derivation.members += [DerivationMember(proposal=one, side=Side.SUCCESSOR) for one in made]
    db.session.add_all(Descent(ancestor_id=ancestor, descendant_id=one.id) for one in made for ancestor in family)
    db.session.flush()
    return derivation, made


def _hold(activity: Activity, proposals: Sequence[Proposal]) -> None:
    """Keep them as they are until this is done: supports under way come first, later ones find what was done.

    In the order of their ids, so that nobody waits in a circle.
    """
    db.session.refresh(activity, with_for_update={"of": table(Activity)})
    for proposal in sorted(proposals, key=lambda one: one.id):
        db.session.refresh(proposal, ["state"], with_for_update=True)
        db.session.refresh(proposal, ["replaced_at"])


def _set_replaced(proposals: Sequence[Proposal], *, since: object) -> None:
    own = table(Proposal)
    rows_touched(sa.update(own).where(own.c.id.in_([one.id for one in proposals])).values(replaced_at=since))
    for proposal in proposals:
        db.session.expire(proposal, ["replaced_at"])


def _publish(call: ProposalCall, actor: Person, draft: Draft, language: str) -> Proposal:
    """What is made of others is public at once: moderators have read what it is made of."""
    proposal = Proposal(
        code=contributions.next_code(call, "proposal"), activity=call, author=actor, municipality_id=None,
        language=language, title=draft.title, slug=slug_of(draft.title), body=draft.body,
        body_html=richtext.render(draft.body), summary=richtext.excerpt(draft.body, 200), axis=draft.axis,
        submitted_at=clock.now(), derived=True, thread=Thread(activity=call, label=Localized.of(draft.title)))
    contributions.begin(proposal, State.PUBLISHED, vouched=True)
    if proposal.thread is not None:
        proposal.thread.path = f"/proposte/{proposal.id}-{proposal.slug}"
    events.record(ProposalSubmitted(actor_id=actor.id, proposal_id=proposal.id))
    return proposal


def _close(original: Proposal, made: Sequence[Proposal], actor: Person, derivation: Derivation) -> None:
    """Close the discussion of an original with a sentence that leads on, unless it was closed for another reason."""
    thread = original.thread
    locked = thread is not None and thread.locked
    derivation.members.append(DerivationMember(proposal=original, side=Side.ORIGINAL, was_locked=locked))
    if thread is None or locked:
        return
    codes = ", ".join(one.code for one in made)
    with force_locale(languages.DEFAULT):  # what the staff write is Italian first
        sentence = (_("The proposal was merged into %(codes)s: the discussion goes on there.", codes=codes)
                    if derivation.kind is DerivationKind.MERGE else
                    _("The proposal was split into %(codes)s: the discussion goes on there.", codes=codes))
    locking.lock(thread, actor, reason=sentence)
