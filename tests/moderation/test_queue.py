"""What awaits a decision, in its order, whatever its number."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consult.accounts.models import Person, Role
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core import clock
from consult.core.db import db
from consult.moderation import queue as desk
from consult.moderation import services
from consult.moderation.lines import lines
from consult.moderation.models import Act, Reason
from tests.browser import text_of
from tests.factories import WHY

DAY = timedelta(days=1)


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR)


def headings(page):
    return [row.contribution.heading for row in page.items]


def reported(make, title, ago=0, reason=FlagReason.OFFENCE, **values):
    proposal = make.proposal(title=title, **values)
    with clock.at(clock.now() - ago * DAY):
        contributions.flag(proposal, make.person(), reason=reason, note="Offende")
    return proposal


def test_what_is_due_soonest_comes_first(make, moderator):
    """Within four hours what does harm, within a day what waits, within two days other reports."""
    make.proposal(title="attende da adesso", state=State.PENDING)
    make.proposal(title="attende da una settimana", state=State.PENDING, submitted_at=clock.now() - 7 * DAY)
    reported(make, "offende, segnalata adesso")
    reported(make, "offende, segnalata tre giorni fa", ago=3)
    reported(make, "fuori tema, segnalata adesso", reason=FlagReason.OFF_TOPIC)
    make.proposal(title="tranquilla")
    make.proposal(title="bozza", state=State.DRAFT)
    page = desk.queue(moderator)
    assert headings(page) == ["attende da una settimana", "offende, segnalata tre giorni fa",
                              "offende, segnalata adesso", "attende da adesso", "fuori tema, segnalata adesso"]
    assert [row.late for row in page.items] == [True, True, False, False, False]
    assert len(desk.queue(moderator, desk.Wanted(late=True)).items) == desk.late(moderator) == 2


def test_the_queue_says_what_is_asked_and_why(browser, make, moderator):
    reported(make, "Una proposta contestata", author=make.person(display_name="Ada B."))
    page = text_of(browser(moderator).get("/moderazione"))
    for words in ("segnalato per ciò che fa danno", "Proposta", "Una proposta contestata", "Ada B.", "Roccaprova",
                  "Chiediamo una panchina", "1 segnalazione"):
        assert words in page


def test_a_line_says_of_each_kind_what_the_whole_thing_would_and_asks_for_nothing_more(app, make, moderator, queries):
    waits = {"state": State.PENDING}
    hidden = make.person(display_name="Ada B.", shows_name=False)
    proposal = make.proposal(title="Una <panchina>", author=hidden, derived=True, **waits)
    make.topic(**waits)
    make.comment(proposal.thread, author=hidden, **waits)
    make.statement(**waits)
    make.section()
    make.remark(**waits)
    db.session.commit()
    told, id = [], moderator.id
    with app.test_request_context():
        for whole in (True, False):
            db.session.expunge_all()
            person = db.session.get_one(Person, id)
            page = desk.queue(person, whole=whole)
            assert len(page.items) == 5
            with queries() as seen:
                told.append([replace(one, age="") for one in lines(page.items, person, chosen=(), narrowed={})])
        assert (told[0], seen) == (told[1], [])


def test_a_comment_says_where_it_stands(browser, make, moderator):
    proposal = make.proposal(title="La panchina della scuola")
    make.comment(proposal.thread, state=State.PENDING, body="Che bella idea.")
    page = text_of(browser(moderator).get("/moderazione"))
    assert "Nella discussione su “La panchina della scuola”" in page
    assert "Che bella idea." in page


def test_kinds_can_be_looked_at_apart(browser, make, moderator):
    proposal = make.proposal(title="In attesa", state=State.PENDING)
    make.comment(make.proposal().thread, state=State.PENDING, body="Un commento in attesa.")
    assert desk.counted(moderator) == {("contribution", "proposal"): 1, ("contribution", "comment"): 1}
    only = browser(moderator).get("/moderazione?tipo=comment").get_data(as_text=True)
    assert "Un commento in attesa." in only
    assert proposal.code not in only


@pytest.mark.parametrize("query", ["tipo=%00", "tipo=x", "tipo=%ff", "dopo=zzz", "dopo=" + "A" * 3000,
                                   "dopo=WzAsIHsidCI6ICJ4In0sIDFd"])
def test_a_strange_address_begins_anew(browser, make, moderator, query):
    make.proposal(title="In attesa", state=State.PENDING)
    response = browser(moderator).get(f"/moderazione?{query}")
    assert response.status_code == (404 if "%00" in query else 200)


def test_an_empty_queue_says_so(browser, make, moderator):
    make.process()
    assert "Non c’è nulla da decidere" in text_of(browser(moderator).get("/moderazione"))


def test_pages_follow_each_other_without_gaps(make, moderator):
    for number in range(desk.PAGE + 20):
        make.proposal(title=f"P{number}", state=State.PENDING, author=moderator)
    reported(make, "segnalata")
    first = desk.queue(moderator)
    second = desk.queue(moderator, after=first.next)
    seen = headings(first) + headings(second)
    assert len(first.items) == desk.PAGE
    assert second.next is None
    assert len(seen) == len(set(seen)) == desk.PAGE + 21
    assert "segnalata" in seen


@pytest.mark.parametrize("path", ["/moderazione", "/moderazione/registro"])
def test_the_number_of_questions_does_not_grow_with_the_rows(browser, make, moderator, queries, path):
    def ask():
        with queries() as seen:
            assert who.get(path).status_code == 200
        return len(seen)

    def fill(times):
        for _each in range(times):
            town = make.municipality()
            speaker = make.person(municipality=town)
            make.proposal(state=State.PENDING, author=speaker, organisation=make.organisation(speaker))
            proposal = reported(make, "segnalata", author=make.person(municipality=town))
            make.comment(proposal.thread, state=State.PENDING)
            hidden = make.proposal()
            services.decide(hidden, moderator, act=Act.HIDE, reason=Reason.SPAM, note=WHY, seen=1)

    who = browser(moderator)
    fill(1)
    few = ask()
    fill(12)
    assert ask() == few <= 10


def test_the_log_shows_decisions_and_can_be_narrowed(browser, make, moderator):
    hidden, approved = make.proposal(title="Nascosta"), make.proposal(title="Approvata", state=State.PENDING)
    services.decide(hidden, moderator, act=Act.HIDE, reason=Reason.SPAM, note="Pubblicità di un negozio", seen=1)
    services.decide(approved, moderator, act=Act.APPROVE, seen=1)
    who = browser(moderator)
    everything = text_of(who.get("/moderazione/registro"))
    assert hidden.code in everything
    assert approved.code in everything
    narrowed = text_of(who.get("/moderazione/registro?decisione=hide&motivo=spam"))
    assert hidden.code in narrowed
    assert "Pubblicità" in narrowed
    assert approved.code not in narrowed
    assert who.get("/moderazione/registro?decisione=altro&motivo=altro&dopo=x").status_code == 200
