"""What everybody reads of the pact, and what the plan office and signatories write."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Mandate, Role
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.notices import queries as notices
from consult.notices import services as following
from consult.notices.words import told
from consult.pact.models import (
    Commitment,
    CommitmentMilestone,
    CommitmentState,
    Pact,
    PactState,
    Progress,
    ProgressReport,
)
from tests.browser import text_of
from tests.pact.conftest import PACT
from tests.payloads import XSS

MINUTE = timedelta(minutes=1)


def events():
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


def test_the_pact_is_begun_kept_by_the_staff_and_put_before_everybody(make, browser):
    process, office, visitor = make.process(), browser(make.person(Role.PLAN_OFFICE)), browser()
    office.get("/?lingua=en")
    path = f"/percorsi/{process.slug}/patto/nuovo"
    more = office.submit(path, {"title": "Il patto", "clauses-0-title": "Oggetto"}, button=("act", "row:clauses"))
    assert more.status_code == 200
    assert b'name="clauses-1-title"' in more.data
    begun = office.submit(path, {"title": "Il patto", "years": "8", "clauses-0-title": "Oggetto"},
                          button=("act", "save"))
    pact = db.session.scalars(sa.select(Pact)).one()
    assert begun.location.endswith(f"/patti/{pact.slug}")
    assert visitor.get(f"/patti/{pact.slug}").status_code == 404
    assert "Il patto" not in text_of(visitor.get("/"))
    assert office.get(path).status_code == 303  # a percorso has one pact
    for name in ("Unione", "Provincia"):
        assert office.submit(f"/patti/{pact.slug}/firmatari/nuovo", {"written_name": name}).status_code == 303
    assert office.submit(f"/patti/{pact.slug}/stato", {"state": "in_negotiation"}).status_code == 303
    assert "Oggetto" in text_of(visitor.get(f"/patti/{pact.slug}"))
    assert f'href="/patti/{pact.slug}"' in visitor.get("/").text
    of_it = [each for each in events() if each.startswith(("Pact", "Signatory"))]
    assert of_it == ["PactMade", "SignatorySaved", "SignatorySaved", "PactStateChanged"]


def test_a_state_that_nothing_bears_yet_is_refused_with_what_is_missing(office, make):
    draft = make.commitment()
    answer = office.submit(f"{PACT}/stato", {"state": "open_for_signature"})
    assert answer.status_code == 200
    assert f"They are {draft.code}." in text_of(answer)
    again = office.submit(f"{PACT}/impegni/{draft.code}/stato", {"state": "agreed"})
    assert "who answers for it, by when, and what is measured" in text_of(again)
    assert "PactStateChanged" not in events()


def test_a_stale_edit_answers_409_with_both_texts_and_keeps_the_saved_one(office, make, browser, agreeable):
    other = browser(make.person(Role.PLAN_OFFICE))
    for path, field in ((f"{PACT}/modifica", "premise"), (f"{PACT}/impegni/{agreeable.code}/modifica", "measure")):
        old = office.form(path)["fields"]
        assert other.submit(path, {field: "Come dice la collega"}, button=("act", "save")).status_code == 303
        stale = office.post(path, {**old, field: "Come dico io", "act": "save"})
        assert stale.status_code == 409, path
        assert "Come dice la collega" in text_of(stale)
        assert 'value="Come dico io"' in stale.text or ">\nCome dico io" in stale.text.replace("\r", "")
        taken = office.post(path, {**old, field: "Come dico io", "act": f"take:{field}"})
        assert taken.status_code == 200
    assert db.session.get(Commitment, agreeable.id).measure == "Come dice la collega"
    passing = office.form(f"{PACT}/impegni/{agreeable.code}/stato")["fields"]
    other.submit(f"{PACT}/impegni/{agreeable.code}/modifica", {"measure": "Altro"}, button=("act", "save"))
    assert office.post(f"{PACT}/impegni/{agreeable.code}/stato", {**passing, "state": "withdrawn"}).status_code == 409
    assert db.session.get(Commitment, agreeable.id).state is CommitmentState.NEGOTIATING


def test_a_commitment_is_written_with_partners_numbers_and_milestones(office, pact):
    answers, helps = (str(one.id) for one in pact.signatories)
    path = f"{PACT}/impegni/nuovo"
    typed = {"code": "I01", "title": "Il pulmino", "signatory_id": answers, "partners": [answers], "cost": "180.000 €",
             "due_on": "2031-12-31", "measure": "Corse", "baseline": "38.5", "target": "38.5",
             "milestones-0-title": "Gara", "milestones-0-due_on": "2030-01-31"}
    refused = text_of(office.submit(path, typed, button=("act", "save")))
    assert "Whoever answers for it is not also a partner." in refused
    assert "The value to be reached is the one at the beginning" in refused
    saved = office.submit(path, {**typed, "partners": [helps], "target": "42"}, button=("act", "save"))
    assert saved.status_code == 303
    one = db.session.scalars(sa.select(Commitment)).one()
    assert (one.cost, one.baseline, one.target, [each.id for each in one.partners]) == (180_000, 38.5, 42, [int(helps)])
    assert [each.title for each in one.milestones] == ["Gara"]
    assert one.state is CommitmentState.DRAFT
    twice = office.submit(path, {"code": "i01", "title": "Un altro"}, button=("act", "save"))
    assert "Another commitment has this code" in text_of(twice)


def test_drafts_are_for_the_staff_and_what_was_typed_is_text(office, browser, make, pact):
    draft = make.commitment(CommitmentState.DRAFT, title="Segretissimo")
    harm = XSS[0]
    make.commitment(title=harm, body=harm, measure=harm, unit=harm, signatory=pact.signatories[0], target=3)
    visitor = browser()
    for path in (PACT, f"{PACT}/monitoraggio", f"{PACT}/monitoraggio/scarica"):
        answer = visitor.get(path)
        assert "Segretissimo" not in answer.text
        assert path.endswith("scarica") or "<script>alert" not in answer.text
        assert "Segretissimo" in office.get(path).text
    assert visitor.get(f"{PACT}/impegni/{draft.code}").status_code == 404
    assert office.get(f"{PACT}/impegni/{draft.code}").status_code == 200


def test_the_page_of_a_commitment_tells_who_what_when_and_how_far(make, browser, agreeable):
    agreeable.state = CommitmentState.UNDER_WAY
    make._add(CommitmentMilestone(commitment_id=agreeable.id, title="La prova", reached_on=clock.today()))
    make.progress(agreeable, value=150, text="**Centocinquanta** corse.")
    page = browser().get(f"{PACT}/impegni/{agreeable.code.lower()}?lingua=en")
    for text in ("Consorzio di prova", "La prova", "25.0 % of the way is done.", "Plan office", "On time", "600"):
        assert text in text_of(page), text
    assert "<strong>Centocinquanta</strong>" in page.text
    assert 'data-table="values"' in page.text
    assert f'data-code="{agreeable.code}"' in page.text


def test_commitments_are_commented_while_a_consultation_is_open(make, browser, agreeable):
    consultation = make.pact_consultation()
    person = browser(make.person())
    page = text_of(person.get(f"/patti/consultazioni/{consultation.id}"))
    assert agreeable.title in page
    path = f"{PACT}/impegni/{agreeable.code}"
    sent = person.submit(path, {"body": "Manca l'orario."}, action=f"/discussioni/{agreeable.thread_id}/commenti")
    assert sent.status_code == 303
    assert "Manca l'orario." in text_of(browser().get(path))


def test_who_speaks_for_the_organisation_that_answers_reports_in_its_name(make, browser, pact, agreeable):
    agreeable.state = CommitmentState.UNDER_WAY
    milestone = make._add(CommitmentMilestone(commitment_id=agreeable.id, title="La prova"))
    speaker, follower = make.person(), make.person()
    make._add(Mandate(person=speaker, organisation=pact.signatories[1].organisation))
    following.follow(pact.process, follower)
    path = f"{PACT}/impegni/{agreeable.code}/aggiorna"
    assert browser(make.person()).get(path).status_code == 403
    voice = browser(speaker)
    typed = {"standing": "at_risk", "value": "12,5", "text": "Manca un autista.", "reached": [str(milestone.id)]}
    tomorrow = (clock.today().replace(year=clock.today().year + 1)).isoformat()
    assert voice.submit(path, {**typed, "on": tomorrow}).status_code == 200
    assert voice.submit(path, typed).status_code == 303
    report = db.session.scalars(sa.select(ProgressReport)).one()
    assert (report.organisation_id, report.value, report.standing) == (
        pact.signatories[1].organisation_id, 12.5, Progress.AT_RISK)
    assert db.session.get(CommitmentMilestone, milestone.id).reached_on == clock.today()
    page = browser().get(f"{PACT}/impegni/{agreeable.code}")
    assert "Consorzio di prova" in text_of(page)
    assert speaker.display_name not in page.text
    heard = told(notices.happenings(follower).items[0])
    assert (agreeable.title in str(heard.sentence), heard.path) == (
        True, f"{PACT}/impegni/{agreeable.code}#resoconti")
    assert "ProgressReported" in events()


def test_a_report_is_corrected_once_and_both_can_be_read(office, make, agreeable):
    agreeable.state = CommitmentState.UNDER_WAY
    wrong = make.progress(agreeable, text="Il primo.")
    path = f"{PACT}/impegni/{agreeable.code}/aggiorna"
    stale = office.form(path)["fields"]
    typed = {"standing": "late", "text": "Il secondo.", "corrects": str(wrong.id)}
    assert office.submit(path, typed).status_code == 303
    page = text_of(office.get(f"{PACT}/impegni/{agreeable.code}"))
    for text in ("Il primo.", "Il secondo.", "A later report corrects this one.", "It corrects an earlier report."):
        assert text in page
    again = office.post(path, {**stale, **typed, "once": "another"})
    assert again.status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProgressReport)) == 2


@pytest.mark.parametrize(("asked", "found"), [
    ("", [0, 1, 2]), ("andamento=late", [0]), ("andamento=nessuno", [1]), ("andamento=scaduti", [1]),
    ("andamento=boh&firmatario=x", [0, 1, 2]), ("firmatario={party}", [0]), ("firmatario={party}&andamento=done", [])])
def test_the_monitoring_is_filtered_by_its_address_and_downloaded_so(make, browser, pact, agreeable, asked, found):
    agreeable.state = CommitmentState.UNDER_WAY
    made = [agreeable, make.commitment(CommitmentState.AGREED, due_on=clock.today().replace(year=2001)),
            make.commitment(title="=HYPERLINK(1)")]
    make.progress(agreeable, Progress.LATE, value=7)
    asked = asked.format(party=pact.signatories[1].id)
    codes = [made[each].code for each in found]
    page = browser().get(f"{PACT}/monitoraggio?lingua=en&{asked}")
    assert [code for code in (one.code for one in made) if f'<tr role="row" data-code="{code}"' in page.text] == codes
    sheet = browser().get(f"{PACT}/monitoraggio/scarica?lingua=en&{asked}")
    rows = list(csv.reader(io.StringIO(sheet.data.decode("utf-8-sig")), delimiter="," if b"," in sheet.data else ";"))
    assert [row[0] for row in rows[1:]] == codes
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="patto-monitoraggio.csv"'


def test_pages_ask_no_more_of_the_database_the_more_commitments_there_are(make, browser, queries, pact):
    visitor, counts = browser(), {}
    for number in (1, 6):
        for _ in range(number):
            party = make.signatory(organisation=make.organisation())
            one = make.commitment(CommitmentState.UNDER_WAY, signatory=party, partners=[pact.signatories[0]])
            make.progress(one, organisation=party.organisation)
        for path in (PACT, f"{PACT}/monitoraggio"):
            visitor.get(path)
            with queries() as seen:
                visitor.get(path)
            counts.setdefault(path, []).append(len(seen))
    assert all(first == last for first, last in counts.values()), counts


def test_a_text_that_is_being_signed_no_longer_changes(office, pact, agreeable):
    pact.state = PactState.OPEN_FOR_SIGNATURE
    for path in ("modifica", "impegni/nuovo", f"impegni/{agreeable.code}/modifica", "consultazioni/nuova"):
        assert office.get(f"{PACT}/{path}").status_code == 403, path
    assert office.get(f"{PACT}/firmatari/nuovo").status_code == 200  # others may still join


def test_a_consultation_is_prepared_within_its_phase(office, make, agreeable):
    phase = make.phase()
    path = f"{PACT}/consultazioni/nuova"
    times = {"opens_at": clock.local(phase.starts_at + MINUTE).strftime("%Y-%m-%dT%H:%M"), "phase": str(phase.id),
             "title_it": "Sul patto", "intro_it": "Leggi e commenta"}
    beyond = office.submit(path, {**times, "closes_at": "2099-01-01T10:00"})
    assert beyond.status_code == 200
    assert db.session.get(Commitment, agreeable.id).thread is None
    made = office.submit(path, {**times, "closes_at": clock.local(phase.ends_at - MINUTE).strftime("%Y-%m-%dT%H:%M")})
    assert made.status_code == 303
    assert db.session.get(Commitment, agreeable.id).thread is not None
    assert "PactConsultationAdded" in events()
