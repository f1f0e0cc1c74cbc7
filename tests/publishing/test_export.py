"""The document of a plan holds its text, its sheets, what was said with its outcome, results and figures; no name."""

import re
import zipfile
from collections import Counter
from pathlib import Path

import pikepdf
import pytest

from consult.contributions.models import State
from consult.core import charts
from consult.core.charts import Column, Row, Table
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning import queries as plans
from consult.processes.models import ResultsVisible
from consult.publishing import contents, services
from consult.publishing.document import Figure, Heading, WritingError
from consult.publishing.models import DocumentFormat
from tests.publishing import reading
from tests.publishing.conftest import AUTHORS
from tests.publishing.making import export
from tests.publishing.test_writers import HOSTILE

NOTHING = Table(code="T", caption=Localized(), heading=Localized(), columns=(Column(label=Localized()),), rows=())


@pytest.fixture(params=list(DocumentFormat), ids=lambda form: form.value)
def made(request, told, tmp_path):
    """The document in each format, with the words in it."""
    target = tmp_path / f"plan.{request.param.value}"
    facts = {"code": told["bus"].code, "sheet": told["sheet"].sha256, "action": told["action"].code}
    assert export(request.param, target)
    return facts | {"path": target, "words": reading.words_of(target)}


def test_every_format_tells_the_whole_plan(made):
    for text in (
        "Unione di prova", "Prova 2035", "Edizione 0.1", "Bozza", "Composto dalla piattaforma di partecipazione",
        "Indice", "Visione", "Nel 2035 la valle è una sola.", "prossimità", "31.460", "Il sito",
        "Una valle connessa", "Una corsa ogni ora", "Scheda progetto", "250.000 €", "Dalle 6 alle 21.",
        "Che cosa è stato detto e che fine ha fatto", made["code"], "Più autobus la sera", "un cittadino di Roccaprova",
        "41 sostegni", "Accolta", "Il servizio serale entra nel piano", "Non accolta", "Cooperativa del Rovano",
        f"{made['action']}: Ripresa con modifiche. Chiesta da molte famiglie.", "Lo dice il questionario.",
        "Proposte per esito", "Come ci si muove", "In autobus", "37", "Vince l'autobus.", "Contate dalle righe.",
        made["sheet"], "Come è fatto questo documento", "Proposte con un esito", "Proposte collegate al piano",
    ):
        assert reading.without_spaces(text) in reading.without_spaces(made["words"]), text


def test_no_format_names_a_person_or_what_would_reach_one(made):
    with_everything = made["words"]
    if zipfile.is_zipfile(made["path"]):
        with zipfile.ZipFile(made["path"]) as packed:
            with_everything += "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
                                       if name.endswith((".xml", ".rels")))
    else:
        with_everything += made["path"].read_bytes().decode("utf-8", "replace")
    for name in (*AUTHORS, "Ermenegilda", "Brambilla", "mario.rossi", "1234567", "persona1@"):
        assert name not in with_everything, name
    said = reading.without_spaces(made["words"])
    assert "[indirizzoe-mailomesso]" in said
    assert "[numeroditelefonoomesso]" in said


def test_every_format_has_the_charts(made):
    suffix, emblem = made["path"].suffix, "Disegno: uno scudo con colline sopra un fiume"
    if suffix == ".pdf":
        alts = [str(e.Alt) for e in reading.structure(made["path"]) if str(e.S) == "/Figure"]
    elif suffix == ".docx":
        body = reading.part(made["path"], "word/document.xml")
        alts = [e.get("descr") for e in body.iter(f"{reading.DRAWING}docPr")]
        assert pictures(made["path"], "word/media/") == {".png": 3, ".svg": 2}
    elif suffix == ".odt":
        alts = [e.text for e in reading.part(made["path"], "content.xml").iter(f"{reading.SVG}desc")]
        assert pictures(made["path"], "Pictures/") == {".png": 3, ".svg": 2}
    elif suffix == ".epub":
        with zipfile.ZipFile(made["path"]) as packed:
            pages = [packed.read(name).decode() for name in packed.namelist() if "/text/" in name]
            assert len([name for name in packed.namelist() if name.endswith(".svg")]) == 2
        alts = [alt for page in pages for alt in re.findall(r'<img[^>]* alt="([^"]*)"', page)]
    elif suffix == ".zip":
        with zipfile.ZipFile(made["path"]) as packed:
            alts = re.findall(r"!\[(Grafico a barre[^\]]*)\]", packed.read("document.md").decode().replace("\\", ""))
    else:
        alts = re.findall(r"Grafico a barre\.[^<\n]*", made["path"].read_text().replace("\\", ""))
    assert len([alt for alt in alts if alt != emblem]) == 2
    assert (emblem in alts) is (suffix in {".pdf", ".docx", ".odt", ".epub"})
    assert any("In autobus: 37; In bicicletta: 12" in alt for alt in alts)


def pictures(path, folder):
    """How many there are of each kind: the emblem, and of each chart a picture with its drawing beside it."""
    with zipfile.ZipFile(path) as packed:
        return Counter(Path(name).suffix for name in packed.namelist() if name.startswith(folder))


