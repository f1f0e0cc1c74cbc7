"""Authors are warned and suspended with reasons; for longer than a week two people decide, everywhere."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.appeals import queries as appealable
from consult.appeals import services as appeals
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.core.policy import actions, can
from consult.moderation import contributed, queue, record
from consult.moderation import services as moderation
from consult.moderation.acts import Order, RefusedError
from consult.moderation.models import Act, Decision, Reason
from consult.opinions.models import Writers
from consult.proposals.models import CoAuthor
from consult.sanctions import queries, services
from consult.sanctions.models import Suspension
from tests.browser import text_of
from tests.factories import DAY, WHY


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR, display_name="Chiara Moderatrice")


@pytest.fixture
def other(make):
    return make.person(Role.MODERATOR, display_name="Paolo Moderatore")


def suspended(proposal, moderator, days=3):
    matter = contributed.of(proposal)
    return moderation.decide(matter, moderator, services.suspending(matter, days=days, reason=Reason.OFFENCE, note=WHY),
                             seen=moderation.mark(matter))


def proposed(proposal, moderator, days=30):
    wanted = services.propose(contributed.of(proposal), moderator, days=days, reason=Reason.OFFENCE, note=WHY)
    db.session.commit()
    return wanted


def mails(to):
    return db.session.scalars(sa.select(OutboxMessage.subject).where(OutboxMessage.recipient == to.email)
                              .order_by(OutboxMessage.id)).all()


def test_a_warning_changes_nothing_and_is_told_with_its_reason(browser, make, moderator):
    proposal = make.proposal()
    path = f"/moderazione/{proposal.id}/warn"
    page = browser(moderator)
    assert f'href="{path}"' in page.get(f"/moderazione/{proposal.id}").get_data(as_text=True)
    assert "almeno 20 caratteri" in text_of(page.submit(path, {"reason": "offence", "note": "Basta."}))
    assert page.submit(path, {"reason": "offence", "note": WHY}).status_code == 303
    assert proposal.state is State.PUBLISHED
    assert not proposal.author.suspended
    assert mails(proposal.author) == [f"Hai ricevuto un avvertimento ({proposal.code})"]
    assert "Avvertito chi l’ha scritto" in text_of(page.get(path))


def test_one_moderator_suspends_for_a_week_and_can_undo_it_at_once(browser, make, moderator):
    proposal = make.proposal()
    page = browser(moderator)
    path = f"/moderazione/{proposal.id}/suspend"
    assert page.submit(path, {"reason": "offence", "note": WHY, "days": "0"}).status_code == 200
    assert page.submit(path, {"reason": "offence", "note": WHY, "days": "7"}).status_code == 303
    assert proposal.author.suspended
    assert timedelta(days=6, hours=23) < proposal.author.suspended_until - clock.now() <= timedelta(days=7)
    page.post(f"/moderazione/contribution/{proposal.id}/annulla")
    assert not proposal.author.suspended
    assert mails(proposal.author) == []
    assert db.session.scalars(sa.select(Suspension)).all() == []
    assert record.verify() == []


WRITING = {"comment.post", "comment.reply", "comment.edit", "proposal.submit", "proposal.edit", "amendment.propose",
           "topic.open", "topic.edit", "statement.write", "organisation.describe", "remark.write", "minutes.correct",
           "commitment.report"}


def test_whoever_is_suspended_reads_and_votes_but_writes_nothing(browser, make, moderator):
    assert {action for action, clauses in actions().items()
            if any(one.name == "not_suspended" for clause in clauses for one in clause)} == WRITING
    proposal = make.proposal()
    author, organisation = proposal.author, make.organisation(proposal.author)
    comment = make.comment(make.proposal().thread, author=author)
    things = {"comment.post": proposal.thread, "comment.reply": comment, "comment.edit": comment,
              "proposal.submit": proposal.activity, "proposal.edit": proposal,
              "amendment.propose": make.proposal(call=make.call(takes_amendments=True)),
              "topic.open": make.discussion(), "topic.edit": make.topic(author=author),
              "statement.write": make.conversation(writers=Writers.EVERYBODY), "organisation.describe": organisation}
    before = {action for action, thing in things.items() if can(author, action, thing)}
    decision = suspended(proposal, moderator)
    db.session.commit()
    for action in before:
        verdict = can(author, action, things[action])
        assert not verdict
        assert "sospeso fino al" in str(verdict.reason), action
        assert "profilo" in str(verdict.reason)
    assert len(before) >= 8
    assert can(author, "support.give", make.proposal())
    assert can(author, "comment.agree", make.comment(make.proposal().thread))
    page = browser(author)
    refused = page.post(f"/proposte/{proposal.id}/commenti", {"body": "Scrivo lo stesso"})
    assert refused.status_code in (403, 404)
    assert page.get(f"/proposte/{proposal.id}").status_code in (200, 301, 302, 308)
    assert f"/decisioni/{decision.id}" in page.get("/profilo").get_data(as_text=True)
    with clock.at(clock.now() + DAY * 4):
        assert can(author, "comment.post", proposal.thread)


def test_beyond_a_week_another_person_has_to_confirm(browser, make, moderator, other):
    proposal = make.proposal(title="La proposta che insulta")
    with pytest.raises(RefusedError), db.session.begin_nested():
        suspended(proposal, moderator, days=8)
    page = browser(moderator)
    assert page.submit(f"/moderazione/{proposal.id}/suspend", {"reason": "offence", "note": WHY, "days": "30"}
                       ).status_code == 303
    wanted = queries.awaiting(proposal.author_id)
    assert not proposal.author.suspended
    assert mails(proposal.author) == []
    assert [row.matter.subject for row in queue.queue(other).items] == [f"suspension:{wanted.id}"]
    assert queue.queue(moderator).items == []
    path = f"/moderazione/sospensioni/{wanted.id}"
    assert "non può" in text_of(page.get(path)) or "altra persona" in text_of(page.get(path))
    assert page.post(path, {"answer": "confirm", "version": "1"}).status_code == 403
    assert browser(other).submit(path, {"answer": "confirm"}).status_code == 303
    assert proposal.author.suspended
    assert len(mails(proposal.author)) == 1
    decision = db.session.scalars(sa.select(Decision).where(Decision.act == Act.SUSPEND)).one()
    assert (decision.moderator_id, wanted.proposer_id, wanted.confirmer_id) == (other.id, moderator.id, other.id)
    assert record.verify() == []


def test_the_schema_itself_refuses_two_eyes(make, moderator, other):
    wanted = proposed(make.proposal(), moderator)
    ends = clock.now() + DAY * 30
    for values in ({"confirmer_id": moderator.id}, {"ends_at": ends}, {"ends_at": ends, "days": 181}):
        with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
            db.session.execute(sa.update(Suspension).where(Suspension.id == wanted.id).values(**values))
    db.session.execute(sa.update(Suspension).values(confirmer_id=other.id, ends_at=ends))
    matter = queries.proposed(wanted.id)
    assert not can(moderator, "suspension.confirm", matter)
    with pytest.raises(RefusedError):
        services.dismiss(matter, moderator, why=WHY)


def test_a_guarantor_answers_too_and_what_is_not_confirmed_did_not_happen(browser, make, moderator):
    proposal = make.proposal()
    wanted = proposed(proposal, moderator)
    who = browser(make.person(Role.GUARANTOR))
    assert "/moderazione/sospensioni" in who.get("/ufficio").get_data(as_text=True)
    assert "30 giorni" in text_of(who.get("/moderazione/sospensioni"))
    path = f"/moderazione/sospensioni/{wanted.id}"
    assert "almeno 20" in text_of(who.submit(path, {"answer": "dismiss", "why": "No."}))
    assert wanted.open
    assert who.submit(path, {"answer": "dismiss", "why": "Basta un avvertimento: è la prima volta."}
                      ).status_code == 303
    assert mails(moderator) == [f"Non confermata: la sospensione per {proposal.code}"]
    assert "è la prima volta" in db.session.scalars(sa.select(OutboxMessage.text).where(
        OutboxMessage.recipient == moderator.email)).one()
    assert not proposal.author.suspended
    assert mails(proposal.author) == []
    assert queries.awaiting(proposal.author_id) is None
    assert proposed(proposal, moderator).id != wanted.id


def test_a_suspension_ends_before_its_time_and_the_author_is_told(browser, make, moderator, other):
    proposal = make.proposal()
    suspended(proposal, moderator)
    db.session.commit()
    page = browser(other)
    assert proposal.author.shown_name in text_of(page.get("/moderazione/sospensioni"))
    assert page.submit(f"/moderazione/{proposal.id}", {"decision": "lift", "reason": "", "note": ""}).status_code == 303
    assert not proposal.author.suspended
    assert mails(proposal.author)[-1] == "La sospensione è finita"
    page.post(f"/moderazione/contribution/{proposal.id}/annulla")
    assert proposal.author.suspended


def test_a_review_that_is_upheld_ends_the_suspension(make, moderator, other):
    proposal = make.proposal()
    decision = suspended(proposal, moderator)
    appeal = appeals.ask(appealable.appealable(decision.id), proposal.author, words="Non ho insultato nessuno, citavo.")
    review = appealable.review(appeal.id)
    moderation.decide(review, other, Order(act=Act.OVERTURN, note=WHY), seen=moderation.mark(review))
    assert not proposal.author.suspended
    assert "La sospensione è finita" not in mails(proposal.author)


def test_whoever_wrote_the_text_with_them_reads_nothing_of_a_suspension(browser, make, moderator):
    proposal, other = make.proposal(), make.person()
    proposal.coauthors.append(CoAuthor(person=other))
    proposal.coauthor_count = 1
    db.session.flush()
    suspended(proposal, moderator)
    decision = db.session.scalars(sa.select(Decision).where(Decision.act == Act.SUSPEND)).one()
    db.session.commit()
    for page in (f"/decisioni/{decision.id}", f"/decisioni/{decision.id}/riesame"):
        assert browser(other).get(page).status_code in (403, 404), page
    assert browser(proposal.author).get(f"/decisioni/{decision.id}").status_code == 200
