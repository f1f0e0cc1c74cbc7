"""The number of queries of the pages people use most, on much data, and the same with ten times as much."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.demo import services as demo
from consult.processes.models import Process
from consult.proposals.models import Proposal
from consult.results.models import Outcome
from tests.conftest import settings_for

SIZES = {"proposals": 100, "comments": 10_000, "people": 200, "supports": 2_000, "submissions": 100}
BUDGETS = {"list": 12, "proposal": 12, "answered proposal": 12, "fullest proposal": 12, "queue": 10}
FULLEST = "/proposte/1-un-bus-a-chiamata-che-tenga-insieme-la-valle"
"""With an official reply, a place, an outcome, a part of the plan, a commitment with reports, and a map of opinions."""


@pytest.fixture
def settings(database_url, tmp_path):
    return settings_for(tmp_path, database_url, demo=True)


def grow(times):
    size = demo.Size(**{name: number * times for name, number in SIZES.items()})
    for _batch in demo.grow(size, seed=7 + times):
        db.session.commit()
    wait = sa.select(Contribution.id).where(Contribution.state == State.PUBLISHED).order_by(
        Contribution.id.desc()).limit(60 * times)
    db.session.execute(sa.update(Contribution).where(Contribution.id.in_(wait)).values(state=State.PENDING)
                       .execution_options(synchronize_session=False))
    demo.settle(size)
    db.session.commit()


def asked(browser, queries, hottest, answered):
    """How many queries each page takes for a visitor and for somebody signed in; for the queue, for a moderator."""
    people = {"visitor": None, "citizen": by_email("cittadina@example.org")}
    pages = {"list": f"/raccolte/{hottest.activity_id}", "proposal": f"/proposte/{hottest.id}-{hottest.slug}",
             "answered proposal": f"/proposte/{answered.id}-{answered.slug}", "fullest proposal": FULLEST}
    counted = {}
    for who, person in people.items():
        window = browser(person)
        window.get("/salute")
        for page, path in pages.items():
            counted[f"{page}, {who}"] = count(window, path, queries)
    moderator = browser(by_email("moderatrice@example.org"))
    counted["queue, moderator"] = count(moderator, "/moderazione", queries)
    return counted


def count(window, path, queries):
    window.get(path)
    with queries() as seen:
        assert window.get(f"{path}?v=1").status_code == 200
    return len([s for s in seen if not s.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"))])


def by_email(address):
    return db.session.query(Person).filter_by(email=address).one()


def hottest(*, answered):
    """Of the proposals with an outcome, or of those without, the one discussed most; on its first page one reply
    quotes and one comment is hidden, for which a page asks once more each."""
    told = sa.exists().where(Outcome.contribution_id == Proposal.id)
    found = (db.session.query(Proposal).filter(told if answered else ~told)
             .order_by(Proposal.comment_count.desc(), Proposal.id).first())
    comments = db.session.query(Comment).filter(
        Comment.thread_id == found.thread_id, Comment.state == State.PUBLISHED).order_by(Comment.id)
    reply = comments.filter(Comment.about_id.is_not(None)).first()
    reply.quoted_id, reply.quote = reply.about_id, "Sono d'accordo"
    comments.filter(Comment.about_id.is_(None), Comment.id != reply.about_id).first().state = State.HIDDEN
    return found


def test_ten_times_the_data_costs_the_same_queries(app, browser, queries):
    demo.load()
    db.session.commit()
    grow(1)
    answered = hottest(answered=True)
    few = asked(browser, queries, hottest(answered=False), answered)
    grow(10)
    proposal = hottest(answered=False)
    assert proposal.comment_count > 500
    many = asked(browser, queries, proposal, answered)
    assert many == few
    over = {page: number for page, number in many.items() if number > BUDGETS[page.partition(",")[0]]}
    assert over == {}
    assert db.session.query(Process).count() == 1
