"""Whoever follows one commitment hears of what becomes of it, once, and of no other one."""

from datetime import timedelta

import flask_migrate
import pytest
import sqlalchemy as sa

from consult.comments import services as comments
from consult.contributions.models import Follow
from consult.core import clock
from consult.core.db import db
from consult.notices import queries as hearing
from consult.notices import services as following
from consult.notices.holdings import follows
from consult.notices.models import Happening, HappeningKind, Pace
from consult.notices.words import told
from consult.pact import commitments, reporting
from consult.pact.models import CommitmentState, PactState, Progress
from consult.privacy import erasure
from tests.browser import text_of
from tests.notices.test_hearing import kinds, written

PATH = [CommitmentState.AGREED, CommitmentState.UNDER_WAY, CommitmentState.KEPT]


@pytest.fixture
def follower(make, agreeable):
    person = make.person()
    following.follow(agreeable, person)
    return person


def report(commitment, actor, standing=Progress.ON_TIME):
    return reporting.report(commitment, actor, reporting.ReportText(
        on=clock.today(), standing=standing, text="Procede."))


def test_each_step_of_a_commitment_is_heard_of_and_of_no_other_one(make, agreeable, follower):
    office, other = make.person(), make.commitment(CommitmentState.UNDER_WAY)
    make.pact_consultation()
    for state in PATH:
        if state is CommitmentState.KEPT:
            report(agreeable, office, Progress.DONE)
        commitments.take_to(agreeable, state, office, seen=agreeable.version)
    comments.post(agreeable.thread, make.person(), body="Era ora.")
    report(other, office)
    comments.post(other.thread, make.person(), body="E questo?")
    assert kinds(follower) == [HappeningKind.COMMENTED, HappeningKind.KEPT, HappeningKind.PROGRESS,
                               HappeningKind.UNDER_WAY, HappeningKind.AGREED]
    paths = [told(one).path for one in hearing.happenings(follower).items]
    assert paths[1:] == [agreeable.path, f"{agreeable.path}#resoconti", agreeable.path, agreeable.path]
    assert all(agreeable.title in str(told(one).sentence) for one in hearing.happenings(follower).items)


def test_why_a_commitment_was_withdrawn_is_told_on_the_site_and_by_mail(make, browser, agreeable, follower):
    following.choose_pace(follower, Pace.AT_ONCE)
    commitments.take_to(agreeable, CommitmentState.WITHDRAWN, make.person(), seen=1, reason="Manca il **denaro**.")
    assert "Manca il denaro." in text_of(browser(follower).get("/avvisi"))
    with clock.at(clock.now() + timedelta(minutes=10)):
        [mail] = written(follower)
    assert "Manca il denaro." in mail.text
    assert agreeable.path in mail.text


def test_whoever_follows_the_percorso_and_the_consultation_too_is_told_once(make, pact, agreeable, follower):
    consultation, office = make.pact_consultation(), make.person()
    for thing in (pact.process, consultation):
        following.follow(thing, follower)
    commitments.take_to(agreeable, CommitmentState.AGREED, office, seen=1)
    report(agreeable, office)
    comments.post(agreeable.thread, make.person(), body="Una volta sola.")
    assert kinds(follower) == [HappeningKind.COMMENTED, HappeningKind.PROGRESS, HappeningKind.AGREED]
    assert hearing.new_for(follower) == 3


def test_of_a_pact_that_only_the_staff_see_nobody_hears(make, pact, agreeable, follower):
    pact.state = PactState.DRAFT
    commitments.take_to(agreeable, CommitmentState.AGREED, make.person(), seen=1)
    assert kinds(follower) == []
    assert db.session.scalar(sa.select(sa.func.count(Happening.id))) == 0


def test_it_is_followed_by_the_button_and_stands_in_the_list(make, browser, agreeable):
    person, visitor = make.person(), browser()
    reader = browser(person)
    assert "/segui/impegno" not in visitor.get(agreeable.path).text
    assert reader.submit(agreeable.path, action=f"/segui/impegno/{agreeable.id}").location == agreeable.path
    assert db.session.scalar(sa.select(hearing.following(person, agreeable)))
    seen = reader.get("/avvisi/seguiti")
    assert f"{agreeable.code} {agreeable.title}" in text_of(seen)
    assert f'href="{agreeable.path}"' in seen.text
    draft = make.commitment(CommitmentState.DRAFT)
    assert reader.post(f"/segui/impegno/{draft.id}").status_code == 404
    assert reader.submit("/avvisi/seguiti", action=f"/segui/impegno/{agreeable.id}/smetti").status_code == 303
    assert not db.session.scalar(sa.select(hearing.following(person, agreeable)))


def test_the_pages_of_notices_cost_the_same_for_many_commitments(make, browser, queries, agreeable, follower):
    reader, office, counts = browser(follower), make.person(), []
    for number in (1, 8):
        for _ in range(number):
            one = make.commitment(CommitmentState.UNDER_WAY)
            following.follow(one, follower)
            report(one, office)
        for path in ("/avvisi", "/avvisi/seguiti"):
            with queries() as seen:
                assert reader.get(path).status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_what_was_followed_goes_into_the_copy_and_with_the_person(agreeable, follower):
    assert [row.get("commitment") for row in follows(follower)][-1] == agreeable.code
    erasure.erase(follower, withdraw=False, actor=follower)
    assert db.session.scalar(sa.select(sa.func.count(Follow.id))) == 0


def test_what_was_noted_before_commitments_could_be_followed_is_still_told(make, pact, agreeable, follower):
    reader = make.person()
    following.follow(pact.process, reader)
    report(agreeable, make.person())
    commitments.take_to(agreeable, CommitmentState.AGREED, make.person(), seen=1)
    before = f"commitment:{agreeable.id}"
    db.session.commit()
    flask_migrate.downgrade(revision="0034")
    assert db.session.scalars(sa.text("SELECT matter FROM happening")).all() == [before]
    db.session.commit()
    flask_migrate.upgrade()
    db.session.expire_all()
    [heard] = hearing.happenings(reader).items
    assert told(heard).path == f"{agreeable.path}#resoconti"
    assert db.session.scalars(sa.select(Follow.person_id)).all() == [reader.id]
