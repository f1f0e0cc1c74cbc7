"""The plan office writes a section and a project sheet: without scripts, and by keyboard on a narrow screen."""

PLAN = "/piani/rovano-2035"


def edit(page, code):
    page.goto(page.url.split("/piani")[0] + PLAN)
    return page.locator(f"section[data-code={code}] a", has_text="Modifica").first


def test_without_scripts_a_block_a_row_and_the_history(visit):
    office = visit(375, scripts=False)
    office.sign_in("ufficio@example.org")
    page = office.open(PLAN)
    edit(page, "D05").click()
    page.locator("summary", has_text="Inserisci un dato").click()
    page.select_option("#block", label="A5.2.1 · Aprire uno sportello polifunzionale in ogni comune")
    page.locator("button[data-insert]").click()
    assert page.input_value("#body").endswith("{{ azione A5.2.1 }}")
    page.locator("div.acts button[value=keep]").click()
    assert office.says("senza averlo salvato")
    page.get_by_role("button", name="Riprendi").click()
    assert page.input_value("#body").endswith("{{ azione A5.2.1 }}")
    page.locator("div.acts button[value=save]").click()
    assert page.locator("section[data-code=D05] [data-block=action]").count() == 1
    edit(page, "D05").click()
    page.get_by_role("link", name="Storia di questo testo").click()
    assert page.locator("ins").count() == 1
    page.get_by_role("button", name="Ripristina il testo 1").click()
    assert office.says("è stato ripristinato")
    page.goto(page.url.split("/piani")[0] + f"{PLAN}/azioni/A1.1.1")
    page.get_by_role("link", name="Modifica").click()
    page.get_by_role("button", name="Aggiungi una tappa").click()
    page.fill("#milestones-1-title", "Disciplinare approvato")
    page.locator("div.acts button[value=save]").last.click()
    assert office.says("Disciplinare approvato")


def test_by_keyboard_what_is_typed_is_kept_and_found_again(visit):
    office = visit(375)
    office.sign_in("ufficio@example.org")
    page = office.open(PLAN)
    edit(page, "D01").click()
    assert office.axe() == []
    page.locator("#body").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Ancora una frase.")
    page.wait_for_selector("[data-saved]:has-text('per te')")
    page.goto(page.url)
    assert office.says("senza averlo salvato")
    assert office.axe() == []
    page.get_by_role("button", name="Riprendi").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#body")
    assert page.input_value("#body").endswith("Ancora una frase.")
    page.get_by_role("link", name="Storia di questo testo").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/storia/**")
    assert office.axe() == []
    page.goto(page.url.split("/piani")[0] + f"{PLAN}/azioni/A4.1.1")
    assert office.axe() == []
    page.get_by_role("link", name="Modifica").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#cup")
    assert office.axe() == []
