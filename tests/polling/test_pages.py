"""Pages of the desk, of boxes and of the room: what clerks do there, and what nobody is shown."""

import re

import pikepdf
import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.methods.registry import METHODS
from consult.polling import paper, queries, services
from consult.polling.models import BallotBox
from consult.processes.models import Audience, Channel
from consult.results import services as results
from consult.verification.models import OneTimeCode
from consult.voting import services as votes
from consult.voting.models import BallotCaveat, BallotPaper
from tests.browser import text_of
from tests.verification.conftest import BORN, code_of

WHO = {"tax_code": code_of(1), "born": BORN.isoformat()}


def kept():
    return db.session.execute(sa.select(BallotPaper.marks, BallotPaper.channel)).all()


def test_a_clerk_enters_a_paper_and_never_sees_an_earlier_one(ballot, clerks, resident, browser):
    votes.cast(ballot, resident(1), {"B03": 1})
    clerk, page = browser(clerks[0]), f"/votazioni/{ballot.id}/carta/sportello"
    shown = clerk.submit(page, WHO)
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    assert 'name="mark-B01"' in shown.get_data(as_text=True)
    assert not re.search(r'name="mark-B0\d"[^>]*value="\d', shown.get_data(as_text=True))
    sent = {**WHO, "shown": "1", "mark-B01": "2", "mark-B02": "1"}
    assert 'value="cast"' in clerk.post(page, sent).get_data(as_text=True)
    assert kept() == [({"B03": 1}, Channel.ONLINE)]
    wrong = clerk.post(page, {**sent, "mark-B01": "9", "step": "cast"}).get_data(as_text=True)
    assert 'id="paper-error"' in wrong
    assert clerk.post(page, {**sent, "step": "cast"}).location == page
    assert kept() == [({"B01": 2, "B02": 1}, Channel.DESK)]


@pytest.mark.parametrize("who", [
    {}, {"tax_code": code_of(1)}, {"born": BORN.isoformat()}, {"tax_code": "X", "born": BORN.isoformat()},
    {**WHO, "email": "a@example.org"}, {"email": "nobody@example.org"}, {"code": "ABCD-EFGH-JKMN"},
    {"tax_code": code_of(77), "born": BORN.isoformat()}])
def test_nobody_is_served_whom_the_desk_does_not_know(ballot, clerks, resident, browser, who):
    resident(1)
    answer = browser(clerks[0]).submit(f"/votazioni/{ballot.id}/carta/sportello", {**who, "shown": "1", "step": "cast",
                                                                                   "mark-B01": "1"})
    assert answer.status_code == 200
    assert "error-summary" in answer.get_data(as_text=True)
    assert kept() == []


