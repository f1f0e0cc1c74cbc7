"""A person with something in every class of data, beside others who have as much."""

import pytest
import sqlalchemy as sa

from consult.accounts import registration
from consult.accounts.models import Mandate, Person, Role, Verification, VerificationMethod
from consult.comments import agreeing
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core import passwords
from consult.core.db import db
from consult.discussions import services as discussions
from consult.moderation import services as moderation
from consult.moderation.models import Act, Reason
from consult.notices import services as notices
from consult.privacy import services as privacy
from consult.proposals import services as proposals
from consult.proposals.services import Wording
from consult.surveys import services as surveys
from consult.surveys.models import Option, QuestionKind
from consult.voting import services as voting

PASSWORD = "sette gatti sul campanile"


@pytest.fixture
def everything(make):
    """A percorso in which one can do everything."""
    make.authority()
    return {"call": make.call(), "closed": make.call("closed"), "ballot": make.ballot(), "survey": make.survey(),
            "discussion": make.discussion(), "named": make.survey(QuestionKind.SHORT_TEXT, anonymous=False),
            "moderator": make.person(Role.MODERATOR), "target": make.proposal(), "old": make.proposal()}


@pytest.fixture
def lives(make, everything):
    """`lives("carla")` is a person who has done everything that one can do; all texts hold the name."""

    def live(name: str, **values) -> Person:
        person = make.person(**{"email": f"{name}@example.org", "display_name": f"{name} Segni", "title": f"{name} tit",
                                "password_hash": passwords.hashed(PASSWORD), **values})
        db.session.add(Verification(
            person=person, method=VerificationMethod.DESK, municipality_id=person.municipality_id,
                                    age_band="35-49", identifier_hash=f"hash{name}".ljust(64, "0")))
        organisation = make.organisation(name=f"{name} soc")
        db.session.add(Mandate(person=person, organisation=organisation))
        db.session.flush()
        db.session.expire(person)
        _write(person, everything, name, organisation, make)
        _count(person, everything, name)
        registration.ask_reset(person.email, language="it")
        privacy.acknowledge(person)
        return person

    return live


def _write(person, everything, name, organisation, make):
    call = everything["call"]
    proposal = proposals.submit(call, person, Wording(title=f"{name} chiede", body=f"{name} corpo uno."))
    proposals.edit(proposal, person, Wording(title=f"{name} chiede", body=f"{name} corpo due."), seen=1)
    proposals.save_draft(call, person, Wording(title=f"{name} bozza", body=f"{name} corpo bozza."))
    proposals.submit(call, person, Wording(title=f"{name} per la soc", body=f"{name} voce soc.",
                                           organisation=organisation))
    comments.post(everything["target"].thread, person, body=f"{name} commenta.")
    answered = make.comment(everything["target"].thread)
    comments.post(everything["target"].thread, person, body=f"{name} risponde.", about=answered)
    agreeing.agree(answered, person, True)
    topic = discussions.open_topic(everything["discussion"], person, title=f"{name} apre", body=f"{name} domanda.",
                                   columns=False)
    discussions.summarise(topic, person, seen=topic.version, summary="Si è detto molto, e quasi tutto è utile.")
    hidden = comments.post(everything["target"].thread, person, body=f"{name} eccede.")
    moderation.decide(hidden, everything["moderator"], act=Act.HIDE, reason=Reason.OFFENCE,
                      note=f"A {name}: così non va bene.", seen=moderation.mark(hidden))
    contributions.flag(everything["target"], person, reason=FlagReason.SPAM, note=f"{name} segnala")
    notices.follow(everything["target"], person)
    db.session.flush()


def _count(person, everything, name):
    voting.support(everything["target"], person)
    voting.support(everything["old"], person)
    voting.cast(everything["ballot"], person, {"B01": 1})
    option = db.session.scalars(sa.select(Option).order_by(Option.id)).first()
    surveys.answer(everything["survey"], person, municipality_id=None, given={option.question.code: [option.code]})
    question = everything["named"].sections[0].questions[0]
    surveys.answer(everything["named"], person, municipality_id=None, given={question.code: f"{name} risponde"})


@pytest.fixture
def states():
    return State
