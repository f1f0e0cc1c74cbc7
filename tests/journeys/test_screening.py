"""Signs in what people write: the author knows why it waits, a person decides, the office sets what is looked for."""

from tests.journeys import proposing
from tests.journeys.people import PHONE

NUMBER = "347 1234567"
ASKED = f"Servono volontari per il doposcuola del martedì: chiamate la Rita al {NUMBER} dopo cena."


def test_a_telephone_number_waits_for_a_person_and_nobody_else_reads_it(visit, site):
    proposing.moderated_after(site)
    path = proposing.proposed(site, "cittadina@example.org", "Doposcuola del martedì", "Aiuto nei compiti per tutti.")
    author = visit(PHONE, scripts=False)
    author.sign_in("cittadino@example.org")
    author.open(path)
    author.page.fill("main [name=body]", ASKED)
    author.page.locator("main form:has([name=body]) button.btn-primary").first.click()
    assert NUMBER in author.open(path).content()
    assert author.says("Perché aspetta: un programma ha trovato qualcosa")
    assert NUMBER not in visit(scripts=False).open(path).content()
    moderator = visit(PHONE)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open("/moderazione?tipo=comment&origine=held")
    with page.expect_navigation():
        page.locator(".queue li", has_text="Servono volontari").locator("h2 a").click()
    assert moderator.says("Ha la forma di un numero di telefono")
    assert page.locator("section[aria-labelledby=found] blockquote").inner_text().startswith(NUMBER)
    assert moderator.axe() == []
    page.check("[name=decision][value=approve]")
    with page.expect_navigation():
        page.locator(".decide form button.btn-primary").first.click()
    assert NUMBER in visit(scripts=False).open(path).content()


def test_the_office_sets_the_signs_by_keyboard_on_a_phone(visit):
    office = visit(PHONE)
    office.sign_in("ufficio@example.org")
    page = office.open("/ufficio")
    page.get_by_role("link", name="Imposta i segnali").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ufficio/vaglio")
    assert office.axe() == []
    page.get_by_label("Insulti", exact=True).select_option("hold")
    page.fill("[name=contacts]", "Rita")
    page.locator("main form button.btn-primary").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert office.says("non è né un numero di telefono né un indirizzo e-mail")
    assert office.axe() == []
    page.fill("[name=contacts]", NUMBER)
    with page.expect_navigation():
        page.locator("main form button.btn-primary").press("Enter")
    assert office.says("Salvato. Vale per ciò che si invia o si cambia da adesso.")
    office.open("/pagine/regole")
    assert office.says("Un programma cerca dei segnali in ciò che si invia")
    assert office.axe() == []
