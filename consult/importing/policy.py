"""Who brings conversations from files."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core.policy import Rules, refusing
from consult.importing.models import ConversationFile


@refusing(_l("This file was taken already."))
def file_waits(person: Any, thing: ConversationFile) -> bool:
    """Holds for a file of which nothing was made yet."""
    return thing.conversation_id is None


@refusing(_l("Nothing of this file is there to be undone."))
def file_taken(person: Any, thing: ConversationFile) -> bool:
    """Holds for a file that was taken."""
    return thing.conversation_id is not None


RULES: Rules = {
    "conversation_file.send": [[plan_office]],
    "conversation_file.look": [[plan_office]],
    "conversation_file.take": [[plan_office, file_waits]],
    "conversation_file.let_go": [[plan_office, file_waits]],
    "conversation_file.undo": [[plan_office, file_taken]],
}
