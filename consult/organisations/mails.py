"""What those who speak for an organisation are told, and the plan office, each in their language."""

from typing import Any

from consult.accounts.models import Mandate, Organisation
from consult.core import outbox
from consult.organisations import queries


def tell_speakers(organisation: Organisation, template: str, *, key: str, but: int | None = None,
                  **context: Any) -> None:
    """Write to everybody who holds a mandate of an organisation."""
    for mandate in queries.mandates_of(organisation):
        if mandate.person_id != but:
            outbox.post(mandate.person.email, template, key=f"{key}-{mandate.person_id}",
                        language=mandate.person.language, organisation=organisation, **context)


def tell_former(mandate: Mandate) -> None:
    """Write to somebody whose mandate was taken back by another."""
    outbox.post(mandate.person.email, "mandate_ended", key=f"mandate-ended-{mandate.id}",
                language=mandate.person.language, organisation=mandate.organisation)


def tell_plan_office(organisation: Organisation, *, key: str) -> None:
    """Write that nobody speaks for an organisation any more."""
    for person in queries.plan_office():
        outbox.post(person.email, "organisation_without_speakers", key=f"{key}-{person.id}",
                    language=person.language, organisation=organisation)