def test_a_box_from_its_first_paper_to_its_minutes(ballot, clerks, resident, browser, make):
    one, other = map(browser, clerks)
    page = f"/votazioni/{ballot.id}/carta"
    begun = one.submit(page, {"number": "4", "municipality": str(make.town().id), "place": "Scuola", "twice": "y"},
                       action=f"{page}/urne")
    box = db.session.scalars(sa.select(BallotBox)).one()
    assert begun.location == f"/urne/{box.id}"
    again = one.submit(page, {"number": "4", "municipality": str(make.town().id), "place": "Scuola"},
                       action=f"{page}/urne")
    assert "error-summary" in again.get_data(as_text=True)
    resident(1)
    assert one.submit(f"/urne/{box.id}/elenco", WHO).location == f"/urne/{box.id}/elenco"
    assert "error-summary" in one.submit(f"/urne/{box.id}/elenco", WHO).get_data(as_text=True)
    assert one.submit(f"/urne/{box.id}").location == f"/urne/{box.id}/schede/1"
    sheet = f"/urne/{box.id}/schede/1"
    assert one.submit(sheet, {"mark-B01": "1", "mark-B02": "1"}).location == f"/urne/{box.id}/schede/2"
    seen = other.get(sheet).get_data(as_text=True)
    assert not re.search(r'name="mark-B0\d"[^>]*value="\d', seen)
    assert 'id="paper-error"' in other.submit(sheet, {"mark-B01": "7"}).get_data(as_text=True)
    other.submit(sheet, {"mark-B01": "1"})
    assert one.submit(f"{sheet}/confronto", {"right": "first"}).location == f"/urne/{box.id}"
    assert "error-summary" in one.submit(f"/urne/{box.id}/chiudi", {"taken_out": "2"}).get_data(as_text=True)
    assert one.submit(f"/urne/{box.id}/chiudi", {"taken_out": "1"}).location == f"/urne/{box.id}/verbale"
    assert "Scuola" in text_of(one.get(f"/urne/{box.id}/verbale"))
    assert kept() == [({"B01": 1, "B02": 1}, Channel.PAPER)]
    assert {"BoxOpened", "VoterTicked", "BoxPaperKeyed", "BoxPaperSettled", "BoxClosed"} <= set(
        db.session.scalars(sa.select(AuditEntry.event)))
    assert one.get(sheet).status_code == one.get(f"/urne/{box.id}/elenco").status_code == 403


def test_a_clerk_copies_a_reservation_and_another_compares_it(make, clerks, browser):
    ballot = make.ballot(method="consent", minimum=0, maximum=3)
    box = services.open_box(ballot, clerks[0], number=1, municipality=make.town(), place="Scuola", twice=True)
    sheet = f"/urne/{box.id}/schede/1"
    one, other = map(browser, clerks)
    one.submit(sheet, {"mark-B01": "2", "caveat-B01": "Solo d’estate", "caveat-B02": "Di un altro"})
    other.submit(sheet, {"mark-B01": "2", "caveat-B01": "Solo d’inverno"})
    shown = text_of(one.get(f"{sheet}/confronto"))
    assert "Solo d’estate" in shown
    assert "Di un altro" not in shown
    one.submit(f"{sheet}/confronto", {"right": "second"})
    one.submit(f"/urne/{box.id}/chiudi", {"taken_out": "1", "note": "Prova."})
    assert list(db.session.scalars(sa.select(BallotCaveat.text))) == ["Solo d’inverno"]


@pytest.mark.parametrize(("role", "status"), [
    (Role.DESK_OPERATOR, 200), (Role.PLAN_OFFICE, 200), (Role.MODERATOR, 403), (None, 403)])
def test_who_works_with_paper(make, browser, ballot, box, role, status):
    ballot.codes_allowed = True
    person = browser(make.person(*([role] if role else [])))
    for page in (f"/votazioni/{ballot.id}/carta", f"/votazioni/{ballot.id}/carta/sportello",
                 f"/votazioni/{ballot.id}/carta/codici", f"/urne/{box.id}", f"/urne/{box.id}/elenco",
                 f"/urne/{box.id}/schede/1", f"/urne/{box.id}/chiudi", f"/urne/{box.id}/verbale"):
        assert person.get(page).status_code == status, page


def test_codes_of_an_assembly_are_shown_once_and_kept_as_hashes(make, browser, ballot, clerks):
    ballot.audience = Audience.SIGNED_IN
    answer = browser(clerks[0]).submit(f"/votazioni/{ballot.id}/carta/codici", {
        "municipality": str(make.town().id), "number": "3"})
    found = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", text_of(answer))
    assert len(set(found)) == 3
    assert "no-store" in answer.headers["Cache-Control"]
    kept_back = db.session.scalars(sa.select(OneTimeCode.hash)).all()
    assert len(kept_back) == 3
    assert not set(found) & set(kept_back)
    visitor = browser()
    link = f"/codice/{found[0]}?next=/votazioni/{ballot.id}/vota"
    vote = visitor.submit(link, action="/codice")
    assert vote.location == f"/votazioni/{ballot.id}/vota"
    visitor.submit(vote.location, {"mark-B01": "1", "step": "cast"})
    assert kept() == [({"B01": 1}, Channel.ASSEMBLY)]
    assert "1 di 3" in text_of(browser().get(f"/votazioni/{ballot.id}/sala"))


