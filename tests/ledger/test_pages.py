"""The register of a ballot as anybody sees it, and the page on which a paper is declared void."""

import io
import json
import zipfile
from xml.etree import ElementTree as ET

import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core.db import db
from consult.ledger import packing, queries, signing
from consult.ledger.verifier import checking
from consult.voting import services
from consult.voting.models import BallotPaper
from tests.browser import text_of
from tests.ledger.conftest import moved, over, verified

ATOM = "{http://www.w3.org/2005/Atom}"


def test_everybody_sees_the_heads_and_nobody_the_entries(make, browser):
    ballot = make.ballot()
    services.cast(ballot, make.person(), {"B01": 1})
    moved()
    visitor = browser()
    page = visitor.get(f"/votazioni/{ballot.id}/registro")
    assert page.status_code == 200
    assert signing.verifier() in text_of(page)
    head = visitor.get(f"/votazioni/{ballot.id}/registro/2.txt")
    assert checking.Key(signing.verifier()).signs(checking.heads_in(head.get_data(as_text=True))[0])
    assert "attachment" in head.headers["Content-Disposition"]
    feed = ET.fromstring(visitor.get(f"/votazioni/{ballot.id}/registro.atom").get_data())  # noqa: S314
    assert len(feed.findall(f"{ATOM}entry")) == 1
    hashes = visitor.get(f"/votazioni/{ballot.id}/registro/impronte.txt").get_data(as_text=True).split()
    assert hashes == [hashed.hex() for hashed in queries.hashes(ballot.id, 0, 2)]
    assert visitor.get(f"/votazioni/{ballot.id}/pubblicazione.zip").status_code in (302, 303, 403, 404)
    assert visitor.get(f"/votazioni/{ballot.id}/registro/3.txt").status_code == 404
    assert visitor.get("/votazioni/999/registro").status_code == 404


def test_the_publication_is_offered_once_the_ballot_has_closed(make, browser, tmp_path):
    ballot = make.ballot()
    for _ in range(3):
        services.cast(ballot, make.person(), {"B01": 1})
    over(ballot)
    visitor = browser()
    assert visitor.get(f"/votazioni/{ballot.id}/pubblicazione.zip").status_code == 404
    packing.pack()
    page = visitor.get(f"/votazioni/{ballot.id}/registro")
    assert f"/votazioni/{ballot.id}/pubblicazione.zip" in page.get_data(as_text=True)
    with (visitor.get(f"/votazioni/{ballot.id}/pubblicazione.zip") as answer,
          zipfile.ZipFile(io.BytesIO(answer.get_data())) as packed):
        packed.extractall(tmp_path / "unpacked")
    folder = tmp_path / "unpacked" / f"votazione-{ballot.id}"
    assert verified(folder)[0] == 0
    results = visitor.get(f"/risultati/{ballot.id}").get_data(as_text=True)
    assert f"/votazioni/{ballot.id}/pubblicazione.zip" in results


def test_the_guarantor_declares_a_paper_void(make, browser):
    ballot, person, other = make.ballot(), make.person(), make.person()
    services.cast(ballot, person, {"B01": 1})
    tag = services.cast(ballot, other, {"B02": 1}).tag
    address, email = f"/votazioni/{ballot.id}/registro/annulla", person.email
    voter, guarantor = browser(person), browser(make.person(Role.GUARANTOR))
    assert browser(make.person(Role.PLAN_OFFICE)).get(address).status_code == 403
    assert guarantor.post(address, {"tag": tag, "email": email, "why": "doppia-identita"}).status_code == 200
    assert guarantor.post(address, {"email": email, "why": "antipatia"}).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotPaper)) == 2
    assert guarantor.post(address, {"email": email, "why": "doppia-identita"}).status_code == 303
    assert db.session.scalars(sa.select(BallotPaper.tag)).all() == [tag]
    assert guarantor.post(address, {"email": email, "why": "doppia-identita"}).status_code == 200
    events = db.session.execute(sa.select(AuditEntry.event, AuditEntry.facts)).all()
    assert [set(facts) for event, facts in events if event == "PaperVoided"] == [{"activity_id", "why"}]
    assert sum(event == "PaperLookedFor" for event, _facts in events) == 2  # also where there is none
    assert voter.post(f"/votazioni/{ballot.id}/vota", {"step": "cast", "choices": "B01"}).status_code == 403


def test_a_paper_void_after_the_closing_has_the_publication_made_anew(make, browser, tmp_path):
    ballot = make.ballot()
    tag = services.cast(ballot, make.person(), {"B02": 1}).tag
    over(ballot)
    packing.pack()
    guarantor, ballot = browser(make.person(Role.GUARANTOR)), db.session.merge(ballot)
    before = packing.file_of(ballot.id)
    address = f"/votazioni/{ballot.id}/registro/annulla"
    assert guarantor.post(address, {"tag": tag, "why": "ordine-del-giudice"}).status_code == 303
    moved()
    packing.pack()
    after = packing.file_of(ballot.id)
    assert (before.exists(), after.exists()) == (False, True)
    with zipfile.ZipFile(after) as packed:
        packed.extractall(tmp_path / "u")
    folder = tmp_path / "u" / f"votazione-{ballot.id}"
    assert verified(folder)[0] == 0, verified(folder)[1]
    told = json.loads((folder / "result.json").read_text())
    assert (told["voided"], told["valid"]) == ({"ordine-del-giudice": 1}, 0)


def test_the_command_writes_the_folder_or_says_why_not(make, app, tmp_path):
    ballot = make.ballot()
    services.cast(ballot, make.person(), {"B01": 1})
    db.session.commit()
    runner, id = app.test_cli_runner(), str(ballot.id)
    early = runner.invoke(args=["ballots", "publish", id, "--to", str(tmp_path / "p")])
    assert (early.exit_code, "has not closed yet" in early.output) == (1, True)
    assert runner.invoke(args=["ballots", "publish", "77"]).exit_code == 1
    over(db.session.merge(ballot))
    done = runner.invoke(args=["ballots", "publish", id, "--to", str(tmp_path / "p")])
    assert done.exit_code == 0, done.output
    assert verified(tmp_path / "p")[0] == 0
