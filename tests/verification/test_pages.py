"""Codes on paper, the desk, conflicts, and that no tax code is found anywhere afterwards."""

import logging
import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role, Tie, Verification
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.verification import codes, registers, taxcode
from consult.verification.models import CodeBatch, CodePurpose, DeskCheck, Document, OneTimeCode
from tests.browser import text_of
from tests.dump import dump
from tests.verification.conftest import BORN, code_of

SEEN = {"step": "verify", "tie": "resides", "age_band": "35-49", "document": "identity_card",
        "reason": "Non ha un'identità digitale."}


@pytest.fixture
def clerk(make):
    make.authority()
    return make.person(Role.DESK_OPERATOR)


def seen(person, town, number=1, **changes):
    return {**SEEN, "email": person.email, "municipality": str(town.id), "tax_code": code_of(number), **changes}


def sheet(make, number=1, **values):
    return codes.make(make.town(), **{"number": number, "purpose": CodePurpose.ASSEMBLY, "actor": None,
                                      "expires_at": clock.now() + clock.timedelta(days=3), **values})


def test_a_clerk_verifies_whoever_stands_at_the_desk(browser, make, clerk):
    person, town = make.person(), make.municipality("Castelprova")
    desk = browser(clerk)
    first = desk.submit("/sportello/verifica", {"email": person.email.upper()})
    assert person.display_name in text_of(first)
    assert desk.post("/sportello/verifica", seen(person, town)).status_code == 303
    [found] = person.verifications
    assert (found.municipality_id, found.tie, found.age_band) == (town.id, Tie.RESIDES, "35-49")
    check = db.session.scalars(sa.select(DeskCheck)).one()
    assert (check.operator_id, check.document) == (clerk.id, Document.IDENTITY_CARD)
    audited = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "CheckedAtDesk")).one()
    assert audited.actor_id == clerk.id


@pytest.mark.parametrize("changes", [
    {"municipality": ""}, {"municipality": "99999999"}, {"tax_code": "XX"}, {"document": "x"}, {"reason": "  "},
    {"age_band": "0-99"}, {"tie": "loves"}, {"reason": "x" * 400}, {"age_band": ""},
])
def test_what_the_clerk_left_out_is_asked_for(browser, make, clerk, changes):
    person, town = make.person(), make.municipality()
    answer = browser(clerk).post("/sportello/verifica", seen(person, town, **changes))
    assert answer.status_code == 200
    assert person.verifications == []


def test_accounts_are_found_by_their_whole_address_only(browser, make, clerk):
    make.person(email="anna.conti@example.org")
    answer = browser(clerk).post("/sportello/verifica", {"email": "anna.conti"})
    assert "Nessuno con questo indirizzo" in text_of(answer)


def test_nobody_verifies_themselves(browser, make, clerk):
    answer = browser(clerk).post("/sportello/verifica", seen(clerk, make.municipality()))
    assert "Nessuno verifica il proprio account" in text_of(answer)
    assert clerk.verifications == []


@pytest.mark.parametrize("path", ["/sportello/verifica", "/sportello/conflitti", "/ufficio/codici"])
def test_the_desk_is_for_the_staff(browser, make, path):
    make.authority()
    assert browser(make.person()).get(path).status_code == 403
    assert browser().get(path).status_code == 303


def test_a_conflict_is_told_to_the_person_and_closed_by_the_staff(browser, make, clerk):
    holder, other, town = make.person(), make.person(), make.municipality()
    desk = browser(clerk)
    desk.post("/sportello/verifica", seen(holder, town))
    desk.post("/sportello/verifica", seen(other, town))
    assert "La tua richiesta è in conflitto" in text_of(browser(other).get("/profilo/residenza"))
    assert other.display_name in text_of(desk.get("/sportello/conflitti"))
    page = desk.get("/ufficio")
    assert "1 aperto" in text_of(page)
    closed = desk.submit("/sportello/conflitti/1", {"free": "yes", "note": "Documento mostrato."})
    assert closed.status_code == 303
    assert holder.verifications == []
    assert "chiuso il" in text_of(desk.get("/sportello/conflitti/1")).lower()
    assert desk.post("/sportello/verifica", seen(other, town)).status_code == 303
    assert other.verified


def test_a_sheet_of_codes_is_shown_once_with_its_squares(browser, make, clerk):
    town = make.municipality("Castelprova")
    desk = browser(clerk)
    form = desk.form("/ufficio/codici")
    fields = {**form["fields"], "municipality": str(town.id), "number": "3",
              "last_day": (clock.today() + clock.timedelta(days=30)).isoformat()}
    made = desk.post("/ufficio/codici", fields)
    assert made.headers["Cache-Control"] == "no-store"
    html = made.get_data(as_text=True)
    found = re.findall(r'class="code-text">([A-Z0-9-]{14})<', html)
    assert len(set(found)) == 3
    assert html.count("data:image/svg+xml") == 3
    assert desk.post("/ufficio/codici", fields).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(OneTimeCode.hash))) == 3
    person = make.person()
    assert browser(person).submit(f"/codice/{found[0]}", action="/profilo/residenza/codice").status_code == 303
    assert person.residence_id == town.id
    listed = text_of(desk.get("/ufficio/codici"))
    assert "1 di 3 codici legati a un account" in listed
    assert found[1] not in listed


