"""A percorso from open proposals to the adopted plan with all its documents, as people do it page by page."""

import hashlib
import html
import io
import re
import subprocess
import zipfile

import pikepdf
import pytest

from consult.moderation.services import UNDOING
from consult.proposals.models import ProposalCall
from tests.journeys.conftest import BOTH_WAYS
from tests.journeys.test_concluding import SENTENCE, prepared
from tests.journeys.test_path import MONTH, TITLE, first_id, moderate, propose

SLUG, PLAN = "rovano-2035", "/piani/rovano-2035"
OFFICE, CITIZEN = "ufficio@example.org", "cittadina@example.org"
REASONS = "Entra nel piano con le risorse già previste: se ne occupa l'ufficio che cura le piazze."
REMARK = "Qui si dovrebbe dire anche chi lo controlla, e quando."
ANSWER = "Il testo dirà che lo controlla il Forum della valle, una volta all'anno."
COUNCIL, ACT = "Consiglio dell'Unione", "delibera n. 31 del 2027"

pytestmark = BOTH_WAYS


@pytest.fixture
def site(alone):
    """Each walk has a site of its own: a plan is adopted once."""
    return alone


def test_from_open_proposals_to_the_adopted_plan_with_all_documents(visit, site, tmp_path, width, scripts):
    def window(email):
        visitor = visit(width, scripts=scripts)
        visitor.sign_in(email)
        return visitor

    citizen = window(CITIZEN)
    code = propose(citizen, first_id(site, ProposalCall))
    moderate(visit, code, width, scripts)
    remark = remarked(citizen)
    with site.later(MONTH + UNDOING):
        site.work()
        office = window(OFFICE)
        answered(office, remark)
        decided(office, code)
        linked(office, code)
        adopted(office)
        sent_on(site, office)
        look_into(documents(site, office), code, tmp_path)
        passer = visit(width, scripts=scripts)
        seen_by_everyone(passer, code, scripts)


def remarked(citizen):
    """Somebody says what is missing in a paragraph of the draft; answers the address of the remark."""
    page = citizen.open(f"{PLAN}/edizioni/2")
    page.locator("a:has-text('Fai un\\'osservazione su questo paragrafo')").first.click()
    page.check("[name=passage][value='0']")
    page.fill("[name=body]", REMARK)
    citizen.press("Invia l'osservazione")
    return re.search(r"/osservazioni/\d+", page.url)[0]


def answered(office, remark):
    """The office proposes what becomes of the remark."""
    page = office.open(f"{remark}/esito")
    page.check("[name=verdict][value=accepted]")
    page.fill("[name=reasons]", ANSWER)
    office.press("Proponi un esito")


def decided(office, code):
    """What is proposed, then what the council decided of all that was said, chosen row by row in the table."""
    for standing, kind in (("nessuno", "proposed"), ("in-esame", "decided"), ("proposto", "decided")):
        while choose(office, f"/ufficio/percorsi/{SLUG}/tavolo?stato={standing}", kind):
            office.press("Guarda che cosa verrebbe registrato")
            with office.page.expect_navigation():
                office.page.get_by_role("button", name=re.compile(r"^Registra \d+ esit")).click()
    page = office.open(f"/ufficio/percorsi/{SLUG}/tavolo?stato=deciso&q={code}")
    assert page.locator("[name=chosen]").count() == 1


def choose(office, table, kind):
    """Fill in one outcome for all rows of a page of the table; answers how many there are."""
    page = office.open(table)
    rows = page.locator("[name=chosen]").all()
    for row in rows:
        row.check()
    if rows:
        page.check(f"[name=kind][value={kind}]")
        page.check("#verdict [value=accepted]")
        page.fill("[name=reasons]", REASONS)
        page.fill("[name=decided_by]", COUNCIL)
        page.fill("[name=act]", "delibera n. 30 del 2027")
    return len(rows)


def linked(office, code):
    """Where the proposal went in the plan, and why."""
    page = office.open(f"{PLAN}/collega?q={code}")
    page.click(f"li[data-code='{code}'] a")
    page.select_option("[name=target]", index=3)
    page.select_option("[name=relation]", "adopted")
    page.fill("[name=reason]", "La fontana diventa parte dell'azione.")
    office.press("Collega")


def adopted(office):
    """The plan is proposed, then adopted with its act."""
    for state, edition, words in (("proposed", "0.9", {}), ("adopted", "1.0", {
            "body": COUNCIL, "act": ACT, "dated": "2027-01-15"})):
        page = office.open(f"{PLAN}/stato")
        page.select_option("[name=state]", state)
        page.fill("[name=edition]", edition)
        for name, value in words.items():
            page.fill(f"[name={name}]", value)
        office.press("Salva")


