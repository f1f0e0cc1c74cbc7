"""The desk of the document, what it begins from, its two documents, and what everybody reads of it."""

import hashlib
import json

from consult.accounts.models import Role
from consult.concluding import knowledge, queries
from consult.concluding.models import Act, Part, Stage
from consult.core.db import db
from consult.core.languages import Localized
from consult.governance.models import BodyKind, BodyMember, GovernanceBody
from consult.publishing import kinds
from consult.publishing.document import Table
from consult.publishing.models import Names
from consult.results.models import Verdict
from tests.browser import text_of
from tests.concluding.conftest import SENTENCE

DESK = "/ufficio/percorsi/prova/documento-di-proposta"
PUBLIC = "/percorsi/prova/documento-di-proposta"


def _table(make):
    speaker = make.person(display_name="Anna De Luca")
    body = GovernanceBody(process=make.process(), kind=BodyKind.THEMATIC_TABLE, name=Localized.of("Tavolo lavoro"),
                          mandate=Localized.of("Discute del lavoro."), meets=Localized())
    body.members = [BodyMember(person=speaker), BodyMember(name="Ines Corti"),
                    BodyMember(organisation=make.organisation(name="Cooperativa dei Ponti"))]
    db.session.add(body)
    db.session.flush()
    return speaker


def test_it_begins_from_what_is_known_and_from_nobodys_name(make, desk):
    speaker = _table(make)
    group = make.organisation(speaker, name="Circolo Verde")
    yes = make.proposal(author=speaker, organisation=group, title="Il bus a chiamata")
    make.outcome(yes, Verdict.ACCEPTED)
    make.outcome(make.proposal(title="Una tangenziale"), Verdict.NOT_ACCEPTED, reasons="Costa più di quanto c'è.")
    begun = {name: text for part in Part for name, text in knowledge.begun(desk.process, part).items()}
    assert "Un percorso di prova." in begun["object"]
    assert "Cooperativa dei Ponti" in begun["table"]
    assert "Circolo Verde" in begun["participants"]
    assert f"{yes.code} Il bus a chiamata (Circolo Verde)" in begun["proposals"]
    assert "Costa più di quanto c'è." in begun["disagreements"]
    assert "2035" in begun["subject"]
    whole = " ".join(begun.values())
    assert not any(name in whole for name in ("Anna De Luca", "Ines Corti"))


def test_a_part_is_saved_and_what_somebody_saved_meanwhile_is_not_overwritten(make, desk, office, browser):
    here, there = browser(office), browser(make.person(Role.PLAN_OFFICE))
    fields = here.form(f"{DESK}/parti/oggetto")["fields"]
    fields.pop("csrf_token")
    assert "Un percorso di prova." in fields["object"]
    assert here.post(f"{DESK}/parti/oggetto", {**fields, "object": SENTENCE}).status_code == 303
    late = there.post(f"{DESK}/parti/oggetto", {**fields, "object": "Quello che scrivo io."})
    assert late.status_code == 409
    assert "Quello che scrivo io." in text_of(late)
    assert SENTENCE in text_of(late)
    assert there.post(f"{DESK}/parti/seguito", {"version": "0", "monitoring": SENTENCE}).status_code == 303
    assert queries.part(desk.process, Part.OBJECT).texts["object"] == SENTENCE


def test_what_was_sent_is_not_written_on_and_what_was_typed_stays(desk, office, browser):
    desk.bring(Stage.SENT)
    version = queries.part(desk.process, Part.OBJECT).version
    answer = browser(office).post(f"{DESK}/parti/oggetto", {"version": str(version), "object": "Tutt altre parole."})
    assert answer.status_code == 200
    assert "registra che è stato restituito" in text_of(answer)
    assert "Tutt altre parole." in answer.get_data(as_text=True)
    assert browser(office).post(f"{DESK}/parti/delibera", {
        "version": str(queries.part(desk.process, Part.RESOLUTION).version), "subject": SENTENCE}).status_code == 303


