"""Papers go out as files that other programs recount, and come in from them: looked through, taken whole, undone."""

import csv
import io
import json

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.ballots import exchange, importing, looking, moving
from consult.ballots.models import PapersFile
from consult.ballots.services import RefusedError
from consult.core import clock
from consult.core.db import db
from consult.ledger import queries as ledgers
from consult.processes.models import Channel, ResultsVisible
from consult.processes.services import announce_passages
from consult.voting import queries as voting
from consult.voting import services as casting
from consult.voting.models import Ballot, BallotOption, BallotPaper
from tests.ballots.conftest import latest, typed
from tests.browser import text_of
from tests.factories import DAY
from tests.voting.together import counted


def filled(make, method, papers, **values):
    """A ballot with three options in which these papers were cast."""
    ballot = make.ballot(method=method, **{"minimum": 0, "maximum": 3, **values})
    for option, cost in zip(ballot.options, (10, 20, 30), strict=True):
        option.cost = cost if ballot.budget else None
    db.session.flush()
    casting.put_papers(ballot, ((f"{number:032}", marks, make.town().id) for number, marks in enumerate(papers)),
                       channel=Channel.PAPER)
    return ballot


def closed(ballot):
    clock.shift(clock.timedelta(days=6))
    announce_passages()
    db.session.commit()
    return voting.ballot(ballot.id)


APPROVALS = [{"B01": 1}, {"B01": 1, "B02": 1}, {"B01": 1}, {"B03": 1}]
RANKS = [{"B01": 1, "B02": 2, "B03": 3}, {"B01": 1, "B02": 2, "B03": 3}, {"B02": 1, "B01": 2}]
FILES = [
    ("greedy", APPROVALS, {"budget": 60}, "pb"),
    ("points", [{"B01": 4, "B02": 6}, {"B03": 10}], {"budget": 60, "parameters": {"points": 10}}, "pb"),
    ("schulze", RANKS * 3, {}, "soi"),
    ("borda", [{"B01": 1, "B02": 1, "B03": 2}] * 8, {}, "toi"),
    ("judgement", [{"B01": 5, "B02": 0, "B03": 2}] * 2, {}, "cat"),
    ("approval", APPROVALS, {}, "csv"),
    ("score", [{"B01": 7, "B02": 0}, {"B03": 10}], {"parameters": {"highest": 10}}, "csv"),
    ("stances", [{"B01": 1, "B02": 0}, {"B03": 2}], {}, "csv"),
]


@pytest.mark.parametrize(("method", "papers", "values", "ext"), FILES, ids=lambda value: str(value)[:12])
def test_papers_go_out_and_come_back(make, browser, method, papers, values, ext):
    ballot = filled(make, method, papers, **values)
    before = closed(ballot)
    assert ext in [each for each, _name in exchange.offered(before)]
    answer = browser().get(f"/votazioni/{ballot.id}/schede.{ext}")
    content = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert make.town().name not in content
    again = make.ballot(method=method, **{"minimum": 0, "maximum": 3, **values})
    for option, cost in zip(again.options, (10, 20, 30), strict=True):
        option.cost = cost if again.budget else None
    found = list(looking.lines(again, content))
    assert not [line for line in found if line.refusal]
    told = [line.marks for line in found for _time in range(line.times)]
    assert sorted(sorted(marks.items()) for marks in told) == sorted(sorted(marks.items()) for marks in papers)


def test_a_file_of_json_lets_another_program_recount(make, browser):
    ballot = filled(make, "approval", APPROVALS)
    closed(ballot)
    said = json.loads(browser().get(f"/votazioni/{ballot.id}/schede.json").get_data(as_text=True))
    votes = {option["code"]: 0 for option in said["rules"]["options"]}
    for paper in said["papers"]:
        for code in paper["marks"]:
            votes[code] += paper["papers"]
    assert votes == {"B01": 3, "B02": 1, "B03": 1}
    assert said["winners"] == ["B01"]
    assert said["rules"]["seed"] == ballot.seed


def test_rankings_that_could_be_recognised_stay_in_the_box(make, browser):
    ballot = filled(make, "schulze", [*RANKS[:2], {"B03": 1, "B01": 2, "B02": 3}])
    before = closed(ballot)
    assert [ext for ext, _name in exchange.offered(before)] == ["csv", "json"]
    answer = browser().get(f"/votazioni/{ballot.id}/schede.soi")
    assert answer.status_code == 302
    assert answer.location == f"/votazioni/{ballot.id}/schede.csv"
    rows = list(csv.reader(io.StringIO(browser().get(answer.location).get_data(as_text=True))))
    assert ["B01", "B02", "B03"] not in [row[:3] for row in rows]
    assert any("Progetto 1" in row and len(row) > 2 for row in rows)


