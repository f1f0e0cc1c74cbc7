"""Documents of every kind: what each tells, of whom, and that all forms of all kinds are sound and always the same."""

import hashlib
import zipfile
from datetime import date

import pikepdf
import pytest

from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.governance.models import BodyKind, GovernanceBody
from consult.processes import queries as processes
from consult.processes.models import BlackoutWindow, ResultsVisible
from consult.publishing import kinds, services
from consult.publishing.document import Heading, Paragraph, Span, Table, in_order
from consult.publishing.kinds import Kind, Subject
from consult.publishing.models import DocumentFormat, Names
from consult.restitution.models import PhaseClosing, Restitution, RestitutionEdition
from consult.results.models import Verdict
from tests.publishing import reading
from tests.publishing.conftest import AUTHORS
from tests.publishing.making import export
from tests.publishing.test_writers import HOSTILE

OURS = ("plan", "response", "phase_results", "final_report")


def said(kind, tmp_path, form="html", **wanted):
    target = tmp_path / f"document.{form}"
    export(form, target, kind=kind, **wanted)
    return reading.words_of(target)


def restitute(make, activity, **texts):
    whole = {part: Localized.of(texts.get(part, f"Testo di {part}.")) for part in ("asked", "said", "done")}
    one = make._add(Restitution(activity_id=activity.id, **whole))
    return make._add(RestitutionEdition(restitution_id=one.id, number=1, content=make.result(
        make.survey(when="closed")).content, **whole))


def test_the_response_tells_every_outcome_with_reasons_day_and_body(told, tmp_path):
    words_of_it = said("response", tmp_path)
    for text in ("Risposta ai contributi", told["bus"].code, "Più autobus la sera", "un cittadino di Roccaprova, 41",
                 "Accolta", "Il servizio serale entra nel piano con due corse.", "Consiglio dell'Unione",
                 "1 febbraio 2027", "Cooperativa del Rovano", "Non accolta", "Allegato: tutti i codici",
                 f"/c/{told['bus'].code}", f"{told['action'].code} Una corsa ogni ora"):
        assert text in words_of_it, text
    assert not [name for name in AUTHORS if name in words_of_it]
    assert "mario.rossi" not in words_of_it


def test_the_results_of_a_phase_stand_with_every_fingerprint_and_no_others(told, make, tmp_path):
    hidden = make.result(make.survey(when="closed", results_visible=ResultsVisible.STAFF),
                         conclusion=Localized.of("Riservato"))
    db.session.commit()
    phase = told["sheet"].activity.phase
    words_of_it = said("phase_results", tmp_path, about=f"phase:{phase.id}")
    for text in (str(phase.title), "Come ci si muove", "In autobus", "Vince l'autobus.", told["sheet"].sha256,
                 f"/risultati/foglio/{told['sheet'].sha256[:16]}"):
        assert text in words_of_it, text
    assert "Riservato" not in words_of_it
    assert hidden.sha256 not in words_of_it


def test_the_final_report_tells_the_percorso_with_what_was_done_and_its_limits(told, make, tmp_path):
    process, sheet = told["plan"].process, told["sheet"]
    restitute(make, sheet.activity, asked="Come vi muovete?", done="- Una corsa in più")
    make._add(GovernanceBody(process=process, kind=BodyKind.STEERING_GROUP, name=Localized.of("Cabina di regia"),
                             mandate=Localized.of("Propone gli esiti."), meets=Localized.of("Ogni mese.")))
    phase = sheet.activity.phase
    make._add(PhaseClosing(phase_id=phase.id, without_restitution=1, without_outcome=0,
                           reason="Il verbale del Forum manca ancora."))
    make._add(BlackoutWindow(process_id=process.id, starts_at=clock.now(), ends_at=clock.now().replace(year=2099),
                             reason=Localized.of("elezioni comunali")))
    db.session.commit()
    words_of_it = said("final_report", tmp_path)
    for text in ("Relazione finale", "Cabina di regia", "Propone gli esiti.", str(phase.title), "Come vi muovete?",
                 "Una corsa in più", "Vince l'autobus.", "Accolta", "Il verbale del Forum manca ancora.",
                 "elezioni comunali", sheet.sha256):
        assert text in words_of_it, text
    assert not [name for name in AUTHORS if name in words_of_it]