def test_the_screen_tells_how_many_and_for_what_only_after_closing(make, browser, ballot):
    small = make.municipality("Vallepiccola")
    for place, voters in ((make.town(), 9), (small, 2)):
        for _ in range(voters):
            votes.cast(ballot, make.person(municipality=place), {"B02": 1})
    page = f"/votazioni/{ballot.id}/sala"
    shown = text_of(browser().get(page))
    assert "11" in shown
    assert "Vallepiccola" in shown
    assert "Progetto" not in shown
    html = browser().get(page).get_data(as_text=True)
    assert 'hx-trigger="every' in html
    assert '<noscript><meta http-equiv="refresh"' in html
    assert "hx-trigger" not in browser().get(f"{page}?fermo=1").get_data(as_text=True)
    told = {town.name: town.papers for town in queries.turnout(ballot).towns}
    assert told["Vallepiccola"] is None
    ballot.closes_at = clock.now()
    results.freeze(ballot)
    after = browser().get(page)
    assert "Progetto 2" in text_of(after)
    assert "hx-trigger" not in after.get_data(as_text=True)


def test_pages_ask_as_often_for_many_as_for_few(make, browser, ballot, clerks, queries):
    def asked():
        counts = []
        for page in (f"/votazioni/{ballot.id}/carta", f"/votazioni/{ballot.id}/sala", f"/urne/{box.id}"):
            clerk.get(page)
            with queries() as seen:
                assert clerk.get(page).status_code == 200
            counts.append(len(seen))
        return counts

    clerk = browser(clerks[0])
    box = services.open_box(ballot, clerks[0], number=1, municipality=make.town(), place="Scuola", twice=True)
    few = asked()
    for number in range(2, 9):
        services.open_box(ballot, clerks[0], number=number, municipality=make.municipality(), place="Sede", twice=True)
    for number in range(1, 20):
        services.key(box, number, clerks[0], {"marks": {"B01": 1}})
        votes.cast(ballot, make.person(), {"B02": 1})
    assert asked() == few


def ballot_by(make, method):
    ballot = make.ballot(method=method, options=4, maximum=4, budget=1000 if METHODS[method].needs_budget else None)
    for option in ballot.options:
        option.group = "" if method != "poll" else "merger" if option.position < 3 else "name"
        option.cost = 300
    return ballot


def test_every_way_of_voting_has_its_paper(make):
    for method in METHODS:
        ballot = ballot_by(make, method)
        sheet = paper.sheet(ballot, "it")
        assert [option["label"] for part in sheet["parts"] for option in part["options"]] == [
            str(option.title) for option in ballot.options]
        assert {part["form"] for part in sheet["parts"]} <= {"choices", "numbers", "marks"}
        assert all(bool(part["columns"]) == (part["form"] == "marks") for part in sheet["parts"])


@pytest.mark.parametrize("method", ["poll", "schulze", "judgement"])
def test_a_paper_is_set_on_one_page_that_programs_can_read(make, method, tmp_path):
    (tmp_path / "ballot.pdf").write_bytes(paper.pdf(ballot_by(make, method), "it"))
    with pikepdf.open(tmp_path / "ballot.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) == 1


def test_the_paper_comes_in_each_language_to_the_staff(browser, ballot, clerks):
    answer = browser(clerks[0]).get(f"/votazioni/{ballot.id}/carta/de.pdf")
    assert (answer.mimetype, answer.data[:4]) == ("application/pdf", b"%PDF")
    assert browser(clerks[0]).get(f"/votazioni/{ballot.id}/carta/xx.pdf").status_code == 404
