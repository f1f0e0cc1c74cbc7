"""A decision is looked at again by somebody else, answered in words, and what it took is given back everywhere."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.appeals import queries, services
from consult.appeals.models import Appeal
from consult.contributions import services as contributions
from consult.contributions.models import FlagReason, State
from consult.core import clock
from consult.core.db import StaleVersionError, db
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.moderation import queue, record
from consult.moderation import services as moderation
from consult.moderation.models import Act, Decision, Origin, Reason
from consult.moderation.queue import Wanted
from tests.browser import text_of
from tests.factories import DAY, WHY

OBJECTION = "Il numero è quello del centralino, non di una persona."
ANSWER = "È vero: il numero è pubblico, il testo può restare."


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR, display_name="Chiara Moderatrice")


@pytest.fixture
def other(make):
    return make.person(Role.MODERATOR, display_name="Paolo Moderatore")


def hidden(make, moderator, act=Act.HIDE, **values):
    proposal = make.proposal(**values)
    return proposal, moderation.decide(proposal, moderator, act=act, reason=Reason.PERSONAL_DATA, note=WHY,
                                       seen=moderation.mark(proposal))


def kept(make, moderator):
    proposal, reader = make.proposal(), make.person()
    contributions.flag(proposal, reader, reason=FlagReason.OFFENCE, note="")
    return reader, proposal, moderation.decide(proposal, moderator, act=Act.KEEP, seen=moderation.mark(proposal))


def asked(decision, person, words=OBJECTION):
    appeal = services.ask(queries.appealable(decision.id), person, words=words)
    db.session.commit()
    return appeal


def mails(to):
    return db.session.scalars(sa.select(OutboxMessage.subject).where(OutboxMessage.recipient == to.email)
                              .order_by(OutboxMessage.id)).all()


def waiting(person):
    return queue.queue(person, Wanted(origin=Origin.APPEALED)).items


def test_an_upheld_review_gives_back_what_was_hidden_and_tells_who_asked(browser, make, moderator, other):
    proposal, decision = hidden(make, moderator, title="Il centralino")
    answer = browser(proposal.author).submit(f"/decisioni/{decision.id}/riesame", {"words": OBJECTION})
    assert answer.status_code == 303
    assert "risponde entro il" in text_of(browser(proposal.author).get(f"/decisioni/{decision.id}"))
    row = waiting(other)[0]
    assert (row.origin, row.matter.code) == (Origin.APPEALED, proposal.code)
    path = f"/moderazione/riesami/{row.matter.number}"
    for page in ("/moderazione/riesami", path):
        assert OBJECTION in text_of(browser(other).get(page))
    done = browser(other).submit(path, {"decision": "overturn", "note": ANSWER})
    assert (done.status_code, done.location) == (303, "/moderazione/riesami")
    assert proposal.state is State.PUBLISHED
    assert "Il centralino" in text_of(browser().get(proposal.thread.path))
    acts = db.session.execute(sa.select(Decision.act, Decision.origin).order_by(Decision.id)).all()
    assert acts == [(Act.HIDE, Origin.OWN), (Act.OVERTURN, Origin.APPEALED), (Act.RESTORE, Origin.APPEALED)]
    assert mails(proposal.author)[1:] == [f"La decisione è stata cambiata ({proposal.code})"]
    assert ANSWER in text_of(browser(proposal.author).get(f"/decisioni/{decision.id}/riesame"))
    assert queries.appeal_of(decision.id).upheld
    assert waiting(other) == []
    assert record.verify() == []


def test_a_confirmed_decision_stands_and_the_answer_is_sent(browser, make, moderator, other):
    proposal, decision = hidden(make, moderator)
    appeal = asked(decision, proposal.author)
    path = f"/moderazione/riesami/{appeal.id}"
    short = browser(other).submit(path, {"decision": "confirm", "note": "No."})
    assert "almeno 20 caratteri" in text_of(short)
    assert browser(other).submit(path, {"decision": "confirm", "note": "Il numero non è quello del centralino."})
    assert proposal.state is State.HIDDEN
    assert mails(proposal.author)[1:] == [f"La decisione resta ({proposal.code})"]
    assert "già" in str(can(proposal.author, "appeal.ask", queries.appealable(decision.id)).reason)


def test_whoever_decided_never_reviews_it(browser, make, moderator, other):
    proposal, decision = hidden(make, moderator)
    appeal = asked(decision, proposal.author)
    assert waiting(moderator) == []
    assert queue.take_next(moderator, Wanted(origin=Origin.APPEALED)) is None
    assert queries.before(moderator) == []
    verdict = can(moderator, "review.decide", queries.review(appeal.id))
    assert not verdict
    assert "qualcun altro" in str(verdict.reason)
    for path in (f"/moderazione/riesami/{appeal.id}", f"/moderazione/appeal/{appeal.id}"):
        answer = browser(moderator).post(path, {"decision": "confirm", "note": WHY, "version": "1"})
        assert answer.status_code in (403, 404)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.update(Appeal).values(reviewer_id=moderator.id))
    assert not can(proposal.author, "review.decide", queries.review(appeal.id))


def test_where_nobody_else_moderates_the_guarantee_committee_decides(browser, make, moderator):
    proposal, decision = hidden(make, moderator)
    appeal = asked(decision, proposal.author)
    guarantor, administrator = make.person(Role.GUARANTOR), make.person(Role.PLATFORM_ADMIN)
    assert waiting(administrator) == []
    assert not can(administrator, "review.decide", queries.review(appeal.id))
    assert [row.matter.number for row in queries.before(guarantor)] == [appeal.id]
    who = browser(guarantor)
    assert "1 riesame aspetta la tua risposta" in text_of(who.get("/ufficio"))
    assert proposal.heading in text_of(who.get("/moderazione/riesami"))
    assert who.submit(f"/moderazione/riesami/{appeal.id}", {"decision": "overturn", "note": ANSWER}).status_code == 303
    assert proposal.state is State.PUBLISHED
    assert db.session.scalars(sa.select(Decision.role).order_by(Decision.id)).all()[1:] == [Role.GUARANTOR] * 2


def test_with_another_moderator_the_guarantors_only_read(make, moderator, other):
    proposal, decision = hidden(make, moderator)
    guarantor, appeal = make.person(Role.GUARANTOR), asked(decision, proposal.author)
    assert queries.before(guarantor) == []
    assert not can(guarantor, "review.decide", queries.review(appeal.id))
    assert can(other, "review.decide", queries.review(appeal.id))


def test_whoever_reported_what_was_kept_can_object_and_it_is_hidden(browser, make, moderator, other):
    reader, proposal, decision = kept(make, moderator)
    path = f"/decisioni/{decision.id}/riesame"
    assert browser(proposal.author).get(path).status_code == 404
    assert browser(make.person()).get(path).status_code == 404
    assert browser(reader).submit(path, {"words": OBJECTION}).status_code == 303
    review = f"/moderazione/riesami/{queries.appeal_of(decision.id).id}"
    unreasoned = browser(other).submit(review, {"decision": "overturn", "note": WHY})
    assert "scegli il motivo" in text_of(unreasoned)
    assert browser(other).submit(review, {"decision": "overturn", "note": WHY, "reason": "offence"}).status_code == 303
    assert proposal.state is State.HIDDEN
    assert f"La decisione è stata cambiata ({proposal.code})" in mails(reader)
    assert mails(proposal.author) == [f"Ciò che hai scritto è stato nascosto ({proposal.code})"]


def test_the_author_hears_that_a_text_stays_though_somebody_objected(browser, make, moderator, other):
    reader, proposal, decision = kept(make, moderator)
    appeal = asked(decision, reader)
    browser(other).submit(f"/moderazione/riesami/{appeal.id}", {"decision": "confirm", "note": WHY})
    assert mails(proposal.author) == [f"Ciò che hai scritto resta pubblico ({proposal.code})"]


def test_a_review_is_asked_for_once_and_within_six_months(make, moderator):
    proposal, decision = hidden(make, moderator)
    thing = queries.appealable(decision.id)
    with clock.at(thing.until + DAY):
        assert not can(proposal.author, "appeal.ask", thing)
    with clock.at(thing.until - DAY):
        assert can(proposal.author, "appeal.ask", thing)
    asked(decision, proposal.author)
    with pytest.raises(StaleVersionError):
        services.ask(thing, proposal.author, words=OBJECTION)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Appeal)) == 1


@pytest.mark.parametrize(("day", "last"), [((2026, 8, 31), (2027, 2, 28)), ((2026, 1, 15), (2026, 7, 15))])
def test_six_months_end_on_the_same_day(day, last):
    end = queries.months_after(datetime(*day, 12, tzinfo=clock.ROME), 6)
    assert (end.year, end.month, end.day) == last


@pytest.mark.parametrize("words", ["", "No."])
def test_words_are_needed(browser, make, moderator, words):
    proposal, decision = hidden(make, moderator)
    page = browser(proposal.author).submit(f"/decisioni/{decision.id}/riesame", {"words": words})
    assert "almeno 20 caratteri" in text_of(page)
    assert queries.appeal_of(decision.id) is None


@pytest.mark.parametrize("act", [Act.CONFIRM, Act.OVERTURN])
def test_an_answer_can_be_taken_back_within_seconds(make, moderator, other, act):
    proposal, decision = hidden(make, moderator)
    review = queries.review(asked(decision, proposal.author).id)
    answer = moderation.decide(review, other, act=act, note=ANSWER, seen=moderation.mark(review))
    moderation.take_back(answer, review, other)
    assert proposal.state is State.HIDDEN
    assert queries.appeal_of(decision.id).open
    assert len(mails(proposal.author)) == 1
    assert record.verify() == []


def test_what_its_author_has_changed_meanwhile_is_published_by_an_upheld_review(make, moderator, other):
    proposal, decision = hidden(make, moderator, act=Act.REVISE)
    review = queries.review(asked(decision, proposal.author).id)
    seen = moderation.mark(review)
    contributions.keep_revision(proposal, proposal.author, title=proposal.title, body=proposal.body)
    contributions.have_read_again(proposal, proposal.author)
    db.session.flush()
    with pytest.raises(StaleVersionError):
        moderation.decide(review, other, act=Act.OVERTURN, note=ANSWER, seen=seen)
    moderation.decide(review, other, act=Act.OVERTURN, note=ANSWER, seen=moderation.mark(review))
    assert proposal.state is State.PUBLISHED


def test_a_review_whose_consequence_is_refused_leaves_no_trace(make, moderator, other):
    reader, proposal, decision = kept(make, moderator)
    review = queries.review(asked(decision, reader).id)
    with pytest.raises(moderation.UnreasonedError):  # what was kept is hidden for a reason only
        moderation.decide(review, other, act=Act.OVERTURN, note=ANSWER, seen=moderation.mark(review))
    db.session.commit()
    assert proposal.state is State.PUBLISHED
    assert queries.appeal_of(decision.id).open
    assert db.session.scalars(sa.select(Decision.act)).all() == [Act.KEEP]
    assert record.verify() == []


def test_the_questions_of_the_list_do_not_grow_with_its_rows(browser, make, moderator, other, request):
    counting = request.getfixturevalue("queries")  # the module has its own of that name

    def ask():
        with counting() as seen:
            assert who.get("/moderazione/riesami").status_code == 200
        return len(seen)

    who = browser(other)
    for number in (1, 6):
        for _each in range(number):
            proposal, decision = hidden(make, moderator)
            asked(decision, proposal.author)
        if number == 1:
            one = ask()
    assert ask() == one
