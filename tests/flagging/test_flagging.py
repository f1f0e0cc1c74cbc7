"""Whoever reports something has a receipt and an answer; who reports much without ground is warned, then limited."""

import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.appeals import queries as appealable
from consult.appeals import services as appeals
from consult.contributions import queries as written
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.flagging import services
from consult.flagging.measure import AFTERWARDS, LEAST, Tally
from consult.moderation import services as moderation
from consult.moderation.acts import Order
from consult.moderation.models import Act, Reason
from tests.browser import text_of
from tests.factories import DAY, WHY


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR)


def reported(make, reader, reason=FlagReason.OFF_TOPIC, **values):
    proposal = make.proposal(**values)
    contributions.flag(proposal, reader, reason=reason, note="")
    return proposal


def decided(proposal, moderator, act=Act.KEEP):
    return moderation.decide(proposal, moderator, act=act, reason=Reason.SPAM, note=WHY,
                             seen=moderation.mark(proposal))


def mails(to):
    return db.session.execute(sa.select(OutboxMessage.subject, OutboxMessage.text).where(
        OutboxMessage.recipient == to.email).order_by(OutboxMessage.id)).all()


def test_a_reader_has_a_receipt_at_once_and_the_decision_when_it_is_made(browser, make, moderator):
    proposal, reader = make.proposal(title="La piazza da rifare"), make.person()
    page = browser(reader)
    answer = page.submit(f"/contributi/{proposal.id}/segnala", {"reason": "off_topic", "note": "Parla d'altro."})
    receipt = text_of(page.get(answer.location))
    for words in ("Parla d'altro.", proposal.code, "entro il", "Non c’entra con l’argomento"):
        assert words in receipt
    subject, text = mails(reader)[0]
    assert proposal.code in subject
    assert answer.location in text
    assert "La piazza" not in text + subject
    decision = decided(proposal, moderator)
    _subject, text = mails(reader)[1]
    assert "resta pubblico" in text
    assert f"/decisioni/{decision.id}/riesame" in text
    assert "resta pubblico" in text_of(page.get(answer.location))
    listed = page.get("/profilo/segnalazioni")
    assert f"/decisioni/{decision.id}/riesame" in listed.get_data(as_text=True)
    assert page.get(f"/decisioni/{decision.id}/riesame").status_code == 200


def test_the_answer_leaves_only_once_it_can_no_longer_be_undone(make, moderator):
    reader = make.person()
    proposal = reported(make, reader)
    decision = decided(proposal, moderator, Act.HIDE)
    held = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.recipient == reader.email)
                              .order_by(OutboxMessage.id)).all()
    assert [message.batch for message in held] == ["", moderation.batch(decision)]
    assert held[1].not_before == decision.decided_at + moderation.UNDOING
    assert "nascosto" in held[1].text
    moderation.take_back(decision, proposal, moderator)
    assert len(mails(reader)) == 1


def test_what_is_hidden_afterwards_is_named_but_not_shown(browser, make, moderator):
    reader = make.person()
    proposal = reported(make, reader, title="Parole che non si leggono più")
    decided(proposal, moderator, Act.HIDE)
    db.session.commit()
    page = text_of(browser(reader).get("/profilo/segnalazioni"))
    assert proposal.code in page
    assert "Parole che non" not in page


def test_nobody_else_reads_a_report(browser, make):
    reader = make.person()
    proposal = reported(make, reader)
    db.session.commit()
    path = f"/segnalazioni/{written.flag_by(proposal, reader).id}"
    assert browser(proposal.author).get(path).status_code == 403
    assert browser().get(path).location.startswith("/accedi")
    assert browser(reader).get(path).status_code == 200


def test_what_seems_to_break_the_law_is_said_in_a_sentence(browser, make):
    proposal, page = make.proposal(), browser(make.person())
    path = f"/contributi/{proposal.id}/segnala"
    answer = page.submit(path, {"reason": "illegal", "note": "Boh"})
    assert "almeno 20 caratteri" in text_of(answer)
    assert "Boh" in answer.get_data(as_text=True)
    assert page.submit(path, {"reason": "illegal", "note": "Copia un intero articolo di giornale."}).status_code == 303


def test_few_reports_warn_nobody_and_the_measure_is_a_share():
    assert not Tally(LEAST - 1, LEAST - 1).warns
    assert Tally(LEAST, LEAST).warns
    assert not Tally(10, 8).warns
    assert not Tally(9, 9, AFTERWARDS - 1, AFTERWARDS - 1).limits
    assert Tally(9, 9, AFTERWARDS, AFTERWARDS).limits


def unfounded(make, moderator, reader, number):
    return [decided(reported(make, reader), moderator) for _each in range(number)]


def test_unfounded_reports_are_warned_then_limited_and_a_review_relieves(browser, make, moderator):
    reader = make.person()
    with clock.at(clock.now() - DAY * 3):
        unfounded(make, moderator, reader, LEAST - 1)
        assert not services.warned(reader)
        unfounded(make, moderator, reader, 1)
        assert services.warned(reader)
    assert "Sulle tue segnalazioni" in [subject for subject, _text in mails(reader)]
    assert can(reader, "contribution.flag", make.proposal())
    with clock.at(clock.now() - DAY * 2):
        decisions = unfounded(make, moderator, reader, AFTERWARDS)
    assert services.limited(reader)
    assert re.search("una segnalazione al giorno|un testo al giorno", " ".join(mails(reader)[-1]))
    first, second = make.proposal(), make.proposal()
    db.session.commit()
    page = browser(reader)
    assert page.submit(f"/contributi/{first.id}/segnala", {"reason": "spam", "note": ""}).status_code == 303
    refused = page.get(f"/contributi/{second.id}/segnala")
    assert refused.status_code == 403
    assert "un testo al giorno" in text_of(refused)
    assert "riesame" in text_of(page.get("/profilo/segnalazioni"))
    with clock.at(clock.now() + DAY * 1.1):
        assert can(reader, "contribution.flag", second)
    for one in decisions[:2]:
        appeal = appeals.ask(appealable.appealable(one.id), reader, words=WHY)
        review = appealable.review(appeal.id)
        other = make.person(Role.MODERATOR)
        moderation.decide(review, other, Order(act=Act.OVERTURN, reason=Reason.SPAM, note=WHY),
                          seen=moderation.mark(review))
    assert not services.limited(reader)
    assert can(reader, "contribution.flag", second)


def test_what_was_taken_back_warns_nobody(make, moderator):
    reader = make.person()
    unfounded(make, moderator, reader, LEAST - 1)
    proposal = reported(make, reader)
    decision = decided(proposal, moderator)
    assert services.warned(reader)
    moderation.take_back(decision, proposal, moderator)
    assert not services.warned(reader)
    assert "Sulle tue segnalazioni" not in [subject for subject, _text in mails(reader)]


def test_the_list_takes_as_many_queries_for_twenty_reports_as_for_one(browser, make, moderator, queries):
    reader = make.person()
    decided(reported(make, reader), moderator)
    db.session.commit()
    page = browser(reader)
    page.get("/profilo/segnalazioni")
    with queries() as one:
        page.get("/profilo/segnalazioni")
    for _each in range(5):
        decided(reported(make, reader), moderator, Act.HIDE)
        reported(make, reader)
    db.session.commit()
    with queries() as many:
        page.get("/profilo/segnalazioni")
    assert len(many) <= len(one) + 1
