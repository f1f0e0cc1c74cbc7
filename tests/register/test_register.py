"""The register says what was decided and why, and leads to no person and to no text."""

import csv
import io
import itertools
import tracemalloc
from datetime import timedelta

import pytest

from consult.accounts.models import Role
from consult.appeals import queries as appeals
from consult.appeals import services as reviews
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.moderation import contributed, record
from consult.moderation import services as moderation
from consult.moderation.models import Act, Origin, Reason
from consult.register import figures, queries
from consult.register.queries import Narrowed
from tests.browser import text_of
from tests.factories import DAY

PAGES = ("/registro-moderazione", "/registro-moderazione/cifre", "/registro-moderazione.csv",
         "/registro-moderazione.json")
NOTE = "Zuccherina nota che nessuno deve leggere."


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR, display_name="Chiara Moderatrice")


def hidden(make, moderator, *, reason=Reason.OFFENCE, act=Act.HIDE, ago=0, waited=3, **values):
    """A proposal that waited for some hours, decided some days ago."""
    at = clock.now() - ago * DAY
    proposal = make.proposal(state=State.PENDING, submitted_at=at - timedelta(hours=waited), **values)
    with clock.at(at):
        return moderation.decide(proposal, moderator, act=act, reason=reason, note=NOTE,
                                 seen=moderation.mark(proposal))


def read(browser, *paths):
    return "\n".join(browser().get(path).get_data(as_text=True) for path in paths or PAGES)


def test_nothing_of_a_person_or_of_a_text_is_in_it(browser, make, moderator):
    author = make.person(display_name="Ada Bellini", email="ada.bellini@example.org")
    reader = make.person(display_name="Ugo Lettore", email="ugo@example.org")
    club = make.organisation(author, name="Circolo dei pescatori")
    said = {"author": author, "organisation": club, "title": "Trampolino inqualificabile",
            "body": "Parole mai più leggibili."}
    decisions = [hidden(make, moderator, **said), hidden(make, moderator, act=Act.REVISE, **said)]
    proposal = make.proposal(**said)
    comment = make.comment(proposal.thread, author=author, body="Un commento velenoso.")
    for thing, act in ((proposal, Act.KEEP), (comment, Act.HIDE)):
        contributions.flag(thing, reader, reason=FlagReason.OFFENCE, note="Mi offende davvero.")
        moderation.decide(thing, moderator, act=act, reason=Reason.SPAM, note=NOTE, seen=moderation.mark(thing))
    reviews.ask(appeals.appealable(decisions[0].id), author, words="Non sono affatto d'accordo.")
    everything = read(browser)
    assert everything.count("insulti o minacce") > 3
    codes = [decision.contribution.code for decision in decisions] + [proposal.code, comment.code]
    for words in ("Ada", "Bellini", "Ugo", "Lettore", "Chiara", "Moderatrice", "pescatori", author.email,
                  reader.email, moderator.email, "Trampolino", "leggibili", "velenoso", "Zuccherina", "Mi offende",
                  "affatto", *codes, *(decision.snapshot for decision in decisions)):
        assert words not in everything, words


def test_each_line_says_what_why_where_on_whose_initiative_and_how_long_it_took(browser, make, moderator):
    decision = hidden(make, moderator, waited=5)
    (line,) = browser().get("/registro-moderazione.json").get_json()
    assert line == {
        "date": clock.today().isoformat(), "percorso": {"it": "Prova 2035"}, "phase": {"it": "Fase 2"},
        "kind": "proposal", "act": "hide", "reason": "offence", "reason_label": "insulti o minacce",
        "rule_version": decision.rule_version, "origin": "held", "automated_decision": False,
        "hours_to_decide": 5.0, "review": None}
    page = text_of(browser().get("/registro-moderazione"))
    for words in ("Nascosto", "insulti o minacce", "Proposta", "Fase 2", "5 ore", record.length()[1]):
        assert words in page
    table = browser().get("/registro-moderazione.csv").data
    assert table.count(b"\xef\xbb\xbf") == 1
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][1:3] == ["Prova 2035", "Fase 2"]


