"""Who asks for a review, and who decides on it: never whoever decided before."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, moderator
from consult.appeals.appealed import Appealed
from consult.appeals.queries import Appealable
from consult.core.policy import Rules, refusing, signed_in
from consult.moderation.policy import DISINTERESTED

guarantee_committee = holding(Role.GUARANTOR)


@refusing(_l("Only whoever wrote the text, or reported it, can ask for a review."))
def objecting(person: Any, thing: Appealable) -> bool:
    """Holds for whoever lost something by the decision, and for whoever reported what it left public."""
    return thing.objected_to_by(person)


@refusing(_l("A review can be asked for within six months: they are over. You can still go to court."))
def within_six_months(person: Any, thing: Appealable) -> bool:
    """Holds for six months."""
    return thing.in_time


@refusing(_l("A review of this decision was asked for already."))
def not_asked_before(person: Any, thing: Appealable) -> bool:
    """Holds until somebody has asked."""
    return thing.appeal is None


@refusing(_l("This review was answered already."))
def unreviewed(person: Any, thing: Appealed) -> bool:
    """Holds until somebody has answered."""
    return bool(thing.thing.open)


@refusing(_l("Nobody else is a moderator there: the guarantee committee decides on this review."))
def before_moderators(person: Any, thing: Appealed) -> bool:
    """Holds where there is another moderator than the one who decided."""
    return not thing.before_the_committee


@refusing(_l("There is another moderator, who decides on this review."))
def before_committee(person: Any, thing: Appealed) -> bool:
    """Holds where there is no other moderator than the one who decided."""
    return thing.before_the_committee


RULES: Rules = {
    "appeal.read": [[objecting], [moderator], [guarantee_committee]],
    "appeal.ask": [[signed_in, objecting, within_six_months, not_asked_before]],
    "review.queue": [[moderator], [guarantee_committee]],
    "review.read": [[moderator], [guarantee_committee]],
    "review.decide": [[moderator, unreviewed, before_moderators, *DISINTERESTED],
                      [guarantee_committee, unreviewed, before_committee, *DISINTERESTED]],
}
