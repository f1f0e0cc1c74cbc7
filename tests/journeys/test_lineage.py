"""Two proposals become one: the plan office merges, the originals stay, and each supporter says for themselves."""

import re
from dataclasses import dataclass

import pytest

from consult.demo.services import PASSWORD
from tests.journeys.people import PHONE, newcomer
from tests.journeys.proposing import code_of, moderated_after, proposed, supported

OFFICE = "ufficio@example.org"
SHADE = "Chiediamo alberi che facciano ombra sulla piazza del mercato, dove d'estate non si resiste."
SEATS = "In piazza del mercato non c'è dove sedersi: chiediamo quattro panchine vicino alla fontana."
WHY = "Chiedono la stessa piazza più vivibile: insieme si progettano meglio."

WAYS = pytest.mark.parametrize("scripts", [True, False])


@dataclass
class Scene:
    """Two proposals like each other: their paths and codes, and who supports them."""

    shade: str
    seats: str
    codes: tuple[str, str]
    goes_along: str
    stays: str
    silent: str


@pytest.fixture(scope="module")
def call(site):
    """The path of the open call, in which what is written is public at once."""
    return moderated_after(site)


@pytest.fixture
def scene(site, call):
    """`scene("one")`: two proposals that three people support, one of them both."""

    def make(name):
        author, other, goes_along, stays, silent = (
            newcomer(site, f"{part}-{name}") for part in ("ombra", "sedute", "segue", "resta", "tace"))
        shade = proposed(site, author, f"Ombra in piazza {name}", SHADE)
        seats = proposed(site, other, f"Panchine in piazza {name}", SEATS)
        supported(site, shade, goes_along, stays, silent)
        supported(site, seats, goes_along)
        return Scene(shade, seats, (code_of(site, shade), code_of(site, seats)), goes_along, stays, silent)

    return make


@pytest.fixture
def enter(visit):
    """`enter(email, scripts)`: a window in which somebody has signed in."""

    def start(email, scripts, width=PHONE):
        visitor = visit(width, scripts=scripts)
        visitor.sign_in(email)
        return visitor

    return start


def accessible(visitor, scripts):
    """Whether axe finds nothing wrong; asked where scripts run."""
    return not scripts or visitor.axe() == []


def merge(office, told, call, title, scripts):
    """From the page of one original to the new proposal, by ticking and writing; answers its path."""
    page = office.open(told.shade)
    page.get_by_role("link", name="Unisci ad altre").click()
    assert page.url.startswith(f"{office.site.url}{call}/unisci")
    page.fill("[name=q]", told.codes[1])
    office.press("Prendi quelle spuntate e cerca")
    page.locator("label", has_text=told.codes[1]).click()
    office.press("Prendi quelle spuntate e cerca")
    assert accessible(office, scripts)
    text = page.input_value("[name=body]")
    assert SHADE in text
    assert SEATS in text
    page.fill("[name=title]", title)
    office.press("Unisci")
    assert office.says("C'è 1 cosa da correggere"), "a reason is asked for"
    assert page.input_value("[name=body]") == text
    page.fill("[name=reason]", WHY)
    office.press("Unisci")
    assert page.locator("h1").inner_text() == title
    return page.url.removeprefix(office.site.url)


@WAYS
def test_what_was_merged_stays_readable_and_each_leads_to_the_other(site, visit, call, enter, scene, scripts):
    told = scene(f"unite-{scripts}")
    made = merge(enter(OFFICE, scripts, width=1280), told, call, f"Una piazza viva {scripts}", scripts)
    passer = visit(PHONE, scripts=scripts)
    page = passer.open(made)
    assert all(passer.says(said) for said in (WHY, *told.codes))
    assert passer.says("0 portati dalle originali, 0 dati qui; 3 persone avevano sostenuto le originali")
    assert page.locator(".lineage .kin a").evaluate_all("all => all.map(a => a.getAttribute('href'))") == [
        told.shade, told.seats]
    assert accessible(passer, scripts)
    for path, text, supports in ((told.shade, SHADE, "3 persone sostengono"),
                                 (told.seats, SEATS, "1 persona sostiene")):
        page = passer.open(path)
        assert page.locator(".proposal-text").inner_text().split() == text.split()
        assert passer.says("Questa proposta è stata unita ad altre")
        assert passer.says(WHY)
        assert passer.says(f"{supports} questa proposta")
        assert page.locator(".lineage .kin a").get_attribute("href") == made
        assert accessible(passer, scripts)


