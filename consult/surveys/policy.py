"""Who may answer a questionnaire and see what came out, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, staff
from consult.core.policy import Reason, Rules, refusing
from consult.processes import audience
from consult.processes.models import ResultsVisible, Standing
from consult.processes.policy import activity_open, invited, is_public
from consult.surveys import queries
from consult.surveys.models import Survey


def _why_answered(person: Any, thing: Survey) -> Reason:
    if person.is_authenticated and person.brought:
        return _l("You have already answered this survey, with this account or with a code that is tied to it, and "
                  "each person answers once. Thank you for taking part.")
    return _l("You have already answered this survey, and each person answers once. Thank you for taking part.")


@refusing(_why_answered)
def not_answered(person: Any, thing: Survey) -> bool:
    """Holds for whoever has not taken part yet."""
    return not audience.somebody(person, thing) or not queries.has_answered(thing, person)


def _why_no_results(person: Any, thing: Survey) -> Reason:
    if thing.results_visible is ResultsVisible.STAFF:
        return _l("The results of this survey are for the plan office.")
    return _l("The results will be public once the survey has closed.")


@refusing(_why_no_results)
def results_out(person: Any, thing: Survey) -> bool:
    """Holds once the figures may be seen by everyone: at once where they are live, else when it is over."""
    if thing.results_visible is ResultsVisible.STAFF:
        return False
    live = thing.results_visible is ResultsVisible.LIVE and thing.takes().standing is not Standing.COMING
    return live or thing.over()


@refusing(_l("In this survey answers cannot be changed once they are sent."))
def changeable(person: Any, thing: Survey) -> bool:
    """Holds where answers may be changed until the survey closes."""
    return thing.may_change


RULES: Rules = {
    "survey.read": [[is_public], [staff]],
    "survey.answer": [[is_public, activity_open, invited, not_answered]],
    "survey.results": [[is_public, results_out], [plan_office]],
    "survey.texts": [[plan_office]],
    "survey.receipt": [[is_public]],
    "survey.change": [[is_public, changeable, activity_open]],
    "survey.file": [[plan_office]],
}
