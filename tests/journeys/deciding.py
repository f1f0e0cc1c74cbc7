"""Decisions of the journeys, made as if they had been there before one looks."""

from consult.appeals import queries as appeals
from consult.appeals import services as reviews
from consult.contributions import queries as written
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core.db import db
from consult.moderation import contributed, services
from consult.moderation.models import Act, Reason
from consult.proposals import services as proposals
from consult.sanctions import queries as sanctioned
from consult.sanctions import services as sanctions
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
    pages = _reported(width)
    pages["moderatore@example.org"] += ["/moderazione/riesami", f"/moderazione/riesami/{asked.id}"]
    return {**pages, "cittadina@example.org": [f"/decisioni/{one.id}{page}" for one in decided
                                               for page in ("", "/riesame")]}


def _reported(width):
    """A text that somebody reported, and for which its author may be warned or is to be suspended."""
    citizen, moderator = person("cittadina@example.org"), person("moderatrice@example.org")
    reader = person("cittadino@example.org")
    proposal = proposals.submit(open_call(), citizen, proposals.Wording(
        title=f"Parole grosse, larghe {width}", body="Siete tutti uguali."))
    if not proposal.public:
        contributions.change_state(proposal, State.PUBLISHED, moderator)
    contributions.flag(proposal, reader, reason=FlagReason.OFFENCE, note="Offende tutti.")
    wanted = sanctioned.awaiting(citizen.id) or sanctions.propose(
        contributed.of(proposal), moderator, days=30, reason=Reason.OFFENCE, note=NOTE)
    return {"cittadino@example.org": ["/profilo/segnalazioni",
                                      f"/segnalazioni/{written.flag_by(proposal, reader).id}"],
            "moderatrice@example.org": [f"/moderazione/{proposal.id}/warn", f"/moderazione/{proposal.id}/suspend"],
            "moderatore@example.org": ["/moderazione/sospensioni", f"/moderazione/sospensioni/{wanted.id}"]}
