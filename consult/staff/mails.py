"""What somebody is told of their roles."""

import secrets

from consult.accounts import words
from consult.accounts.models import Person, Role
from consult.core import outbox
from consult.staff.services import process_title


def tell(person: Person, template: str, role: Role, process_id: int | None) -> None:
    """Write to somebody that they have got or lost a role."""
    outbox.post(person.email, template, key=f"role-{secrets.token_hex(12)}", language=person.language,
                role=words.ROLES[role], process=process_title(process_id))