@pytest.mark.parametrize("kind", ["response", "plan"])
def test_names_stand_in_a_document_only_where_house_and_person_choose_so(told, make, tmp_path, monkeypatch, kind):
    shy = make.person(display_name="Timido Silente", shows_name=False)
    make.proposal(title="Una fontana", author=shy)
    make.proposal(title="Nascosta", author=make.person(display_name="Nome Nascosto"), state=State.HIDDEN)
    db.session.commit()
    assert AUTHORS[0] not in said(kind, tmp_path, names=Names.SHOWN)
    allow(monkeypatch)
    assert AUTHORS[0] not in said(kind, tmp_path)
    named = said(kind, tmp_path, names=Names.SHOWN)
    assert AUTHORS[0] in named
    for name in (AUTHORS[1], "Timido Silente", "Nome Nascosto"):  # the second wrote for an organisation
        assert name not in named


def allow(monkeypatch):
    """Let documents of this installation name those who show their name."""
    monkeypatch.setattr(services, "allowed", lambda names: names)


@pytest.mark.parametrize("kind", OURS)
def test_the_same_gives_the_same_bytes_in_every_form(told, tmp_path, kind):
    for form in DocumentFormat:
        twice = set()
        for time in ("a", "b"):
            target = tmp_path / f"{time}.{form.value}"
            export(form, target, kind=kind)
            twice.add(hashlib.sha256(target.read_bytes()).hexdigest())
        assert len(twice) == 1, form


def test_the_pdf_is_for_everybody_and_for_the_archive(told, tmp_path):
    target = tmp_path / "response.pdf"
    export("pdf", target, kind="response")
    with pikepdf.open(target) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "it-IT"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        about = pdf.open_metadata()
        assert about["pdfuaid:part"] == "1"
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
        assert about["dc:title"] == "Risposta ai contributi"
    found = [str(one.S) for one in reading.structure(target)]
    for name in ("/H1", "/H2", "/H3", "/Table", "/TH", "/Figure", "/Note", "/Link", "/L"):
        assert name in found, name
    assert all(str(one.Alt) for one in reading.structure(target) if str(one.S) == "/Figure")


def test_the_markdown_comes_with_its_tables_charts_and_tree(told, tmp_path):
    target = tmp_path / "plan.zip"
    export("zip", target)
    with zipfile.ZipFile(target) as packed:
        names = packed.namelist()
        text = packed.read("document.md").decode()
        tables = [name for name in names if name.startswith("tables/")]
        assert all(f"({name})" in text for name in tables)
        assert len(tables) > 3
        assert "![Grafico a barre" in text
        assert packed.read("charts/001.svg").startswith(b"<svg")
        assert text.startswith('---\ntitle: "Prova 2035"\n')
        assert "document.json" in names


def test_an_office_gives_documents_its_own_looks_and_emblem(told, tmp_path, settings):
    export("docx", tmp_path / "plain.docx", kind="response")
    own = (tmp_path / "plain.docx").read_bytes()
    (settings.instance / "reference.docx").write_bytes(own)
    with zipfile.ZipFile(settings.instance / "reference.docx", "a") as packed:
        styles = packed.read("word/styles.xml").decode().replace('w:val="24"', 'w:val="31"')
    repack(settings.instance / "reference.docx", "word/styles.xml", styles)
    (settings.instance / "emblem.png").write_bytes(reading_png())
    export("docx", tmp_path / "own.docx", kind="response")
    with zipfile.ZipFile(tmp_path / "own.docx") as packed:
        assert 'w:val="31"' in packed.read("word/styles.xml").decode()
        assert reading_png() in [packed.read(name) for name in packed.namelist() if name.startswith("word/media/")]
    assert "Stemma di Unione di prova" in {
        one.get("descr") for one in reading.part(tmp_path / "own.docx", "word/document.xml").iter(
            f"{reading.DRAWING}docPr")}


def repack(path, part, text):
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in (parts | {part: text.encode()}).items():
            packed.writestr(name, content)


def reading_png():
    """A picture of one dot."""
    return bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                         "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082")


