"""Who opens topics, changes them, and closes them with a summary."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, moderator, not_suspended, staff
from consult.contributions.policy import author, correctable, published, sent_in, standing
from consult.core.policy import Rules, refusing, signed_in
from consult.discussions.models import Discussion, Openers, Topic
from consult.processes.policy import activity_of, activity_open, invited, is_public

leading = holding(Role.FACILITATOR, Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)


@refusing(_l("Topics are opened by the staff here. You can comment on those that there are."))
def topics_of_everybody(person: Any, thing: Discussion) -> bool:
    """Holds where whoever takes part opens topics."""
    return thing.openers is Openers.EVERYBODY


@refusing(_l("This discussion is over."))
def not_over(person: Any, thing: Any) -> bool:
    """Holds until the activity has closed: topics are also prepared before it opens."""
    return not activity_of(thing).over()


@refusing(_l("Somebody has commented on this topic: it can no longer change."))
def uncommented(person: Any, thing: Topic) -> bool:
    """Holds while nobody has commented."""
    return thing.comment_count == 0


@refusing(_l("This topic was closed with a summary: it can no longer change."))
def not_summarised(person: Any, thing: Topic) -> bool:
    """Holds while no summary says what came of a topic."""
    return not thing.summary


RULES: Rules = {
    "discussion.read": [[is_public], [staff]],
    "topic.read": [[published, is_public], [author], [sent_in, moderator], [published, staff]],
    "topic.open": [[leading, not_over], [topics_of_everybody, activity_open, signed_in, invited, not_suspended]],
    "topic.edit": [[signed_in, author, correctable, uncommented, not_summarised, activity_open,
                    not_suspended],
                   [leading, published, uncommented, not_summarised]],
    "topic.withdraw": [[signed_in, author, standing, uncommented, not_summarised]],
    "topic.pin": [[leading, published]],
    "topic.summarise": [[leading, published]],
}
