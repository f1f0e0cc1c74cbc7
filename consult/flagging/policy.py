"""Who reads what became of a report: whoever made it, and nobody else."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.contributions.models import Flag
from consult.core.policy import Rules, refusing, signed_in


@refusing(_l("Only whoever reported it reads this."))
def own_report(person: Any, thing: Flag) -> bool:
    """Holds for whoever made the report."""
    return bool(thing.person_id == person.id)


RULES: Rules = {
    "flag.list": [[signed_in]],
    "flag.follow": [[signed_in, own_report]],
}
