"""Who reads what became of a report: whoever made it, and nobody else."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.contributions.models import Flag
from consult.contributions.policy import a_report_left
from consult.core.policy import Rules, refusing, signed_in
from consult.moderation.matters import Matter


@refusing(_l("Only whoever reported it reads this."))
def own_report(person: Any, thing: Flag) -> bool:
    """Holds for whoever made the report."""
    return bool(thing.person_id == person.id)


@refusing(_l("You cannot report what you wrote yourself."))
def not_of_oneself(person: Any, thing: Matter) -> bool:
    """Holds for what the person did not write and is not told the decision of."""
    return not thing.concerns(person)


RULES: Rules = {
    "flag.make": [[not_of_oneself, signed_in, a_report_left]],
    "flag.list": [[signed_in]],
    "flag.follow": [[signed_in, own_report]],
}
