"""Supporting a proposal and casting a paper: once per person, whatever arrives at the same instant."""

import base64
import hashlib
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import set_committed_value

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.core import clock, events, keys
from consult.core.db import db, insert, rows_touched, table
from consult.core.statements import made_once
from consult.processes import services as processes
from consult.processes.models import Activity, Channel
from consult.proposals import limits
from consult.proposals.models import ProposalCall
from consult.proposals.policy import REPLACED
from consult.verification import bearers
from consult.verification.bearers import Bearer
from consult.voting import counts, queries, words
from consult.voting.models import Ballot, BallotPaper, Support, SupportConsent
from consult.voting.tally import Rules

log = logging.getLogger("consult.voting")

ENTRY_VERSION = 1
NOT_PUBLIC = _l("This is not public.")


class RefusedError(ValueError):
    """A paper or a support that cannot be taken, with the sentence that says why."""

    def __init__(self, reason: str | LazyString) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class SupportGiven(events.Event):
    contribution_id: int


@dataclass(frozen=True, kw_only=True)
class SupportWithdrawn(events.Event):
    contribution_id: int


@dataclass(frozen=True, kw_only=True)
class SupportConfirmed(events.Event):
    """Somebody who supported an earlier version is for the present one too."""

    contribution_id: int


@dataclass(frozen=True, kw_only=True)
class BallotCast(events.Event):
    """A paper was cast or changed: nobody's, so that the register does not tell who voted when."""

    ballot_id: int


@dataclass(frozen=True, kw_only=True)
class BallotWithdrawn(events.Event):
    """A paper was taken back: nobody's, likewise."""

    ballot_id: int


def support(contribution: Contribution, person: Person, *, seen: int | None = None) -> bool:
    """Put a person's support under a contribution; given already, it changes nothing. Answers whether it is new.

    `seen` is the version of the text that they had before them: the support is for that one. Raises RefusedError
    where the activity has closed in the meantime, or the text is no longer public, or was merged or split.
    """
    version = _version_of(hold_standing(contribution), seen)
    if len(person.ids) > 1 and queries.supports(contribution, person):
        return False  # given with an account that was erased since
    _take_one(contribution, person)
    if not rows_touched(_giving(), contribution_id=contribution.id, person_id=person.id,
                        municipality_id=person.residence_id, verified=person.verified, given_at=clock.now(),
                        version=version):
        return False
    counts.move(contribution, person.residence_id, 1, version=version)
    processes.takes_part(contribution.activity, person)
    events.record(SupportGiven(actor_id=person.id, contribution_id=contribution.id))
    return True


@made_once
def _giving() -> Any:
    return insert(table(Support)).on_conflict_do_nothing(index_elements=["contribution_id", "person_id"])


def confirm_support(contribution: Contribution, person: Person, *, seen: int) -> bool:
    """Have a support that was given to an earlier version count for the one that a person has before them.

    Answers whether that changed anything. Raises RefusedError as `support`.
    """
    version = _version_of(hold_standing(contribution), seen)
    moved = sa.update(Support).where(Support.contribution_id == contribution.id, Support.person_id.in_(person.ids),
                                     Support.version < version)
    if not rows_touched(moved.values(version=version).execution_options(synchronize_session=False)):
        return False
    counts.move_current(contribution.id, version, 1)
    events.record(SupportConfirmed(actor_id=person.id, contribution_id=contribution.id))
    return True


def _version_of(current: int, seen: int | None) -> int:
    return seen if seen is not None and 0 < seen < current else current


def _take_one(contribution: Contribution, person: Person) -> None:
    """Make sure that one more proposal may be supported, and that no other is at the same instant."""
    call = contribution.activity
    if not isinstance(call, ProposalCall) or call.supports_each is None or contribution.kind != "proposal":
        return
    limits.hold_person(person)
    room = queries.support_room(call, person)
    if room is not None and not room.left and not queries.supports(contribution, person):
        raise RefusedError(words.all_given(room.most))


