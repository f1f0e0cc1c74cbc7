"""The plan office makes a questionnaire by keyboard, previews it, publishes it, and it is there."""

from datetime import timedelta

from consult.core import clock
from tests.journeys.conftest import BOTH_WAYS

DAY = timedelta(days=1)
pytestmark = BOTH_WAYS


def moment(days):
    return clock.local(clock.now() + days * DAY).strftime("%Y-%m-%dT%H:%M")


def enter(page, button):
    """Press a button with the keyboard, and wait for the page that answers."""
    found = page.get_by_role("button", name=button, exact=True).first
    found.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page, kind, title, **fields):
    """A new question at the end of the last section."""
    page.locator("select[name=tipo]").last.select_option(kind)
    page.get_by_role("button", name="Scrivila").last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.fill("[name=prompt_it]", title)
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    enter(page, "Aggiungi la domanda")


def prepared(office, title):
    """A survey with a section, a question of each of four kinds and a condition; answers its page at the office."""
    page = office.open("/ufficio/percorsi/rovano-2035/nuovo-questionario")
    for name, value in {"title_it": title, "intro_it": "Di che si tratta.", "opens_at": moment(1),
                        "closes_at": moment(20)}.items():
        page.fill(f"[name={name}]", value)
    enter(page, "Prepara il questionario")
    overview = page.url
    with page.expect_navigation():
        page.get_by_role("link", name="Aggiungi una sezione").press("Enter")
    page.fill("[name=title_it]", "Muoversi")
    enter(page, "Aggiungi la sezione")
    write(page, "single_choice", "Prendi il bus?", option0_label_it="Sì", option1_label_it="No")
    write(page, "scale", "Come ti trovi?")
    write(page, "matrix_single", "Che ne dici?", row0_label_it="Gli orari", option0_label_it="Così così",
          option1_label_it="Bene")
    write(page, "ranking", "Che cosa viene prima?", option0_label_it="Il prezzo", option1_label_it="La puntualità")
    page.goto(f"{overview}/condizione?di=question:come_ti_trovi&domanda=prendi_il_bus")
    page.select_option("[name=test]", "is:si")
    enter(page, "Aggiungi questa parte")
    return overview


def prompts(page):
    return page.locator(".questionnaire-prompt").all_inner_texts()


def looked_at(visitor, scripts, *paths):
    """Open pages one after the other; none may be wider than the window, and axe finds nothing where it can run."""
    for path in paths:
        visitor.page.goto(path)
        assert visitor.page.evaluate("document.body.scrollWidth <= document.documentElement.clientWidth"), path
        assert not scripts or visitor.axe() == [], path


def drag_to_the_top(page, number):
    page.set_viewport_size({"width": 1280, "height": 1800})  # one drags what one sees
    with page.expect_navigation():
        page.locator(".questionnaire-handle").nth(number).drag_to(
            page.locator(".questionnaire-question").first, target_position={"x": 20, "y": 2})


def tried(office, preview, scripts):
    """Look at the preview: with scripts a question opens at once."""
    page = office.page
    looked_at(office, scripts, f"{preview}?in=de", preview)
    assert office.says("Anteprima: non si conserva nulla.")
    opened = page.locator("[data-question=come_ti_trovi]")
    assert not opened.is_visible()
    page.locator("select[name=municipality]").select_option(index=1)
    page.get_by_role("radio", name="Sì", exact=True).check()
    if not scripts:
        enter(page, "Invia le risposte")
        assert office.says("aprono altre domande")
    assert opened.is_visible()
    enter(page, "Invia le risposte")
    assert office.says("Non è stato conservato nulla")


def test_a_questionnaire_is_made_and_seen(visit, width, scripts):
    office = visit(width, scripts=scripts)
    office.page.set_default_timeout(15_000)
    office.sign_in("ufficio@example.org")
    overview = prepared(office, f"Una prova da {width}")
    page = office.page
    looked_at(office, scripts, *(f"{overview}/{path}" for path in (
        "domande/prendi_il_bus", "domande/che_ne_dici", "sezioni/1", "condizione?di=question:come_ti_trovi",
        "impostazioni", "traduzioni?in=fr", "versioni", "versioni/3", "porta")), overview)
    assert office.says("Mostrata se a «Prendi il bus?» si risponde «Sì»")
    enter(page, "Sposta in giù: Che ne dici?")
    assert prompts(page)[2:] == ["Che cosa viene prima?", "Che ne dici?"]
    if scripts:
        drag_to_the_top(page, 3)
        assert prompts(page)[0] == "Che ne dici?"
    tried(office, f"{overview}/anteprima", scripts)
    page.goto(overview.replace("/questionari/", "/attivita/"))
    page.locator("[name=published]").focus()
    page.keyboard.press("Space")
    enter(page, "Salva")
    citizen = visit(width, scripts=scripts)
    looked_at(citizen, scripts, overview.replace("/ufficio", ""))
    assert citizen.page.locator("h1").inner_text() == f"Una prova da {width}"
