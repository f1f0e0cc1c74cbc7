"""What became of a proposal is told in the order of time, and costs no more queries the longer it is."""

from datetime import timedelta

from consult.accounts.models import Role
from consult.comments import services as comments
from consult.contributions import life
from consult.core import clock
from consult.core.db import db
from consult.processes.models import ModerationMode
from consult.results.models import Verdict
from tests.browser import text_of
from tests.lineage.test_merging import merged


def test_the_story_is_told_in_the_order_of_time(browser, make):
    start = clock.now() - timedelta(days=30)
    one = make.proposal(submitted_at=start)
    one.published_at = start + timedelta(days=1)
    make.outcome(one, Verdict.ACCEPTED, proposed=Verdict.PARTLY, proposed_on=(start + timedelta(days=5)).date(),
                 decided_by="Consiglio", act="Delibera 12/2026", decided_on=(start + timedelta(days=9)).date())
    make.plan()
    make.link(one, make.action(title="Viale alberato"))
    comments.post(one.thread, make.person(Role.PLAN_OFFICE), body="Ne parliamo in marzo.", official=True)
    comments.post(one.thread, make.person(), body="Io ci sto.")
    db.session.commit()
    text = text_of(browser().get(one.thread.path))
    story = text[text.index("La storia"):]
    places = [story.index(said) for said in ("Inviata", "Pubblicata", "Accolta in parte", "Consiglio, Delibera 12/2026",
                                             "Viale alberato")]
    assert places == sorted(places)
    assert "Ne parliamo in marzo." in story
    assert "Discussa: finora 2 commenti" in story
    for role in ("Chi l'ha scritta", "Moderazione", "Ufficio di piano", "Ente", "Chi ha commentato"):
        assert role in story, role


def test_what_waited_for_nobody_is_told_as_published_alone(app, make):
    one = make.proposal(call=make.call(moderation=ModerationMode.AFTER))
    with app.test_request_context():
        assert len(life.story(one)) == 1


def test_merging_is_told_on_both_sides(browser, make):
    one, two = make.proposal(), make.proposal()
    new = merged(make, one, two)
    assert f"Unita in {new.code}" in text_of(browser().get(one.thread.path))
    assert f"Nata da {one.code}, {two.code}" in text_of(browser().get(new.thread.path))


def test_a_long_story_costs_no_more_queries(browser, make, queries):
    counted = []
    make.plan()
    for how_many in (1, 12):
        one = make.proposal()
        for _ in range(how_many):
            make.link(one, make.action())
            comments.post(one.thread, make.person(Role.PLAN_OFFICE), body="Un riscontro.", official=True)
        make.outcome(one)
        db.session.commit()
        window = browser()
        window.get(one.thread.path)
        with queries() as seen:
            window.get(f"{one.thread.path}?v=1")
        counted.append(len(seen))
    assert counted[0] == counted[1]
