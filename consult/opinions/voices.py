"""Who answers in a conversation: somebody for themselves, or for an organisation whose mandate they hold."""

from dataclasses import dataclass

from consult.accounts.models import Organisation, Person
from consult.core import keys
from consult.opinions import queries
from consult.opinions.models import Conversation
from consult.processes.models import Channel
from consult.verification import bearers
from consult.verification.bearers import Bearer


class NotTheirsError(ValueError):
    """Nobody answers for an organisation whose mandate they do not hold."""


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One who answers: what stands for them, the strongest first, and what is kept with their answers."""

    identities: tuple[str, ...]
    municipality_id: int | None
    category_id: int | None = None
    channel: Channel = Channel.ONLINE
    person: Person | Bearer | None = None
    """None for an organisation."""

    def hold(self) -> None:
        """Let nobody answer in their place until the transaction ends. Raises bearers.NotGoodError."""
        if self.person is not None:
            bearers.hold(self.person)
        else:
            bearers.hold_names(self.identities)

    def tags(self, conversation: Conversation) -> list[str]:
        """The tags under which their answers may lie, first the one that a first answer gets.

        Raises keys.KeyLostError where there are answers but their key is gone.
        """
        return [keys.tag(conversation.id, identity, used=lambda: queries.anybody_in(conversation))
                for identity in self.identities]


def of(person: Person | Bearer, organisation: Organisation | None = None, *,
       channel: Channel = Channel.ONLINE) -> Voice:
    """The voice of somebody, or of the organisation for which they speak. Raises NotTheirsError."""
    if organisation is None:
        return Voice(identities=tuple(person.identities), municipality_id=person.residence_id, channel=channel,
                     person=person)
    if organisation not in person.organisations:
        raise NotTheirsError(organisation.slug)
    return Voice(identities=(f"organisation:{organisation.id}",), municipality_id=organisation.municipality_id,
                 category_id=organisation.category_id, channel=channel)