def test_what_came_of_a_review_stands_beside_the_decision(make, moderator):
    decision = hidden(make, moderator)
    appeal = reviews.ask(appeals.appealable(decision.id), decision.contribution.author, words="Per nulla d'accordo.")
    assert [line.outcome for line in queries.every_line(Narrowed())] == ["open"]
    another, found = make.person(Role.MODERATOR), appeals.review(appeal.id)
    moderation.decide(found, another, act=Act.CONFIRM, note="Resta così, per le ragioni già dette.",
                      seen=moderation.mark(found))
    assert [line.outcome for line in queries.every_line(Narrowed())] == ["confirmed"]


def test_what_was_taken_back_what_is_not_public_and_what_touches_no_text_is_left_out(make, moderator):
    undone = hidden(make, moderator)
    moderation.take_back(undone, undone.contribution, moderator)
    assert list(queries.every_line(Narrowed())) == []
    kept = hidden(make, moderator)
    assert len(list(queries.every_line(Narrowed()))) == 1
    contributed.of(kept.contribution).activity.phase.process.published = False
    db.session.flush()
    assert list(queries.every_line(Narrowed())) == []
    assert queries.groups() == []


def test_it_can_be_narrowed_and_strange_addresses_begin_anew(browser, make, moderator):
    hidden(make, moderator, reason=Reason.SPAM, ago=70)
    hidden(make, moderator, act=Act.APPROVE)
    month = (clock.today() - 70 * DAY).strftime("%Y-%m")
    page = browser()

    def acts(query):
        return [line["act"] for line in page.get(f"/registro-moderazione.json?{query}").get_json()]

    assert acts(f"mese={month}") == acts("motivo=spam") == acts("decisione=hide") == ["hide"]
    assert acts("percorso=prova&decisione=approve") == ["approve"]
    assert acts("decisione=lock") == []
    for strange in ("mese=2026-13", "decisione=snooze", "motivo=x", "percorso=altro", "mese=²²²²-1²"):
        assert acts(strange) == ["approve", "hide"]
        assert page.get(f"/registro-moderazione?{strange}&dopo=zz").status_code == 200


def test_pages_follow_each_other_and_queries_do_not_grow(browser, make, moderator, queries):
    def cost(path):
        with queries() as seen:
            assert browser().get(path).status_code == 200
        return len(seen)

    hidden(make, moderator)
    before = [cost(path) for path in PAGES]
    for _each in range(55):
        hidden(make, moderator)
    assert [cost(path) for path in PAGES] == before
    page = browser().get("/registro-moderazione").get_data(as_text=True)
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert page.count("<tr>") == 51
    assert browser().get(following).get_data(as_text=True).count("<tr>") == 7
    assert len(browser().get("/registro-moderazione.json").get_json()) == 56


def test_figures_are_counted_by_month_and_small_ones_kept_back(browser, make, moderator):
    for ago, number in ((40, 6), (1, 7)):
        for _each in range(number):
            hidden(make, moderator, ago=ago)
    for _each in range(6):
        hidden(make, moderator, act=Act.APPROVE, ago=40, waited=30)
    hidden(make, moderator, reason=Reason.SPAM, ago=40)
    found = {table.code: table for table in figures.tables(queries.groups())}
    assert [row.values[0] for row in found["moderation-months"].rows] == [13, 7, 20]
    reasons = {str(row.label): row.values[0] for row in found["moderation-reasons"].rows}
    assert reasons["Totale"] == 14
    assert reasons["pubblicità o ripetizione"] is None
    held = found["moderation-time"].rows[0].values
    assert held == (14 / 20, 24)
    page = text_of(browser().get("/registro-moderazione/cifre"))
    assert "70,0" in page
    assert "n. d." in page or "n. s." in page


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_long_register_is_never_whole_in_memory(browser, make, monkeypatch, ending):
    make.process()
    line = queries.Line(clock.now(), "contribution", "comment", Act.HIDE, "spam", "1", Origin.FLAGGED, clock.now(),
                        Localized.of("Prova"), Localized.of("Fase"), None)
    who, path = browser(), f"/registro-moderazione.{ending}"
    monkeypatch.setattr(queries, "every_line", lambda _narrowed: itertools.repeat(line, 10))
    who.get(path).get_data()  # what is read once for all
    monkeypatch.setattr(queries, "every_line", lambda _narrowed: itertools.repeat(line, 8000))
    tracemalloc.start()
    answer = who.get(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    whole = answer.get_data()
    assert peak < len(whole) / 2
    assert whole.count(b"spam" if ending == "json" else b"pubblicit") >= 8000
