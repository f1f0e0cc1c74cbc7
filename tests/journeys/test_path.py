"""The whole path once, as people walk it: from an account to the proposal, the vote, the plan and its documents."""

import io
import re
import subprocess
import zipfile
from datetime import timedelta

import pikepdf
import pytest

from consult.core.db import db
from consult.moderation.services import UNDOING
from consult.proposals.models import ProposalCall
from consult.surveys.models import Survey
from consult.voting.models import Ballot
from tests.journeys.conftest import BOTH_WAYS

TITLE = "Una fontana d'acqua potabile in ogni piazza"
BODY = ("D'estate chi viene al mercato a piedi non trova dove bere. Chiediamo una fontana in ogni piazza della valle, "
        "con un contatore che dica quante bottiglie di plastica si risparmiano.")
REASONS = "Ogni comune ha una piazza senza acqua: il costo è piccolo e la manutenzione si fa insieme."
MONTH = timedelta(days=30)

pytestmark = BOTH_WAYS


@pytest.fixture
def site(alone):
    """Each walk has a site of its own: nobody answers or votes twice."""
    return alone


def first_id(site, model):
    """The open activity of a kind."""
    with site.app.app_context():
        return next(a.id for a in db.session.query(model).order_by(model.opens_at.desc()) if a.takes())


def register(visit, site, width, scripts):
    """A visitor opens an account, confirms it from the mail that really arrived, and signs in."""
    email = f"nuova{width}@example.org"
    visitor = visit(width, scripts=scripts)
    page = visitor.open("/registrati")
    page.fill("[name=email]", email)
    page.fill("[name=password]", "una frase lunga e mia")
    page.fill("[name=display_name]", f"Nives {width}")
    page.select_option("[name=municipality]", label="Roccamurata")
    page.check("[name=of_age]")
    page.click("main form button")
    assert page.url.endswith("/posta-inviata"), page.locator("main").inner_text()
    site.work()
    link = re.search(r"http://\S+/conferma/\S+", site.letters.to(email)[-1])[0]
    page.goto(link)
    page.click("main form button")
    visitor.sign_in(email, "una frase lunga e mia")
    assert page.get_by_text(f"Nives {width}").first.is_visible()
    return visitor, email


def propose(visitor, call):
    """Preview, then send; answers the code."""
    page = visitor.open(f"/raccolte/{call}/proponi")
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", BODY)
    page.click("button[value=preview]")
    assert page.locator("[name=body]").input_value() == BODY
    page.click("button[value=submit]")
    return page.locator("[data-code]").first.get_attribute("data-code")


def moderate(visit, code, width, scripts):
    """A moderator finds the proposal in the queue and publishes it."""
    visitor = visit(width, scripts=scripts)
    visitor.sign_in("moderatrice@example.org")
    page = visitor.open("/moderazione")
    page.click(f"li[data-code='{code}'] h2 a")
    page.check("[name=decision][value=approve]")
    page.click("form[data-deciding] button.btn-primary")
    page.goto(f"{visitor.site.url}/moderazione")
    assert page.locator(f"li[data-code='{code}']").count() == 0


def take_part(visit, site, code, width, scripts):
    """Somebody supports, comments, answers a survey and votes."""
    visitor = visit(width, scripts=scripts)
    visitor.sign_in("cittadina@example.org")
    page = visitor.open(f"/c/{code}")
    page.click("#sostegno form button")
    assert "Questa proposta ha il tuo sostegno" in page.locator("#sostegno").inner_text()
    page.fill("#commenta [name=body]", "Sì, e con una panchina accanto.")
    page.click("#commenta form button")
    assert page.get_by_text("Sì, e con una panchina accanto.").is_visible()
    answer(page, site)
    vote(page, site)


def answer(page, site):
    """Fill in whatever a survey asks: the first of each choice, a text, a number."""
    page.goto(f"{site.url}/questionari/{first_id(site, Survey)}/compila")
    for _part in range(4):
        for fieldset in page.locator("main form fieldset").all():
            if fieldset.locator("input:checked").count() == 0:
                fieldset.locator("input").first.check()
        last = page.locator("button[value=send]").count()
        page.click("button[value=send]" if last else "button[value=next]")
        if last:
            break
    assert page.url.endswith("/grazie"), page.locator("main").inner_text()[:600]


