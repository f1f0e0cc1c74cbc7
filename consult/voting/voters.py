"""Whose paper it is: somebody's own, or that of an organisation for which they hold the mandate."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.accounts.models import Organisation, Person
from consult.verification.bearers import Bearer
from consult.voting.models import Ballot


@dataclass(frozen=True)
class Voter:
    """One voice of a ballot, known to it by the tags of its identities alone."""

    identities: Sequence[str]
    municipality_id: int | None
    organisation: Organisation | None = None


def voter(ballot: Ballot, person: Person | Bearer, organisation: Organisation | None = None) -> Voter | None:
    """As whom a person votes; None where organisations vote and they speak for none that may.

    Of several organisations the first speaks where none is named; one for which they hold no mandate is none of them.
    """
    if not ballot.by_organisation:
        return Voter(person.identities, person.residence_id)
    own = organisations(ballot, person)
    chosen = organisation if organisation in own else None if organisation is not None else next(iter(own), None)
    return Voter([f"organisation:{chosen.id}"], chosen.municipality_id, chosen) if chosen is not None else None


def organisations(ballot: Ballot, person: Person | Bearer) -> list[Organisation]:
    """The organisations for which a person may vote in a ballot, in the order of their names."""
    if not ballot.by_organisation:
        return []
    return sorted((organisation for organisation in person.organisations
                   if not ballot.only_categories or (organisation.category is not None
                                                     and organisation.category.code in ballot.only_categories)),
                  key=lambda organisation: (organisation.name, organisation.id))
