"""A moderator with an hour: by keyboard alone, without scripts, and on a phone."""

from collections import Counter

import sqlalchemy as sa

from consult.contributions import services as contributions
from consult.contributions.models import FlagReason
from consult.core.db import db
from consult.moderation.models import Act, Decision
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from tests.journeys import deciding, people, proposing
from tests.journeys.people import PHONE

HUNDRED = 100


def fill(site, reader, number):
    """Have so many things wait: some to be published, some reported for this and that."""
    email = people.newcomer(site, reader)
    with site.app.app_context():
        call, citizen = proposing.open_call(), proposing.person("cittadina@example.org")
        who = proposing.person(email)
        for each in range(number):
            call.moderation = ModerationMode.AFTER if each % 3 else ModerationMode.BEFORE
            body = "Chiediamo una panchina lungo il viale dei tigli."
            proposal = proposals.submit(call, citizen, proposals.Wording(title=f"Panchina {each}", body=body))
            if each % 3:
                reason = FlagReason.SPAM if each % 3 == 1 else FlagReason.OFFENCE
                contributions.flag(proposal, who, reason=reason, note="")
        db.session.commit()


class Keys:
    """A keyboard that counts."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def decided(site):
    """How many things of each kind were decided, and how."""
    with site.app.app_context():
        return Counter(tuple(row) for row in db.session.execute(sa.select(Decision.kind, Decision.act)))


def test_a_hundred_mixed_things_are_decided_with_at_most_three_keys_each(visit, site):
    authors, reader = [people.newcomer(site, f"scrive{n}") for n in range(10)], people.newcomer(site, "legge")
    with site.app.app_context():
        deciding.mixed(HUNDRED, [proposing.person(one) for one in authors], proposing.person(reader))
        db.session.commit()
    before = decided(site)
    moderator = visit()
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open("/moderazione")
    keys, pressed, heading = Keys(page), Counter(), ""
    with page.expect_navigation():
        keys.press("g")
    for number in range(HUNDRED + 1):
        page.wait_for_function("old => document.querySelector('.page-kicker').textContent !== old", arg=heading)
        heading = page.locator(".page-kicker").text_content()
        page.wait_for_function("document.querySelector('form[data-gives-back]:not([hidden])')")
        keys.pressed = 0
        with page.expect_navigation():
            keys.press(*(("1", "t", "Enter") if number % 5 == 4 else ("v", "Enter")))
        pressed[keys.pressed] += 1
        if number == 7:
            assert page.locator("form[data-undo] [data-left]").text_content().isdigit()
            there = page.url
            with page.expect_navigation():
                page.keyboard.press("z")
            assert moderator.says("nessuno ha ricevuto messaggi")
            page.goto(there)
    assert pressed == {2: 81, 3: 20}
    done = decided(site) - before
    assert sum(done.values()) == HUNDRED + 2, "each once, and the one that was taken back with its undoing"
    assert {kind for kind, _act in done} == {"proposal", "comment", "statement", "amendment"}
    assert {act for _kind, act in done} == {Act.APPROVE, Act.KEEP, Act.HIDE, Act.UNDO}


def test_keys_are_explained_and_are_silent_while_one_writes(visit):
    moderator = visit(PHONE)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open("/moderazione")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Tasti").is_visible()
    assert moderator.axe() == []
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.queue li') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/moderazione/*")
    page.wait_for_selector("form[data-gives-back]:not([hidden])")
    page.keyboard.press("i")
    page.keyboard.type("vnz?")
    assert page.input_value("textarea[name=note]") == "vnz?"
    assert page.locator("[name=decision]:checked").count() == 0
    page.get_by_role("button", name="Metti nella nota la frase del motivo").focus()
    page.keyboard.press("2")
    assert page.locator("[name=decision]:checked").get_attribute("value") == "hide"
    page.keyboard.press("t")
    assert page.input_value("textarea[name=note]").startswith("vnz? Il testo")
    assert moderator.axe() == []


def test_keys_can_be_changed_and_switched_off(visit):
    moderator = visit(PHONE)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open("/moderazione/tasti")
    page.fill("#key-hide", "v")
    page.click("main form button.btn-primary")
    assert "non può fare due cose" in page.locator("[data-said]").inner_text()
    page.fill("#key-hide", "x")
    page.get_by_text("Usa i tasti", exact=True).click()
    page.click("main form button.btn-primary")
    assert moderator.axe() == []
    page = moderator.open("/moderazione")
    page.keyboard.press("?")
    assert not page.get_by_role("dialog", name="Tasti").is_visible()
    page.get_by_role("button", name="Tasti").click()
    assert page.locator("[data-does=hide] kbd").inner_text() == "X"


def test_everything_works_without_scripts_and_many_are_decided_at_once(visit, site):
    fill(site, "lettore", 6)
    moderator = visit(PHONE, scripts=False)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open("/moderazione?tipo=proposal&origine=flagged")
    page.get_by_text("Filtra la coda").click()
    page.fill("[name=name]", "Segnalate")
    moderator.press("Conserva questa vista con il nome")
    for box in page.locator(".queue [name=chosen]").all()[:2]:
        page.locator(f"label[for={box.get_attribute('id')}]").click()
    page.get_by_text("Decidi lo stesso su tutti quelli che hai scelto").click()
    page.locator("#together label", has_text="Nascondi").click()
    page.select_option("#together [name=reason]", "spam")
    page.fill("#together [name=note]", "È pubblicità: non riguarda la raccolta.")
    moderator.press("Guarda prima")
    assert page.locator("#messages ~ details").count() >= 2  # to the authors, and to whoever reported
    moderator.press("Decidi su 2 testi")
    assert moderator.says("2 decisioni insieme")
    moderator.press("Ritirala")
    assert moderator.says("2 decisioni ritirate")
    page.locator(".queue h2 a").first.click()
    moderator.press("Prendilo in carico")
    page.check("[name=decision][value=keep]")
    moderator.press("Decidi e prendi il prossimo")
    assert "/moderazione/" in page.url
