"""Marking doubles, moving and splitting: acts that lead readers elsewhere."""

from consult.accounts.models import Person
from consult.contributions import splitting
from consult.contributions.models import State
from consult.contributions.splitting import Splitting, SplittingError
from consult.core.db import db
from consult.measures import moving, places
from consult.measures.models import Double
from consult.measures.words import NO_OTHER, NOT_THERE
from consult.moderation import acts
from consult.moderation.acts import SENTENCE, Order, RefusedError
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision
from consult.moderation.services import UNDOING, TooLateError
from consult.processes.models import Activity, Axis
from consult.proposals.models import Proposal


@acts.offer
class Duplicate:
    """Another text says the same: readers and supporters are led to that one."""

    act = Act.DUPLICATE
    reasoned, least, settles, own_page = True, SENTENCE, True, True

    def offered(self, matter: Matter) -> bool:
        return matter.contribution_id is not None and matter.state in (State.PENDING, State.PUBLISHED)

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        of = db.session.get(type(matter.thing), order.details.get("of"))
        if of is None or not of.public or of.id == matter.contribution_id:
            raise RefusedError(NO_OTHER)
        known = db.session.get(Double, matter.contribution_id)
        if known is not None:  # it was one before, and was made public again since
            db.session.delete(known)
            db.session.flush()
        matter.pass_to(State.HIDDEN, moderator)
        db.session.add(Double(contribution_id=matter.contribution_id, of_id=of.id, decision_id=decision.id))
        db.session.flush()

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        matter.pass_to(State(decision.details["before"]), moderator)
        db.session.delete(db.session.get_one(Double, matter.contribution_id))
        db.session.flush()


@acts.offer
class Move:
    """It stands in another activity or under another theme; its code and address stay."""

    act = Act.MOVE
    reasoned, least, settles, own_page = True, SENTENCE, True, True

    def offered(self, matter: Matter) -> bool:
        living = matter.state in (State.PENDING, State.PUBLISHED)
        return living and bool(places.activities(matter) or places.axes(matter))

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        thing, wanted = matter.thing, order.details
        if "axis" in wanted and wanted["axis"] in {axis.id for axis in places.axes(matter)}:
            thing.axis = db.session.get_one(Axis, wanted["axis"])
        elif "activity" in wanted and wanted["activity"] in {one.id for one in places.activities(matter)}:
            if isinstance(thing, Proposal):
                thing.category = None
            db.session.flush()
            moving.move(thing, db.session.get_one(Activity, wanted["activity"]))
        else:
            raise RefusedError(NOT_THERE)
        db.session.flush()

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        thing, before = matter.thing, decision.details
        if "axis" in before:
            thing.axis_id = before["from_axis"]
        else:
            if thing.activity_id != before["activity"]:
                raise TooLateError(decision.id)
            moving.move(thing, db.session.get_one(Activity, before["from_activity"]), back=True)
            if isinstance(thing, Proposal):
                thing.category_id = before["from_category"]
        db.session.flush()
        db.session.expire(thing)


@acts.offer
class Split:
    """Each of several things that one text asks for stands for itself; the text stays readable and leads to them."""

    act = Act.SPLIT
    reasoned, least, settles, own_page = True, SENTENCE, True, True

    def offered(self, matter: Matter) -> bool:
        way = splitting.way(matter.thing)
        return way is not None and way.possible(matter.thing)

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        try:
            _way(matter).split(matter.thing, moderator, order.texts, reason=decision.note,
                               until=decision.decided_at + UNDOING)
        except SplittingError as fault:
            raise RefusedError(str(fault)) from fault

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        try:
            _way(matter).join(matter.thing, moderator)
        except SplittingError as fault:
            raise TooLateError(decision.id) from fault


def _way(matter: Matter) -> Splitting:
    way = splitting.way(matter.thing)
    assert way is not None  # noqa: S101 - nothing else is offered
    return way
