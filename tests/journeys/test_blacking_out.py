"""A passage is blacked out by copying it on a phone without scripts, and by selecting it; readers see marks only."""

from consult.core.db import db
from tests.journeys.people import PHONE, newcomer
from tests.journeys.proposing import at, moderated_after, proposed

NOTE = "Il numero di telefono è di una persona privata."


def test_a_passage_is_copied_looked_at_blacked_out_and_taken_back_without_scripts(visit, site):
    moderated_after(site)
    path = proposed(site, newcomer(site, "oscurata"), "Chiamare il fabbro",
                    "Il fabbro risponde allo 333 000 ogni sera.")
    with site.app.app_context():
        place = f"/moderazione/{at(path).id}"
    moderator = visit(PHONE, scripts=False)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open(place)
    page.get_by_role("link", name="Oscura un passaggio").click()
    page.fill("[name=passage]", "333 000")
    page.select_option("[name=reason]", "personal_data")
    page.fill("[name=note]", NOTE)
    moderator.press("Guarda che cosa vedrà chi legge")
    assert moderator.says("Il fabbro risponde allo ▇▇▇ ogni sera.")
    moderator.press("Oscura")
    assert moderator.says("Il passaggio è oscurato")
    reader = visit(PHONE)
    reader.open(path)
    assert reader.says("Il fabbro risponde allo ▇▇▇ ogni sera.")
    moderator.press("Ritirala")
    with site.app.app_context():
        assert "333 000" in at(path).body


def test_what_is_selected_is_blacked_out_by_keyboard_and_the_pages_are_accessible(visit, site):
    moderated_after(site)
    path = proposed(site, newcomer(site, "scelta"), "Chiamare il fornaio", "Il fornaio risponde allo 333 111, dice.")
    with site.app.app_context():
        place = f"/moderazione/{at(path).id}"
    moderator = visit(375)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open(f"{place}/redact")
    page.evaluate("""() => {
        const text = [...document.querySelectorAll("[data-redactable]")].at(-1).firstChild;
        const start = text.data.indexOf("333 111"), range = document.createRange();
        range.setStart(text, start); range.setEnd(text, start + 7);
        getSelection().removeAllRanges(); getSelection().addRange(range);
    }""")
    page.wait_for_function("document.querySelector('[name=passage]').value === '333 111'")
    page.select_option("[name=reason]", "personal_data")
    page.fill("[name=note]", NOTE)
    page.locator("[value=preview]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert moderator.axe() == []
    page.locator("[value=redact]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page = moderator.open(f"{place}/uncover")
    assert moderator.axe() == []
    assert not moderator.says("333 111")
    moderator.press("Apri le parole")
    assert moderator.says("333 111")
    assert moderator.axe() == []
    page.locator("[name=chosen]").first.check()
    moderator.press("Rendi di nuovo leggibile il passaggio")
    with site.app.app_context():
        db.session.expire_all()
        assert "333 111" in at(path).body
