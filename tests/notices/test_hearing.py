"""Whoever follows something hears what happens to it: on the site, and by mail at the pace that they chose."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.amendments import services as amendments
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import Follow, State
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.moderation import services as moderation
from consult.moderation.models import Act
from consult.notices import mails, services, words
from consult.notices import queries as hearing
from consult.notices.models import Happening, HappeningKind, NoticePace, Pace
from consult.opinions import services as opinions
from consult.privacy import erasure
from consult.processes import services as processes
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from consult.results import services as results
from consult.results.models import Verdict
from tests.browser import text_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def proposal(make):
    return make.proposal(call=make.call(moderation=ModerationMode.AFTER))


@pytest.fixture
def follower(make, proposal):
    person = make.person()
    services.follow(proposal, person)
    return person


def kinds(person):
    return [one.kind for one in hearing.happenings(person).items]


def written(person):
    """What has been written to somebody, once everything so far has settled."""
    db.session.commit()
    with clock.at(clock.now() + MINUTE):
        mails.write()
    return db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.recipient == person.email)).all()


def at(day, hour):
    """An hour of a Rome day after today; 0 is the next Monday."""
    now = clock.local(clock.now())
    monday = now + timedelta(days=7 - now.weekday())
    return (monday + timedelta(days=day)).replace(hour=hour, minute=0, second=0, microsecond=0)


def follows(person, thing):
    return db.session.scalar(sa.select(hearing.following(person, thing)))


def test_whoever_follows_a_proposal_hears_of_comments_and_outcomes(make, proposal, follower):
    comments.post(proposal.thread, make.person(), body="Si può fare anche in inverno?")
    results.propose_outcome(proposal, make.person(Role.STEERING), verdict=Verdict.PARTLY, on=clock.today(), seen=0,
                    reasons="Si può fare nei mesi in cui la strada è aperta.")
    assert kinds(follower) == [HappeningKind.OUTCOME_PROPOSED, HappeningKind.COMMENTED]
    assert hearing.new_for(follower) == 2
    services.see_all(follower)
    assert hearing.new_for(follower) == 0


def test_the_author_follows_without_doing_anything_and_hears_nothing_of_their_own(make):
    call = make.call(moderation=ModerationMode.AFTER)
    author, other = make.person(), make.person()
    proposal = make.proposal(call=call, author=author)
    mine = comments.post(proposal.thread, author, body="Aggiungo una cosa.")
    assert follows(author, mine)
    assert kinds(author) == []
    comments.post(proposal.thread, other, body="Bene.", about=mine)
    assert kinds(author) == [HappeningKind.REPLIED]


def test_whoever_follows_a_call_hears_of_new_proposals_only(make):
    call, person = make.call(moderation=ModerationMode.BEFORE), make.person()
    services.follow(call, person)
    proposal = make.proposal(call=call, state=State.PENDING)
    assert kinds(person) == []
    contributions.change_state(proposal, State.PUBLISHED, None)
    comments.post(proposal.thread, make.person(), body="Sono d'accordo con te.")
    assert kinds(person) == [HappeningKind.PROPOSED]
    contributions.change_state(proposal, State.HIDDEN, None)
    assert kinds(person) == []  # hidden is hidden
    contributions.change_state(proposal, State.PUBLISHED, None)
    assert kinds(person) == [HappeningKind.PROPOSED]  # and told once


def test_whoever_follows_the_percorso_hears_what_opens(make):
    person = make.person()
    services.follow(make.process(), person)
    make.call(opens_at=clock.now() - MINUTE)
    processes.announce_passages()
    assert kinds(person) == [HappeningKind.OPENED]


def test_what_happened_before_is_not_heard_of(make, proposal):
    comments.post(proposal.thread, make.person(), body="Prima che qualcuno segua.")
    person = make.person()
    with clock.at(clock.now() + MINUTE):
        services.follow(proposal, person)
    assert kinds(person) == []


@pytest.mark.parametrize(("pace", "before", "due"), [
    (Pace.AT_ONCE, (2, 12), (2, 13)), (Pace.DAILY, (2, 8), (3, 7)), (Pace.WEEKLY, (2, 8), (7, 7)),
])
def test_mail_leaves_at_the_pace_that_was_chosen(make, proposal, follower, pace, before, due):
    with clock.at(at(*before)):
        services.choose_pace(follower, pace)
        db.session.get_one(NoticePace, follower.id).mailed_at = clock.now()
        comments.post(proposal.thread, make.person(), body="Che ne dite di un giorno alla settimana?")
        db.session.commit()
        mails.write()
        assert db.session.scalars(sa.select(OutboxMessage.id).where(
            OutboxMessage.recipient == follower.email)).all() == []
    for hour in (due, due):
        with clock.at(at(*hour)):
            mails.write()
    [mail] = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.recipient == follower.email)).all()
    assert "/commenti/" in mail.text


def test_many_things_are_one_mail_in_the_language_of_the_reader(make, proposal):
    person = make.person(language="de")
    services.follow(proposal, person)
    services.choose_pace(person, Pace.AT_ONCE)
    db.session.get_one(NoticePace, person.id).mailed_at -= timedelta(hours=1)
    for number in range(mails.MOST + 3):
        comments.post(proposal.thread, make.person(), body=f"Commento numero {number}, con un'idea.")
    [mail] = written(person)
    assert mail.language == "de"
    assert mail.subject.startswith(str(mails.MOST + 3))
    assert mail.text.count("/commenti/") == mails.MOST
    assert "/avvisi\n" in mail.text
    assert len(written(person)) == 1  # each is told once


def test_whoever_wants_no_mail_gets_none_and_nothing_old_when_they_change_their_mind(make, proposal, follower):
    services.choose_pace(follower, Pace.NEVER)
    comments.post(proposal.thread, make.person(), body="Questo non lo deve sapere per posta.")
    assert written(follower) == []
    services.choose_pace(follower, Pace.AT_ONCE)
    db.session.get_one(NoticePace, follower.id).mailed_at -= timedelta(hours=1)
    assert written(follower) == []


def test_what_was_hidden_before_the_mail_leaves_is_not_in_it(make, proposal, follower):
    services.choose_pace(follower, Pace.AT_ONCE)
    db.session.get_one(NoticePace, follower.id).mailed_at -= timedelta(hours=1)
    comment = comments.post(proposal.thread, make.person(), body="Un insulto che nessuno deve leggere.")
    contributions.change_state(comment, State.HIDDEN, None)
    assert written(follower) == []


def test_one_click_stops_the_mails_without_signing_in(make, browser, follower, proposal):
    services.choose_pace(follower, Pace.AT_ONCE)
    db.session.get_one(NoticePace, follower.id).mailed_at -= timedelta(hours=1)
    comments.post(proposal.thread, make.person(), body="Un commento che fa partire un messaggio.")
    [mail] = written(follower)
    path = mail.unsubscribe.removeprefix("http://localhost:8000")
    assert path in mail.text
    visitor = browser()
    assert "Smettiamo di scriverti" in text_of(visitor.get(path)).replace("’", "'")
    assert db.session.get_one(NoticePace, follower.id).pace is Pace.AT_ONCE  # opening the page does nothing
    answer = visitor.post(path, {"List-Unsubscribe": "One-Click"}, token=False)
    assert answer.status_code == 200
    assert db.session.get_one(NoticePace, follower.id).pace is Pace.NEVER


@pytest.mark.parametrize("token", ["x", "1", "1.abc", "%00", "NQ.AAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_link_that_we_did_not_write_stops_nothing(browser, follower, token):
    answer = browser().post(f"/avvisi/basta/{token}", {}, token=False)
    assert answer.status_code == 404
    assert db.session.get_one(NoticePace, follower.id).pace is Pace.DAILY


def test_whoever_is_called_by_name_hears_of_it_once_the_comment_can_be_read(make):
    thread = make.proposal(call=make.call(moderation=ModerationMode.BEFORE)).thread
    called = make.person(display_name="Nives Zanfrognini")
    make.comment(thread, author=called)
    comment = comments.post(thread, make.person(), body="Come dice @Nives Zanfrognini, serve una panchina.")
    assert kinds(called) == []
    contributions.change_state(comment, State.PUBLISHED, make.person(Role.MODERATOR))
    assert kinds(called) == [HappeningKind.MENTIONED]
    comments.edit(comment, comment.author, seen=comment.version, body="Lo dice @Nives Zanfrognini: una panchina.")
    assert len(db.session.scalars(sa.select(Happening.id).where(Happening.person_id == called.id)).all()) == 1


def test_a_reply_that_calls_by_name_is_heard_of_once(make, proposal):
    called = make.person(display_name="Nives Zanfrognini")
    own = comments.post(proposal.thread, called, body="Una panchina, per favore.")
    services.follow(proposal, called)
    comments.post(proposal.thread, make.person(), about=own, body="Sono con te, @Nives Zanfrognini.")
    assert kinds(called) == [HappeningKind.REPLIED]
    services.choose_pace(called, Pace.AT_ONCE)
    db.session.get_one(NoticePace, called.id).mailed_at -= timedelta(hours=1)
    [mail] = written(called)
    assert mail.text.count("/commenti/") == 1


def test_a_changed_text_an_amendment_and_a_topic_are_heard_of(make, proposal, follower):
    wording = proposals.worded(proposal)
    proposals.edit(proposal, proposal.author, replace(wording, body="Due panchine davanti alla scuola."),
                   seen=proposal.version)
    text = (proposal.title, "Tre panchine davanti alla scuola.")
    amendments.propose(proposal, make.person(), text, base=proposal.version, reason="Una non basta.")
    topic = make.topic(state=State.PENDING)
    services.follow(topic.activity, follower)
    contributions.change_state(topic, State.PUBLISHED, make.person(Role.MODERATOR))
    assert kinds(follower) == [HappeningKind.TOPIC, HappeningKind.AMENDED, HappeningKind.CHANGED]
    assert HappeningKind.CHANGED not in kinds(proposal.author)


def test_mail_is_due_for_whoever_has_news_and_for_nobody_else(make, proposal, follower):
    """Whether there is something new is asked of each reader, not of whether anybody has something new."""
    other = make.person()
    services.follow(make.proposal(), other)
    for person in (follower, other):
        services.choose_pace(person, Pace.AT_ONCE)
        db.session.get_one(NoticePace, person.id).mailed_at -= timedelta(hours=1)
    comments.post(proposal.thread, make.person(), body="Sono d'accordo.")
    before = db.session.get_one(NoticePace, other.id).mailed_to
    assert len(written(follower)) == 1
    assert db.session.get_one(NoticePace, other.id).mailed_to == before


def test_following_by_the_button(make, browser, proposal):
    person = make.person()
    visitor = browser(person)
    topic, amendment, ballot = make.topic(), make.amendment(proposal, "Un altro testo, per intero."), make.ballot()
    survey, consultation = make.survey(), make.consultation()
    followed = (
        ("contributo", proposal, proposal.thread.path), ("contributo", topic, topic.thread.path),
        ("contributo", amendment, f"/emendamenti/{amendment.id}"),
        ("attivita", proposal.activity, f"/raccolte/{proposal.activity_id}"),
        ("attivita", topic.activity, f"/confronti/{topic.activity_id}"),
        ("attivita", ballot, f"/votazioni/{ballot.id}"), ("attivita", survey, f"/questionari/{survey.id}"),
        ("attivita", consultation, f"/consultazioni/{consultation.id}"),
        ("percorso", make.process(), "/percorsi/prova"))
    for what, thing, page in followed:
        assert visitor.submit(page, action=f"/segui/{what}/{thing.id}").location == page
        assert follows(person, thing)
        assert "Smetti di seguire" in text_of(visitor.get(page))
    assert text_of(visitor.get("/avvisi/seguiti")).count("Smetti di seguire") == len(followed)
    visitor.submit(proposal.thread.path, action=f"/segui/contributo/{proposal.id}/smetti")
    assert not follows(person, proposal)


def test_nobody_follows_what_they_cannot_read(make, browser):
    hidden = make.proposal(state=State.HIDDEN)
    visitor = browser(make.person())
    assert visitor.post(f"/segui/contributo/{hidden.id}").status_code == 404
    for path in ("/segui/contributo/999999", "/segui/niente/1", "/segui/attivita/999999"):
        assert visitor.post(path).status_code == 404
    assert db.session.scalar(sa.select(sa.func.count(Follow.id))) == 0


def test_a_comment_writes_no_more_rows_however_many_follow(make, queries, proposal):
    def statements():
        author = make.person()
        with queries() as seen:
            comments.post(proposal.thread, author, body="Un'altra idea ancora.")
        return len(seen)

    statements()  # the first has the code counter made
    first = statements()
    for _ in range(30):
        services.follow(proposal, make.person())
    assert statements() == first
    assert db.session.scalar(sa.select(sa.func.count(Happening.id))) == 4


def test_the_page_of_notices_costs_the_same_for_many(make, browser, queries, proposal, follower):
    visitor = browser(follower)

    def asked():
        with queries() as seen:
            assert visitor.get("/avvisi").status_code == 200
        return len(seen)

    comments.post(proposal.thread, make.person(), body="Il primo commento.")
    few = asked()
    for number in range(15):
        comments.post(proposal.thread, make.person(), body=f"Il commento numero {number}.")
    assert asked() == few


def test_the_pace_is_chosen_on_the_page(browser, follower):
    visitor = browser(follower)
    assert visitor.submit("/avvisi", {"pace": "weekly"}, action="/avvisi/frequenza").status_code == 303
    assert db.session.get_one(NoticePace, follower.id).pace is Pace.WEEKLY
    assert visitor.post("/avvisi/frequenza", {"pace": "hourly"}).status_code == 303
    assert db.session.get_one(NoticePace, follower.id).pace is Pace.WEEKLY


def test_whoever_leaves_follows_nothing(make, proposal, follower):
    erasure.erase(follower, withdraw=False, actor=follower)
    assert db.session.scalar(sa.select(sa.func.count(Follow.id)).where(Follow.person_id == follower.id)) == 0


def test_new_statements_of_a_conversation_are_one_line_of_one_mail(make, queries):
    conversation = make.conversation(moderation=ModerationMode.AFTER)
    follower, author = make.person(), make.person()
    services.follow(conversation, follower)
    services.follow(make.proposal(), follower)
    services.choose_pace(follower, Pace.WEEKLY)

    def mails_after(*texts):
        for text in texts:
            opinions.write(conversation, author, text, by_staff=True)
        with clock.at(at(0, 8)):
            return written(follower)

    first = mails_after("I boschi sono di tutti.", *(f"Frase numero {number} sui boschi." for number in range(30)))
    assert hearing.new_for(follower) == 1
    assert next(one.number for one in hearing.happenings(follower).items) == 20  # as many as there are on a page
    assert len(first) == 1
    assert "31 nuove affermazioni in" in first[0].text
    assert f"/opinioni/{conversation.id}" in first[0].text
    assert "Frase numero" not in first[0].text
    assert not written(author)
    reader = follower.id
    with queries() as few:
        hearing.since(reader, 0, hearing.last(), 20)
    assert len(few) < 7


def test_a_single_statement_is_told_in_its_words_once_a_moderator_has_let_it_through(make):
    conversation, follower = make.conversation(moderation=ModerationMode.BEFORE), make.person()
    author, moderator = make.person(), make.person(Role.MODERATOR)
    services.follow(conversation, follower)
    statement = opinions.write(conversation, author, "Il treno è più utile della strada.")
    assert kinds(follower) == []
    moderation.decide(statement, moderator, act=Act.APPROVE, seen=moderation.mark(statement))
    assert [str(words.told(one).sentence) for one in hearing.happenings(follower).items] == [
        f"Una nuova affermazione in «{conversation.title}»: {statement.text}"]
    assert f"/affermazioni/{statement.id}" in written(author)[0].text
