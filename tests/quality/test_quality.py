"""One decision in twenty is read by a second person who does not know whose it was, and figures say what came of it."""

import hashlib

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core.db import db
from consult.moderation import matters, queue
from consult.moderation import services as moderation
from consult.moderation.models import Act, Decision, Reason
from consult.quality import queries, services
from consult.quality.models import SecondReading
from tests.browser import text_of
from tests.factories import WHY


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR, display_name="Chiara Prima")


def decided(make, moderator, act=Act.APPROVE):
    proposal = make.proposal(state=State.PENDING, title="Una panchina")
    return moderation.decide(proposal, moderator, act=act, reason=Reason.SPAM, note=WHY, seen=1)


@pytest.fixture
def reading(make, moderator, monkeypatch):
    monkeypatch.setattr(services, "ONE_IN", 1)
    decided(make, moderator, Act.HIDE)
    monkeypatch.undo()
    return db.session.scalars(sa.select(SecondReading)).one()


def test_the_lot_falls_on_one_in_twenty_and_can_be_drawn_again(make, moderator):
    digests = [hashlib.sha256(f"{n}".encode()).hexdigest() for n in range(10_000)]
    assert 400 < sum(services.drawn("seme", digest) for digest in digests) < 600
    for _each in range(30):
        decided(make, moderator)
    seed = services.seed_of(f"{db.session.scalars(sa.select(Decision.decided_at)).first():%Y-%m}")
    drawn = {one.decision_id for one in db.session.scalars(sa.select(SecondReading))}
    assert drawn == {one.id for one in db.session.scalars(sa.select(Decision)) if services.drawn(seed, one.digest)}
    assert queries.seeds() == []


def test_what_is_taken_back_is_read_by_nobody(make, moderator, reading):
    moderation.take_back(reading.decision, matters.matter(reading.decision.subject), moderator)
    assert db.session.scalars(sa.select(SecondReading)).all() == []


def test_somebody_else_reads_it_and_sees_no_name(browser, make, moderator, reading):
    reader = make.person(Role.MODERATOR)
    assert queue.take_next(moderator) is None
    assert [row.matter.subject for row in queue.queue(reader).items] == [f"reading:{reading.id}"]
    path = f"/moderazione/reading/{reading.id}"
    who = browser(reader)
    page = text_of(who.get(path))
    assert "Questa decisione è stata estratta a sorte" in page
    assert "Chiara Prima" not in page.partition("Una panchina")[2]
    short = who.submit(path, {"decision": "disagree", "note": "No."})
    assert short.status_code == 200
    assert who.submit(path, {"decision": "disagree", "note": "È una proposta, non una pubblicità."}).status_code == 303
    db.session.expire_all()
    assert (reading.agrees, reading.reader_id) == (False, reader.id)
    assert browser(moderator).post(path, {"decision": "agree"}).status_code == 403
    latest = db.session.scalars(sa.select(Decision).order_by(Decision.id.desc())).first()
    assert (latest.act, latest.subject) == (Act.DISAGREE, f"reading:{reading.id}")
    assert queries.agreement() == {Act.HIDE: queries.Share(0, 1)}
    assert queue.queue(reader).items == []


def test_the_database_refuses_that_who_decided_reads(reading):
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.update(SecondReading).values(reader_id=reading.decider_id))


def test_the_page_keeps_small_figures_back(browser, make, moderator, reading):
    for _each in range(6):
        decided(make, moderator)
    decided(make, make.person(Role.MODERATOR, display_name="Pochi Pochissimi"))
    page = text_of(browser(make.person(Role.GUARANTOR)).get("/moderazione/qualita"))
    assert "Chiara Prima 7" in page
    assert "Pochi Pochissimi n. s." in page
    assert browser(make.person()).get("/moderazione/qualita").status_code == 404
