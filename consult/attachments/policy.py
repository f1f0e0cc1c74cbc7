"""Who may see an attachment: whoever may read the text it belongs to, and nobody else."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator
from consult.attachments.models import Attachment
from consult.contributions.models import Contribution
from consult.contributions.policy import published, sent_in
from consult.core.policy import Rules, refusing, signed_in
from consult.processes.policy import is_public


@refusing(_l("Only whoever sent this file can do that."))
def sender(person: Any, thing: Attachment) -> bool:
    """Holds for whoever sent the file."""
    return bool(person.is_authenticated) and thing.owner_id == person.id


@refusing(_l("What is discussed here is not public at the moment."))
def about_something_public(person: Any, thing: Attachment) -> bool:
    """Holds unless the file belongs to a comment on something that not everyone may read."""
    written: Contribution | None = thing.contribution
    if written is None or not written.in_thread or written.thread is None:
        return True
    return written.thread.discussed is None or written.thread.discussed.public


def open_to_all(attachment: Attachment) -> bool:
    """Whether everybody may open a file."""
    return all(holds(None, attachment) for holds in (published, is_public, about_something_public))


RULES: Rules = {
    "attachment.read": [[published, is_public, about_something_public], [sender], [sent_in, moderator]],
    "attachment.take_back": [[signed_in, sender]],
}
