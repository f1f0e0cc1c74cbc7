"""Amendments as people make them: proposed on the text, supported, discussed, accepted and declined with a reason."""

import re
from dataclasses import dataclass

import pytest

from tests.journeys.people import PHONE, link_to, newcomer
from tests.journeys.proposing import moderated_after, proposed, supported

BODY = """Chiediamo una panchina all'ombra davanti alla scuola di via Mazzini, per chi aspetta l'uscita dei bambini.

La panchina deve essere di legno trattato.

Il Comune se ne prende cura ogni primavera."""
BETTER = """Chiediamo due panchine all'ombra davanti alla scuola di via Mazzini, per chi aspetta l'uscita dei bambini.

Il Comune se ne prende cura ogni primavera e dopo ogni temporale."""
WHY = "Una sola non basta, e il legno chiede troppa cura."

WAYS = pytest.mark.parametrize("scripts", [True, False])


@dataclass
class Scene:
    """A proposal, who wrote it and who supports it."""

    path: str
    author: str
    supporter: str


@pytest.fixture(scope="module", autouse=True)
def seen_at_once(site):
    """Moderation is walked elsewhere."""
    moderated_after(site)


@pytest.fixture
def scene(site):
    """`scene("panchine")`: a proposal of somebody, whose text somebody else supports."""

    def make(name):
        author, supporter = newcomer(site, f"autrice-{name}"), newcomer(site, f"sostenitore-{name}")
        path = proposed(site, author, f"Sedersi all'ombra: {name}", BODY)
        supported(site, path, supporter)
        return Scene(path, author, supporter)

    return make


@pytest.fixture
def enter(visit):
    """`enter(email, scripts)`: a window in which somebody has signed in."""

    def start(email, scripts, width=PHONE):
        visitor = visit(width, scripts=scripts)
        visitor.sign_in(email)
        return visitor

    return start


def changed(page, mark):
    """All that a shown difference adds (`ins`) or takes away (`del`)."""
    return " ".join(" ".join(page.locator(f".diff {mark}").all_inner_texts()).split())


def accessible(visitor, scripts):
    """Whether axe finds nothing wrong; asked where scripts run."""
    return not scripts or visitor.axe() == []


def amended(visitor, path, body, why=WHY):
    """Propose another text, having looked at it first; answers the path of the amendment."""
    page = visitor.open(path)
    page.get_by_role("link", name="Proponi un emendamento").click()
    page.fill("[name=body]", body)
    page.fill("[name=reason]", why)
    visitor.press("Anteprima")
    assert changed(page, "ins")
    assert page.input_value("[name=body]") == body
    visitor.press("Invia l'emendamento")
    return page.url.removeprefix(visitor.site.url)


def accept(author, amendment, reason):
    """Look at what an amendment would change, and put it into the text with a reason."""
    page = author.open(amendment)
    page.get_by_role("link", name="Accogli", exact=True).click()
    assert "due panchine" in changed(page, "ins")
    author.press("Accogli l'emendamento")
    assert author.says("C'è 1 cosa da correggere"), "a reason is asked for"
    page.fill("[name=reason]", reason)
    author.press("Accogli l'emendamento")


@WAYS
def test_an_amendment_is_proposed_as_a_difference_supported_and_discussed(site, enter, scene, scripts):
    told = scene(f"discusso-{scripts}")
    visitor = enter(newcomer(site, f"emendante-{scripts}"), scripts)
    amendment = amended(visitor, told.path, BETTER)
    assert "una panchina" in changed(visitor.page, "del")
    assert "La panchina deve essere di legno trattato." in changed(visitor.page, "del")
    assert "due panchine" in changed(visitor.page, "ins")
    assert "e dopo ogni temporale" in changed(visitor.page, "ins")
    assert visitor.says("In attesa degli autori")
    assert accessible(visitor, scripts)

    friend = enter(newcomer(site, f"amico-{scripts}"), scripts)
    page = friend.open(told.path)
    page.locator("#emendamenti .amendment-item a").click()
    assert "due panchine" in changed(page, "ins")
    friend.press("Sostieni l'emendamento")
    assert friend.says("1 persona sostiene questo emendamento")
    page.fill("#commenta [name=body]", "Due bastano: una per lato.")
    friend.press("Invia il commento")
    assert page.url.startswith(site.url + amendment)

    author = enter(told.author, scripts)
    author.open(link_to(site, told.author))
    assert author.says("1 persona sostiene questo emendamento")
    assert author.says("Due bastano: una per lato.")