def withdraw_support(contribution: Contribution, person: Person) -> bool:
    """Take a support back; where there is none, nothing changes. Answers whether there was one.

    Raises RefusedError where the activity has closed in the meantime.
    """
    hold_open(contribution.activity)
    return drop_support(contribution, person)


@made_once
def _taking_back() -> Any:
    own = table(Support)
    return (sa.delete(own).where(own.c.contribution_id == sa.bindparam("contribution"),
                                 own.c.person_id.in_(sa.bindparam("people", expanding=True)))
            .returning(own.c.municipality_id, own.c.consent_id, own.c.version))


def drop_support(contribution: Contribution, person: Person) -> bool:
    """Take a support back, whether or not its activity is open. Answers whether there was one."""
    counts.hold_text(contribution)
    gone = db.session.execute(_taking_back(), {"contribution": contribution.id, "people": person.ids}).first()
    if gone is None:
        return False
    counts.move(contribution, gone.municipality_id, -1, version=gone.version, carried=gone.consent_id is not None)
    if gone.consent_id is not None:
        db.session.execute(sa.update(SupportConsent).where(SupportConsent.id == gone.consent_id).values(carries=False))
    events.record(SupportWithdrawn(actor_id=person.id, contribution_id=contribution.id))
    return True


def rules(ballot: Ballot) -> Rules:
    """What one paper of a ballot may choose."""
    return Rules(minimum=ballot.minimum, maximum=ballot.maximum, budget=ballot.budget,
                 costs={option.code: option.cost or 0 for option in ballot.options})


def cast(ballot: Ballot, person: Person | Bearer, choices: Sequence[str], *,
         channel: Channel = Channel.ONLINE) -> BallotPaper:
    """Put a person's paper into the box, in place of an earlier one: the last one counts.

    Raises RefusedError for a paper that breaks the rules or comes after closing; nothing is changed then. Nothing
    written holds the person, nor when it was.
    """
    hold_open(ballot)
    _hold(person)
    if fault := rules(ballot).fault(choices):
        raise RefusedError(fault)
    own, *others = _tags(ballot, person)
    before = _remove(ballot, others)
    place = person.residence_id
    values = sealed(ballot, tag=own, choices=choices, municipality_id=place, channel=channel, sequence=before + 1)
    paper = _put(values)
    if paper.entry_hash == values["entry_hash"]:
        _move_papers(ballot, place, 1)
    else:
        _replace(ballot, paper, choices, place, channel, max(before, paper.sequence) + 1)
    events.record(BallotCast(actor_id=None, ballot_id=ballot.id))
    return paper


def withdraw(ballot: Ballot, person: Person | Bearer) -> bool:
    """Take a person's paper out of the box; answers whether there was one. Raises RefusedError after closing."""
    hold_open(ballot)
    _hold(person)
    if not _remove(ballot, _tags(ballot, person)):
        return False
    events.record(BallotWithdrawn(actor_id=None, ballot_id=ballot.id))
    return True


def keep_one_paper(ballot: Ballot, person: Person) -> None:
    """Where a person has papers under several of their tags, leave the first and take the others out of the box.

    Nothing changes in a ballot that has closed: what it answered stands.
    """
    db.session.refresh(ballot, with_for_update={"read": True, "of": table(Activity)})
    paper = None if ballot.over() else queries.paper_of(ballot, person)
    if paper is not None and _remove(ballot, [tag for tag in _tags(ballot, person) if tag != paper.tag]):
        events.record(BallotWithdrawn(actor_id=None, ballot_id=ballot.id))


def sealed(ballot: Ballot, *, tag: str, choices: Sequence[str], municipality_id: int | None,
           channel: Channel = Channel.ONLINE, sequence: int = 1) -> dict[str, Any]:
    """The columns of a paper, with a fresh nonce and the hash of the entry that a ledger will hold."""
    nonce = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
    chosen = sorted(choices)
    return {"ballot_id": ballot.id, "tag": tag, "municipality_id": municipality_id, "sequence": sequence,
            "channel": channel, "choices": chosen, "nonce": nonce,
            "entry_hash": hashlib.sha256(b"\0" + entry(ballot.id, tag, chosen, sequence, nonce)).hexdigest()}


