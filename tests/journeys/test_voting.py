"""Ranking and grading in a real browser: by keyboard on a telephone, by buttons alone, without scripts."""

import contextlib

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Audience
from consult.voting.models import Ballot, BallotOption, BallotPaper

THEMES = ("Un autobus anche la domenica", "La ciclovia fino al ponte vecchio", "Un nido per le frazioni")


@pytest.fixture(params=["schulze", "judgement"])
def ballot(site, request):
    """An open ballot in the demonstration, for whoever signs in."""
    with site.app.app_context():
        model = next(one for one in db.session.scalars(sa.select(Ballot)) if one.takes())
        ballot = Ballot(
            title=Localized.of("Da dove cominciare"), question=Localized.of("Che cosa viene prima?"),
            method=request.param, minimum=0, maximum=3, audience=Audience.SIGNED_IN,
            **{name: getattr(model, name) for name in ("phase", "intro", "negotiable", "opens_at", "closes_at")})
        ballot.options = [BallotOption(code=f"T{at}", position=at, title=Localized.of(title), text=Localized())
                          for at, title in enumerate(THEMES, 1)]
        db.session.add(ballot)
        db.session.commit()
        return ballot.id


def marks(site, ballot):
    with site.app.app_context():
        return db.session.scalars(sa.select(BallotPaper.marks).where(BallotPaper.ballot_id == ballot)).all()


def reach(page, selector):
    """Go to a control by the keyboard alone."""
    for _ in range(200):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached")


def press(page, selector, key="Enter"):
    reach(page, selector)
    page.keyboard.press(key)


def sound(visitor):
    """No rule of accessibility is broken, and nothing is wider than the screen, on a telephone and on a desk."""
    for width in (375, 1280):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        assert visitor.axe() == []
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    visitor.page.set_viewport_size({"width": 375, "height": 800})


WRITTEN = {"schulze": {"T2": 1, "T1": 2}, "judgement": {"T1": 5, "T3": 0}}


def fill(page, method, *, scripts):
    """Rank or grade; without scripts each move brings a new page, on which the same button has the focus."""
    if method == "schulze":
        for option in ("T1", "T2", "T2"):
            with contextlib.nullcontext() if scripts else page.expect_navigation():
                press(page, f"button[value='up:{option}']")
    else:
        press(page, "#choice-T1-none", "ArrowDown")  # from “left out” around to the best grade
        press(page, "#choice-T3-none", "ArrowUp")  # and back to the worst


@pytest.mark.parametrize("scripts", [True, False])
def test_a_paper_is_filled_in_checked_and_cast_by_keyboard(site, visit, ballot, scripts, request):
    method = request.node.callspec.params["ballot"]
    visitor = visit(width=375, scripts=scripts)
    page = visitor.page
    visitor.sign_in("cittadina@example.org")
    page.goto(f"{site.url}/votazioni/{ballot}/vota")
    if scripts:
        sound(visitor)
    fill(page, method, scripts=scripts)
    if scripts and method == "schulze":
        assert page.text_content("[data-status]") == f"«{THEMES[1]}» ora è al posto 1."
    with page.expect_navigation():
        press(page, "main .acts button")
    if scripts:
        sound(visitor)
    with page.expect_navigation():
        press(page, "button[value=cast]")
    if scripts:
        sound(visitor)
    assert marks(site, ballot) == [WRITTEN[method]]
    assert THEMES[0] in page.text_content("main")
