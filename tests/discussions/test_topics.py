"""Topics: who opens them, how they are read, and how they are closed with what came of them."""

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import Revision, State
from consult.core import charts
from consult.core.db import db
from consult.core.policy import can
from consult.discussions import services
from consult.discussions.models import Discussion, Openers, Topic
from consult.moderation import services as moderation
from consult.moderation.models import Act
from consult.privacy import erasure
from consult.processes import queries as processes
from consult.processes.models import ModerationMode
from consult.results import sheets
from tests import recount
from tests.browser import text_of
from tests.comments.test_thread import codes
from tests.factories import DAY

BODY = "Che cosa serve alla piazza, e che cosa no?"


def recorded():
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


@pytest.mark.parametrize(("who", "openers", "when", "granted"), [
    ("facilitator", Openers.STAFF, "open", True),
    ("facilitator", Openers.STAFF, "coming", True),
    ("facilitator", Openers.STAFF, "closed", False),
    ("office", Openers.STAFF, "open", True),
    ("moderator", Openers.STAFF, "open", False),
    ("someone", Openers.STAFF, "open", False),
    ("someone", Openers.EVERYBODY, "open", True),
    ("someone", Openers.EVERYBODY, "coming", False),
    ("visitor", Openers.EVERYBODY, "open", False),
])
def test_who_opens_topics(make, who, openers, when, granted):
    people = {"facilitator": make.person(Role.FACILITATOR), "office": make.person(Role.PLAN_OFFICE),
              "moderator": make.person(Role.MODERATOR), "someone": make.person(), "visitor": AnonymousUserMixin()}
    assert bool(can(people[who], "topic.open", make.discussion(when, openers=openers))) is granted


def test_the_staff_opens_a_topic_and_it_is_public_at_once(browser, make):
    discussion = make.discussion(moderation=ModerationMode.BEFORE)
    page = browser(make.person(Role.FACILITATOR))
    answer = page.submit(f"/confronti/{discussion.id}/apri", {"title": "La piazza", "body": BODY, "columns": "y"})
    topic = db.session.scalars(sa.select(Topic)).one()
    assert (answer.status_code, answer.location) == (303, f"/argomenti/{topic.id}-la-piazza")
    assert (topic.state, topic.thread.columns, topic.code) == (State.PUBLISHED, True, "PRV-D-0001")
    assert codes(browser().get(f"/confronti/{discussion.id}")) == [topic.code]
    assert recorded()[-1] == "TopicOpened"
    assert recount.drift() == []


def test_a_participants_topic_waits_for_a_moderator_and_is_discussed_afterwards(browser, make):
    discussion = make.discussion(openers=Openers.EVERYBODY, moderation=ModerationMode.BEFORE)
    author, moderator = make.person(), make.person(Role.MODERATOR)
    browser(author).submit(f"/confronti/{discussion.id}/apri", {"title": "La piazza", "body": BODY, "columns": "y"})
    topic = db.session.scalars(sa.select(Topic)).one()
    assert (topic.state, topic.thread.columns) == (State.PENDING, False)
    path = topic.thread.path
    assert browser().get(path).status_code == 404
    assert "attesa di un moderatore" in text_of(browser(author).get(path))
    assert "La piazza" in text_of(browser(author).get(f"/confronti/{discussion.id}"))
    assert "La piazza" in text_of(browser(moderator).get("/moderazione"))
    assert browser(moderator).get(f"/moderazione/{topic.id}").status_code == 200
    moderation.decide(topic, moderator, act=Act.APPROVE, seen=moderation.mark(topic))
    assert browser().get(path).status_code == 200
    answer = browser(make.person()).submit(path, {"body": "Ombra."}, action=f"/discussioni/{topic.thread_id}/commenti")
    assert answer.location.startswith(f"{path}#c-")
    assert recount.drift() == []


