"""Papers at the desk and out of boxes: the same rules as on the site, and nobody votes both ways."""

import enum
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import clock, events, keys
from consult.core.db import db, insert, rows_touched, table
from consult.core.policy import Reason, can
from consult.methods.interface import Marks
from consult.methods.registry import METHODS
from consult.polling import queries
from consult.polling.keyed import Keyed, same
from consult.polling.models import BallotBox, BoxPaper
from consult.processes.models import Channel
from consult.territory.models import Municipality
from consult.verification import bearers
from consult.voting import caveats as caveats_kept
from consult.voting import queries as voting
from consult.voting import reserving
from consult.voting import services as votes
from consult.voting.holding import RefusedError, hold_open
from consult.voting.models import Ballot, BallotPaper
from consult.voting.voters import Voter


class Came(enum.Enum):
    """What came of keying a paper."""

    FIRST = "first"
    AGREED = "agreed"
    DIFFERENT = "different"


@dataclass(frozen=True, kw_only=True)
class DeskPaperTaken(events.Event):
    """A clerk took a paper at the desk; whose it is and what stands on it is not said."""

    ballot_id: int


@dataclass(frozen=True, kw_only=True)
class BoxOpened(events.Event):
    ballot_id: int
    box_id: int
    twice: bool


@dataclass(frozen=True, kw_only=True)
class VoterTicked(events.Event):
    """Somebody got a paper at a polling place; who is not said."""

    ballot_id: int
    box_id: int


@dataclass(frozen=True, kw_only=True)
class TickTakenBack(events.Event):
    """Somebody gave their paper back unused; who is not said."""

    ballot_id: int
    box_id: int


@dataclass(frozen=True, kw_only=True)
class BoxPaperKeyed(events.Event):
    """Somebody keyed a paper; what stands on it is not said."""

    box_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class BoxPaperSettled(events.Event):
    box_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class BoxPaperDropped(events.Event):
    """What was keyed of a paper was let go, to be keyed anew."""

    box_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class BoxClosed(events.Event):
    ballot_id: int
    box_id: int
    taken_out: int
    counted: int


def take(ballot: Ballot, who: Any, marks: Marks, clerk: Person, *, caveats: Mapping[str, str] | None = None) -> None:
    """Cast the paper of somebody who stands at the desk: a person, a resident or the bearer of a code.

    What they had cast before is replaced, and never shown. Raises RefusedError.
    """
    demand_voter(ballot, who, clerk)
    votes.cast(ballot, who, marks, channel=Channel.DESK, caveats=caveats)
    events.record(DeskPaperTaken(actor_id=clerk.id, ballot_id=ballot.id))


def demand_voter(ballot: Ballot, who: Any, clerk: Person) -> None:
    """Raise RefusedError where somebody may not vote, or is the clerk: nobody serves themselves."""
    if clerk.id in who.ids:
        raise RefusedError(_l("Nobody enters their own paper: vote from your account, or ask a colleague."))
    verdict = can(who, "ballot.cast", ballot)
    if not verdict:
        raise RefusedError(_l("This person cannot vote here. %(reason)s", reason=verdict.reason))


def open_box(ballot: Ballot, clerk: Person, *, number: int, municipality: Municipality, place: str,
             twice: bool) -> BallotBox:
    """Begin a box. Raises RefusedError where the ballot has one with this number."""
    row = insert(BallotBox).values(ballot_id=ballot.id, number=number, municipality_id=municipality.id, place=place,
                                   twice=twice, ticked=0, spoiled={}, note="", opened_at=clock.now())
    box_id = db.session.scalar(
        row.on_conflict_do_nothing(index_elements=["ballot_id", "number"]).returning(BallotBox.id))
    if box_id is None:
        raise RefusedError(_l("There is a box %(number)s already: give this one another number.", number=number))
    events.record(BoxOpened(actor_id=clerk.id, ballot_id=ballot.id, box_id=box_id, twice=twice))
    return db.session.get_one(BallotBox, box_id)


