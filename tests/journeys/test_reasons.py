"""The plan office writes a rule by keyboard; a visitor finds it, with the version before."""

import itertools

import pytest

NUMBERS = itertools.count(1)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_office_adds_a_rule_and_everybody_reads_it(visit, scripts):
    office, code = visit(375, scripts=scripts), f"regola_{next(NUMBERS)}"
    office.sign_in("ufficio@example.org")
    page = office.open("/ufficio/percorsi/rovano-2035")
    page.locator("main a[href$='/regole']").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Aggiungi una regola").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/nuova")
    assert not scripts or office.axe() == []
    page.locator("[name=code]").fill(code)
    for name, words in (("label", "senza fonte"), ("text", f"Chi cita cifre dice da dove vengono ({code})."),
                        ("finding", "Il testo cita cifre senza dire da dove vengono.")):
        page.locator(f"[name={name}_it]").fill(words)
    page.locator("[name=position]").fill("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/regole")
    assert page.locator("main [data-code]").first.get_attribute("data-code") == code
    assert not scripts or office.axe() == []
    visitor = visit(375, scripts=scripts)
    there = visitor.open("/pagine/regole")
    assert f"({code})" in there.locator("main").inner_text()
    there.locator("main a[href$='/regole']").first.click()
    there.wait_for_url("**/percorsi/*/regole")
    assert f"({code})" in there.locator("main").inner_text()
    assert not scripts or visitor.axe() == []
    there.get_by_role("link", name="Le regole del sito").click()
    there.wait_for_url("**/regole/0")
    assert code not in there.locator("main").inner_text()
    assert "com’erano prima" in there.locator("main").inner_text()
