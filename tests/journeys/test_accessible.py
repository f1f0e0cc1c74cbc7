"""Every page of the site, signed out and in every role, on a phone and on a desk: nothing that axe finds wrong."""

import re
from collections import deque
from urllib.parse import urldefrag, urlsplit

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
    "health", "static", "publishing.download",  # no pages
}
"""Endpoints that no page links to."""
NOT_PAGES = re.compile(r"\.(json|csv|docx|odt|pdf|md|svg|ics|xml|jsonl)(\?|$)|/scarica|/esporta")

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
