"""Blacking out and bringing back, as acts of moderation."""

from consult.accounts.models import Person
from consult.moderation import acts
from consult.moderation.acts import LIVING, SENTENCE, Order
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision
from consult.redactions import queries, services
from consult.redactions.passages import Place


@acts.offer
class Redact:
    """Readers see marks in place of some words; everything else stays."""

    act = Act.REDACT
    reasoned, least, settles, own_page = True, SENTENCE, True, True

    def offered(self, matter: Matter) -> bool:
        return matter.state in LIVING and any(passage.text for passage in matter.passages())

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        places = [Place(*place) for place in order.details.get("places", ())]
        services.cover(matter, decision, places, moderator)

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        services.forget(matter, decision, moderator)


@acts.offer
class Uncover:
    """Words that were blacked out can be read again: those that are named, or all of the decision that is reviewed."""

    act = Act.UNCOVER
    reasoned, least, settles, own_page = False, 0, False, True

    def offered(self, matter: Matter) -> bool:
        return matter.state in LIVING and matter.once(queries.how_many) > 0

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        named, reviewed = order.details.get("redactions", ()), order.details.get("reviews")
        wanted = [one for one in queries.standing(matter.subject)
                  if one.id in named or (reviewed and one.decision_id == reviewed)]
        services.uncover(matter, wanted, moderator, decision)

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        services.cover_again(matter, decision, moderator)
