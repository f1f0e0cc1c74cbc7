"""A discussion is closed, a double leads on, something is laid aside: on a phone, without scripts; pages for all."""

import pytest

from consult.contributions import services as contributions
from consult.contributions.models import FlagReason
from consult.core.db import db
from tests.journeys.people import PHONE, newcomer
from tests.journeys.proposing import at, moderated_after, person, proposed

WHY = "La discussione si è accesa: riapre quando gli animi si calmano."
PAGES = ("lock", "snooze", "escalate", "duplicate", "move", "split")


@pytest.fixture
def reported(site):
    """`reported("nome")`: the path of a proposal that somebody has reported, and the page of the desk about it."""
    def make(name):
        moderated_after(site)
        path = proposed(site, newcomer(site, f"misure-{name}"), f"Una panchina: {name}", "La chiediamo sotto i tigli.")
        with site.app.app_context():
            contributions.flag(at(path), person("cittadino@example.org"), reason=FlagReason.SPAM, note="")
            db.session.commit()
            return path, f"/moderazione/{at(path).id}", at(path).code

    return make


def test_without_scripts_a_discussion_is_closed_and_a_double_leads_on(visit, site, reported):
    path, place, _code = reported("prima")
    _path, _place, other = reported("seconda")
    moderator = visit(PHONE, scripts=False)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open(place)
    page.get_by_role("link", name="Chiudi la discussione").click()
    page.select_option("[name=reason]", "off_topic")
    page.fill("[name=note]", WHY)
    moderator.press("Chiudi la discussione")
    reader = visit(PHONE, scripts=False)
    reader.open(path)
    assert reader.says(WHY)
    page = moderator.open(place)
    page.get_by_role("link", name="Segna come doppione").click()
    page.fill("[name=code]", other)
    page.fill("[name=note]", "Chiede la stessa panchina nello stesso posto.")
    moderator.press("Segna come doppione")
    page = reader.open(path)
    page.get_by_role("link", name=f"{other}: Una panchina: seconda").click()
    assert reader.says("sotto i tigli")


def test_each_page_is_accessible_and_something_is_laid_aside_by_keyboard(visit, site, reported):
    _path, place, code = reported("terza")
    moderator = visit(375)
    moderator.sign_in("moderatrice@example.org")
    faults = []
    for act in PAGES:
        moderator.open(f"{place}/{act}")
        faults += moderator.axe()
    assert faults == []
    page = moderator.open(f"{place}/snooze")
    page.locator("[name=until]").first.focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    moderator.open("/moderazione?accantonati=1")
    assert moderator.says(code)