@pytest.mark.parametrize("changes", [
    {"number": "0"}, {"number": "100000"}, {"number": "x"}, {"municipality": "99"}, {"last_day": "2001-01-01"},
    {"last_day": "9999-12-31"}, {"purpose": "party"}, {"tie": "x"},
])
def test_a_sheet_that_cannot_be_is_not_made(browser, make, clerk, changes):
    town = make.municipality()
    fields = {"good_for": "verifying", "municipality": str(town.id), "number": "2", "purpose": "letter", "tie": "works",
              "last_day": clock.today().isoformat(), **changes}
    assert browser(clerk).post("/ufficio/codici", fields).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count(CodeBatch.id))) == 0


def test_a_code_is_good_however_it_is_typed_and_once(browser, make):
    [code] = sheet(make, tie=Tie.WORKS)
    person, late = make.person(), make.person()
    typed = code.replace("-", " ").lower()
    assert browser(person).submit("/profilo/residenza/codice", {"code": typed}).status_code == 303
    assert [one.tie for one in person.holding] == [Tie.WORKS]
    answer = browser(late).submit("/profilo/residenza/codice", {"code": code})
    assert "Questo codice non vale" in text_of(answer)


def test_old_cancelled_and_made_up_codes_are_worthless(browser, make, clerk):
    [old] = sheet(make, expires_at=clock.now() - clock.timedelta(seconds=1))
    [cancelled] = sheet(make)
    batch = db.session.scalars(sa.select(CodeBatch).order_by(CodeBatch.id.desc())).first()
    desk = browser(clerk)
    assert desk.submit("/ufficio/codici", action=f"/ufficio/codici/{batch.id}/annulla").status_code == 303
    person = make.person()
    for code in (old, cancelled, "ABCD-EFGH-JKMN", "🦉", "' OR 1=1"):
        answer = browser(person).post("/profilo/residenza/codice", {"code": code})
        assert "Questo codice non vale" in text_of(answer)
    assert not person.verified


def test_whoever_is_verified_keeps_the_code_for_others(browser, make):
    [code] = sheet(make)
    answer = browser(make.person(verified=True)).post("/profilo/residenza/codice", {"code": code})
    assert answer.status_code == 200
    assert db.session.scalar(sa.select(OneTimeCode.used)) is False


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_code_in_a_link_is_filled_in_used_by_nobody_yet_and_not_in_the_log(browser, make, caplog, signed_in):
    make.authority()
    with caplog.at_level(logging.INFO, "consult"):
        answer = browser(make.person() if signed_in else None).get("/codice/ABCD-EFGH-JKMN")
    assert 'value="ABCD-EFGH-JKMN"' in answer.get_data(as_text=True)
    assert "ABCD-EFGH" not in caplog.text


def test_the_command_prints_codes_that_are_good(app, make):
    town = make.town()
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["codes", "make", "--municipality", town.istat_code, "--number", "2",
                                              "--purpose", "letter", "--expires", "2099-01-01"])
    lines = done.output.splitlines()
    assert lines[0] == "code,link"
    code, link = lines[1].split(",")
    assert link == f"http://localhost:8000/codice/{code}"
    assert codes.use(make.person(), code).municipality_id == town.id


FORM = re.compile(r"(?<![\w-])[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z](?![\w-])", re.IGNORECASE)


def tax_codes(text):
    """What in a text is a tax code; what only looks like one, as a random number may, has another last letter."""
    return [found for found in FORM.findall(text) if taxcode.is_one(found)]


def test_no_tax_code_and_no_day_of_birth_is_left_anywhere(browser, make, clerk, app, caplog, tmp_path):
    town, person, other = make.municipality(), make.person(), make.person()
    hashes = [registers.identifiers.of_resident(code_of(1), BORN)]
    registers.bring(hashes, town, actor=None)
    with caplog.at_level(logging.DEBUG):
        browser(person).submit("/profilo/residenza/registro", {"tax_code": code_of(1), "born": BORN.isoformat()})
        browser(other).submit("/profilo/residenza/registro", {"tax_code": code_of(1), "born": BORN.isoformat()})
        browser(other).submit("/profilo/residenza/registro", {"tax_code": code_of(1)[:-1], "born": "x"})
        browser(clerk).post("/sportello/verifica", seen(make.person(), town, 3))
    assert db.session.scalar(sa.select(sa.func.count(Verification.id))) == 2
    assert tax_codes(f"('{code_of(1)}', 5)") == [code_of(1)]
    for text in (dump(), caplog.text):
        assert tax_codes(text) == []
        assert BORN.isoformat() not in text
