"""Who sees the territory in figures, and who keeps the figures."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, staff
from consult.analysis.models import Indicator, IndicatorFile
from consult.core.policy import Rules, refusing
from consult.processes.models import Process


@refusing(_l("This is not public yet."))
def public_territory(person: Any, thing: Process | Indicator) -> bool:
    """Holds for the figures of a percorso that was published."""
    return (thing.process if isinstance(thing, Indicator) else thing).published


@refusing(_l("This file was taken already."))
def file_waits(person: Any, thing: IndicatorFile) -> bool:
    """Holds until a file of figures was taken."""
    return thing.taken_at is None


@refusing(_l("Nothing of this file is there to be undone."))
def file_counts(person: Any, thing: IndicatorFile) -> bool:
    """Holds for a file whose figures were taken and not undone."""
    return thing.taken_at is not None and thing.undone_at is None


RULES: Rules = {
    "indicator.read": [[public_territory], [staff]],
    "indicator.add": [[plan_office]],
    "indicator.edit": [[plan_office]],
    "indicator.send": [[plan_office]],
    "indicator.look": [[plan_office]],
    "indicator.take": [[plan_office, file_waits]],
    "indicator.undo": [[plan_office, file_counts]],
}
