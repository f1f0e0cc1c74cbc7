"""Who reads what an author was told."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, moderator
from consult.core.policy import Rules, refusing
from consult.statements.queries import Statement

guarantee_committee = holding(Role.GUARANTOR)


@refusing(_l("Only whoever wrote the text reads this."), sign_in_helps=True)
def concerned(person: Any, thing: Statement) -> bool:
    """Holds for whoever wrote what was decided on."""
    return thing.concerns(person)


RULES: Rules = {
    "reasons.read": [[concerned], [moderator], [guarantee_committee]],
}
