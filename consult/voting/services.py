"""Supporting a proposal and casting a paper: once per person, whatever arrives at the same instant."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import instance_dict

from consult.accounts.models import Organisation, Person
from consult.contributions.models import Contribution
from consult.core import events, keys
from consult.core.db import db, rows_touched, table
from consult.core.statements import made_once
from consult.ledger import services as ledger
from consult.ledger.models import Stage
from consult.methods.interface import Form, Marks, Option, Rules
from consult.methods.registry import METHODS
from consult.processes import services as processes
from consult.processes.models import Activity, Channel
from consult.verification import bearers
from consult.verification.bearers import Bearer
from consult.voting import box, counts, giving, queries, reserving, voters, words
from consult.voting import caveats as caveats_kept
from consult.voting.box import Kept
from consult.voting.holding import RefusedError, hold_ballot, hold_not_over, hold_open, hold_standing, hold_text
from consult.voting.models import Ballot, Support, SupportConsent
from consult.voting.voters import Voter

log = logging.getLogger("consult.voting")

PORTION = 500
"""So many papers that came together are written at a time."""


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
    where the activity has closed in the meantime, the text is no longer public, or was merged or split, or no more
    proposals of the call may be supported.
    """
    version = _version_of(hold_standing(contribution), seen)
    if len(person.ids) > 1 and queries.supports(contribution, person):
        return False  # given with an account that was erased since
    if not giving.give(contribution, person, version):
        return False
    counts.move(contribution, person.residence_id, 1, version=version)
    processes.takes_part(contribution.activity, person)
    events.record(SupportGiven(actor_id=person.id, contribution_id=contribution.id))
    return True


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


def withdraw_support(contribution: Contribution, person: Person) -> bool:
    """Take a support back; where there is none, nothing changes. Answers whether there was one.

    Raises RefusedError where the activity has closed in the meantime.
    """
    hold_text(contribution)
    return _drop(contribution, person)


@made_once
def _taking_back() -> Any:
    own = table(Support)
    return (sa.delete(own).where(own.c.contribution_id == sa.bindparam("contribution"),
                                 own.c.person_id.in_(sa.bindparam("people", expanding=True)))
            .returning(own.c.municipality_id, own.c.consent_id, own.c.version))


def drop_support(contribution: Contribution, person: Person) -> bool:
    """Take a support back, whether or not its activity is open. Answers whether there was one."""
    counts.hold_texts([contribution.id])
    return _drop(contribution, person)


def _drop(contribution: Contribution, person: Person) -> bool:
    gone = db.session.execute(_taking_back(), {"contribution": contribution.id, "people": person.ids}).first()
    if gone is None:
        return False
    counts.move(contribution, gone.municipality_id, -1, version=gone.version, carried=gone.consent_id is not None)
    if gone.consent_id is not None:
        db.session.execute(sa.update(SupportConsent).where(SupportConsent.id == gone.consent_id).values(carries=False))
    events.record(SupportWithdrawn(actor_id=person.id, contribution_id=contribution.id))
    return True


def rules(ballot: Ballot) -> Rules:
    """A ballot as its way of voting sees it."""
    return Rules(
        method=ballot.method, minimum=ballot.minimum, maximum=ballot.maximum, budget=ballot.budget,
        parameters=ballot.parameters, seed=ballot.seed,
        options=_options(ballot))


def _options(ballot: Ballot) -> tuple[Option, ...]:
    """The options as the log of a ballot has fixed them, read once; those of one that has not begun as they are."""
    if "options" not in instance_dict(ballot) and ballot.fixed is not None:
        return _options_in(ballot.fixed)
    return tuple(Option(code=o.code, cost=o.cost or 0, group=o.group) for o in ballot.options)


@lru_cache(maxsize=64)
def _options_in(fixed: str) -> tuple[Option, ...]:
    return tuple(Option(code=o["code"], cost=o.get("cost", 0), group=o["group"]) for o in json.loads(fixed)["options"])


def cast(ballot: Ballot, person: Person | Bearer, marks: Marks, *, channel: Channel = Channel.ONLINE,
         organisation: Organisation | None = None, caveats: Mapping[str, str] | None = None) -> Kept:
    """Put somebody's paper into the box, in place of an earlier one: the last one counts.

    Where organisations vote it is that of the one named, or else of the first for which they hold the mandate.
    `caveats` are what is said of commitments to which the paper consents with a reservation.
    Raises RefusedError for a paper that breaks the rules or comes after closing; nothing is changed then. Nothing
    written holds the person, nor when it was.
    """
    _go_on(ballot, hold_ballot(ballot))
    voter = _held_voter(ballot, person, organisation)
    own, *others = tags = _tags(ballot, voter)
    found = box.lying(ballot, tags)
    if found.ticked:
        raise RefusedError(reserving.TICKED)
    _check(rules(ballot), marks)
    before = max(box.remove(ballot, others).values(), default=0)
    paper = box.put(ballot, own, marks, voter.municipality_id, channel, before, found)
    _keep_caveats(ballot, voter, caveats or {})
    events.record(BallotCast(actor_id=None, ballot_id=ballot.id))
    return paper


