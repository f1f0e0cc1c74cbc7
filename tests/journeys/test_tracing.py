"""The plan office answers many at once and ties them to the plan: by keyboard, by drag, without scripts, at 375 px."""

import pytest

from tests.journeys.people import PHONE, newcomer
from tests.journeys.proposing import code_of, moderated_after, process_of, proposed

OFFICE = "ufficio@example.org"
BODY = "Chiediamo una fontana in fondo al viale dei tigli, dove d'estate non c'è nemmeno un po' d'acqua."
REASONS = "Entra nel piano con le risorse già previste per il verde."
WHY = "La fontana fa parte del viale rifatto."


@pytest.fixture
def written(site):
    """`written("anna")`: who wrote a public proposal, and its code."""
    moderated_after(site)

    def make(name):
        author = newcomer(site, name)
        return author, code_of(site, proposed(site, author, f"La fontana del viale, {name}", BODY))

    return make


@pytest.fixture
def staff(visit):
    """`staff(scripts)`: a window of the plan office on a telephone."""

    def start(scripts):
        visitor = visit(PHONE, scripts=scripts)
        visitor.sign_in(OFFICE)
        return visitor

    return start


def fits(visitor, scripts):
    """Whether axe finds nothing wrong, and nothing is wider than the window."""
    wider = visitor.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return not wider and (not scripts or visitor.axe() == [])


@pytest.mark.parametrize("scripts", [True, False])
def test_many_are_answered_at_once(site, staff, written, scripts):
    author, code = written(f"tavola-{scripts}")
    office = staff(scripts)
    page = office.open(f"/ufficio/percorsi/{process_of(site)}/tavolo?q={code}")
    assert fits(office, scripts)
    if scripts:
        page.keyboard.press("j")
        page.keyboard.press("x")
        assert page.locator("[data-chosen]").inner_text() == "Righe scelte: 1"
        page.keyboard.press("p")
        page.keyboard.press("r")
        page.keyboard.type(REASONS)
        page.get_by_role("button", name="Guarda che cosa verrebbe registrato").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    else:
        page.get_by_label(f"Scegli {code}").check()
        page.locator("#together").get_by_label("Accolta in parte").check()
        page.fill("#together [name=reasons]", REASONS)
        office.press("Guarda che cosa verrebbe registrato")
    assert office.says("1 lettera che partirà")
    page.locator("details.letter-seen summary").click()
    assert office.says(REASONS)
    assert fits(office, scripts)
    page.locator("textarea[name^=reasons]").fill(f"{REASONS} Dal prossimo anno.")
    office.press("Registra 1 esito")
    assert office.says("1 esito è stato registrato")
    site.work()
    assert "Dal prossimo anno." in site.letters.to(author)[-1]
    office.open(f"/ufficio/percorsi/{process_of(site)}/tavolo?q={code}")
    assert office.says("Spedita il")


def test_the_keys_are_chosen_and_switched_off(site, staff):
    office = staff(True)
    table = f"/ufficio/percorsi/{process_of(site)}/tavolo"
    page = office.open(f"{table}/tasti")
    page.fill("#key-next", "w")
    office.page.get_by_role("button", name="Conserva questi tasti").click()
    page = office.open(table)
    page.keyboard.press("w")
    assert page.evaluate("document.activeElement.matches('[data-choose]')")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[...document.querySelectorAll('[data-choose]')].indexOf(document.activeElement)") == 1
    page.keyboard.press("?")
    assert page.locator("dialog[data-keys]").is_visible()
    page = office.open(f"{table}/tasti")
    page.uncheck("#keys-on", force=True)
    page.get_by_role("button", name="Conserva questi tasti").click()
    page = office.open(table)
    page.keyboard.press("w")
    assert not page.evaluate("document.activeElement.matches('[data-choose]')")


def _by_keyboard(page, code, _target, words):
    """Take it, let it go, take it again, go down and drop it."""
    take, said = page.get_by_role("button", name=f"Prendi {code}"), page.locator("[data-linking-said]")
    take.focus()
    page.keyboard.press("Enter")
    assert "Preso: " in said.inner_text()
    page.keyboard.press("Escape")
    assert take.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert words[:20] in said.inner_text()


def _by_drag(page, code, target, _words):
    page.locator(f"[data-source][data-code='{code}']").drag_to(target)
    assert target.locator("input").is_checked()


def _by_choosing(page, code, target, _words):
    page.locator(f"[data-source][data-code='{code}'] input").check(force=True)
    target.locator("input").check(force=True)


CHOOSING = {"keyboard": _by_keyboard, "drag": _by_drag, "without scripts": _by_choosing}


@pytest.mark.parametrize("way", CHOOSING)
def test_a_link_is_made_and_undone(site, staff, visit, written, way):
    scripts = way != "without scripts"
    _author, code = written(f"filo-{way.split()[0]}")
    office = staff(scripts)
    page = office.open(f"/piani/{process_of(site)}/collegamenti?q={code}")
    assert fits(office, scripts)
    target = page.locator("[data-target]").nth(1)
    words = target.locator("label").inner_text()
    CHOOSING[way](page, code, target, words)
    page.fill("[name=reason]", WHY)
    office.press("Collega")
    assert office.says("Il collegamento è stato fatto") or office.says(WHY)
    passer = visit(PHONE, scripts=scripts)
    passer.open(f"/c/{code}")
    assert passer.says(WHY)
    assert passer.says("Ufficio di piano")
    office.page.get_by_role("button", name=f"Togli il collegamento di {code}").click()
    passer.open(f"/c/{code}")
    assert not passer.says(WHY)


@pytest.mark.parametrize("scripts", [True, False])
def test_everybody_reads_the_map_and_what_is_missing(site, visit, scripts):
    passer = visit(PHONE, scripts=scripts)
    for path, said in (("/mappa", "Che fine ha fatto"), ("/filo?vista=lacune", "Paragrafi senza")):
        passer.open(f"/piani/{process_of(site)}{path}")
        assert passer.says(said)
        assert fits(passer, scripts)
