"""Who works at desks and polling places, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.core.policy import Reason, Rules, refusing
from consult.polling.models import BallotBox, BoxPaper
from consult.processes.policy import activity_of, activity_open, is_public
from consult.verification.policy import desk_or_plan_office
from consult.voting.models import Ballot


@refusing(_l("In this ballot organisations vote, each through whoever holds its mandate: there is no paper."))
def of_people(person: Any, thing: Ballot | BallotBox) -> bool:
    """Holds for a ballot in which people vote, each for themselves."""
    return not (thing if isinstance(thing, Ballot) else thing.ballot).by_organisation


@refusing(_l("In this ballot a code is not enough: the plan office can change for whom it is."))
def codes_enough(person: Any, thing: Ballot) -> bool:
    """Holds where somebody takes part with a code alone."""
    return thing.codes_allowed


def _why_over(person: Any, thing: Any) -> Reason:
    return activity_of(thing).takes().reason


@refusing(_why_over)
def before_closing(person: Any, thing: Any) -> bool:
    """Holds until the ballot closes, also before it opens."""
    return not activity_of(thing).over()


@refusing(_l("This box is closed: its papers are among those of the ballot."))
def box_open(person: Any, thing: BallotBox | BoxPaper) -> bool:
    """Holds for a box that was not closed, and for its papers."""
    return (thing.box if isinstance(thing, BoxPaper) else thing).closed_at is None


@refusing(_l("On this paper there is nothing to compare."))
def keyings_differ(person: Any, thing: BoxPaper) -> bool:
    """Holds for a paper on which two people differ."""
    return thing.differs


RULES: Rules = {
    "polling.see": [[desk_or_plan_office]],
    "polling.desk": [[desk_or_plan_office, is_public, of_people, activity_open]],
    "polling.codes": [[desk_or_plan_office, codes_enough, before_closing]],
    "polling.open": [[desk_or_plan_office, of_people, before_closing]],
    "polling.tick": [[desk_or_plan_office, is_public, box_open, activity_open]],
    "polling.key": [[desk_or_plan_office, box_open, activity_open]],
    "polling.compare": [[desk_or_plan_office, box_open, keyings_differ, activity_open]],
    "polling.close": [[desk_or_plan_office, box_open, activity_open]],
}
