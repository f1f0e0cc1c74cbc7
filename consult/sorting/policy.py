"""Who reads, tags and decides on the desk, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, plan_office_or_steering
from consult.core.policy import Rules, refusing
from consult.processes.models import Process
from consult.sorting import queries


@refusing(_l("There are no tags yet: add some first."))
def with_tags(person: Any, thing: Process) -> bool:
    """Holds once a percorso has tags."""
    return queries.has_tags(thing)


RULES: Rules = {
    "sorting.see": [[plan_office_or_steering]],
    "sorting.codebook": [[plan_office]],
    "sorting.tag": [[plan_office, with_tags]],
    "sorting.decide": [[plan_office, with_tags]],
    "sorting.look": [[plan_office]],
}