def sent_on(site, office):
    """The document for the council is written, sent, validated, and goes on its way."""
    desk, _public = prepared(site, SLUG)
    page = office.open(f"{desk}/parti/seguito")
    page.fill("[name=monitoring]", SENTENCE)
    office.press("Salva")
    for act in ("Registra l'invio via PEC", "Registra la validazione", "Registra l'invio a chi decide"):
        page = office.open(desk)
        page.get_by_role("link", name=act).first.click()
        if page.locator("[name=protocol]").count():
            page.fill("[name=protocol]", "4512/2027")
        office.press("Registra")


def documents(site, office):
    """Have each kind of document made in all forms at once, and fetch them: bytes by kind and form."""
    page = office.open(f"/percorsi/{SLUG}/documenti")
    wanted = page.locator("[name=about] option").evaluate_all("found => found.map(one => one.value)")
    for about in wanted:
        page = office.open(f"/percorsi/{SLUG}/documenti")
        page.select_option("[name=about]", about)
        page.check("[name=format][value=all]")
        office.press("Prepara il documento")
    site.work()
    page = office.open(f"/percorsi/{SLUG}/documenti")
    made = {}
    for link in page.locator("[data-format] a[download]").all():
        kind = link.evaluate("one => one.closest('section').id")
        form = link.evaluate("one => one.closest('[data-format]').dataset.format")
        got = page.request.get(site.url + link.get_attribute("href"))
        assert got.status == 200
        made.setdefault((kind, form), []).append(got.body())
    fingerprints = page.locator(".hash code").evaluate_all("found => found.map(one => one.textContent)")
    assert sorted(fingerprints) == sorted(hashlib.sha256(one).hexdigest() for those in made.values() for one in those)
    assert len(fingerprints) == len(wanted) * 8
    office.open("/avvisi")
    assert office.says("È finito ciò che hai chiesto")
    return made


def look_into(made, code, folder):
    """What was said, decided and adopted stands in each, and no name of whoever said it."""
    assert {kind for kind, _form in made} >= {"plan", "response", "phase_results", "final_report", "docpp_validated",
                                              "resolution"}
    for (kind, form), those in made.items():
        for content in those:
            words = read(form, content, folder)
            assert len(words) > 200, (kind, form)
            assert "Giulia" not in words, (kind, form)
            if kind in ("plan", "response", "resolution", "docpp_validated"):
                assert code in words.replace("\\", ""), (kind, form)
    for form in ("docx", "odt", "pdf", "html", "epub"):
        assert "1.0" in read(form, made["plan", form][0], folder)
        answer = read(form, made["response", form][0], folder)
        assert "se ne occupa l'ufficio" in answer.replace("’", "'"), form
        assert REMARK in answer, form
    target = folder / "plan.pdf"
    target.write_bytes(made["plan", "pdf"][0])
    with pikepdf.open(target) as pdf:
        assert str(pdf.Root.Lang) == "it-IT"
        assert pdf.Root.MarkInfo.Marked


def read(form, content, folder):
    """The words of a document, whatever its form."""
    if form == "pdf":
        (folder / "read.pdf").write_bytes(content)
        return subprocess.run(["pdftotext", str(folder / "read.pdf"), "-"], capture_output=True, text=True,
                              check=True).stdout.replace("\n", " ")
    if form in ("docx", "odt", "epub", "zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = [name for name in packed.namelist() if name.endswith(("document.xml", "content.xml", "html", "md"))]
            return html.unescape(re.sub(r"<[^>]+>", "", " ".join(packed.read(name).decode() for name in parts)))
    return html.unescape(content.decode())


def seen_by_everyone(passer, code, scripts):
    """The adopted plan, its act, and the way of a proposal into it."""
    passer.open(PLAN)
    assert passer.says(ACT)
    page = passer.open(f"/c/{code}")
    assert passer.says(TITLE)
    assert passer.says(REASONS)
    assert passer.says("La fontana diventa parte dell'azione.")
    if scripts:
        assert passer.axe() == []
    page = passer.open(f"/percorsi/{SLUG}/documenti")
    assert page.locator("#plan [data-format]").count() == 8
    assert page.locator("#resolution").count() == 0, "the draft of the resolution is for the plan office"
    if scripts:
        assert passer.axe() == []
