"""Quotes of answers: chosen by the plan office, read by the moderators, and only then with the results."""

import pytest

from consult.codings import quoting
from consult.codings import services as codings
from consult.contributions.models import State
from consult.core.db import db
from consult.core.policy import can
from consult.moderation import matters, services
from consult.moderation.models import Act, Origin
from consult.surveys import queries as surveys
from tests.browser import text_of
from tests.codings.conftest import desk  # noqa: F401 - fixture
from tests.factories import WHY
from tests.sources.deciding import decide, mails, waiting

WORDS = "Più autobus la sera"


@pytest.fixture
def quote(desk):  # noqa: F811
    codings.choose_consent(desk.asked, surveys.questions(desk.survey)[1].id, desk.anna, seen=0)
    key = desk.answer(f"{WORDS}, grazie", consent="yes")
    answer = quoting.one(desk.asked, key)
    quoting.choose(desk.asked, answer, desk.anna, text=f"{WORDS} […]", with_place=False, seen=0)
    return quoting.one(desk.asked, key).quote


def matter_of(quote):
    return matters.matter(f"quote:{quote.number}")


def public(survey):
    return [one.text for _asked, quotes in quoting.published(survey) for one in quotes]


def test_a_quote_waits_for_a_moderator_and_then_stands_with_the_results(desk, quote, moderator, browser):  # noqa: F811
    assert waiting(moderator) == [(f"quote:{quote.number}", Origin.HELD)]
    assert public(desk.survey) == []
    page = text_of(browser(moderator).get(f"/moderazione/quote/{quote.number}"))
    assert WORDS in page
    assert str(desk.asked.question.prompt) in page
    decide(matter_of(quote), moderator, Act.APPROVE, reason="", note="")
    assert (public(desk.survey), waiting(moderator)) == ([f"{WORDS} […]"], [])


def test_whoever_chose_it_does_not_decide_and_hears_why_it_was_hidden(desk, quote, moderator, browser):  # noqa: F811
    assert not can(desk.anna, "moderation.decide", matter_of(quote))
    decision = decide(matter_of(quote), moderator, Act.HIDE, reason="personal_data")
    assert public(desk.survey) == []
    assert f"/decisioni/{decision.id}" in mails(desk.anna)[-1]
    statement = text_of(browser(desk.anna).get(f"/decisioni/{decision.id}"))
    assert WHY in statement
    assert WORDS in statement
    assert browser(desk.bruno).get(f"/decisioni/{decision.id}").status_code == 404
    services.take_back(decision, matter_of(quote), moderator)
    assert (quote.standing, waiting(moderator)) == (State.PENDING, [(f"quote:{quote.number}", Origin.HELD)])


def test_a_quote_that_is_chosen_anew_waits_again(desk, quote, moderator):  # noqa: F811
    decide(matter_of(quote), moderator, Act.APPROVE, reason="", note="")
    answer = quoting.one(desk.asked, (quote.submission_id, quote.option_id))
    quoting.choose(desk.asked, answer, desk.anna, text=f"{WORDS}, grazie", with_place=False, seen=quote.version)
    db.session.expire_all()
    assert public(desk.survey) == []
    assert waiting(moderator) == [(f"quote:{quote.number}", Origin.HELD)]


def test_what_is_no_longer_agreed_to_lies_before_nobody(desk, quote, moderator):  # noqa: F811
    codings.choose_consent(desk.asked, None, desk.anna, seen=desk.asked.version)
    assert waiting(moderator) == []
    assert matter_of(quote) is None or matter_of(quote).state is State.WITHDRAWN


def test_readers_report_a_quote(desk, quote, moderator, browser, make):  # noqa: F811
    decide(matter_of(quote), moderator, Act.APPROVE, reason="", note="")
    report = {"reason": "personal_data", "note": "Un nome."}
    sent = browser(make.person()).submit(f"/segnala/quote/{quote.number}", report)
    assert sent.status_code == 303
    assert [origin for _subject, origin in waiting(moderator)] in ([Origin.GRAVE], [Origin.FLAGGED])
    other = make.person(*(grant.role for grant in moderator.active_grants))
    decide(matter_of(quote), other, Act.HIDE, reason="personal_data")
    assert (public(desk.survey), waiting(other)) == ([], [])
