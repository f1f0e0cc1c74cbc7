"""Conditions that hold for contributions of every kind."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator
from consult.contributions.models import Contribution, State
from consult.core.policy import Rules, refusing, signed_in


@refusing(_l("This is not public."))
def published(person: Any, thing: Contribution) -> bool:
    """Holds for what everyone can read."""
    return thing.state is State.PUBLISHED


@refusing(_l("Only whoever wrote this can do that."))
def author(person: Any, thing: Contribution) -> bool:
    """Holds for whoever wrote the contribution."""
    return bool(person.is_authenticated) and thing.author_id == person.id


@refusing(_l("You cannot report what you wrote yourself."))
def not_author(person: Any, thing: Contribution) -> bool:
    """Holds for everybody else."""
    return not person.is_authenticated or thing.author_id != person.id


RULES: Rules = {
    "contribution.read": [[published], [author], [moderator]],
    "contribution.flag": [[signed_in, published, not_author]],
}
