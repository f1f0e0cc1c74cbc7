"""Decisions of the journeys, made as if they had been there before one looks."""

from consult.appeals import queries as appeals
from consult.appeals import services as reviews
from consult.contributions.models import State
from consult.core.db import db
from consult.moderation import services
from consult.moderation.models import Act, Reason
from consult.proposals import services as proposals
from tests.journeys.proposing import open_call, person

NOTE = "Il numero di telefono è di una persona privata."


def objected(width):
    """A text that was hidden, to which its author objects, and one whose author can: the addresses by who opens them.
    """
    citizen, moderator = person("cittadina@example.org"), person("moderatrice@example.org")
    decided = []
    for number in (1, 2):
        proposal = proposals.submit(open_call(), citizen, proposals.Wording(
            title=f"Il numero {number}, largo {width}", body="Chiamate lo 0000."))
        decided.append(services.decide(proposal, moderator, act=Act.HIDE, reason=Reason.PERSONAL_DATA, note=NOTE,
                                       seen=services.mark(proposal)))
        assert proposal.state is State.HIDDEN
    asked = reviews.ask(appeals.appealable(decided[0].id), citizen, words="È il numero del centralino del Comune.")
    db.session.flush()
    return {"cittadina@example.org": [f"/decisioni/{one.id}{page}" for one in decided for page in ("", "/riesame")],
            "moderatore@example.org": ["/moderazione/riesami", f"/moderazione/riesami/{asked.id}"]}
