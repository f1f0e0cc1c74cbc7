"""A thread that many have written in: by keyboard, on a phone without scripts, and with a draft lost and found."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.comments import services
from consult.comments.models import Comment, Stance
from consult.contributions.models import Contribution, State, Thread
from consult.core.db import db
from consult.processes.models import ModerationMode
from consult.proposals.models import ProposalCall

HOW_MANY = 130
CITIZEN = "cittadina@example.org"


@pytest.fixture
def hot(site):
    """The path of a proposal on whose thread over a hundred people have written; made once."""
    with site.app.app_context():
        call = next(a for a in db.session.query(ProposalCall).order_by(ProposalCall.opens_at.desc()) if a.takes())
        call.moderation = ModerationMode.AFTER
        thread = db.session.scalars(
            sa.select(Thread).join(Contribution, Contribution.thread_id == Thread.id)
            .where(Contribution.activity_id == call.id, Contribution.kind == "proposal",
                   Contribution.state == State.PUBLISHED).order_by(Contribution.id).limit(1)).one()
        if thread.comment_count < HOW_MANY:
            people = db.session.scalars(sa.select(Person).where(Person.email.is_(None), Person.erased_at.is_(None))
                                        .order_by(Person.id).limit(20)).all()
            for number in range(HOW_MANY):
                services.post(thread, people[number % len(people)], body=f"Contributo numero {number}.",
                              stance=list(Stance)[number % 4])
            db.session.commit()
        return thread.path


def tab_to(page, wanted, most=400):
    """Press Tab until what has the focus answers to a condition on it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {wanted})(document.activeElement)"):
            return
    raise AssertionError(f"no way by keyboard to {wanted}")


def test_one_finds_ones_way_and_agrees_by_keyboard_alone(visit, site, hot):
    visitor = visit()
    visitor.sign_in(CITIZEN)
    page = visitor.open(hot)
    assert visitor.axe() == []
    assert page.locator("#commenti .thread > li").count() == 50
    first = page.locator("#commenti .thread > li h3").first
    assert "1 di 50" in first.inner_text()

    tab_to(page, "e.matches('.orders a') && e.textContent.includes('più recenti')")
    page.keyboard.press("Enter")
    page.wait_for_url("**ordine=ultimi**")
    tab_to(page, "e.matches('.agree')")
    pressed = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{pressed}[aria-pressed=true]")
    assert page.evaluate("document.activeElement.id") == pressed
    assert page.locator(f"#{pressed} .count").inner_text() == "1"
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{pressed}[aria-pressed=false]")


def test_one_writes_by_keyboard_alone_and_lands_on_what_one_wrote(visit, site, hot):
    visitor = visit()
    visitor.sign_in(CITIZEN)
    page = visitor.open(f"{hot}?ordine=ultimi")
    tab_to(page, "e.matches('a[rel=next]')")
    page.keyboard.press("Enter")
    page.wait_for_url("**dopo=**")
    tab_to(page, "e.matches('.thread-skip a')")
    page.keyboard.press("Enter")
    tab_to(page, "e.matches('#commenta textarea')", most=5)
    page.keyboard.type("Scritto senza mai toccare il mouse.")
    tab_to(page, "e.matches('#commenta button')", most=10)
    page.keyboard.press("Enter")
    page.wait_for_url("**#c-*")
    marked = page.evaluate("document.activeElement.id")
    assert marked == page.evaluate("location.hash.slice(1)")
    assert "Scritto senza mai toccare il mouse." in page.locator(f"[id='{marked}']").inner_text()
    assert visitor.axe() == []


def test_a_draft_is_lost_and_found(visit, site, hot):
    visitor = visit(375)
    visitor.sign_in(CITIZEN)
    page = visitor.open(hot)
    page.fill("#commenta textarea", "Una frase che non deve andare perduta.")
    page.context.set_offline(True)
    page.click("#commenta form button")
    page.wait_for_timeout(300)
    page.context.set_offline(False)
    page = visitor.open(hot)
    assert page.locator("#commenta textarea").input_value() == "Una frase che non deve andare perduta."
    assert page.locator(".draft-restored").is_visible()
    assert visitor.axe() == []
    page.click("#commenta form > .acts button")
    page.wait_for_url("**#c-*")
    assert "Una frase che non deve andare perduta." in page.locator(":target").inner_text()
    page = visitor.open(hot)
    assert page.locator(".draft-restored").count() == 0
    assert page.locator("#commenta textarea").input_value() == ""
    visitor.complaints[:] = [each for each in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in each]


def test_what_is_new_is_marked_at_the_next_visit(visit, site, hot):
    visitor = visit()
    visitor.sign_in("associazione@example.org")
    visitor.open(hot)
    visitor.open("/")
    visitor.page.wait_for_timeout(500)
    with site.app.app_context():
        thread = db.session.scalars(sa.select(Thread).where(Thread.path == hot)).one()
        author = db.session.scalars(sa.select(Person).where(Person.email == "regia@example.org")).one()
        services.post(thread, author, body="Appena scritto.")
        db.session.commit()
    page = visitor.open(hot)
    assert page.locator(".news").inner_text().startswith("1 commento nuovo")
    page.click(".news a")
    page.wait_for_url("**ordine=ultimi**")
    assert "Nuovo" in page.locator("#commenti .thread > li").first.inner_text()


def test_selected_words_are_quoted(visit, site, hot):
    visitor = visit()
    visitor.sign_in(CITIZEN)
    page = visitor.open(f"{hot}?ordine=ultimi")
    comment = page.locator("#commenti .thread > li .comment", has_text="Contributo numero 129.").first
    comment.locator(".prose p").click(click_count=3)
    comment.locator("[data-quotes]").click()
    page.wait_for_url("**cita=**")
    assert page.locator("[name=quote]").input_value() == "Contributo numero 129."
    page.fill("[name=body]", "Proprio così.")
    page.click("main form .acts button")
    page.wait_for_url("**#c-*")
    assert page.locator(":target .quoting blockquote").inner_text() == "Contributo numero 129."


def test_on_a_phone_without_scripts(visit, site, hot):
    visitor = visit(375, scripts=False)
    visitor.sign_in(CITIZEN)
    page = visitor.open(f"{hot}?ordine=ultimi")
    button = page.locator("#commenti .thread > li", has_text="Contributo numero 128.").first.locator(".agree").first
    code = page.locator("#commenti .thread > li", has_text="Contributo numero 128.").first.get_attribute("data-code")
    button.click()
    place = page.locator(f"[id='c-{code}']")
    assert page.url.endswith(f"#c-{code}")
    assert place.locator(".agree").first.get_attribute("aria-pressed") == "true"
    place.locator(".agree").nth(1).click()
    place = page.locator(f"[id='c-{code}']")
    assert [place.locator(".agree").nth(n).get_attribute("aria-pressed") for n in (0, 1)] == ["false", "true"]
    with site.app.app_context():
        found = db.session.scalars(sa.select(Comment).where(Contribution.code == code)).one()
        assert (found.agree_count, found.disagree_count) == (0, 1)
    place.get_by_role("link", name="Rispondi citando").click()
    page.fill("[name=quote]", "Parole che nessuno ha scritto")
    page.fill("[name=body]", "Questo resta.")
    page.click("main form .acts button")
    assert page.locator("[name=body]").input_value() == "Questo resta."
    assert page.get_by_text("Queste parole non sono nel commento").first.is_visible()
    page.fill("[name=quote]", "numero 128")
    page.click("main form .acts button")
    assert "Questo resta." in page.locator(":target").inner_text()
