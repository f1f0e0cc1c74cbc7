"""Orders, columns, permalinks, quotes, names, history, locks, and what is new: a thread read and written in depth."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.audit.models import AuditEntry
from consult.comments import agreeing, changes, locking, mentions, quoting, services
from consult.comments import queries as threads
from consult.comments.models import Comment, Stance, ThreadVisit
from consult.contributions import services as contributions
from consult.contributions import subjects
from consult.contributions.models import Revision, Side, State, Thread
from consult.contributions.queries import FIRST_COMMENTS, FIRST_IN_COLUMN, THREAD_ORDERS, address
from consult.core import clock, passwords
from consult.core.db import db
from consult.privacy import erasure
from consult.processes import services as processes
from tests import recount
from tests.browser import text_of
from tests.comments.test_thread import codes
from tests.voting.together import at_once

PASSWORD = "una panchina sotto il tiglio"


@pytest.fixture
def thread(make):
    return make.proposal().thread


def recorded(name):
    return [entry.facts for entry in db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == name))]


# orders and permalinks
def test_a_thread_is_read_in_four_orders(browser, make, thread):
    first, second, third = (make.comment(thread) for _ in range(3))
    agreeing.agree(second, make.person(), True)
    make.comment(thread, about=third)
    reply = db.session.scalars(sa.select(Comment).order_by(Comment.id.desc())).first()
    rows = {"": [first, second, third, reply], "ultimi": [third, reply, second, first],
            "condivisi": [second, third, reply, first], "discussi": [third, reply, second, first]}
    for order, wanted in rows.items():
        assert codes(browser().get(f"{thread.path}?ordine={order}")) == [comment.code for comment in wanted]
    assert codes(browser().get(f"{thread.path}?ordine=%22x")) == [comment.code for comment in rows[""]]


@pytest.mark.parametrize("order", list(THREAD_ORDERS))
def test_every_order_shows_each_comment_once_however_many_pages(make, order):
    thread, author, people = make.proposal().thread, make.person(), [make.person() for _ in range(3)]
    wanted = set()
    for number in range(FIRST_COMMENTS * 2 + 5):
        comment = make.comment(thread, author=author)
        wanted.add(comment.id)
        for person in people[:number % 4]:
            agreeing.agree(comment, person, True)
    seen, after = [], None
    while True:
        page = threads.thread_page(thread, author, after, order=order)
        seen += [branch.comment.id for branch in page.items]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == wanted


@pytest.mark.parametrize("order", list(THREAD_ORDERS))
def test_a_permalink_opens_on_a_page_of_the_order_that_holds_the_comment(browser, make, order):
    thread, author, person = make.proposal().thread, make.person(), make.person()
    comments = [make.comment(thread, author=author) for _ in range(FIRST_COMMENTS + 20)]
    for comment in comments[::3]:
        agreeing.agree(comment, person, True)
    db.session.expire_all()
    for comment in (comments[0], comments[len(comments) // 2], comments[-1]):
        answer = browser().get(f"/c/{comment.code}?ordine={order}")
        where, _hash, anchor = answer.location.partition("#")
        page = browser().get(where)
        assert anchor == f"c-{comment.code}"
        assert comment.code in codes(page)
        assert f'id="c-{comment.code}" data-code="{comment.code}" tabindex="-1"' in page.get_data(as_text=True)


# columns
def test_a_thread_with_columns_shows_for_and_against_beside_each_other_and_the_rest_below(browser, make):
    thread = make.topic(columns=True).thread
    against = make.comment(thread, stance=Stance.AGAINST)
    question = make.comment(thread, stance=Stance.QUESTION)
    favourable = make.comment(thread, stance=Stance.FAVOURABLE)
    silent = make.comment(thread)
    reply = make.comment(thread, about=against, stance=Stance.FAVOURABLE)
    assert codes(browser().get(thread.path)) == [c.code for c in (favourable, against, reply, question, silent)]
    assert codes(browser().get(f"{thread.path}?lato=contrari")) == [against.code, reply.code]
    assert codes(browser().get(f"{thread.path}?lato=nulla")) == codes(browser().get(thread.path))


def test_a_comment_of_a_column_is_found_by_its_permalink(browser, make):
    thread, author = make.topic(columns=True).thread, make.person()
    last = [make.comment(thread, author=author, stance=Stance.AGAINST) for _ in range(FIRST_IN_COLUMN + 3)][-1]
    where = browser().get(f"/c/{last.code}").location
    assert "lato=contrari" in where
    assert last.code in codes(browser().get(where.partition("#")[0]))
    assert "lato" not in address(db.session.get(Comment, last.id - FIRST_IN_COLUMN - 2))


def test_the_position_decides_the_column(browser, make):
    thread = make.topic(columns=True).thread
    page = browser(make.person())
    for stance in ("favourable", "against", "question", ""):
        page.submit(thread.path, {"body": "Ecco.", "stance": stance}, action=f"/discussioni/{thread.id}/commenti")
    sides = [comment.side for comment in db.session.scalars(sa.select(Comment).order_by(Comment.id))]
    assert sides == [Side.FOR, Side.AGAINST, Side.OTHER, Side.OTHER]


# quoting
def test_a_reply_quotes_a_passage_and_leads_back_to_it(browser, make, thread):
    comment = make.comment(thread, body="La **corriera** delle 7 è sempre piena.\n\nE quella delle 9 è vuota.")
    page = browser(make.person())
    page.submit(f"/commenti/{comment.id}/rispondi", {"body": "Già.", "quote": "“corriera delle 7 è sempre  piena”"})
    reply = db.session.scalars(sa.select(Comment).order_by(Comment.id.desc())).first()
    assert (reply.quote, reply.quoted_id) == ("corriera delle 7 è sempre piena", comment.id)
    shown = browser().get(thread.path).get_data(as_text=True)
    assert f'<figcaption><a href="/c/{comment.code}">' in shown


def test_nobody_is_made_to_say_what_they_did_not(browser, make, thread):
    comment = make.comment(thread, body="Sono contro.")
    page = browser(make.person())
    answer = page.submit(f"/commenti/{comment.id}/rispondi", {"body": "Bene, resta qui.", "quote": "Sono a favore"})
    assert answer.status_code == 200
    assert "Queste parole non sono nel commento" in text_of(answer)
    assert "Bene, resta qui." in answer.get_data(as_text=True)


def test_the_beginning_of_a_comment_is_offered_to_be_quoted(browser, make, thread):
    comment = make.comment(thread, body="Breve & chiaro <b>.")
    page = browser(make.person())
    assert page.form(f"/commenti/{comment.id}/rispondi?cita=1")["fields"]["quote"] == "Breve & chiaro <b>."
    assert page.form(f"/commenti/{comment.id}/rispondi?cita=chiaro")["fields"]["quote"] == "chiaro"
    assert page.form(f"/commenti/{comment.id}/rispondi")["fields"]["quote"] == ""
    long = "Una frase. " * 80
    assert len(quoting.beginning(f"<p>{long}</p>")) <= quoting.MOST


@pytest.mark.parametrize("gone", [State.HIDDEN, State.WITHDRAWN])
def test_what_is_no_longer_public_is_no_longer_quoted(browser, make, thread, gone):
    comment = make.comment(thread, body="Parole da nascondere")
    reply = services.post(thread, make.person(), body="Rispondo.", about=comment, quote="da nascondere")
    contributions.change_state(comment, gone, None)
    for path in (thread.path, f"/commenti/{comment.id}"):
        page = text_of(browser().get(path))
        assert "Rispondo." in page
        assert "da nascondere" not in page
    assert reply.quoted_id == comment.id


def test_the_words_of_whoever_leaves_and_takes_them_along_are_quoted_nowhere(make, thread):
    author = make.person()
    comment = make.comment(thread, body="Parole mie", author=author)
    reply = services.post(thread, make.person(), body="Rispondo.", about=comment, quote="Parole mie")
    erasure.erase(author, withdraw=True, actor=author, say_goodbye=False)
    db.session.expire_all()
    assert (reply.quote, reply.quoted_id) == ("", None)


# names
def test_whoever_spoke_in_the_thread_is_called_by_name(make, thread):
    maria, other = make.person(display_name="Maria De Luca"), make.person(display_name="Ugo")
    make.comment(thread, author=maria)
    comment = services.post(thread, make.person(), body="Lo dice bene @Maria De Luca, e @Ugo lo sa.")
    assert "<strong>@Maria De Luca</strong>" in comment.body_html
    assert "@Ugo</strong>" not in comment.body_html
    assert recorded("PersonMentioned") == [{"comment_id": comment.id, "person_id": maria.id}]
    assert other.id not in {fact["person_id"] for fact in recorded("PersonMentioned")}


@pytest.mark.parametrize("values", [{"minor": True}, {"shows_name": False}, {"erased_at": clock.now()}])
def test_whoever_does_not_show_their_name_cannot_be_called_by_it(make, thread, values):
    hidden = make.person(display_name="Nome Nascosto", **values)
    make.comment(thread, author=hidden)
    assert mentions.found(thread, make.person(), "Ciao @Nome Nascosto!") == {}


def test_only_what_is_public_and_in_ones_own_name_counts_as_speaking(make, thread):
    waiting, speaker, elsewhere = (make.person(display_name=name) for name in ("Anna", "Bice", "Carla"))
    make.comment(thread, author=waiting, state=State.PENDING)
    make.comment(thread, author=speaker, organisation=make.organisation(speaker))
    make.comment(make.proposal().thread, author=elsewhere)
    assert mentions.found(thread, make.person(), "@Anna @Bice @Carla") == {}


def test_of_two_with_one_name_the_one_who_spoke_last_is_meant(make, thread):
    first, second = make.person(display_name="Piera"), make.person(display_name="Piera")
    make.comment(thread, author=second)
    make.comment(thread, author=first)
    assert mentions.found(thread, make.person(), "@Piera, che ne dici?") == {first.id: "Piera"}


@pytest.mark.parametrize("body", ["info@Gino", "https://example.org/@Gino", "@", "@@", "a @ b", "`@Gino`"])
def test_addresses_and_code_call_nobody(make, thread, body):
    make.comment(thread, author=make.person(display_name="Gino"))
    assert mentions.found(thread, make.person(), body) == {}


def test_an_edit_calls_only_who_was_not_called_before(make, thread):
    anna, bice = make.person(display_name="Anna"), make.person(display_name="Bice")
    make.comment(thread, author=anna)
    make.comment(thread, author=bice)
    comment = services.post(thread, make.person(), body="@Anna?")
    services.edit(comment, comment.author, seen=1, body="@Anna e @Bice?")
    assert [fact["person_id"] for fact in recorded("PersonMentioned")] == [anna.id, bice.id]


# history
def test_a_slip_is_put_right_quietly_and_a_late_change_in_sight_of_all(browser, make, thread):
    comment = services.post(thread, make.person(), body="Com'era.")
    services.edit(comment, comment.author, seen=1, body="Senza refusi.")
    assert browser().get(f"/commenti/{comment.id}/versioni").status_code == 404
    clock.shift(services.QUIETLY + timedelta(minutes=1))
    services.edit(comment, comment.author, seen=2, body="Un'altra cosa.")
    page = text_of(browser().get(f"/commenti/{comment.id}/versioni"))
    assert "Senza refusi." in page
    assert "Un'altra cosa." in page
    assert "Com'era." not in page
    assert f"/commenti/{comment.id}/versioni" in browser().get(thread.path).get_data(as_text=True)


def test_its_history_marks_what_each_change_added_and_removed(browser, make, thread):
    comment = services.post(thread, make.person(), body="Chiediamo venti posti.")
    make.comment(thread, about=comment)
    services.edit(comment, comment.author, seen=1, body="Chiediamo quaranta posti.")
    services.edit(comment, comment.author, seen=2, body="Chiediamo quaranta posti, e la rete.")
    page = browser().get(f"/commenti/{comment.id}/versioni")
    html = page.get_data(as_text=True)
    marks = re.findall(r"<(ins|del)>(.*?)</\1>", html, re.DOTALL)
    said = [(mark, re.sub(r"<span.*?</span>", "", words, flags=re.DOTALL)) for mark, words in marks]
    assert said == [("ins", ", e la rete"), ("del", "venti"), ("ins", "quaranta")]
    assert "Aggiunto: , e la rete" in text_of(page)
    assert "Tolto: venti" in text_of(page)


def test_a_change_of_mere_typing_is_shown_as_it_was_typed(make, thread):
    comment = services.post(thread, make.person(), body="Due  parole.")
    make.comment(thread, about=comment)
    services.edit(comment, comment.author, seen=1, body="Due parole.")
    (change,) = changes.of(comment)
    assert change.typed
    assert "<del>" in change.compared


def test_a_text_that_is_no_longer_kept_is_named_as_such(browser, make, thread):
    comment = services.post(thread, make.person(), body="Com'era.")
    make.comment(thread, about=comment)
    services.edit(comment, comment.author, seen=1, body="Altro.")
    db.session.scalars(sa.select(Revision).where(Revision.contribution_id == comment.id)).one().content = {}
    page = browser().get(f"/commenti/{comment.id}/versioni")
    assert "non è più conservato" in text_of(page)
    assert "<ins>" not in page.get_data(as_text=True)


@pytest.mark.parametrize("act", ["reply", "agree"])
def test_what_others_took_up_stays_readable_at_once(make, thread, act):
    comment = services.post(thread, make.person(), body="Com'era.")
    if act == "reply":
        services.post(thread, make.person(), body="Rispondo.", about=comment)
    else:
        agreeing.agree(comment, make.person(), True)
    services.edit(comment, comment.author, seen=1, body="Altro.")
    assert [text.content["body"] for text in threads.earlier_texts(comment)] == ["Com'era."]


@pytest.mark.parametrize("gone", [State.HIDDEN, State.WITHDRAWN])
def test_with_a_comment_goes_its_history(browser, make, thread, gone):
    comment = services.post(thread, make.person(), body="Com'era.")
    services.post(thread, make.person(), body="Rispondo.", about=comment)
    services.edit(comment, comment.author, seen=1, body="Altro.")
    contributions.change_state(comment, gone, None)
    assert browser().get(f"/commenti/{comment.id}/versioni").status_code == 404
    assert browser(make.person()).get(f"/commenti/{comment.id}/versioni").status_code == 404


# locks
@pytest.mark.parametrize(("role", "status"), [
    (Role.MODERATOR, 303), (Role.FACILITATOR, 303), (Role.PLAN_OFFICE, 303), (Role.OBSERVER, 403), (None, 403)])
def test_the_staff_closes_a_discussion_and_everyone_reads_why(browser, make, thread, role, status):
    person = make.person(role) if role else make.person()
    answer = browser(person).post(f"/discussioni/{thread.id}/chiudi", {"reason": "Ha risposto il consiglio"})
    assert answer.status_code == status
    if status == 303:
        reader = browser(make.person())
        assert "Ha risposto il consiglio. Si può leggere" in text_of(reader.get(thread.path))
        body = "Parole che a nessuno piace scrivere due volte, e che per questo tornano indietro intere."
        refused = reader.post(f"/discussioni/{thread.id}/commenti", {"body": body})
        assert refused.status_code == 403
        assert body in refused.get_data(as_text=True)
        browser(person).post(f"/discussioni/{thread.id}/riapri")
        assert reader.post(f"/discussioni/{thread.id}/commenti", {"body": "Ora."}).status_code == 303
        assert recorded("ThreadLocked") == recorded("ThreadUnlocked") == [{"thread_id": thread.id}]


def test_a_lock_needs_its_reason(browser, make, thread):
    answer = browser(make.person(Role.MODERATOR)).post(f"/discussioni/{thread.id}/chiudi", {"reason": "  "})
    assert answer.status_code == 200
    assert "Di’ perché" in text_of(answer) or "perché" in text_of(answer)
    assert not thread.locked


def test_a_long_text_is_not_lost_when_one_was_signed_out_meanwhile(browser, make, thread):
    body = "Una riflessione lunga, scritta con calma dopo cena, che sarebbe un vero peccato perdere per così poco."
    person = make.person(password_hash=passwords.hashed(PASSWORD))
    page = browser()
    answer = page.post(f"/discussioni/{thread.id}/commenti", {"body": body})
    assert (answer.status_code, answer.location) == (303, "/accedi?next=/riprendi")
    page.submit(answer.location, {"email": person.email, "password": PASSWORD})
    assert body in page.get("/riprendi").get_data(as_text=True)


# what is new
def test_what_came_since_the_last_visit_is_marked_and_counted(browser, make, thread):
    reader = make.person()
    page, before = browser(reader), make.comment(thread)
    assert "Nuovo" not in text_of(page.get(thread.path))
    page.post(f"/discussioni/{thread.id}/visto", {"latest": before.id})
    new = make.comment(thread, body="Fresco.")
    text = text_of(page.get(thread.path))
    assert "1 commento nuovo dalla tua ultima visita." in text
    assert text.count("Nuovo") == 1
    page.post(f"/discussioni/{thread.id}/visto", {"latest": new.id})
    page.post(f"/discussioni/{thread.id}/visto", {"latest": before.id})
    assert "ultima visita" not in text_of(page.get(thread.path))
    assert db.session.scalars(sa.select(ThreadVisit.seen_id)).all() == [new.id]


def test_whoever_comments_has_read_as_far(make, thread):
    person = make.person()
    comment = services.post(thread, person, body="Eccomi.")
    assert db.session.scalars(sa.select(ThreadVisit.seen_id)).all() == [comment.id]


@pytest.mark.parametrize("latest", ["", "0", "-1", "x", "²", "9" * 30, str(2**31), "\x00"])
def test_a_made_up_place_is_not_noted(browser, make, thread, latest):
    answer = browser(make.person()).post(f"/discussioni/{thread.id}/visto", {"latest": latest})
    assert answer.status_code == 400
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ThreadVisit)) == 0


def test_reading_writes_nothing_and_a_visitor_is_never_noted(browser, make, thread):
    make.comment(thread)
    browser(make.person()).get(thread.path)
    assert browser().post(f"/discussioni/{thread.id}/visto", {"latest": 1}).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ThreadVisit)) == 0


# anything can be discussed
def test_an_option_of_a_ballot_is_discussed_and_its_thread_begins_with_the_first_comment(browser, make):
    ballot = make.ballot()
    option = ballot.options[0]
    page, path = browser(make.person()), f"/discussioni/opzione/{option.id}"
    assert page.get(path).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Thread)) == 0
    answer = page.submit(path, {"body": "Questa mi convince."}, action=f"{path}/commenti")
    [thread] = db.session.scalars(sa.select(Thread)).all()
    assert (thread.subject, thread.comment_count) == (f"opzione:{option.id}", 1)
    assert answer.location.startswith(f"{path}#c-")
    assert "Questa mi convince." in text_of(browser().get(path))
    ballot.published = False
    assert browser(make.person()).get(path).status_code == 404
    assert recount.drift() == []


@pytest.mark.parametrize("path", ["opzione/999", "opzione/99999999999999999999", "nulla/1", "opzione/x", "12/1"])
def test_what_cannot_be_discussed_is_unknown(browser, make, path):
    make.process()
    assert browser().get(f"/discussioni/{path}").status_code == 404
    assert browser(make.person()).post(f"/discussioni/{path}/commenti", {"body": "x"}).status_code == 404


def test_two_first_comments_at_once_make_one_thread(bare_app, make):
    option_id, people = make.ballot().options[0].id, [make.person().id for _ in range(6)]
    db.session.commit()

    def act(id):
        services.post(subjects.thread_about("opzione", option_id), db.session.get(Person, id), body="Primo!")

    at_once(bare_app, act, people)
    assert [t.comment_count for t in db.session.scalars(sa.select(Thread))] == [6]
    assert recount.drift() == []


def test_the_results_of_a_survey_are_discussed_once_they_are_out(browser, make):
    survey = make.survey()
    assert subjects.subject("risultati", survey.id) is None
    survey.closes_at = clock.now() - timedelta(minutes=1)
    db.session.flush()
    processes.announce_passages()
    page = browser(make.person())
    answer = page.submit(f"/risultati/{survey.id}", {"body": "Sorprendente."},
                         action=f"/discussioni/risultati/{survey.id}/commenti")
    assert answer.location.startswith(f"/risultati/{survey.id}#c-")
    assert "Sorprendente." in text_of(browser().get(f"/risultati/{survey.id}"))


def test_a_lock_is_taken_once(make, thread):
    staff = make.person(Role.MODERATOR)
    for _ in range(2):
        locking.lock(thread, staff, reason="Basta così.")
    for _ in range(2):
        locking.unlock(thread, staff)
    assert len(recorded("ThreadLocked")) == len(recorded("ThreadUnlocked")) == 1