def test_links_of_the_staff_lead_out_and_others_do_not(made):
    if made["path"].suffix == ".pdf":
        with pikepdf.open(made["path"]) as pdf:
            found = {str(a.A.URI) for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a and "/URI" in a.A}
        assert found == {"https://example.org"}
    if made["path"].suffix == ".html":
        assert 'href="https://example.org"' in made["path"].read_text()
        assert 'href="javascript' not in made["path"].read_text()


@pytest.mark.parametrize(("language", "expected"), [
    ("it", "Che cosa è stato detto"), ("en", "What was said and what became of it"),
    ("de", "Was gesagt wurde und was daraus wurde"), ("fr", "Ce qui a été dit"),
])
def test_a_document_speaks_the_language_asked_for(told, tmp_path, language, expected):
    for form in ("html", "pdf"):
        target = tmp_path / f"plan.{form}"
        export(form, target, language=language)
        assert expected in reading.words_of(target)
    assert f'<html lang="{language}"' in (tmp_path / "plan.html").read_text()
    with pikepdf.open(tmp_path / "plan.pdf") as pdf:
        assert str(pdf.Root.Lang).startswith(language)


def test_what_is_hidden_or_for_the_staff_only_is_in_no_document(told, make, tmp_path):
    make.proposal(title="Segretissima", state=State.HIDDEN)
    make.result(make.survey(when="closed", results_visible=ResultsVisible.STAFF), conclusion=Localized.of("Riservato"))
    db.session.commit()
    export("html", tmp_path / "plan.html")
    said = reading.words_of(tmp_path / "plan.html")
    assert "Segretissima" not in said
    assert "Riservato" not in said


def test_the_tree_holds_a_chart_for_each_table_that_asks_for_one_and_levels_without_gaps(told, app):
    tree = contents.document(told["plan"])
    levels = [block.level for block in tree.blocks if isinstance(block, Heading)]
    assert all(after - before <= 1 for before, after in zip([0, *levels], levels, strict=False))
    assert len([block for block in tree.blocks if isinstance(block, Figure)]) == 2


def test_a_figure_kept_back_stays_kept_back(told, make, tmp_path):
    table = Table(code="T", caption=Localized.of("Per comune"), heading=Localized.of("Comune"), chart=True,
                  columns=(Column(label=Localized.of("Persone")),),
                  rows=(Row(label=Localized.of("Rocca"), values=(None,)),
                        Row(label=Localized.of("Pieve"), values=(9,))))
    make.result(tables=(table,))
    db.session.commit()
    export("html", tmp_path / "plan.html")
    assert "Rocca: n. s.; Pieve: 9" in reading.words_of(tmp_path / "plan.html")


@pytest.mark.parametrize("form", list(DocumentFormat), ids=lambda form: form.value)
def test_hostile_texts_of_everybody_come_out_as_text(make, tmp_path, form):
    typed = [text for text in HOSTILE if len(text) < 150]
    section = make.section("\n\n".join(text for text in typed if "{{" not in text), title=typed[0])
    action = make.action(title=typed[2], lead=typed[1], partners=typed[4], description="\n\n".join(typed))
    for text in typed:
        proposal = make.proposal(title=text)
        make.outcome(proposal, reasons=f"{text} {'perché sì ' * 3}", decided_by=typed[2])
        make.link(proposal, action, reason=text)
    make.link(make.result(conclusion=Localized.of(typed[3])), section, reason=typed[3])
    db.session.commit()
    target = tmp_path / f"plan.{form.value}"
    export(form, target)
    said = reading.without_spaces(reading.words_of(target))
    assert [text for text in typed if reading.without_spaces(text) not in said] == []


def test_the_questions_to_the_database_do_not_grow_with_the_plan(make, queries, app):
    counts = []
    for times in (1, 6):
        for _ in range(times):
            make.link(make.proposal(), make.action())
            make.link(make.result(), make.section())
        db.session.commit()
        db.session.expunge_all()
        plan = plans.by_slug("prova-2035")
        charts.svg(NOTHING)  # what any template asks once of the site
        with queries() as seen:
            contents.document(plan)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14


def test_an_unknown_plan_is_not_exported(app, tmp_path):
    with pytest.raises(services.NothingThereError):
        export("html", tmp_path / "plan.html", slug="altro")
    assert list(tmp_path.glob("*.html")) == []


def test_a_failure_leaves_the_earlier_file_and_no_rest(told, tmp_path, monkeypatch):
    target = tmp_path / "out" / "plan.html"
    target.parent.mkdir()
    target.write_text("prima")

    def broken(_document, unfinished):
        unfinished.write_text("metà")
        raise WritingError("no")

    monkeypatch.setitem(services._WRITERS, DocumentFormat.HTML, broken)
    with pytest.raises(WritingError):
        export("html", target)
    assert [path.name for path in target.parent.iterdir()] == ["plan.html"]
    assert target.read_text() == "prima"