def withdraw(ballot: Ballot, person: Person | Bearer, organisation: Organisation | None = None) -> bool:
    """Take somebody's paper out of the box; answers whether there was one. Raises RefusedError after closing."""
    _go_on(ballot, hold_ballot(ballot))
    voter = _held_voter(ballot, person, organisation)
    if not box.remove(ballot, _tags(ballot, voter)):
        return False
    _keep_caveats(ballot, voter, {})
    events.record(BallotWithdrawn(actor_id=None, ballot_id=ballot.id))
    return True


def keep_one_paper(ballot: Ballot, person: Person) -> None:
    """Where a person has papers under several of their tags, leave the first and take the others out of the box.

    None of them stays where the person is ticked in the list of a polling place. Nothing changes in a ballot that
    has closed: what it answered stands.
    """
    db.session.refresh(ballot, with_for_update={"read": True, "of": table(Activity)})
    if ballot.over() or ballot.by_organisation or not keys.exists(ballot.id):
        return
    open_log(ballot)
    tags = _tags(ballot, _voter(ballot, person))
    paper = None if reserving.reserved(ballot, tags) else queries.paper_of(ballot, person)
    if box.remove(ballot, [tag for tag in tags if paper is None or tag != paper.tag]):
        events.record(BallotWithdrawn(actor_id=None, ballot_id=ballot.id))


def put_papers(ballot: Ballot, papers: Iterable[tuple[str, Marks, int | None]], *, channel: Channel) -> int:
    """Put papers that are nobody's here into the box, each under a tag of its own: counted elsewhere, or on paper.

    Imported ones are taken before a ballot opens too. Answers how many. Raises RefusedError for one that breaks the
    rules, and once the ballot has closed; then none is kept.
    """
    if channel is Channel.IMPORTED:
        hold_not_over(ballot)
    else:
        hold_open(ballot)
    open_log(ballot)
    asked, number, coming = rules(ballot), 0, iter(papers)
    while portion := list(islice(coming, PORTION)):
        for _tag, marks, _place in portion:
            _check(asked, marks)
        box.put_new(ballot, portion, channel)
        number += len(portion)
    return number


def take_out(ballot: Ballot, tags: Sequence[str]) -> int:
    """Take the papers under these tags out of the box again; answers how many. Raises RefusedError after closing."""
    hold_not_over(ballot)
    open_log(ballot)
    return len(box.remove(ballot, tags))


def _keep_caveats(ballot: Ballot, voter: Voter, said: Mapping[str, str]) -> None:
    if METHODS[ballot.method].form is Form.CONSENT:
        caveats_kept.keep(ballot, voter, said)


def open_log(ballot: Ballot) -> None:
    """Have the ledger of a ballot begin with all that is fixed about it; from then on nothing of that changes."""
    _go_on(ballot, ledger.stage(ballot.id))


def _go_on(ballot: Ballot, stage: Stage | None) -> None:
    try:
        ledger.go_on(ballot.id, stage, ballot.secrecy.value, lambda: _fixed(ballot))
    except ledger.ClosedError as closed:
        raise RefusedError(ballot.takes().reason) from closed


def _fixed(ballot: Ballot) -> dict[str, Any]:
    return {
        "question": ballot.question, "method": ballot.method, "parameters": ballot.parameters,
        "conditions": ballot.conditions, "minimum": ballot.minimum, "maximum": ballot.maximum,
        "budget": ballot.budget, "seed": ballot.seed, "electorate": queries.electorate_by_code(ballot),
        "options": [{"code": o.code, "title": o.title, "cost": o.cost, "group": o.group} for o in ballot.options]}


def _check(asked: Rules, marks: Marks) -> None:
    if fault := METHODS[asked.method].fault(asked, marks):
        raise RefusedError(fault)


def _held_voter(ballot: Ballot, person: Person | Bearer, organisation: Organisation | None) -> Voter:
    """Whoever votes, held until the transaction ends."""
    try:
        bearers.hold(person)
    except bearers.NotGoodError as refusal:
        raise RefusedError(refusal.reason) from refusal
    voter = _voter(ballot, person, organisation)
    if voter.organisation is not None:
        bearers.hold_names(voter.identities)  # whoever else votes for it waits
    return voter


def _voter(ballot: Ballot, person: Person | Bearer, organisation: Organisation | None = None) -> Voter:
    found = voters.voter(ballot, person, organisation)
    if found is None:
        raise RefusedError(words.ORGANISATIONS_VOTE)
    return found


def _tags(ballot: Ballot, voter: Voter) -> list[str]:
    try:
        return queries.tags_of(ballot, voter)
    except keys.KeyLostError as lost:
        log.critical("the key of ballot %s is lost: no vote can be taken", ballot.id)
        raise RefusedError(_l("Votes cannot be taken at the moment. Nothing was changed: the votes already cast "
                              "stay as they are.")) from lost