def entry(ballot_id: int, tag: str, choices: Sequence[str], sequence: int, nonce: str) -> bytes:
    """A cast paper in the one canonical form of a ledger: sorted keys, no spaces, UTF-8, no time and no name."""
    content = {"c": str(ballot_id), "g": tag, "n": nonce, "q": {"q1": sorted(choices)}, "s": sequence, "t": "cast",
               "v": ENTRY_VERSION}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _hold(person: Person | Bearer) -> None:
    try:
        bearers.hold(person)
    except bearers.NotGoodError as refusal:
        raise RefusedError(refusal.reason) from refusal


def _tags(ballot: Ballot, person: Person | Bearer) -> list[str]:
    try:
        return queries.tags_of(ballot, person)
    except keys.KeyLostError as lost:
        log.critical("the key of ballot %s is lost: no vote can be taken", ballot.id)
        raise RefusedError(_l("Votes cannot be taken at the moment. Nothing was changed: the votes already cast "
                              "stay as they are.")) from lost


def _put(values: dict[str, Any]) -> BallotPaper:
    """A new paper, or the one that lies under its tag already; either is held until the transaction ends."""
    row = insert(BallotPaper).values(**values)
    kept = row.on_conflict_do_update(index_elements=["ballot_id", "tag"], set_={"tag": BallotPaper.tag})
    paper: BallotPaper = db.session.scalars(
        kept.returning(BallotPaper), execution_options={"populate_existing": True}).one()
    return paper


def _replace(ballot: Ballot, paper: BallotPaper, choices: Sequence[str], place: int | None, channel: Channel,
             sequence: int) -> None:
    if paper.municipality_id != place:
        _move_papers(ballot, paper.municipality_id, -1)
        _move_papers(ballot, place, 1)
    for name, value in sealed(ballot, tag=paper.tag, choices=choices, municipality_id=place, channel=channel,
                              sequence=sequence).items():
        setattr(paper, name, value)
    db.session.flush()


def _remove(ballot: Ballot, tags: Sequence[str]) -> int:
    """Take out the papers under these tags; answers the highest number of times one of them was cast."""
    gone = db.session.execute(
        sa.delete(BallotPaper).where(BallotPaper.ballot_id == ballot.id, BallotPaper.tag.in_(tags))
        .returning(BallotPaper.municipality_id, BallotPaper.sequence)).all()
    for municipality_id, _sequence in gone:
        _move_papers(ballot, municipality_id, -1)
    return max((sequence for _place, sequence in gone), default=0)


def _move_papers(ballot: Ballot, municipality_id: int | None, by: int) -> None:
    own = table(Ballot)
    db.session.execute(sa.update(own).where(own.c.id == ballot.id).values(paper_count=own.c.paper_count + by))
    processes.count(ballot, "paper", municipality_id, by)


def hold_open(activity: Activity) -> None:
    """Read the times of an activity anew and keep them as they are until the transaction ends.

    Whoever closes it waits for the votes under way; a vote that comes after finds it closed. On SQLite the
    transaction alone does that.
    """
    db.session.flush()
    for name, value in db.session.execute(_times(), {"wanted": activity.id}).mappings().one().items():
        set_committed_value(activity, name, value)
    taking = activity.takes()
    if not taking:
        raise RefusedError(taking.reason)


@made_once
def _times() -> Any:
    """What decides whether an activity takes anything and may have changed since it was read."""
    own = table(Activity)
    return (sa.select(own.c.published, own.c.opens_at, own.c.closes_at, own.c.suspended_reason)
            .where(own.c.id == sa.bindparam("wanted")).with_for_update(read=True, of=own))


def hold_standing(contribution: Contribution) -> int:
    """Keep a public text as it is until the transaction ends, and its activity open; answers its version.

    Raises RefusedError where the activity has closed, or the text was merged, split, hidden or taken back meanwhile.
    """
    hold_open(contribution.activity)
    text = counts.hold_text(contribution)
    if text.state is not State.PUBLISHED:
        raise RefusedError(NOT_PUBLIC)
    if text.replaced_at is not None:
        raise RefusedError(REPLACED)
    return text.version
