"""Plan office and steering group leave each other notes and say how far the text is: by keyboard, and without scripts.
"""

WORK = "/piani/rovano-2035/lavoro"


def test_by_keyboard_a_note_is_left_answered_and_resolved_and_a_text_agreed(visit):
    steering = visit(375)
    steering.sign_in("regia@example.org")
    page = steering.open(f"{WORK}?mostra=attesa")
    assert steering.axe() == []
    page.locator("tr[data-part] a", has_text="Visione").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#body")
    assert steering.axe() == []
    page.locator("#body").focus()
    page.keyboard.type("Manca una frase sui borghi.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Manca una frase sui borghi.")
    page.locator("[data-note] a", has_text="Rispondi").first.click()
    assert steering.axe() == []
    page.go_back()
    page.get_by_role("button", name="Segna come concordato: Visione").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".review-state .tag-good")
    assert steering.axe() == []


def test_without_scripts_an_agreed_text_that_changes_is_to_be_read_again(visit):
    office = visit(375, scripts=False)
    office.sign_in("ufficio@example.org")
    page = office.open("/piani/rovano-2035")
    page.get_by_role("link", name="A che punto è il testo").click()
    page.locator("tr[data-part] a", has_text="Perché un piano").click()
    page.get_by_role("link", name="Modifica").click()
    assert office.says("Se lo cambi, torna da leggere.")
    page.fill("#body", page.input_value("#body") + " Ancora una frase.")
    page.locator("div.acts button[value=save]").click()
    page.get_by_role("link", name="A che punto è il testo").click()
    assert office.says("Era concordato, poi il testo è cambiato")
    page.locator("tr[data-part] a", has_text="Visione").click()
    page.locator("[data-note] a", has_text="Rispondi").first.click()
    page.fill("#body", "Lo scrivo domani.")
    page.get_by_role("button", name="Aggiungi la risposta").click()
    assert office.says("Lo scrivo domani.")
    page.locator("[data-note]", has_text="Lo scrivo domani.").get_by_role("button", name="È risolta").click()
    assert office.says("Risolta da:")