def tick(box: BallotBox, who: Any, clerk: Person) -> None:
    """Keep that somebody gets a paper: nothing else can be voted in their name from then on.

    Raises RefusedError where they got one before, have voted by another way, or may not vote.
    """
    ballot = box.ballot
    demand_voter(ballot, who, clerk)
    hold_open(ballot)
    tags = _tags(ballot, who)
    if reserving.reserved(ballot, tags):
        raise RefusedError(_l("This person is ticked already, here or at another polling place: nobody gets a second "
                              "paper."))
    if _has_voted(ballot, tags):
        raise RefusedError(_l("A vote of this person is in the box of the site already: they get no paper. If they "
                              "want to vote on paper, they can take that vote back first, on the page of the ballot."))
    reserving.keep(ballot, tags[0])
    _count_tick(box, 1)
    events.record(VoterTicked(actor_id=clerk.id, ballot_id=ballot.id, box_id=box.id))


def take_tick_back(box: BallotBox, who: Any, clerk: Person) -> None:
    """Let somebody who gave their paper back unused vote as they like. Raises RefusedError where none was ticked."""
    demand_voter(box.ballot, who, clerk)
    hold_open(box.ballot)
    if not reserving.drop(box.ballot, _tags(box.ballot, who)):
        raise RefusedError(_l("This person is not ticked."))
    _count_tick(box, -1)
    events.record(TickTakenBack(actor_id=clerk.id, ballot_id=box.ballot_id, box_id=box.id))


def _tags(ballot: Ballot, who: Any) -> list[str]:
    """The tags of somebody, who is held until the transaction ends."""
    try:
        bearers.hold(who)
        return voting.tags_of(ballot, Voter(who.identities, who.residence_id))
    except bearers.NotGoodError as refusal:
        raise RefusedError(refusal.reason) from refusal
    except keys.KeyLostError as lost:
        raise RefusedError(_l("Votes cannot be taken at the moment. Nothing was changed: the votes already cast "
                              "stay as they are.")) from lost


def _has_voted(ballot: Ballot, tags: list[str]) -> bool:
    known = sa.select(BallotPaper.ballot_id).where(BallotPaper.ballot_id == ballot.id, BallotPaper.tag.in_(tags))
    return db.session.scalar(known.limit(1)) is not None


def _count_tick(box: BallotBox, by: int) -> None:
    own = table(BallotBox)
    moved = sa.update(own).where(own.c.id == box.id, own.c.closed_at.is_(None), own.c.ticked + by >= 0)
    if not rows_touched(moved.values(ticked=own.c.ticked + by)):
        raise RefusedError(_l("This box is closed, or nobody was ticked at it: choose the box at which the person got "
                              "the paper."))
    db.session.expire(box, ["ticked"])


def refusal(box: BallotBox, number: int, person: Person) -> Reason | None:
    """Why a paper cannot be keyed by somebody; None where it can."""
    paper = queries.paper(box.id, number)
    if paper is None:
        return None
    if paper.agreed:
        return _l("Paper %(number)d was keyed already: if this is another one, give it another number.", number=number)
    if paper.second_by_id is not None:
        return _l("Two people have keyed paper %(number)d and it waits to be compared.", number=number)
    if paper.first_by_id == person.id:
        return _l("You keyed paper %(number)d the first time: somebody else must key it again.", number=number)
    return None


def key(box: BallotBox, number: int, person: Person, said: Keyed) -> Came:
    """Keep what somebody keyed of a paper; it is agreed where one keying is enough, or the second is like the first.

    Raises RefusedError, also for marks that break the rules of the ballot: such a paper is spoiled.
    """
    _hold(box)
    if fault := _fault(box.ballot, said):
        raise RefusedError(fault)
    row = insert(BoxPaper).values(box_id=box.id, number=number, first=dict(said), second={}, first_by_id=person.id,
                                  agreed=not box.twice)
    came = Came.FIRST if box.twice else Came.AGREED
    if not rows_touched(row.on_conflict_do_nothing()):
        came = _key_again(box, number, person, said)
    events.record(BoxPaperKeyed(actor_id=person.id, box_id=box.id, number=number))
    return came


