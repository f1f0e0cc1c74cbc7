"""Every page of the site, signed out and in every role, on a phone and on a desk: nothing that axe finds wrong."""

import re
from collections import deque
from urllib.parse import urldefrag, urlsplit

import pyotp
import pytest
from werkzeug.exceptions import HTTPException

PEOPLE = {
    "visitor": None, "citizen": "cittadina@example.org", "unverified": "cittadino@example.org",
    "organisation": "associazione@example.org", "moderator": "moderatrice@example.org",
    "plan office": "ufficio@example.org", "steering": "regia@example.org", "guarantor": "garante@example.org",
    "desk": "sportello@example.org", "administrator": "admin@example.org",
}
UNLINKED = {
    "accounts.confirm", "accounts.reset",  # only by mail
    "identity.begin", "identity.come_back",  # they send on at once
    "identity.enter", "factors.new_passkey",  # walked where there is a provider, and a name: in modules of their own
    "health", "static", "publishing.download",  # no pages
}
"""Endpoints that no page links to."""
NOT_PAGES = re.compile(r"\.(json|csv|xlsx|zip|docx|odt|pdf|md|svg|ics|xml|jsonl)(\?|$)|/scarica|/esporta")

seen_by_anyone: dict[str, set[str]] = {}


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_accessible(visit, site, who, width):
    visitor = visit(width)
    if PEOPLE[who]:
        visitor.sign_in(PEOPLE[who])
    faults, seen = [], set()
    ahead = deque(["/"])
    known = {"/"}
    while ahead:
        path = ahead.popleft()
        kind = page_kind(site, path)
        if kind is None or kind in seen:
            continue
        response = visitor.page.goto(site.url + path)
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        seen.add(kind)
        assert response.status == 200, f"{who} is sent to {path}, which answers {response.status}"
        assert visitor.page.locator("h1").count() == 1, f"{path} has not one h1"
        too_wide = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if too_wide > 0:
            faults.append(f"{path} is {too_wide} pixels wider than the window")
        if kind not in seen_by_anyone.setdefault(f"{width}", set()) or who in ("visitor", "citizen"):
            faults += [f"{path}: {fault}" for fault in visitor.axe()]
            seen_by_anyone[f"{width}"].add(kind)
        for link in visitor.page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
            target = urldefrag(link).url.removeprefix(site.url)
            if link.startswith(site.url) and target not in known and not NOT_PAGES.search(target):
                known.add(target)
                ahead.append(target)
    assert faults == []