@pytest.mark.parametrize("state", [State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_a_topic_that_is_not_public_is_nowhere(browser, make, state):
    topic = make.topic(title="Da non vedere")
    comment = make.comment(topic.thread, body="Nemmeno questo")
    contributions.change_state(topic, state, None)
    pages = (topic.thread.path, f"/confronti/{topic.activity_id}", f"/c/{comment.code}", f"/commenti/{comment.id}",
             f"/c/{topic.code}")
    for path in pages:
        page = browser().get(path, follow_redirects=True)
        assert "Da non vedere" not in page.get_data(as_text=True)
        assert "Nemmeno questo" not in page.get_data(as_text=True)


def test_pinned_topics_stand_first_and_orders_are_kept(browser, make):
    first, second, third = (make.topic() for _ in range(3))
    make.comment(second.thread)
    lead, path = browser(make.person(Role.FACILITATOR)), f"/confronti/{first.activity_id}"
    assert codes(browser().get(path)) == [third.code, second.code, first.code]
    assert codes(browser().get(f"{path}?ordine=discussi")) == [second.code, third.code, first.code]
    for _ in range(2):
        lead.post(f"/argomenti/{first.id}/in-evidenza", {"pinned": "1"})
    assert codes(browser().get(path)) == [first.code, third.code, second.code]
    lead.post(f"/argomenti/{first.id}/in-evidenza", {"pinned": "0"})
    assert codes(browser().get(path)) == [third.code, second.code, first.code]
    assert recorded().count("TopicPinned") == 2
    assert browser(make.person()).post(f"/argomenti/{first.id}/in-evidenza", {"pinned": "1"}).status_code == 403


def test_a_topic_changes_until_somebody_comments(browser, make):
    author = make.person()
    topic = make.topic(author=author, discussion=make.discussion(openers=Openers.EVERYBODY))
    page = browser(author)
    form = page.form(f"/argomenti/{topic.id}/modifica")
    page.submit(f"/argomenti/{topic.id}/modifica", {"title": "Altro titolo", "body": BODY})
    assert (topic.title, str(topic.thread.label), topic.version) == ("Altro titolo", "Altro titolo", 2)
    assert page.post(form["action"], {**form["fields"], "body": f"{BODY} E poi?"}).status_code == 409
    assert browser().get(f"/argomenti/{topic.id}-vecchio-nome?ordine=ultimi").location.endswith("?ordine=ultimi")
    make.comment(topic.thread)
    assert page.get(f"/argomenti/{topic.id}/modifica").status_code == 403
    assert page.post(f"/argomenti/{topic.id}/ritira").status_code == 403


def test_a_topic_without_comments_is_withdrawn(browser, make):
    author = make.person()
    topic = make.topic(author=author)
    assert browser(author).submit(topic.thread.path, action=f"/argomenti/{topic.id}/ritira").status_code == 303
    assert topic.state is State.WITHDRAWN
    assert recorded()[-1] == "TopicWithdrawn"
    assert recount.drift() == []


def test_a_facilitator_closes_a_topic_with_a_summary_that_leads_to_its_comments(browser, make):
    topic = make.topic()
    first, second = make.comment(topic.thread, body="Più **ombra**."), make.comment(topic.thread)
    lead = browser(make.person(Role.FACILITATOR, display_name="Rita Guida"))
    summary = f"Tutti chiedono ombra ({first.code}, {second.code}); sulle panchine non c'è accordo, vedi {first.code}."
    answer = lead.submit(f"/argomenti/{topic.id}/sintesi", {"summary": summary})
    assert answer.location == topic.thread.path
    assert topic.rests_on == [first.code, second.code]
    page = browser().get(topic.thread.path)
    assert topic.summary_html.count(f'href="/c/{first.code}"') == 2  # also where a code stands in brackets
    assert f'href="/c/{second.code}"' in topic.summary_html
    assert "Si basa su 2 commenti" in text_of(page)
    assert "Rita Guida" in text_of(page)
    assert topic.thread.locked
    assert "La discussione è chiusa" in text_of(page)
    assert not can(make.person(), "comment.post", topic.thread)
    assert recorded()[-2:] == ["ThreadLocked", "TopicSummarised"]
    contributions.change_state(second, State.HIDDEN, None)
    assert "Si basa su 1 commento" in text_of(browser().get(topic.thread.path))


@pytest.mark.parametrize("which", ["elsewhere", "hidden", "nowhere"])
def test_a_summary_rests_on_public_comments_of_its_topic_only(browser, make, which):
    topic = make.topic()
    codes_ = {"elsewhere": make.comment(make.proposal().thread).code, "nowhere": "PRV-C-9999",
              "hidden": make.comment(topic.thread, state=State.PENDING).code}
    lead = browser(make.person(Role.FACILITATOR))
    summary = f"Come si legge in {codes_[which]}, va bene così."
    answer = lead.submit(f"/argomenti/{topic.id}/sintesi", {"summary": summary})
    assert answer.status_code == 200
    assert f"Questi non sono commenti pubblici su questo argomento: {codes_[which]}." in text_of(answer)
    assert not topic.summary
    assert not topic.thread.locked


def test_an_earlier_summary_is_kept_and_two_facilitators_do_not_overwrite_each_other(browser, make):
    topic = make.topic()
    lead = browser(make.person(Role.FACILITATOR))
    form = lead.form(f"/argomenti/{topic.id}/sintesi")
    first = "Si è detto molto, e quasi tutti chiedono più ombra."
    lead.post(form["action"], {**form["fields"], "summary": first})
    assert lead.post(form["action"], {**form["fields"], "summary": f"{first} E acqua."}).status_code == 409
    lead.submit(f"/argomenti/{topic.id}/sintesi", {"summary": f"{first} E acqua."})
    revision = db.session.scalars(sa.select(Revision)).one()
    assert revision.content["summary"] == first
    assert topic.summary.endswith("E acqua.")


def test_a_discussion_stands_among_the_activities_of_its_phase_and_is_counted(browser, make):
    topic = make.topic()
    make.comment(topic.thread)
    page = text_of(browser().get("/percorsi/prova/fasi/2"))
    assert str(topic.activity.title) in page
    assert "1 argomento · 1 commento" in page
    counts = processes.counts_in(make.phase())
    assert (counts.by_activity[topic.activity_id]["topic"], counts.by_activity[topic.activity_id]["comment"]) == (1, 1)


def test_a_discussion_that_closes_answers_with_its_figures(make):
    topic, other, hidden = make.topic(), make.topic(), make.topic()
    for number in range(3):
        make.comment(topic.thread, about=None, body=f"Numero {number}")
    make.comment(other.thread)
    make.comment(hidden.thread)
    contributions.change_state(hidden, State.HIDDEN, None)
    assert charts.countable(topic.activity)
    sheet = sheets.discussion(topic.activity)
    assert [figure.value for figure in sheet.figures][:2] == [2, 4]
    assert [row.values[0] for row in next(t for t in sheet.tables if t.code == "topics").rows] == [3, 1]


def test_the_office_prepares_and_changes_a_discussion(browser, make):
    process = make.process()
    office = browser(make.person(Role.PLAN_OFFICE))
    form = office.form(f"/ufficio/percorsi/{process.slug}/nuova-discussione")["fields"]
    phase = make.phase()
    fields = {**form, "phase": phase.id, "title_it": "Parliamone", "intro_it": "Di tutto un po'.",
              "opens_at": (phase.starts_at + 61 * DAY).strftime("%Y-%m-%dT10:00"),
              "closes_at": (phase.starts_at + 100 * DAY).strftime("%Y-%m-%dT10:00"), "openers": "everybody",
              "columns": "y", "agreements": "agree"}
    answer = office.post(f"/ufficio/percorsi/{process.slug}/nuova-discussione", fields)
    assert answer.status_code == 303, text_of(answer)
    discussion = db.session.scalars(sa.select(Discussion)).one()
    assert (discussion.openers, discussion.columns, discussion.agreements.value) == (Openers.EVERYBODY, True, "agree")
    office.submit(f"/ufficio/attivita/{discussion.id}", {"openers": "staff", "agreements": "off"})
    assert (discussion.openers, discussion.agreements.value) == (Openers.STAFF, "off")
    assert browser(make.person()).get(f"/ufficio/percorsi/{process.slug}/nuova-discussione").status_code == 403


def test_the_list_costs_as_many_queries_with_ten_times_the_topics(browser, make, queries):
    counts = []
    for how_many in (2, 20):
        discussion = make.discussion()
        for _ in range(how_many):
            make.topic(discussion=discussion)
        page = browser()
        page.get("/percorsi")
        path = f"/confronti/{discussion.id}"
        with queries() as seen:
            assert page.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 12


def test_whoever_leaves_keeps_or_takes_along_their_topics(make):
    author, other = make.person(display_name="Vera Nome"), make.person()
    topic = make.topic(author=author, title="Mia idea di piazza")
    comments.post(topic.thread, other, body="Bella.")
    services.summarise(topic, author, seen=topic.version, summary="Si è detto che l'idea piace, e molto.")
    erasure.erase(author, withdraw=False, actor=author, say_goodbye=False)
    assert topic.state is State.PUBLISHED
    assert "Vera Nome" not in topic.byline
    assert recount.drift() == []


@pytest.mark.parametrize("path", ["/confronti/999", "/argomenti/999", "/argomenti/999-x", "/argomenti/999/sintesi",
                                  "/confronti/99999999999999999999", "/argomenti/0/modifica"])
def test_what_does_not_exist_is_unknown(browser, make, path):
    make.process()
    assert browser(make.person(Role.FACILITATOR)).get(path).status_code == 404