def _key_again(box: BallotBox, number: int, person: Person, said: Keyed) -> Came:
    if not box.twice or refusal(box, number, person):
        raise RefusedError(refusal(box, number, person) or _l("This paper was keyed already."))
    paper = db.session.get_one(BoxPaper, (box.id, number))
    paper.second, paper.second_by_id = dict(said), person.id
    paper.agreed = same(paper.first, paper.second)
    db.session.flush()
    return Came.AGREED if paper.agreed else Came.DIFFERENT


def _fault(ballot: Ballot, said: Keyed) -> LazyString | None:
    if "spoiled" in said:
        return None
    return METHODS[ballot.method].fault(votes.rules(ballot), said["marks"])


def settle(paper: BoxPaper, person: Person, *, second: bool) -> None:
    """Say which of two keyings is what stands on a paper. Raises RefusedError where it waits no longer."""
    _hold(paper.box)
    db.session.refresh(paper)
    if not paper.differs:
        raise RefusedError(_l("Somebody has compared this paper meanwhile."))
    if second:
        paper.first = paper.second
    paper.agreed = True
    db.session.flush()
    events.record(BoxPaperSettled(actor_id=person.id, box_id=paper.box_id, number=paper.number))


def drop(paper: BoxPaper, person: Person) -> None:
    """Let go of what was keyed of a paper, to key it anew: two people differed, or somebody took it for another."""
    _hold(paper.box)
    gone = sa.delete(BoxPaper).where(BoxPaper.box_id == paper.box_id, BoxPaper.number == paper.number)
    if not rows_touched(gone.execution_options(synchronize_session="fetch")):
        raise RefusedError(_l("Somebody has let go of this paper meanwhile."))
    events.record(BoxPaperDropped(actor_id=person.id, box_id=paper.box_id, number=paper.number))


def close(box: BallotBox, person: Person, *, taken_out: int, note: str) -> None:
    """Put the papers of a box among those of the ballot, in no order, and keep the numbers of its minutes.

    What was keyed is then kept nowhere else. Raises RefusedError where papers wait for somebody, where not all that
    came out were keyed, or where more or fewer came out than people were ticked and the note does not say why.
    """
    _hold(box)
    papers = queries.papers(box)
    if fault := _why_not_closed(box, papers, taken_out, note):
        raise RefusedError(fault)
    counting = [paper.first["marks"] for paper in papers if "marks" in paper.first]
    votes.put_papers(box.ballot, sorted((secrets.token_hex(16), marks, box.municipality_id) for marks in counting),
                     channel=Channel.PAPER)
    caveats_kept.put(box.ballot, [paper.first.get("caveats", {}) for paper in papers])
    box.spoiled = dict(Counter(paper.first["spoiled"] for paper in papers if "spoiled" in paper.first))
    box.taken_out, box.counted, box.note = taken_out, len(counting), note
    box.closed_at, box.closed_by_id = clock.now(), person.id
    db.session.execute(sa.delete(BoxPaper).where(BoxPaper.box_id == box.id)
                       .execution_options(synchronize_session="fetch"))
    db.session.flush()
    events.record(BoxClosed(actor_id=person.id, ballot_id=box.ballot_id, box_id=box.id, taken_out=taken_out,
                            counted=len(counting)))


def _why_not_closed(box: BallotBox, papers: Iterable[BoxPaper], taken_out: int, note: str) -> LazyString | None:
    papers = list(papers)
    if not all(paper.agreed for paper in papers):
        return _l("Some papers wait to be keyed again or to be compared.")
    if len(papers) != taken_out:
        return _l("%(out)d papers came out of the box, but %(keyed)d were keyed: count again, and key what is missing.",
                  out=taken_out, keyed=len(papers))
    if taken_out != box.ticked and not note:
        return _l("%(out)d papers came out of the box, but %(ticked)d people were ticked: say in the minutes why.",
                  out=taken_out, ticked=box.ticked)
    return None


def _hold(box: BallotBox) -> None:
    """Keep a box as it is until the transaction ends, and its ballot open. Raises RefusedError once either closed."""
    hold_open(box.ballot)
    db.session.refresh(box, with_for_update={"of": table(BallotBox)})
    if box.closed_at is not None:
        raise RefusedError(_l("This box is closed: its papers are among those of the ballot."))
