"""The plan office sets up a participatory budget and a ranking of proposals, looks at the papers and publishes them."""

from tests.journeys.conftest import BOTH_WAYS
from tests.journeys.test_questionnaires import enter, looked_at, moment

NEW = "/ufficio/percorsi/rovano-2035/nuova-votazione"
pytestmark = BOTH_WAYS


def begun(office, title, method, **fields):
    """The form of a ballot, begun."""
    page = office.open(NEW)
    page.locator(f"[name=method][value={method}]").press("Space")
    for name, value in {"title_it": title, "question_it": "Che cosa viene prima?", "intro_it": "Si sceglie insieme.",
                        "opens_at": moment(1), "closes_at": moment(20), **fields}.items():
        page.fill(f"[name={name}]", value)
    return page


def published(office, scripts):
    """From the overview of a ballot to its public page, by way of the preview."""
    page = office.page
    overview = page.url
    from_file = office.site.url + NEW.replace("nuova-votazione", "votazione-da-file")
    looked_at(office, scripts, from_file, *(f"{overview}{rest}" for rest in (
        "/anteprima?in=fr", "/traduzioni?in=de", "/schede/nuove", "/prepara", "")))
    assert office.says("Tutto è a posto")
    page.goto(f"{overview}/prepara")
    page.locator("[name=published]").press("Space")
    enter(page, "Salva")
    assert page.url == overview
    return overview


def test_a_participatory_budget_is_set_up_on_one_page(visit, width, scripts):
    office = visit(width, scripts=scripts)
    office.sign_in("ufficio@example.org")
    page = begun(office, f"Un bilancio da {width}", "equal_shares", budget="50000")
    cost, scale = page.locator("[name=option0_cost]"), page.locator("[name=lowest]")
    assert cost.is_visible()
    assert not scale.is_visible()
    for at, (title, price) in enumerate([("Una panchina", "2000"), ("Un sentiero", "30000"), ("Un tetto", "90000")]):
        page.fill(f"[name=option{at}_title]", title)
        page.fill(f"[name=option{at}_cost]", price)
    enter(page, "Prepara la votazione")
    assert office.says("più di tutto il budget")
    looked_at(office, scripts)
    assert not scripts or office.axe() == []
    page.fill("[name=option2_cost]", "9000")
    enter(page, "Prepara la votazione")
    published(office, scripts)
    assert office.says("Finché non apre puoi ancora cambiarla.")


def test_a_ranking_is_made_of_proposals(visit, width, scripts):
    office = visit(width, scripts=scripts)
    office.sign_in("ufficio@example.org")
    page = begun(office, f"Una graduatoria da {width}", "schulze")
    assert not page.locator("[name=option0_cost]").is_visible()
    page.get_by_text("Prendi proposte di questo percorso").click()
    for box in page.locator("[name=proposals]").all()[:3]:
        box.press("Space")
    enter(page, "Aggiungi righe vuote")
    assert page.locator("[name=proposals]:checked").count() == 3
    enter(page, "Prepara la votazione")
    overview = published(office, scripts)
    citizen = visit(width, scripts=scripts)
    looked_at(citizen, scripts, overview.replace("/ufficio", ""))
    assert citizen.page.locator(".cards [data-code]").count() == 3
