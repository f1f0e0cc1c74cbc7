"""Who may have single answers, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core.policy import Rules, refusing
from consult.microdata.models import AnswerFile, FileState


@refusing(_l("This file has not been made."))
def file_ready(person: Any, thing: AnswerFile) -> bool:
    """Holds for a file that can be downloaded."""
    return thing.state is FileState.READY


RULES: Rules = {
    "microdata.make": [[plan_office]],
    "microdata.read": [[plan_office, file_ready]],
}
