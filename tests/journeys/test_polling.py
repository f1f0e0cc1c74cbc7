"""A box in a real browser: three ranked papers keyed by keyboard alone, the box closed, and the screen of the room."""

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Audience, Channel
from consult.voting.models import Ballot, BallotOption, BallotPaper
from tests.journeys.test_paper import pressed
from tests.journeys.test_surveys import no_overflow, reach


@pytest.fixture
def ballot_id(site):
    """A ranked ballot that is open, beside those of the demonstration."""
    with site.app.app_context():
        model = db.session.scalars(sa.select(Ballot).order_by(Ballot.closes_at.desc())).first()
        ballot = Ballot(**{name: getattr(model, name) for name in (
            "phase", "intro", "negotiable", "opens_at", "closes_at", "moderation", "results_visible",
            "engagement_level")}, title=Localized.of("La nuova biblioteca"), audience=Audience.SIGNED_IN,
            question=Localized.of("In quale ordine preferisci i tre luoghi?"), method="schulze", minimum=1, maximum=3)
        ballot.options = [BallotOption(code=f"L{at}", position=at, title=Localized.of(name), text=Localized())
                          for at, name in enumerate(["Ex scuola", "Stazione", "Piazza"], 1)]
        db.session.add(ballot)
        db.session.commit()
        return ballot.id


def opened(visitor, ballot_id):
    """Add a box in which one person keys each paper; answers its path."""
    page = visitor.open(f"/votazioni/{ballot_id}/carta")
    assert visitor.axe() == []
    reach(page, "[name=number]")
    page.keyboard.type("1")
    reach(page, "[name=municipality]")
    page.keyboard.press("ArrowDown")
    reach(page, "[name=place]")
    page.keyboard.type("Sala civica")
    reach(page, "[name=twice]")
    page.keyboard.press("Space")
    pressed(page, "form[action$='/urne'] .btn-primary")
    return page.url.removeprefix(visitor.site.url)


def keyed(page, *places):
    """Key a paper: a place for each option, in the order of the printed paper; nothing where none is written."""
    for option, place in zip(("L1", "L2", "L3"), places, strict=True):
        if place:
            reach(page, f"[name=mark-{option}]")
            page.keyboard.type(str(place))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def papers(site, ballot_id):
    with site.app.app_context():
        return sorted(str(paper.marks) for paper in db.session.scalars(
            sa.select(BallotPaper).where(BallotPaper.ballot_id == ballot_id, BallotPaper.channel == Channel.PAPER)))


def test_three_papers_are_keyed_by_keyboard_and_count_once_the_box_is_closed(visit, site, ballot_id):
    clerk = visit()
    clerk.sign_in("sportello@example.org")
    box = opened(clerk, ballot_id)
    page = clerk.open(box)
    assert clerk.axe() == []
    reach(page, "[name=number]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for places in ((1, 2, 3), (2, 1, ""), ("", "", 1)):
        keyed(page, *places)
    assert page.url.endswith("/schede/4")
    assert clerk.axe() == []
    assert papers(site, ballot_id) == []
    page = clerk.open(f"{box}/chiudi")
    assert clerk.axe() == []
    reach(page, "[name=taken_out]")
    page.keyboard.type("3")
    reach(page, "[name=note]")
    page.keyboard.type("Elenco su carta.")
    pressed(page, "main form .btn-primary")
    assert page.url.endswith("/verbale")
    assert clerk.axe() == []
    assert papers(site, ballot_id) == ["{'L1': 1, 'L2': 2, 'L3': 3}", "{'L1': 2, 'L2': 1}", "{'L3': 1}"]


@pytest.mark.parametrize("width", [1280, 375])
def test_the_screen_of_the_room_renews_itself(visit, site, ballot_id, width):
    room = visit(width=width)
    page = room.open(f"/votazioni/{ballot_id}/sala")
    assert room.axe() == []
    assert no_overflow(page)
    with page.expect_response(lambda answer: answer.url.endswith("/sala"), timeout=15_000):
        pass
    assert page.locator("h1").count() == 1
    assert room.axe() == []


def test_the_desk_on_a_telephone(visit, site, ballot_id):
    clerk = visit(width=375)
    clerk.sign_in("sportello@example.org")
    page = clerk.open(f"/votazioni/{ballot_id}/carta/sportello")
    assert clerk.axe() == []
    assert no_overflow(page)
    page.fill("[name=email]", "cittadina@example.org")
    clerk.press("Vai alla scheda")
    assert clerk.axe() == []
    assert no_overflow(page)
    page.fill("[name=mark-L2]", "1")
    clerk.press("Continua")
    assert clerk.axe() == []
    clerk.press("Metti la scheda nell’urna")
    assert clerk.says("La scheda è nell'urna")
