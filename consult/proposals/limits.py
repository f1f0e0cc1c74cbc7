"""How many proposals a person and an organisation may send into a call, counted so that nobody slips through."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_ngettext as _n

from consult.accounts.models import Organisation, Person
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.proposals.models import ProposalCall

COUNTED = (State.PENDING, State.PUBLISHED, State.HIDDEN)
"""What was sent in and not taken back; what a moderator hid still counts."""


class LimitError(ValueError):
    """As many proposals as are allowed were sent in already; `sentence` says so and what can be done."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Room:
    """How many proposals somebody may send into a call, and how many they have sent."""

    most: int
    sent: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.sent)


def of_person(call: ProposalCall, person: Person) -> Room | None:
    """The room of a person who speaks for nobody else; None where there is no limit."""
    if call.most_per_person is None:
        return None
    return Room(call.most_per_person, _sent(
        call, Contribution.author_id.in_(person.ids), Contribution.organisation_id.is_(None)))


def of_organisation(call: ProposalCall, organisation: Organisation) -> Room | None:
    """The room of an organisation, whoever speaks for it; None where there is no limit."""
    if call.most_per_organisation is None:
        return None
    return Room(call.most_per_organisation, _sent(call, Contribution.organisation_id == organisation.id))


def _sent(call: ProposalCall, *which: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(
        *which, Contribution.activity_id == call.id, Contribution.kind == "proposal",
        Contribution.state.in_(COUNTED))) or 0


def any_left(call: ProposalCall, person: Person) -> bool:
    """True if a person may send in one more, in their own name or in that of an organisation they speak for."""
    room = of_person(call, person)
    if room is None or room.left:
        return True
    theirs = (of_organisation(call, organisation) for organisation in person.organisations)
    return any(room is None or room.left for room in theirs)


def take(call: ProposalCall, author: Person, organisation: Organisation | None) -> None:
    """Make sure that one more may be sent in, and that nobody else does so in the same name until this is kept.

    Raises LimitError where the limit is reached; nothing is changed.
    """
    if organisation is None and call.most_per_person is not None:
        hold_person(author)
        room = of_person(call, author)
        if room is not None and not room.left:
            raise LimitError(reached_by_person(room))
    if organisation is not None and call.most_per_organisation is not None:
        db.session.execute(sa.select(Organisation.id).where(Organisation.id == organisation.id)
                           .with_for_update(key_share=True))
        room = of_organisation(call, organisation)
        if room is not None and not room.left:
            raise LimitError(reached_by_organisation(room, organisation))


def hold_person(person: Person) -> None:
    """Let acts of one person that are counted against a limit follow one another."""
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))


def reached_by_person(room: Room) -> LazyString:
    """Why a person cannot send in one more."""
    return _n("You have sent in a proposal: in this call each person can send in %(num)s. If you withdraw it, you can "
              "send in another.",
              "You have sent in as many proposals as each person can send in here: %(num)s. If you withdraw one, you "
              "can send in another.", room.most)


def reached_by_organisation(room: Room, organisation: Organisation) -> LazyString:
    """Why nobody can send in one more for an organisation."""
    return _n("%(name)s has sent in a proposal: in this call each organisation can send in %(num)s.",
              "%(name)s has sent in as many proposals as each organisation can send in here: %(num)s.",
              room.most, name=organisation.name)


def sentences(call: ProposalCall, person: Person) -> list[LazyString]:
    """How many each name may still send in: said before anybody writes."""
    said = []
    own = of_person(call, person)
    if own is not None:
        said.append(_n("You can send in %(num)s more proposal (at most %(most)s for each person).",
                       "You can send in %(num)s more proposals (at most %(most)s for each person).",
                       own.left, most=own.most))
    for organisation in person.organisations:
        room = of_organisation(call, organisation)
        if room is not None:
            said.append(_n("%(name)s can send in %(num)s more proposal (at most %(most)s for each organisation).",
                           "%(name)s can send in %(num)s more proposals (at most %(most)s for each organisation).",
                           room.left, most=room.most, name=organisation.name))
    return said
