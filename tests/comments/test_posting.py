"""Commenting and replying, changing one's mind, and everything that can go wrong on the way."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.audit.models import AuditEntry
from consult.comments import queries, services
from consult.comments.models import Comment, Stance
from consult.contributions.models import Revision, State, Thread
from consult.core.db import db
from consult.core.policy import can
from consult.processes.models import ModerationMode
from tests import recount
from tests.browser import text_of
from tests.payloads import MALFORMED, XSS, dangers
from tests.voting.together import at_once


@pytest.fixture
def thread(make):
    return make.proposal().thread


def comments():
    return db.session.scalars(sa.select(Comment).order_by(Comment.id)).all()


def recorded():
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


def test_a_comment_is_public_at_once_where_moderation_comes_after(browser, make, thread):
    person = make.person()
    page = browser(person)
    response = page.submit(thread.path, {"body": "Una **buona** idea.", "stance": "favourable"},
                           action=f"/discussioni/{thread.id}/commenti")
    [comment] = comments()
    assert (response.status_code, response.location) == (303, f"{thread.path}#c-{comment.code}")
    assert (comment.author_id, comment.state, comment.stance) == (person.id, State.PUBLISHED, Stance.FAVOURABLE)
    assert comment.municipality_id == person.municipality_id
    assert comment.body == "Una **buona** idea."
    assert thread.comment_count == thread.discussed.comment_count == 1
    assert "Il tuo commento è pubblico." in text_of(page.get(thread.path))
    assert recorded()[-1] == "CommentPosted"
    assert recount.drift() == []


def test_a_comment_waits_where_moderation_comes_before(browser, make):
    thread = make.proposal(call=make.call(moderation=ModerationMode.BEFORE)).thread
    page = browser(make.person())
    page.submit(thread.path, {"body": "Aspetto."}, action=f"/discussioni/{thread.id}/commenti")
    assert comments()[0].state is State.PENDING
    assert thread.comment_count == 0
    assert "Sarà pubblico dopo la lettura di un moderatore" in text_of(page.get(thread.path))
    assert recount.drift() == []


def test_a_reply_stands_under_the_comment_even_where_it_answers_a_reply(browser, make, thread):
    comment = make.comment(thread)
    reply = make.comment(thread, about=comment)
    browser(make.person()).submit(f"/commenti/{reply.id}/rispondi", {"body": "Anch'io."})
    answer = comments()[-1]
    assert answer.about_id == comment.id
    assert comment.comment_count == 2
    assert thread.comment_count == 3
    assert recount.drift() == []


def test_a_reply_can_be_sent_from_the_page_of_the_thread(browser, make, thread):
    comment = make.comment(thread)
    page = browser(make.person())
    page.post(f"/discussioni/{thread.id}/commenti", {"body": "Rispondo", "about": comment.id})
    assert comments()[-1].about_id == comment.id


@pytest.mark.parametrize("about", ["elsewhere", "hidden", "999999", "abc", "-1", "9" * 30, "²"])
def test_a_reply_to_what_is_not_there_is_sent_back_with_what_was_typed(browser, make, thread, about):
    others = {"elsewhere": make.comment(make.proposal().thread).id,
              "hidden": make.comment(thread, state=State.HIDDEN).id}
    before = len(comments())
    page = browser(make.person())
    fields = {"body": "Parole che restano", "about": others.get(about, about)}
    response = page.post(f"/discussioni/{thread.id}/commenti", fields)
    assert response.status_code == 200
    assert "Parole che restano" in response.get_data(as_text=True)
    assert "non c’è più" in text_of(response)
    assert len(comments()) == before


def test_sent_twice_it_is_one_comment(browser, make, thread):
    page = browser(make.person())
    form = page.form(thread.path, f"/discussioni/{thread.id}/commenti")
    fields = {**form["fields"], "body": "Una volta sola."}
    first, second = page.post(form["action"], fields), page.post(form["action"], fields)
    assert first.location == second.location
    assert len(comments()) == 1


def test_a_form_with_a_fault_can_be_put_right_and_sent(browser, make, thread):
    page = browser(make.person())
    form = page.form(thread.path, f"/discussioni/{thread.id}/commenti")
    assert page.post(form["action"], {**form["fields"], "body": "  "}).status_code == 200
    assert page.post(form["action"], {**form["fields"], "body": "Ora sì."}).status_code == 303
    assert [comment.body for comment in comments()] == ["Ora sì."]


def test_who_holds_a_mandate_can_speak_for_an_organisation(browser, make, thread):
    speaker = make.person()
    organisation, other = make.organisation(speaker), make.organisation()
    page, action = browser(speaker), f"/discussioni/{thread.id}/commenti"
    page.submit(thread.path, {"body": "A nome nostro.", "organisation": organisation.id}, action=action)
    assert comments()[-1].organisation_id == organisation.id
    assert page.post(action, {"body": "Non mio.", "organisation": other.id}).status_code == 200
    page.post(action, {"body": "A nome mio."})
    assert [c.organisation_id for c in comments()] == [organisation.id, None]
    browser(make.person()).post(action, {"body": "Di un altro.", "organisation": organisation.id})
    assert comments()[-1].organisation_id is None


@pytest.mark.parametrize(("role", "official"), [(Role.STEERING, True), (Role.PLAN_OFFICE, True), (None, False)])
def test_only_the_authority_answers_for_the_authority(browser, make, thread, role, official):
    person = make.person(role) if role else make.person()
    browser(person).post(f"/discussioni/{thread.id}/commenti", {"body": "Ecco la risposta.", "official": "y"})
    assert comments()[0].official is official


def test_a_visitor_signs_in_and_comes_back(browser, make, thread):
    comment = make.comment(thread)
    response = browser().get(f"/commenti/{comment.id}/rispondi")
    assert (response.status_code, response.location) == (303, f"/accedi?next=/commenti/{comment.id}/rispondi")
    assert browser().post(f"/discussioni/{thread.id}/commenti", {"body": "x"}).status_code == 303
    assert len(comments()) == 1


@pytest.mark.parametrize(("when", "locked"), [("closed", False), ("coming", False), ("open", True)])
def test_a_refused_comment_is_answered_with_the_reason_that_stands_in_place_of_the_form(browser, make, when, locked):
    thread, person = make.proposal(call=make.call(when)).thread, make.person()
    thread.locked = locked
    reason = str(can(person, "comment.post", thread).reason)
    page = browser(person)
    response = page.post(f"/discussioni/{thread.id}/commenti", {"body": "Troppo tardi?"})
    assert response.status_code == 403
    assert reason in text_of(response)
    assert comments() == []
    shown = page.get(thread.path)
    assert reason in text_of(shown)
    assert "/discussioni/" not in shown.get_data(as_text=True)


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_the_thread_of_what_cannot_be_read_is_unknown(browser, make, state):
    thread = make.proposal(state=state).thread
    assert browser(make.person()).post(f"/discussioni/{thread.id}/commenti", {"body": "Ciao"}).status_code == 404
    assert browser().get(f"/discussioni/{thread.id}/commenti").status_code == 404


@pytest.mark.parametrize("path", ["/discussioni/999/commenti", "/commenti/999/rispondi", "/commenti/999",
                                  "/commenti/999/modifica", "/discussioni/99999999999999999999/commenti"])
def test_what_does_not_exist_is_unknown(browser, make, path):
    make.process()
    assert browser(make.person()).get(path).status_code == 404


def test_an_author_changes_a_comment_and_the_earlier_text_is_kept(browser, make, thread):
    author = make.person()
    comment = make.comment(thread, author=author, body="Com'era.")
    response = browser(author).submit(f"/commenti/{comment.id}/modifica", {"body": "Com'è ora."})
    assert response.location == f"{thread.path}#c-{comment.code}"
    assert (comment.body, comment.version, comment.state) == ("Com'è ora.", 2, State.PUBLISHED)
    revision = db.session.scalars(sa.select(Revision)).one()
    assert (revision.version, revision.content, revision.editor_id) == (1, {"body": "Com'era."}, author.id)
    assert recorded()[-1] == "CommentEdited"


def test_a_changed_comment_is_read_again_where_moderation_comes_before(browser, make):
    author = make.person()
    thread = make.proposal(call=make.call(moderation=ModerationMode.BEFORE)).thread
    comment = make.comment(thread, author=author)
    browser(author).submit(f"/commenti/{comment.id}/modifica", {"body": "Altro."})
    assert comment.state is State.PENDING
    assert thread.comment_count == 0
    assert recount.drift() == []


def test_a_stale_edit_is_answered_with_both_texts(browser, make, thread):
    author = make.person()
    comment = make.comment(thread, author=author, body="Primo testo.")
    page = browser(author)
    form = page.form(f"/commenti/{comment.id}/modifica")
    page.submit(f"/commenti/{comment.id}/modifica", {"body": "Salvato nel frattempo."})
    response = page.post(form["action"], {**form["fields"], "body": "Scritto senza saperlo."})
    assert response.status_code == 409
    assert "Salvato nel frattempo." in text_of(response)
    assert "Scritto senza saperlo." in text_of(response)
    assert comment.body == "Salvato nel frattempo."


def test_the_same_text_saved_twice_is_one_change(browser, make, thread):
    author = make.person()
    comment = make.comment(thread, author=author)
    page = browser(author)
    form = page.form(f"/commenti/{comment.id}/modifica")
    for _ in range(2):
        assert page.post(form["action"], {**form["fields"], "body": "Uguale."}).status_code == 303
    assert comment.version == 2


def test_a_text_that_was_answered_while_it_was_edited_stays_readable(make, thread):
    comment = make.comment(thread, body="Prima.")
    make.comment(thread, about=comment)
    services.edit(comment, comment.author, seen=1, body="Un'altra cosa.")
    assert comment.edited_at is not None
    assert [text.content for text in queries.earlier_texts(comment)] == [{"body": "Prima."}]


def test_an_author_withdraws_a_comment(browser, make, thread):
    author = make.person()
    comment = make.comment(thread, author=author)
    response = browser(author).submit(thread.path, action=f"/commenti/{comment.id}/ritira")
    assert response.status_code == 303
    assert comment.state is State.WITHDRAWN
    assert thread.comment_count == 0
    assert recorded()[-2:] == ["ContributionStateChanged", "CommentWithdrawn"]
    assert recount.drift() == []


def test_withdrawn_twice_it_is_one_act(browser, make, thread):
    author = make.person()
    comment = make.comment(thread, author=author)
    page = browser(author)
    form = page.form(thread.path, f"/commenti/{comment.id}/ritira")
    answers = [page.post(form["action"], form["fields"]) for _ in range(2)]
    assert [(a.status_code, a.location) for a in answers] == [(303, f"{thread.path}#c-{comment.code}")] * 2
    assert recorded().count("CommentWithdrawn") == 1


@pytest.mark.parametrize("path", ["modifica", "ritira"])
def test_nobody_touches_the_comment_of_another(browser, make, thread, path):
    comment = make.comment(thread, body="Mio.")
    for person in (make.person(), make.person(Role.MODERATOR)):
        assert browser(person).post(f"/commenti/{comment.id}/{path}", {"body": "Tuo?"}).status_code == 403
    assert (comment.body, comment.state) == ("Mio.", State.PUBLISHED)


def test_a_form_without_its_token_does_nothing(browser, make, thread):
    page = browser(make.person())
    response = page.post(f"/discussioni/{thread.id}/commenti", {"body": "Da fuori"}, token=False)
    assert response.status_code == 400
    assert comments() == []


def test_no_comment_runs_in_the_browser_of_its_readers(browser, make, thread):
    writer = browser(make.person(display_name='<img src=x onerror="alert(1)">'))
    for payload in XSS:
        writer.post(f"/discussioni/{thread.id}/commenti", {"body": payload})
        writer.post(f"/commenti/{comments()[0].id}/rispondi", {"body": f"Prima {payload} e dopo"})
    assert len(comments()) == 2 * len(XSS)
    for reader in (writer, browser(make.person()), browser()):
        for path in (thread.path, f"/commenti/{comments()[0].id}"):
            assert dangers(reader.get(path).get_data(as_text=True)) == []


@pytest.mark.parametrize("payload", XSS[::7])
def test_no_comment_runs_where_it_is_answered_reported_or_changed(browser, make, thread, payload):
    author = make.person()
    comment = make.comment(thread, author=author, body=payload)
    other = browser(make.person())
    for reader, path in ((other, f"/commenti/{comment.id}/rispondi"), (other, f"/contributi/{comment.id}/segnala"),
                         (browser(author), f"/commenti/{comment.id}/modifica")):
        response = reader.get(path)
        assert response.status_code == 200
        assert dangers(response.get_data(as_text=True)) == []


@pytest.mark.parametrize("value", MALFORMED)
def test_whatever_is_sent_is_kept_or_refused_with_a_sentence(browser, make, thread, value):
    page = browser(make.person())
    for field in ("body", "stance", "about", "organisation", "official", "once"):
        fields = {"body": "Un commento.", "stance": "", field: value}
        response = page.post(f"/discussioni/{thread.id}/commenti", fields)
        assert response.status_code in {200, 303}, field
    assert len(page.get(thread.path).get_data()) > 0
    comment = make.comment(thread, author=db.session.merge(comments()[0].author)) if comments() else None
    if comment:
        for field in ("body", "version"):
            response = page.post(f"/commenti/{comment.id}/modifica", {"body": "Nuovo", "version": "1", field: value})
            assert response.status_code in {200, 303, 409}, field


def test_comments_replies_and_withdrawals_at_the_same_instant_are_all_counted(bare_app, make, thread):
    """None is lost, none is counted twice, and no two wait for each other in a circle."""
    people = [make.person().id for _ in range(8)]
    comments_there = [make.comment(thread).id for _ in range(8)]
    thread_id = thread.id
    db.session.commit()

    def act(number):
        person = db.session.get(Person, people[number % 8])
        comment = db.session.get(Comment, comments_there[number % 8])
        if number >= 16:
            services.withdraw(comment, comment.author)
        else:
            about = comment if number % 2 else None
            services.post(db.session.get(Thread, thread_id), person, body=f"Commento {number}", about=about)

    at_once(bare_app, act, range(24))
    db.session.expire_all()
    assert len(comments()) == 24
    assert db.session.get(Thread, thread_id).comment_count == 16
    assert recount.drift() == []