@WAYS
def test_a_supporter_is_invited_signs_in_and_goes_along_and_another_stays(site, visit, call, enter, scene, scripts):
    told = scene(f"invitate-{scripts}")
    made = merge(enter(OFFICE, scripts, width=1280), told, call, f"Una piazza per tutti {scripts}", scripts)
    site.work()
    letters = site.letters.to(told.goes_along)
    assert len(letters) == 1, "whoever supports both originals is asked once"
    invited = re.search(r"http://[^/\s]+(/\S+)#sostegno", letters[0])[1]
    assert invited == made
    visitor = visit(PHONE, scripts=scripts)
    page = visitor.open(invited)
    page.locator("#sostegno .btn-primary").click()
    page.fill("[name=email]", told.goes_along)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    assert page.url.startswith(site.url + made)
    assert visitor.says("Il tuo sostegno la segue?")
    assert accessible(visitor, scripts)
    visitor.press("Sì, porto qui il mio sostegno")
    assert visitor.says("Il tuo sostegno ti segue: conta anche per questa proposta.")
    assert visitor.says("1 portato dalle originali, 0 dati qui")
    assert visitor.says("Hai portato qui il tuo sostegno")

    other = enter(told.stays, scripts)
    page = other.open(told.shade)
    assert other.says("L'avevi sostenuta. Il tuo sostegno non si sposta da solo")
    page.locator(".lineage .kin a").click()
    other.press("No, resta dov'è")
    assert other.says("hai detto di no. Puoi cambiare idea fino al")
    assert other.says("1 portato dalle originali, 0 dati qui")


@WAYS
def test_whoever_supported_none_of_them_supports_what_was_made_and_both_counts_are_right(
        site, call, enter, scene, scripts):
    told = scene(f"contate-{scripts}")
    made = merge(enter(OFFICE, scripts, width=1280), told, call, f"Una piazza contata {scripts}", scripts)
    supporter = enter(told.goes_along, scripts)
    supporter.open(made)
    supporter.press("Sì, porto qui il mio sostegno")
    fresh = enter(newcomer(site, f"nuova-{scripts}"), scripts)
    fresh.open(made)
    assert not fresh.says("Il tuo sostegno la segue?")
    fresh.press("Sostieni la proposta")
    assert fresh.says("2 persone sostengono questa proposta")
    assert fresh.says("1 portato dalle originali, 1 dato qui; 3 persone avevano sostenuto le originali")
    page = fresh.open(told.shade)
    assert fresh.says("3 persone sostengono questa proposta")
    assert page.get_by_role("button", name="Sostieni la proposta").count() == 0


@WAYS
def test_whoever_declined_changes_their_mind_and_whoever_is_silent_moves_nothing(site, call, enter, scene, scripts):
    told = scene(f"ripensate-{scripts}")
    made = merge(enter(OFFICE, scripts, width=1280), told, call, f"Una piazza ripensata {scripts}", scripts)
    visitor = enter(told.stays, scripts)
    visitor.open(made)
    visitor.press("No, resta dov'è")
    assert visitor.says("0 portati dalle originali")
    visitor.press("Sì, porto qui il mio sostegno")
    assert visitor.says("1 portato dalle originali, 0 dati qui; 3 persone avevano sostenuto le originali")
    visitor.press("Ritira il sostegno")
    assert visitor.says("0 portati dalle originali, 0 dati qui; 3 persone avevano sostenuto le originali")
    visitor.open(told.shade)
    assert visitor.says("3 persone sostengono questa proposta")