def test_the_desk_lists_what_is_missing_and_records_a_passage(make, desk, office, browser):
    at = browser(office)
    assert "comincia dalla prima parte" in text_of(at.get(DESK))
    assert at.get(f"{DESK}/passaggi/boh").status_code == 404
    for part in Part:
        desk.write(part)
    make.proposal()
    page = text_of(at.get(f"{DESK}/passaggi/invio"))
    assert "1 non ne ha ancora" in page
    refused = at.submit(f"{DESK}/passaggi/invio", {"protocol": ""})
    assert refused.status_code == 200
    assert "numero con cui" in text_of(refused)
    assert at.submit(f"{DESK}/passaggi/invio", {"protocol": "77/2027"}).status_code == 303
    assert "77/2027" in text_of(at.get(DESK))
    assert office.shown_name in text_of(at.get(DESK))
    assert browser(make.person(Role.STEERING)).get(DESK).status_code == 403


def test_everybody_reads_its_steps_and_once_validated_its_text(make, desk, office, browser):
    passer = browser()
    assert passer.get(PUBLIC).status_code == 404
    assert PUBLIC not in passer.get("/percorsi/prova").get_data(as_text=True)
    sent = desk.bring(Stage.SENT).passages[-1].number
    assert PUBLIC in browser().get("/percorsi/prova").get_data(as_text=True)
    page = text_of(browser().get(PUBLIC))
    assert "12345/2027" in page
    assert SENTENCE not in page
    assert office.shown_name not in page
    assert browser().get(f"{PUBLIC}/{sent}.json").status_code == 404
    assert browser(office).get(f"{PUBLIC}/{sent}.json").status_code == 200
    valid = desk.do(Act.VALIDATE)
    page = text_of(browser().get(PUBLIC))
    assert SENTENCE in page
    assert valid.sha256 in page
    file = browser().get(f"{PUBLIC}/{valid.number}.json")
    assert hashlib.sha256(file.data).hexdigest() == queries.passage(desk.process, valid.number).sha256
    assert json.loads(file.data)["fields"]["object"] == SENTENCE
    desk.do(Act.RETURN)
    assert SENTENCE not in text_of(browser().get(PUBLIC)), "what was returned no longer stands"


def test_both_documents_hold_the_answers_and_the_fingerprints(make, desk):
    make.result()
    proposal = make.proposal(title="Il bus *a chiamata*")
    make.outcome(proposal, Verdict.PARTLY, reasons="Solo nei giorni di mercato, per ora.")
    document = desk.bring(Stage.VALIDATED)
    valid = kinds.called("docpp_validated")
    (subject,) = valid.subjects(desk.process)
    make.outcome(make.proposal(), Verdict.ACCEPTED)
    for code in ("docpp", "docpp_validated", "resolution"):
        made = kinds.called(code).build(subject.thing, Names.SHOWN)
        cells = ["".join(span.text for span in cell) for block in made.blocks if isinstance(block, Table)
                 for row in block.rows for cell in row]
        assert any("Il bus *a chiamata*" in cell for cell in cells), code
        assert any("Solo nei giorni di mercato" in cell for cell in cells), code
        assert sum(len(cell) == 64 for cell in cells) == (2 if code == "resolution" else 1), code
    assert document.passages[-1].sha256 in cells, "the resolution names the validated document by its fingerprint"
    assert valid.build(document, Names.ORGANISATIONS) == valid.build(document, Names.SHOWN)


def test_pages_cost_the_same_with_ten_times_as_much(make, desk, office, browser, queries):
    pages = (DESK, f"{DESK}/parti/proposte", f"{DESK}/dati-personali", f"{DESK}/passaggi/invio")
    desk.bring(Stage.DRAFT)
    counts = {page: [] for page in pages}
    for size in (1, 10):
        for number in range(size):
            proposal = make.proposal(title=f"Una panchina per Persona {number + 1}")
            make.outcome(proposal, Verdict.ACCEPTED)
        at = browser(office)
        for page in pages:
            assert at.get(page).status_code == 200
            with queries() as seen:
                at.get(page)
            counts[page].append(len(seen))
    assert all(first == then <= 25 for first, then in counts.values()), counts


def test_the_page_of_the_percorso_asks_nothing_more_where_there_is_none(make, desk, browser, queries):
    reader = make.person()
    counts = []
    for stage in (None, Stage.SENT):
        if stage:
            desk.bring(stage)
        at = browser(reader)
        at.get("/percorsi/prova")
        with queries() as seen:
            at.get("/percorsi/prova")
        counts.append(len(seen))
    assert counts[0] == counts[1]