def test_papers_are_given_out_only_once_the_results_are_public(make, browser):
    ballot = filled(make, "approval", APPROVALS)
    path = f"/votazioni/{ballot.id}/schede.csv"
    assert browser().get(path).status_code == 403
    assert browser(make.person(Role.PLAN_OFFICE)).get(path).status_code == 403
    ballot.results_visible = ResultsVisible.STAFF
    closed(ballot)
    assert browser().get(path).status_code == 403
    assert browser(make.person(Role.PLAN_OFFICE)).get(path).status_code == 200
    db.session.get(Ballot, ballot.id).results_visible = ResultsVisible.AFTER_CLOSE
    assert "schede.csv" in browser().get(f"/risultati/{ballot.id}").get_data(as_text=True)


CONTENT = ("B01,B02,B03,municipality,papers\n1,,,Roccaprova,2\n1,1,1,,1\n,,,,1\n,9,,Roccaprova,1\n,1,,Altrove,3\n")


def sent(desk, page, content, name="schede.csv", **fields):
    form = desk.form(page)["fields"]
    return desk.post(page, {**form, **fields, "file": (io.BytesIO(content.encode()), name)},
                     content_type="multipart/form-data")


def test_a_file_is_looked_through_before_anything_counts(desk, make):
    make.town()
    page = f"/ufficio/votazioni/{make.ballot().id}/schede/nuove"
    answer = sent(desk, page, CONTENT)
    assert answer.status_code == 303
    text = text_of(desk.get(answer.location))
    assert "5 Schede che entrerebbero" in text or "Schede che entrerebbero 5" in text
    assert "il massimo è 2" in text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotPaper)) == 0
    assert sent(desk, page, CONTENT, "altro.csv").location == answer.location
    file = db.session.scalars(sa.select(PapersFile)).one()
    desk.submit(answer.location, action=f"/ufficio/schede/{file.id}/elimina")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PapersFile)) == 0


@pytest.mark.parametrize("when", ["open", "coming"])
def test_a_file_is_taken_whole_and_undone_whole(desk, make, when):
    ballot = make.ballot(when=when)
    file, _new = importing.send(ballot, make.person(), name="a.csv", content=CONTENT)
    page, take, undo = (f"/ufficio/schede/{file.id}{act}" for act in ("", "/prendi", "/annulla"))
    assert desk.post(take, {"expected": "4", "once": "x"}).status_code == 303
    assert voting.ballot(ballot.id).paper_count == 0
    assert desk.submit(page, action=take).status_code == 303
    papers = list(db.session.scalars(sa.select(BallotPaper)))
    assert (voting.ballot(ballot.id).paper_count, len(papers)) == (5, 5)
    assert {paper.channel for paper in papers} == {Channel.IMPORTED}
    assert [paper.municipality_id for paper in papers].count(make.town().id) == 2
    assert db.session.scalars(sa.select(PapersFile.content)).one() == ""
    assert desk.post(take, {"expected": "5", "once": "y"}).status_code == 403
    assert desk.submit(page, action=undo).status_code == 303
    assert voting.ballot(ballot.id).paper_count == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PapersFile)) == 0
    assert ledgers.exists(ballot.id)
    events = list(db.session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event.like("PapersFile%"))))
    assert events == ["PapersFileSent", "PapersFileTaken", "PapersFileUndone"]


def test_a_file_that_is_of_no_use_says_why(desk, make):
    ballot = make.ballot()
    page = f"/ufficio/votazioni/{ballot.id}/schede/nuove"
    ranking = "# DATA TYPE: soc\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n3: 1,2\n"
    for content, sentence in (("", "file"), ("META\nkey;value\n", ""), (ranking, "di un altro tipo"),
                              ("B01\nforse\n", "")):
        answer = sent(desk, page, content)
        assert answer.status_code == 200
        assert "form-error" in answer.get_data(as_text=True)
        assert sentence in text_of(answer)


def test_a_closed_ballot_takes_and_gives_back_nothing(browser, make):
    ballot = make.ballot()
    file, _new = importing.send(ballot, make.person(), name="a.csv", content=CONTENT)
    importing.take(file, make.person(), expected=5)
    closed(ballot)
    desk = browser(make.person(Role.PLAN_OFFICE))
    assert desk.get(f"/ufficio/votazioni/{ballot.id}/schede/nuove").status_code == 403
    assert desk.post(f"/ufficio/schede/{file.id}/annulla").status_code == 403
    assert voting.ballot(ballot.id).paper_count == 5


