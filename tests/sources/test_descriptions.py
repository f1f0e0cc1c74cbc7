"""What organisations say of themselves lies before the moderators like all that people write."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Mandate, Role
from consult.appeals import queries as appealable
from consult.appeals import services as appeals
from consult.contributions.models import FlagReason
from consult.core.db import db
from consult.core.policy import can
from consult.flagging import queries as reports
from consult.moderation import matters, queue, reported, services
from consult.moderation.acts import Order
from consult.moderation.models import Act, Origin
from consult.moderation.record import verify
from consult.organisations import describing
from consult.organisations.models import Description, Standing
from tests.browser import text_of
from tests.factories import WHY
from tests.sources.deciding import decide, mails, waiting


@pytest.fixture
def speaker(make):
    make.authority()
    return make.person(display_name="Carla")


@pytest.fixture
def organisation(make, speaker):
    return make.organisation(speaker)


def said(organisation, speaker, text):
    describing.propose(organisation, speaker, text, seen=organisation.version)
    latest = db.session.scalars(sa.select(Description).order_by(Description.id.desc())).first()
    return matters.matter(f"description:{latest.id}")


def test_a_new_description_waits_and_the_present_one_stays_until_it_is_published(
        browser, organisation, speaker, moderator):
    decide(said(organisation, speaker, "La festa del paese."), moderator, Act.APPROVE)
    matter = said(organisation, speaker, "La sagra d'autunno.")
    page = f"/organizzazioni/{organisation.slug}"
    assert waiting(moderator) == [(matter.subject, Origin.HELD)]
    assert "La festa del paese." in text_of(browser().get(page))
    desk = text_of(browser(moderator).get(f"/moderazione/description/{matter.number}"))
    assert "Ciò che lì ora leggono tutti: La festa del paese." in desk
    decision = decide(matter, moderator, Act.APPROVE)
    assert "La sagra d'autunno." in text_of(browser().get(page))
    assert waiting(moderator) == []
    assert "Pubblic" in mails(speaker)[-1] or "pubblic" in mails(speaker)[-1]
    services.take_back(decision, matter, moderator)
    assert "La festa del paese." in text_of(browser().get(page))
    assert waiting(moderator) == [(matter.subject, Origin.HELD)]
    assert verify() == []


def test_where_they_are_looked_at_afterwards_it_is_public_at_once_and_in_the_queue(
        organisation, speaker, moderator, make):
    describing.read_first(False, actor=make.person(Role.PLAN_OFFICE))
    matter = said(organisation, speaker, "La sagra d'autunno.")
    assert organisation.description == "La sagra d'autunno."
    assert waiting(moderator) == [(matter.subject, Origin.NEW)]
    decision = decide(matter, moderator, Act.KEEP, reason=None, note="")
    assert (decision.origin, waiting(moderator)) == (Origin.NEW, [])
    services.take_back(decision, matter, moderator)
    assert waiting(moderator) == [(matter.subject, Origin.NEW)]


def test_what_was_hidden_is_read_by_nobody_and_the_next_one_waits_whatever_is_set(
        browser, organisation, speaker, moderator, make):
    describing.read_first(False, actor=moderator)
    matter = said(organisation, speaker, "Comprate da noi!")
    decision = decide(matter, moderator, Act.HIDE)
    page = f"/organizzazioni/{organisation.slug}"
    for path in (page, "/organizzazioni", "/cerca?q=comprate"):
        assert "Comprate" not in text_of(browser().get(path))
    assert said(organisation, speaker, "Siamo una cooperativa.").thing.standing is Standing.PENDING
    assert f"/decisioni/{decision.id}" in mails(speaker)[-1]
    statement = text_of(browser(speaker).get(f"/decisioni/{decision.id}"))
    assert "Comprate da noi!" in statement
    assert WHY in statement
    assert browser(make.person()).get(f"/decisioni/{decision.id}").status_code == 404


def test_everybody_with_a_mandate_is_told_and_may_ask_for_a_review(organisation, speaker, moderator, make):
    other = make.person()
    db.session.add(Mandate(person=other, organisation=organisation))
    db.session.flush()
    decision = decide(said(organisation, speaker, "Comprate da noi!"), moderator, Act.HIDE)
    assert mails(speaker)
    assert mails(other)
    assert can(other, "appeal.ask", appealable.appealable(decision.id))
    asked = appeals.ask(appealable.appealable(decision.id), other, words="È solo il nome del negozio, e basta.")
    review = appealable.review(asked.id)
    services.decide(review, make.person(Role.MODERATOR), Order(act=Act.OVERTURN, note=WHY), seen=services.mark(review))
    assert organisation.description == "Comprate da noi!"


def test_whoever_speaks_for_it_does_not_decide(organisation, speaker, moderator, make):
    judge = make.person(Role.MODERATOR)
    db.session.add(Mandate(person=judge, organisation=organisation))
    db.session.flush()
    matter = said(organisation, speaker, "La festa.")
    assert not can(judge, "moderation.decide", matter)
    assert can(moderator, "moderation.decide", matter)
    assert queue.take_next(judge) is None
    assert queue.take_next(moderator).matter.subject == matter.subject


def test_readers_report_it_and_learn_what_was_decided(browser, organisation, speaker, moderator, make):
    matter, reader = said(organisation, speaker, "La festa."), make.person()
    decide(matter, moderator, Act.APPROVE)
    path = f"/segnala/description/{matter.number}"
    assert path in browser(reader).get(f"/organizzazioni/{organisation.slug}").get_data(as_text=True)
    assert path not in browser(speaker).get(f"/organizzazioni/{organisation.slug}").get_data(as_text=True)
    assert browser(speaker).get(path).status_code == 403
    answer = browser(reader).submit(path, {"reason": "offence", "note": "Insulta i vicini."})
    assert answer.location.startswith("/segnalazioni/")
    assert matter.code in text_of(browser(reader).get(answer.location))
    assert waiting(moderator) == [(matter.subject, Origin.GRAVE)]
    desk = text_of(browser(moderator).get(f"/moderazione/description/{matter.number}"))
    assert "Insulta i vicini." in desk
    assert not can(reader, "moderation.decide", matter)
    decide(matter, moderator, Act.HIDE, reason="offence")
    assert waiting(moderator) == []
    assert matter.code in mails(reader)[-1]
    flag = reported.flag_by(matter, reader)
    assert reports.report(flag).decision.act is Act.HIDE
    assert browser(make.person()).get(path).status_code == 404


def test_unfounded_reports_of_it_count_like_all_others(organisation, speaker, moderator, make):
    matter, reader = said(organisation, speaker, "La festa."), make.person()
    decide(matter, moderator, Act.APPROVE)
    reported.flag(matter, reader, reason=FlagReason.SPAM, note="")
    assert not reported.flag(matter, reader, reason=FlagReason.SPAM, note="")
    decide(matter, moderator, Act.KEEP, reason=None, note="")
    tally = reports.tallies([reader])[reader.id]
    assert (tally.answered, tally.unfounded) == (1, 1)
    decide(matter, moderator, Act.HIDE)
    assert reports.tallies([reader])[reader.id].unfounded == 0


def test_a_passage_is_blacked_out_wherever_it_stands(organisation, speaker, moderator):
    matter = said(organisation, speaker, "Chiamate Anna al 333 1234567.")
    decide(matter, moderator, Act.APPROVE)
    text = organisation.description
    start = text.index("333")
    decision = services.decide(matter, moderator, Order(
        act=Act.REDACT, reason="personal_data", note=WHY,
        details={"places": [["description", start, 11]]}), seen=services.mark(matter))
    assert "333" not in organisation.description + organisation.description_html
    services.take_back(decision, matter, moderator)
    assert organisation.description == text


def test_the_queue_asks_as_often_for_many_descriptions_as_for_few(make, speaker, moderator, queries):
    def asked():
        with queries() as made:
            queue.queue(moderator)
        return len(made)
    for number in range(2):
        said(make.organisation(speaker), speaker, f"Testo {number}.")
    few = asked()
    for number in range(6):
        said(make.organisation(speaker), speaker, f"Altro testo {number}.")
    assert asked() <= few