@pytest.mark.parametrize("form", list(DocumentFormat), ids=lambda form: form.value)
@pytest.mark.parametrize("kind", ["response", "final_report"])
def test_hostile_texts_come_out_as_text_in_every_kind(make, tmp_path, kind, form):
    typed = [text for text in HOSTILE if len(text) < 150]
    make.plan()
    for text in typed:
        proposal = make.proposal(title=text)
        make.outcome(proposal, reasons=f"{text} {'perché sì ' * 3}", decided_by=typed[2], decided_on=date(2027, 2, 1))
    make.result(conclusion=Localized.of(" ".join(typed)))
    db.session.commit()
    target = tmp_path / f"document.{form.value}"
    export(form, target, kind=kind)
    words_of_it = reading.without_spaces(reading.words_of(target))
    assert [text for text in typed if reading.without_spaces(text) not in words_of_it] == []


@pytest.mark.parametrize("kind", OURS)
def test_the_questions_of_a_kind_do_not_grow_with_the_rows(make, queries, app, kind):
    counts = []
    for times in (1, 5):
        for _ in range(times):
            make.outcome(make.proposal(axis_id=make.axis().id), Verdict.PARTLY)
            restitute(make, make.result().activity)
        make.plan()
        db.session.commit()
        db.session.expunge_all()
        kinds_of = kinds.called(kind)
        with queries() as seen:
            process = processes.process_called("prova")
            kinds_of.build(kinds_of.subjects(process)[0].thing, Names.SHOWN)
        counts.append(len([one for one in seen if one.startswith("SELECT")]))
    assert counts[0] == counts[1], counts


def test_a_kind_of_a_feature_is_offered_hindered_and_kept_for_the_staff(told, app, tmp_path, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    hindrances = ["Manca la firma."]
    plan = kinds.called("plan")
    kinds.register(Kind(
        code="act", position=90, label="Atto", use="Un atto.", public=False, build=plan.build,
        hindered=lambda _plan: hindrances,
        subjects=lambda process: [Subject(code="process:1", title="", thing=told["plan"], file="atto")]))
    with pytest.raises(kinds.HinderedError, match="Manca la firma"):
        export("html", tmp_path / "act.html", kind="act")
    hindrances.clear()
    assert export("html", tmp_path / "act.html", kind="act") == "atto-it.html"
    assert "act" not in kinds.public()
    with pytest.raises(ValueError, match="twice"):
        kinds.register(Kind(code="act", position=1, label="", use="", build=plan.build, subjects=plan.subjects))


def test_headings_are_numbered_and_references_lead_only_to_what_is_there():
    blocks = in_order([
        Heading(level=1, text="Uno", anchor="c-a"), Heading(level=3, text="Dentro"),
        Heading(level=2, text="Ancora", anchor="c-a"),
        Paragraph(spans=(Span("sì", to="c-a"), Span("no", to="c-b"))), Heading(level=1, text="Due"),
        Table(caption="", header=("a",), align=("left",), widths=(1,),
              rows=(((Span("no", to="c-b"),),),))], numbered=True)
    assert [one.shown for one in blocks if isinstance(one, Heading)] == ["1. Uno", "1.1 Dentro", "1.2 Ancora", "2. Due"]
    assert [one.anchor for one in blocks if isinstance(one, Heading)] == ["c-a", "", "", ""]
    assert [one.to for one in blocks[3].spans] == ["c-a", ""]
    assert blocks[5].rows[0][0][0].to == ""


def test_what_has_a_code_keeps_it_and_the_rest_is_counted():
    blocks = in_order([
        Heading(level=1, text="Uno"), Heading(level=1, number="A1.", text="Asse"),
        Heading(level=2, number="A1.1", text="Obiettivo"), Heading(level=3, text="Dentro"),
        Heading(level=1, text="Due"), Heading(level=2, text="Sotto"), Heading(level=3, number="ROV-1", text="Voce"),
        Heading(level=2, text="Ancora")], numbered=True)
    assert [one.shown for one in blocks] == ["1. Uno", "A1. Asse", "A1.1 Obiettivo", "Dentro", "2. Due", "2.1 Sotto",
                                             "ROV-1 Voce", "2.2 Ancora"]
