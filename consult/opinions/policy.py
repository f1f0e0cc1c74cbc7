"""Who writes statements, who answers them, and who leads a conversation."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, moderator, not_suspended, plan_office, staff
from consult.contributions.policy import author, published, sent_in, standing
from consult.core.policy import Rules, refusing, signed_in
from consult.opinions import services
from consult.opinions.models import Conversation, Statement, Writers
from consult.processes.models import ResultsVisible
from consult.processes.policy import activity_of, activity_open, invited, is_public, somebody

leading = holding(Role.FACILITATOR, Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)


@refusing(_l("Statements are written by the staff here. You can answer those that there are."))
def statements_of_everybody(person: Any, thing: Conversation) -> bool:
    """Holds where whoever takes part writes statements."""
    return thing.writers is Writers.EVERYBODY


@refusing(_l("You have written as many statements as each may here."))
def statements_left(person: Any, thing: Conversation) -> bool:
    """Holds for whoever may write one more."""
    return services.room(thing, person) != 0


@refusing(_l("This conversation is over."))
def not_over(person: Any, thing: Any) -> bool:
    """Holds until the activity has closed: statements are also prepared before it opens."""
    return not activity_of(thing).over()


@refusing(_l("Somebody has answered this statement: it can no longer be taken back. A moderator can hide it."))
def unanswered(person: Any, thing: Statement) -> bool:
    """Holds while nobody has answered."""
    return thing.agreed + thing.disagreed + thing.passed == 0


@refusing(_l("The answers are published once the conversation has closed."))
def answers_public(person: Any, thing: Conversation) -> bool:
    """Holds once all is over, where results are for everybody."""
    return thing.over() and thing.results_visible is not ResultsVisible.STAFF


@refusing(_l("The answers are published once the conversation has closed."))
def over(person: Any, thing: Conversation) -> bool:
    """Holds once nothing more is taken."""
    return thing.over()


RULES: Rules = {
    "conversation.read": [[is_public], [staff]],
    "conversation.answer": [[is_public, activity_open, somebody, invited]],
    "conversation.own": [[is_public, not_over, somebody]],
    "conversation.take_back": [[is_public, activity_open, somebody]],
    "conversation.export": [[is_public, answers_public], [plan_office, over]],
    "conversation.lead": [[leading]],
    "statement.read": [[published, is_public], [author], [sent_in, moderator], [published, staff]],
    "statement.seed": [[leading, not_over]],
    "statement.write": [[statements_of_everybody, activity_open, signed_in, invited, statements_left, not_suspended]],
    "statement.withdraw": [[signed_in, author, standing, unanswered]],
}
