"""Who sees answers crossed and compared, and who says by what everybody may see them."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core.policy import Rules, refusing
from consult.processes.policy import is_public
from consult.surveys.models import Survey
from consult.surveys.policy import results_out


@refusing(_l("Answers are crossed and compared once the survey has closed: while it is open every new answer would "
             "show in the difference."))
def closed(person: Any, thing: Survey) -> bool:
    """Holds once nothing more is taken."""
    return thing.over()


RULES: Rules = {
    "crossing.see": [[is_public, results_out, closed], [plan_office]],
    "crossing.open": [[plan_office]],
}