@pytest.fixture
def look(site):
    """`look(visitor, path)`: what axe finds on a page, or on the one that is open, which then counts as met."""

    def at(visitor, path=None):
        if path:
            visitor.open(path)
        here = visitor.page.url.removeprefix(site.url)
        width = visitor.page.viewport_size["width"]
        seen_by_anyone.setdefault(f"{width}", set()).add(page_kind(site, here))
        return [f"{here}: {fault}" for fault in visitor.axe()]

    return at


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_that_no_link_leads_to_are_accessible(visit, look, width):
    for path in ("/posta-inviata", "/conferma", "/percorsi"):
        assert look(visit(width), path) == []


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_after_an_act_of_a_citizen_are_accessible(visit, look, width):
    citizen = visit(width)
    citizen.sign_in("cittadina@example.org")
    page = citizen.open("/proposte/5")
    page.fill("#commenta [name=body]", f"Una panchina in più, larga {width}.")
    page.click("#commenta form button")
    faults = look(citizen, page.locator("a[href$='/modifica']").last.get_attribute("href"))
    page = citizen.open("/raccolte/1/proponi")
    page.fill("[name=title]", "Una bozza")
    page.fill("[name=body]", "Un testo che basta appena per essere tenuto come bozza, e non di più.")
    page.click("button[value=draft]")
    citizen.open("/raccolte/1/proponi")
    faults += look(citizen, page.locator("main a[href$='/modifica']").first.get_attribute("href"))
    citizen.open("/votazioni/6/vota")
    page.check("#choice-B05")
    page.click("form[data-paper] button")
    faults += look(citizen)
    page.click("main form[method=post] button.btn-primary")
    faults += look(citizen)
    for path in ("/discussioni/1/commenti", "/commenti/49", "/questionari/4/grazie"):
        faults += look(citizen, path)
    assert faults == []


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_after_an_act_of_the_plan_office_are_accessible(visit, look, width):
    office = visit(width)
    office.sign_in("ufficio@example.org")
    page = office.open("/piani/rovano-2035/documenti")
    page.check("[name=format][value=md]")
    page.click("main form[method=post] button")
    faults = look(office)
    faults += look(office, "/piani/rovano-2035/consultazioni/nuova")
    faults += look(office, "/proposte/3/esito")
    page.check("[name=verdict][value=partly]")
    page.fill("[name=reasons]", "Il marchio è utile: si comincia dal disciplinare comune.")
    page.click("main form[method=post] button")
    faults += look(office, "/proposte/3/esito/decisione")
    assert faults == []


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_of_the_second_step_are_accessible(visit, look, width):
    person = visit(width)
    person.sign_in("cittadino@example.org")
    page = person.open("/profilo/secondo-passo")
    page.click("form[action='/profilo/secondo-passo/app/inizia'] button")
    faults = look(person)
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.click("form[action='/profilo/secondo-passo/app'] button")
    faults += look(person)
    for path in ("/profilo/secondo-passo/passkey", "/profilo/secondo-passo/codici"):
        faults += look(person, path)
    other = visit(width)
    other.sign_in("cittadino@example.org")
    faults += look(other) + look(other, "/accedi/secondo-passo/recupero")
    person.open("/profilo/secondo-passo").click("form[action='/profilo/secondo-passo/app/togli'] button")
    assert faults == []


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_of_verification_are_accessible(visit, look, width):
    faults = look(visit(width), "/codice")
    person = visit(width)
    person.sign_in("cittadino@example.org")
    faults += [fault for path in ("/profilo/residenza/codice", "/codice/ABCD-EFGH-JKLM", "/profilo/residenza/registro",
                                 "/profilo/riconosci") for fault in look(person, path)]
    clerk = visit(width)
    clerk.sign_in("sportello@example.org")
    for email in ("cittadino@example.org", "cittadina@example.org"):
        page = clerk.open("/sportello/verifica")
        page.fill("[name=email]", email)
        page.click("main form button.btn-primary")
        faults += look(clerk)
        page.fill("[name=tax_code]", "RSSMRA80A01H501U")
        for name in ("document", "municipality", "age_band"):
            page.select_option(f"[name={name}]", index=1)
        page.fill("[name=reason]", "Non ha lo SPID.")
        page.click("main form button.btn-primary")
    clerk.open("/sportello/conflitti").locator("main a[href^='/sportello/conflitti/']").first.click()
    assert faults + look(clerk) == []


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_of_invitations_and_registrations_are_accessible(visit, look, site, width):
    founder, office = visit(width), visit(width)
    founder.sign_in("cittadino@example.org")
    office.sign_in("ufficio@example.org")
    page = founder.open("/profilo/organizzazioni/nuova")
    page.fill("[name=name]", f"Banda musicale {width}")
    page.select_option("[name=category]", index=1)
    page.fill("main [name=description]", "Suoniamo nelle feste dei cinque comuni e teniamo una scuola di musica.")
    page.click("main form button.btn-primary")
    own = urlsplit(page.url).path
    faults = look(founder, f"{own}/modifica")
    desk = f"/ufficio/organizzazioni/{own.rpartition('/')[2]}"
    faults += look(office, f"{desk}/rifiuta")
    office.open("/ufficio/organizzazioni").locator("form[action$='/verifica'] button").first.click()
    page = founder.open(f"{own}/descrizione")
    page.fill("main [name=description]", "Suoniamo nelle feste della valle, e la scuola ha sessanta allievi.")
    page.click("main form button.btn-primary")
    faults += look(office, f"{desk}/descrizione/rifiuta")
    page = founder.open(f"{own}/invita")
    page.fill("[name=email]", f"banda{width}@example.org")
    page.check("[name=kind][value=speaks]")
    page.click("main form button.btn-primary")
    assert faults + look(visit(width), link_to(site, f"banda{width}@example.org")) == []


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_that_letters_lead_to_are_accessible(visit, look, site, width):
    admin, person = visit(width), visit(width)
    admin.sign_in("admin@example.org")
    page = admin.open("/ufficio/ruoli/invita")
    page.fill("[name=email]", f"nuova{width}@example.org")
    page.select_option("[name=role]", "moderator")
    page.click("main form button.btn-primary")
    faults = look(visit(width), link_to(site, f"nuova{width}@example.org"))
    person.sign_in("cittadino@example.org")
    page = person.open("/profilo/indirizzo")
    page.fill("[name=email]", f"altrove{width}@example.org")
    page.click("main form button.btn-primary")
    assert faults + look(visit(width), link_to(site, f"altrove{width}@example.org")) == []


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_that_give_back_what_was_typed_are_accessible(visit, look, width):
    citizen = visit(width)
    citizen.sign_in("cittadina@example.org")
    page = citizen.open("/proposte/5")
    page.fill("#commenta [name=body]", "Una panchina in più, davanti alla scuola.")
    page.context.clear_cookies()
    page.click("#commenta form button")
    faults = citizen.axe()
    citizen.press("Invia di nuovo")
    page.fill("[name=email]", "cittadina@example.org")
    page.fill("[name=password]", "dimostrazione")
    page.click("main form button")
    assert faults + look(citizen) == []


def link_to(site, address):
    """The path of the link in the last letter to an address."""
    site.work()
    return re.search(r"http://[^/\s]+(/\S+)", site.letters.to(address)[-1])[1]


def test_no_page_was_left_out(site):
    """The walks above met every endpoint that answers a page."""
    met = {kind.partition(" ")[0] for kinds in seen_by_anyone.values() for kind in kinds}
    if not seen_by_anyone:
        pytest.fail("run together with the walks")
    adapter_rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in rule.methods]
    left_out = sorted({rule.endpoint for rule in adapter_rules
                       if rule.endpoint not in met and rule.endpoint not in UNLINKED
                       and not NOT_PAGES.search(rule.rule)})
    assert " ".join(left_out) == ""


def page_kind(site, path):
    """What kind of page an address is: its endpoint, whatever filters it has. None for what is no page."""
    adapter = site.app.url_map.bind("localhost")
    parts = urlsplit(path)
    try:
        endpoint, values = adapter.match(parts.path or "/", method="GET")
    except HTTPException:
        return None
    if endpoint == "static" or "lingua=" in parts.query:
        return None
    shown = values.get("name", "") if endpoint == "processes.page" else ""
    return f"{endpoint} {shown}".strip()