def vote(page, site):
    """Choose, see the choice once more, cast, and change it."""
    ballot = first_id(site, Ballot)
    for choice in ("B05", "B02"):
        page.goto(f"{site.url}/votazioni/{ballot}/vota")
        page.check(f"#choice-{choice}")
        page.click("form[data-paper] button.btn-primary")
        page.click("main form[method=post] button.btn-primary")
        assert page.url.endswith("/ricevuta"), page.locator("main").inner_text()[:400]
    return ballot


def decide_and_link(page, site, code):
    """The plan office records an outcome and links the proposal to an action."""
    page.goto(f"{site.url}/c/{code}")
    number = re.search(r"/proposte/(\d+)", page.url)[1]
    page.goto(f"{site.url}/proposte/{number}/esito")
    page.check("[name=verdict][value=accepted]")
    page.fill("[name=reasons]", REASONS)
    page.click("main form[method=post] button")
    page.goto(f"{site.url}/piani/rovano-2035/collega?q={code}")
    page.click(f"li[data-code='{code}'] a")
    page.select_option("[name=target]", index=3)
    page.select_option("[name=relation]", "adopted")
    page.fill("[name=reason]", "La fontana diventa parte dell'azione.")
    page.click("main form[method=post] button")
    page.goto(f"{site.url}/c/{code}")
    assert "La fontana diventa parte dell'azione." in page.locator("main").inner_text()
    assert REASONS in page.locator("main").inner_text()


def export(page, site, form):
    """Ask for a document, let it be made, and fetch it."""
    page.goto(f"{site.url}/percorsi/rovano-2035/documenti")
    page.check(f"[name=format][value={form}]")
    page.click("main form[method=post] button")
    site.work()
    page.goto(f"{site.url}/percorsi/rovano-2035/documenti")
    link = page.locator(f"[data-format={form}] a[download]").first.get_attribute("href")
    answered = page.request.get(site.url + link)
    assert answered.status == 200
    return answered.body()


def test_from_the_first_proposal_to_the_document(visit, site, tmp_path, width, scripts):
    author, email = register(visit, site, width, scripts)
    code = propose(author, first_id(site, ProposalCall))
    moderate(visit, code, width, scripts)
    with site.later(UNDOING):
        site.work()
    assert any(TITLE in letter for letter in site.letters.to(email)), "the author was not told"
    take_part(visit, site, code, width, scripts)
    with site.later(MONTH):
        site.work()
        office = visit(width, scripts=scripts)
        office.sign_in("ufficio@example.org")
        page = office.open("/percorsi/rovano-2035/risultati")
        for title in ("Fondo di comunità 2027", "Muoversi nella valle", "Raccolta delle proposte"):
            assert page.get_by_text(title).first.is_visible()
        decide_and_link(page, site, code)
        said = {form: export(page, site, form) for form in ("docx", "odt", "pdf", "html", "md")}
    look_into_documents(said, code, tmp_path)


def look_into_documents(said, code, folder):
    """Code, outcome, figures, charts and their words are in each format; nobody's name is."""
    with zipfile.ZipFile(io.BytesIO(said["docx"])) as packed:
        text = packed.read("word/document.xml").decode()
        pictures = [name for name in packed.namelist() if name.startswith("word/media/")]
    assert_told(text, code)
    assert pictures
    assert 'descr="Grafico' in text
    with zipfile.ZipFile(io.BytesIO(said["odt"])) as packed:
        text = packed.read("content.xml").decode()
        assert any(name.startswith("Pictures/") for name in packed.namelist())
    assert_told(text, code)
    assert "<svg:desc>Grafico" in text
    target = folder / "plan.pdf"
    target.write_bytes(said["pdf"])
    text = subprocess.run(["pdftotext", "-layout", str(target), "-"], capture_output=True, text=True, check=True).stdout
    assert code in text
    assert "Accolta" in text
    with pikepdf.open(target) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "it-IT"
        assert "/StructTreeRoot" in pdf.Root
    assert_told(said["html"].decode(), code)
    assert "<svg" in said["html"].decode()
    assert code in said["md"].decode().replace("\\", "")


def assert_told(text, code):
    """The code, the outcome, its reasons and a frozen figure; not the name of whoever proposed."""
    for words in (code, "Accolta", "Ogni comune ha una piazza senza acqua", "SHA-256"):
        assert words in text, words
    assert "Nives" not in text
