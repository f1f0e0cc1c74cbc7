"""A decision as it lies before a second reader, and what they can say of it."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.core import clock
from consult.core.db import db
from consult.moderation import acts, matters
from consult.moderation.acts import Order
from consult.moderation.matters import Matter, Passage, Source
from consult.moderation.models import Act, Decision, Origin
from consult.quality.models import SecondReading

KIND = "reading"
SENTENCE = 20


class Reading(Matter):
    """A decision with the text it was about, and nobody's name."""

    source = KIND
    kind = KIND
    address = ""
    version = 1
    author = None
    organisation = None
    state = State.WITHDRAWN  # so that nothing is offered that is decided of texts
    reported = False

    def __init__(self, reading: SecondReading, about: Matter) -> None:
        self._it, self.about = reading, about
        self.code, self.heading, self.language = about.code, about.heading, about.language
        self.author_id, self.organisation_id = about.author_id, about.organisation_id
        self.process_id, self.activity = about.process_id, about.activity
        self.decider_id = reading.decider_id

    @property
    def number(self) -> int:
        return self._it.id

    @property
    def thing(self) -> SecondReading:
        return self._it

    def passages(self) -> Sequence[Passage]:
        return self.about.passages()

    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        self.about.rewrite(passages, actor, reason=reason)

    def hold(self) -> None:
        db.session.refresh(self._it, ["read_at"], with_for_update=True)

    def settle_flags(self) -> None:
        """Flags were settled by the decision itself."""

    def reopen_flags(self, since: Any) -> None:
        """As they were."""

    def pass_to(self, state: State, actor: Person | None) -> None:
        """Reading changes nothing of the text."""

    def flagged_by(self, person: Person) -> bool:
        return self.about.flagged_by(person)

    @property
    def changed_since(self) -> bool:
        """True where the text is no longer the one that was decided on."""
        return self._it.decision.snapshot != self.about.snapshot()


@matters.source(KIND)
class Readings(Source):
    """Decisions that were drawn."""

    def find(self, numbers: Iterable[int]) -> dict[int, Matter]:
        found = db.session.scalars(sa.select(SecondReading).where(SecondReading.id.in_(list(numbers)))
                                   .options(joinedload(SecondReading.decision))).all()
        about = matters.find(one.decision.subject for one in found)
        return {one.id: Reading(one, about[one.decision.subject]) for one in found if one.decision.subject in about}

    def waiting(self) -> Sequence[tuple[Origin, sa.Select[Any]]]:
        columns: list[sa.ColumnElement[Any]] = [
            SecondReading.id.label("number"), sa.literal(KIND, sa.String).label("kind"),
            SecondReading.drawn_at.label("since"), Decision.activity_id.label("activity_id"),
            Contribution.author_id.label("author_id"), Contribution.organisation_id.label("organisation_id"),
            sa.cast(sa.null(), sa.String(24)).label("channel"), SecondReading.decider_id.label("decider_id")]
        return [(Origin.SAMPLED, sa.select(*columns).select_from(SecondReading)
                 .join(Decision, Decision.id == SecondReading.decision_id)
                 .outerjoin(Contribution, Contribution.id == Decision.contribution_id)
                 .where(SecondReading.read_at.is_(None)))]

    def labels(self) -> dict[str, tuple[LazyString, LazyString]]:
        return {KIND: (_l("Second reading"), _l("Second readings"))}


class Verdict:
    """A second reader says whether they would have decided the same; the text stays as it is."""

    reasoned, settles, own_page = False, True, False

    def __init__(self, act: Act, least: int) -> None:
        self.act, self.least = act, least

    def offered(self, matter: Matter) -> bool:
        return isinstance(matter, Reading) and matter.thing.read_at is None

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        reading = matter.thing
        reading.reader_id, reading.agrees, reading.read_at = moderator.id, self.act is Act.AGREE, clock.now()

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        reading = matter.thing
        reading.reader_id, reading.agrees, reading.read_at = None, None, None


@acts.offer
def agree() -> Verdict:
    """They would have decided the same."""
    return Verdict(Act.AGREE, 0)


@acts.offer
def disagree() -> Verdict:
    """They would have decided otherwise, and say in a sentence why."""
    return Verdict(Act.DISAGREE, SENTENCE)
