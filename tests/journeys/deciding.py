"""Decisions of the journeys, made as if they had been there before one looks."""

import sqlalchemy as sa

from consult.amendments import services as amendments
from consult.appeals import queries as appeals
from consult.appeals import services as reviews
from consult.comments import services as comments
from consult.contributions import queries as written
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core.db import db
from consult.moderation import contributed, services
from consult.moderation.models import Act, Reason
from consult.opinions import services as opinions
from consult.opinions.models import Conversation
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.sanctions import queries as sanctioned
from consult.sanctions import services as sanctions
from tests.journeys.proposing import open_call, person

BEFORE, AFTER = ModerationMode.BEFORE, ModerationMode.AFTER
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


def blacked_out(width):
    """A public text of which a passage is blacked out: its number."""
    citizen, moderator = person("cittadina@example.org"), person("moderatrice@example.org")
    proposal = proposals.submit(open_call(), citizen, proposals.Wording(
        title=f"Chiamare il fabbro, largo {width}", body="Il fabbro risponde allo 0000."))
    if not proposal.public:
        contributions.change_state(proposal, State.PUBLISHED, moderator)
    at = proposal.body.index("0000")
    services.decide(proposal, moderator, services.Order(
        act=Act.REDACT, reason=Reason.PERSONAL_DATA, note=NOTE, details={"places": [["body", at, 4]]}),
        seen=services.mark(proposal))
    return proposal.id


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


def _proposal(number, author, activities):
    return proposals.submit(activities[0], author, proposals.Wording(
        title=f"Panchina {number}", body="Chiediamo una panchina lungo il viale dei tigli."))


def _comment(number, author, activities, words="Va bene anche di sera"):
    thread = activities[2].thread
    return comments.post(thread, author, body=f"{words}, dico io per la volta {number}.")


def _statement(number, author, activities):
    return opinions.write(activities[1], author, f"Le panchine della valle sono troppo poche, numero {number}.")


def _amendment(number, author, activities):
    about = activities[2]
    return amendments.propose(about, author, (about.title, f"{about.body} E una fontana, numero {number}."),
                              base=about.version, reason="Chi cammina ha sete.")


MIXED = (
    (_proposal, BEFORE, None), (_comment, BEFORE, None), (_statement, BEFORE, None), (_amendment, BEFORE, None),
    (_proposal, AFTER, FlagReason.SPAM), (_comment, AFTER, FlagReason.OFFENCE), (_statement, AFTER, FlagReason.SPAM),
    (_amendment, AFTER, FlagReason.OFFENCE),
    (lambda *of: _comment(*of, words="Chiamate la Rita al 347 1234567"), AFTER, None),
    (lambda *of: _comment(*of, words="VOGLIAMO PANCHINE SUBITO E DAVANTI A OGNI PORTA"), AFTER, None))
"""What waits for each reason: held, reported, reported for harm, kept back for a sign, and pointed out for one."""


def mixed(number, authors, reader):
    """Let so many things of every kind wait, each for one of the reasons for which something may."""
    call = open_call()
    conversation = next(one for one in db.session.scalars(sa.select(Conversation)) if one.takes())
    call.moderation = AFTER
    about = proposals.submit(call, person("cittadina@example.org"), proposals.Wording(
        title="La fontana del viale", body="Chiediamo una fontana in fondo al viale dei tigli."))
    for each in range(number):
        write, call.moderation, reason = MIXED[each % len(MIXED)]
        conversation.moderation = call.moderation
        thing = write(each, authors[(each + each // len(MIXED)) % len(authors)], (call, conversation, about))
        if reason is not None:
            contributions.flag(thing, reader, reason=reason, note="")