def test_a_file_that_nobody_takes_is_erased(make):
    file, _new = importing.send(make.ballot(), make.person(), name="a.csv", content=CONTENT)
    clock.shift(8 * DAY)
    importing.forget()
    assert db.session.scalar(sa.select(PapersFile.id).where(PapersFile.id == file.id)) is None


def test_many_papers_are_moved_behind_the_page(desk, make, monkeypatch):
    make.town()
    ballot_id = make.ballot().id
    monkeypatch.setattr(moving, "AT_ONCE", 10)
    monkeypatch.setattr(moving, "PORTION", 7)
    content = "B01,B02,B03,municipality,papers\n1,,,Roccaprova,20\n,1,,,5\n1,1,1,,3\n"
    page = sent(desk, f"/ufficio/votazioni/{ballot_id}/schede/nuove", content).location
    assert "il massimo è 2" in text_of(desk.get(page))
    desk.submit(page, action=f"{page}/prendi")

    def papers():
        return db.session.scalar(sa.select(Ballot.paper_count).where(Ballot.id == ballot_id))

    shown = desk.get(page, headers={"Hx-Request": "true"})
    assert (papers(), "7 su 25" in text_of(shown), "HX-Refresh" in shown.headers) == (7, True, False)
    moving.move(int(page.rsplit("/", 1)[1]))
    file = db.session.scalars(sa.select(PapersFile).execution_options(populate_existing=True)).one()
    assert (papers(), file.taken, file.goal, file.content) == (25, 25, 25, "")
    assert desk.get(page, headers={"Hx-Request": "true"}).headers["HX-Refresh"] == "true"
    assert [paper.municipality_id for paper in db.session.scalars(sa.select(BallotPaper))].count(make.town().id) == 20
    desk.submit(page, action=f"{page}/annulla")
    assert papers() == 18
    desk.post(f"{page}/annulla")
    assert papers() == 18
    moving.move(int(page.rsplit("/", 1)[1]))
    assert (papers(), db.session.scalar(sa.select(sa.func.count()).select_from(PapersFile))) == (0, 0)
    assert counted("paper") == {} or set(counted("paper").values()) == {0}


def test_what_closes_over_a_file_is_told_and_many_papers_need_time(make, monkeypatch):
    ballot = make.ballot()
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    monkeypatch.setattr(moving, "PORTION", 2)
    late, _new = importing.send(ballot, make.person(), name="b.csv", content=CONTENT + "1,,,,1\n")
    file, _new = importing.send(ballot, make.person(), name="a.csv", content=CONTENT)
    importing.take(file, make.person(), expected=5)
    clock.shift(ballot.closes_at - clock.now() - moving.TIME / 2)
    with pytest.raises(RefusedError, match="alcuni minuti"):
        importing.take(late, make.person(), expected=6)
    clock.shift(6 * DAY)
    moving.go_on()
    db.session.flush()
    db.session.expire_all()
    assert (file.taken, file.goal, file.moving, voting.ballot(ballot.id).paper_count) == (2, 2, False, 2)
    assert "PapersFileStopped" in set(db.session.scalars(sa.select(AuditEntry.event)))


def test_a_new_ballot_is_made_of_a_file(make, browser):
    ballot = filled(make, "greedy", APPROVALS, budget=60)
    closed(ballot)
    content = browser().get(f"/votazioni/{ballot.id}/schede.pb").get_data(as_text=True)
    desk, page = browser(make.person(Role.PLAN_OFFICE)), "/ufficio/percorsi/prova/votazione-da-file"
    answer = sent(desk, page, content, "bilancio.pb", phase=str(make.phase().id), opens_at=typed(clock.now() + DAY),
                  closes_at=typed(clock.now() + 20 * DAY))
    assert answer.status_code == 303, text_of(answer)
    made = latest()
    assert (made.method, made.budget, made.published) == ("greedy", 60, False)
    assert [(str(o.title), o.cost) for o in made.options] == [
        ("Progetto 1", 10), ("Progetto 2", 20), ("Progetto 3", 30)]
    file = db.session.scalars(sa.select(PapersFile).where(PapersFile.ballot_id == made.id)).one()
    desk.submit(answer.location, action=f"/ufficio/schede/{file.id}/prendi")
    assert latest().paper_count == 4
    assert "cambierebbe il significato" in text_of(desk.get(f"/ufficio/votazioni/{made.id}/prepara"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotOption).where(
        BallotOption.ballot_id == made.id)) == 3
