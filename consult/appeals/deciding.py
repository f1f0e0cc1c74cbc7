"""What a review does: the decision is confirmed, or what it took is given back; both with an answer in words."""

from contextlib import suppress

from consult.accounts.models import Person
from consult.appeals.appealed import Appealed
from consult.contributions.models import State
from consult.core.db import db
from consult.moderation import acts, queries, services
from consult.moderation.acts import SENTENCE, Order
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision, Origin

REVERSING: dict[Act, tuple[Act, ...]] = {
    Act.HIDE: (Act.RESTORE, Act.APPROVE),
    Act.REVISE: (Act.RESTORE, Act.APPROVE),
    Act.REDACT: (Act.UNCOVER,),
    Act.LOCK: (Act.UNLOCK,),
    Act.SUSPEND: (Act.LIFT,),
    Act.KEEP: (Act.HIDE,),
}
"""Which acts give back what one took; of several the first that can be done."""


class Review:
    """An act on a decision instead of on a text."""

    reasoned, least, settles, own_page = False, SENTENCE, True, False
    of_desks = True
    act: Act
    upheld: bool

    def offered(self, matter: Matter) -> bool:
        return isinstance(matter, Appealed) and matter.thing.open

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        appeal = matter.thing
        appeal.reviewer_id, appeal.upheld = moderator.id, self.upheld
        appeal.answer_id, appeal.answered_at = decision.id, decision.decided_at
        db.session.flush()

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        appeal = matter.thing
        appeal.reviewer_id = appeal.upheld = appeal.answer_id = appeal.answered_at = None
        db.session.flush()


@acts.offer
class Confirm(Review):
    """The decision stands."""

    act, upheld = Act.CONFIRM, False


@acts.offer
class Overturn(Review):
    """The decision is changed: what it took is given back, what it left public is hidden."""

    act, upheld = Act.OVERTURN, True

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        super().carry_out(matter, decision, order, moderator)
        assert isinstance(matter, Appealed)  # noqa: S101 - nothing else is offered
        _reverse(matter, order, moderator)

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        assert isinstance(matter, Appealed)  # noqa: S101 - nothing else was offered
        follows = queries.latest(matter.about.subject)
        if follows is not None and follows.id > decision.id:
            services.take_back(follows, matter.about, moderator)
        elif matter.thing.decision.act not in REVERSING:
            raise services.TooLateError(decision.id)
        super().take_back(matter, decision, moderator)


def reversing(first: Decision, about: Matter) -> Act | None:
    """What would reverse a decision as things stand; none where nothing does, or nothing is left of it."""
    wanted = REVERSING.get(first.act, ())
    if first.act is Act.KEEP:
        return Act.HIDE if about.state in {State.PENDING, State.PUBLISHED} else None
    return next((act for act in wanted if acts.known(act) and acts.rule(act).offered(about)), None)


def _reverse(matter: Appealed, order: Order, moderator: Person) -> None:
    first, about = matter.thing.decision, matter.about
    act = reversing(first, about)
    if act is not None:
        services.decide(about, moderator, Order(act=act, reason=order.reason, note=order.note,
                                                details={"reviews": first.id, **_carried(first)}),
                        seen=services.mark(about), origin=Origin.APPEALED)
        return
    latest = queries.latest(about.subject)
    if first.act not in REVERSING and latest is not None and latest.id == first.id:
        with suppress(services.TooLateError), db.session.begin_nested():  # the answer in words says what remains
            acts.rule(first.act).take_back(about, first, moderator)


def _carried(first: Decision) -> dict[str, object]:
    """What the first decision knew of, such as the passages that it blacked out."""
    return {name: value for name, value in first.details.items() if name != "before"}