@WAYS
def test_one_is_accepted_with_a_reason_and_the_new_version_names_it(site, enter, scene, scripts):
    told = scene(f"accolto-{scripts}")
    amender, friend = newcomer(site, f"accolta-{scripts}"), enter(newcomer(site, f"contenta-{scripts}"), scripts)
    visitor, author = enter(amender, scripts), enter(told.author, scripts, width=1280)
    amendment = amended(visitor, told.path, BETTER)
    code = visitor.page.locator("main [data-code]").first.get_attribute("data-code")
    friend.open(amendment)
    friend.press("Sostieni l'emendamento")
    reason = "Giusto: due servono, e il cemento dura."
    accept(author, amendment, reason)
    assert author.page.url == site.url + told.path
    text = author.page.locator(".proposal-text").inner_text()
    assert text.split() == BETTER.split()
    assert accessible(author, scripts)

    site.work()
    for whom in (amender, f"contenta-{scripts}@example.org".lower()):
        assert reason in site.letters.to(whom)[-1]
    page = visitor.open(amendment)
    assert visitor.says(reason)
    page.get_by_role("link", name="È diventato la versione 2").click()
    assert "una panchina" in changed(page, "del")
    assert "due panchine" in changed(page, "ins")
    assert visitor.says(f"emendamento {code} di")
    assert accessible(visitor, scripts)


@WAYS
def test_whoever_supported_the_text_is_told_and_sees_which_one(site, enter, scene, scripts):
    told = scene(f"sostenuto-{scripts}")
    amendment = amended(enter(newcomer(site, f"ritocco-{scripts}"), scripts), told.path, BETTER)
    accept(enter(told.author, scripts), amendment, "Giusto: due servono, e il cemento dura.")
    site.work()
    letter = site.letters.to(told.supporter)[-1]
    supporter = enter(told.supporter, scripts)
    page = supporter.open(re.search(r"/proposte/\d+/versioni/confronta\S+", letter)[0])
    assert "una panchina" in changed(page, "del")
    assert "due panchine" in changed(page, "ins")
    page = supporter.open(told.path)
    assert supporter.says("Hai sostenuto la versione 1: da allora il testo è cambiato.")
    assert supporter.says("1 persona sostiene questa proposta")
    assert accessible(supporter, scripts)
    supporter.press("Sostengo anche il testo attuale")
    assert not supporter.says("Hai sostenuto la versione 1")
    assert supporter.says("1 persona sostiene questa proposta")


@WAYS
def test_one_is_declined_with_a_reason_and_the_text_stays(site, visit, enter, scene, scripts):
    told = scene(f"respinto-{scripts}")
    amender = newcomer(site, f"respinta-{scripts}")
    amendment = amended(enter(amender, scripts), told.path, BETTER)
    author = enter(told.author, scripts)
    page = author.open(amendment)
    page.get_by_role("link", name="Non accogliere", exact=True).click()
    assert accessible(author, scripts)
    author.press("Non accogliere l'emendamento")
    assert author.says("C'è 1 cosa da correggere"), "a reason is asked for"
    page.fill("[name=reason]", "Il legno è del bosco comunale: ci teniamo.")
    author.press("Non accogliere l'emendamento")
    site.work()
    assert "Il legno è del bosco comunale: ci teniamo." in site.letters.to(amender)[-1]
    passer = visit(PHONE, scripts=scripts)
    page = passer.open(amendment)
    assert passer.says("Non accolto")
    assert passer.says("Il legno è del bosco comunale: ci teniamo.")
    page = passer.open(told.path)
    assert page.locator(".proposal-text").inner_text().split() == BODY.split()
    assert page.locator("#emendamenti .amendment-item").count() == 0


@WAYS
def test_one_paragraph_alone_is_deleted(site, enter, scene, scripts):
    told = scene(f"capoverso-{scripts}")
    visitor = enter(newcomer(site, f"forbici-{scripts}"), scripts)
    page = visitor.open(told.path)
    page.get_by_role("link", name="Proponi un emendamento").click()
    page.click("text=Cambiare un solo paragrafo")
    page.click("text=La panchina deve essere di legno")
    assert page.input_value("[name=body]") == "La panchina deve essere di legno trattato."
    page.fill("[name=body]", "")
    page.fill("[name=reason]", WHY)
    visitor.press("Invia l'emendamento")
    assert "La panchina deve essere di legno trattato." in changed(page, "del")
    assert changed(page, "ins") == ""
