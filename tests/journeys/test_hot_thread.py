"""Far into a hot thread: all its pages, one comment by its address, and a reply, by keyboard or without scripts."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from consult.accounts.models import Person
from consult.comments import services
from consult.comments.models import Comment
from consult.core.db import db
from tests.journeys.people import PHONE, newcomer
from tests.journeys.proposing import at, moderated_after, proposed
from tests.journeys.test_thread import tab_to

HOW_MANY, ON_A_PAGE = 170, 50
FAR = 110
"""A comment that stands on the third page, and on the second from the end."""
BODY = "Chiediamo un mercato del contadino in piazza, ogni sabato mattina, con chi coltiva nella valle."


@pytest.fixture(scope="module")
def hot(site):
    """The path of a proposal on which many people have written."""
    moderated_after(site)
    path = proposed(site, newcomer(site, "contadina"), "Il mercato del sabato", BODY)
    with site.app.app_context():
        thread = at(path).thread
        people = db.session.scalars(sa.select(Person).where(Person.email.is_(None), Person.erased_at.is_(None))
                                    .order_by(Person.id).limit(20)).all()
        for number in range(HOW_MANY):
            services.post(thread, people[number % len(people)], body=f"Parere numero {number}.")
        db.session.commit()
    return path


@pytest.fixture(scope="module")
def far(site, hot):
    """The code of a comment that stands far down."""
    with site.app.app_context():
        return db.session.scalars(sa.select(Comment.code).where(
            Comment.thread_id == at(hot).thread_id, Comment.body == f"Parere numero {FAR}.")).one()


def shown(page):
    """The numbers of the comments on the page, in their order."""
    texts = page.locator("#commenti .thread > li > .comment .prose").all_inner_texts()
    return [int(number) for text in texts for number in re.findall(r"Parere numero (\d+)\.", text)]


def test_page_after_page_by_keyboard_nothing_is_missing_and_nothing_comes_twice(visit, hot):
    page = visit().open(hot)
    seen = shown(page)
    while page.locator("#commenti a[rel=next]").count():
        before = page.url
        tab_to(page, "e.matches('#commenti a[rel=next]')", most=800)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url != before
        assert 0 < len(shown(page)) <= ON_A_PAGE
        seen += shown(page)
    assert seen == list(range(HOW_MANY))


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("order", ["", "ultimi"])
def test_the_address_of_a_comment_opens_the_page_on_which_it_stands(visit, hot, far, order, scripts):
    visitor = visit(PHONE, scripts=scripts)
    page = visitor.open(f"/c/{far}" + (f"?ordine={order}" if order else ""))
    assert page.url.split("?")[0].split("#")[0].endswith(hot)
    assert page.url.endswith(f"#c-{far}")
    assert f"Parere numero {FAR}." in page.locator(":target").inner_text()
    expect(page.locator(":target")).to_be_in_viewport()
    assert f"ordine={order}" in page.url if order else "ordine=" not in page.url
    page.get_by_role("link", name="Leggi dal primo commento").click()
    assert shown(page)[0] == (HOW_MANY - 1 if order else 0)
    if scripts:
        assert visitor.axe() == []


def test_one_goes_to_a_comment_by_its_address_and_replies_by_keyboard_alone(site, visit, far):
    visitor = visit()
    visitor.sign_in(newcomer(site, "dattilografa"))
    page = visitor.open(f"/c/{far}")
    number = page.locator(":target .agree").first.get_attribute("id").split("-")[1]
    tab_to(page, f"e.id === 'reply-{number}'", most=40)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert visitor.says(f"Parere numero {FAR}.")
    tab_to(page, "e.matches('[name=body]')", most=60)
    page.keyboard.type("Rispondo senza mouse.")
    tab_to(page, "e.matches('main form button:not([type=button])')", most=15)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url("**#c-*")
    assert "Rispondo senza mouse." in page.locator(":target").inner_text()
    assert "Parere" not in page.locator(":target").inner_text()
    assert f"Parere numero {FAR}." in page.locator("#commenti li", has=page.locator(":target")).first.inner_text()
    assert page.evaluate("document.activeElement.id") == page.evaluate("location.hash.slice(1)")
    assert visitor.axe() == []


def test_without_scripts_one_sorts_pages_and_replies_far_down(site, visit, hot):
    visitor = visit(PHONE, scripts=False)
    visitor.sign_in(newcomer(site, "lettrice"))
    page = visitor.open(hot)
    page.get_by_role("link", name="Prima i più recenti").click()
    assert shown(page) == list(range(HOW_MANY - 1, HOW_MANY - 1 - ON_A_PAGE, -1))
    page.locator("#commenti a[rel=next]").click()
    assert shown(page)[0] == HOW_MANY - 1 - ON_A_PAGE
    assert page.locator(".orders [aria-current]").inner_text() == "Prima i più recenti"
    wanted = page.locator("#commenti .thread > li", has_text="Parere numero 100.").first
    code = wanted.get_attribute("data-code")
    wanted.get_by_role("link", name="Rispondi", exact=False).first.click()
    page.fill("[name=body]", "Rispondo senza script.")
    visitor.press("Invia il commento")
    assert "Rispondo senza script." in page.locator(":target").inner_text()
    assert page.locator(f"[id='c-{code}'] .replies").count() == 1
    page = visitor.open(hot)
    page.get_by_role("link", name="I più discussi").click()
    assert "Rispondo" in page.locator("#commenti .thread > li").first.inner_text()
