"""Files in forms and pages, over HTTP and without a script."""

import io
import re
import sqlite3

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.attachments.models import Attachment
from consult.audit.models import AuditEntry
from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core import files
from consult.core.db import db
from consult.processes.models import ModerationMode
from consult.proposals.models import Asking, Proposal
from tests import recount
from tests.browser import document, text_of
from tests.conftest import POSTGRESQL
from tests.enclosures import docx, pdf, picture, taken_at_home

TEXT = {"title": "Una panchina", "body": "Chiediamo una panchina all'ombra davanti alla scuola, per chi aspetta."}


@pytest.fixture
def call(make):
    return make.call(asks_attachments=Asking.OPTIONAL)


def part(content, name):
    return io.BytesIO(content), name


class Writer:
    """Somebody who writes a proposal with files, as a browser without a script does."""

    def __init__(self, visitor, path):
        self.visitor, self.path = visitor, path
        visitor.get("/?lingua=en")
        self.fields = visitor.form(path)["fields"]

    def send(self, act, sent=(), **changes):
        self.fields.update(TEXT, act=act, **changes)
        self.fields["files"] = [part(*one) for one in sent]
        answer = self.visitor.post(self.path, self.fields, content_type="multipart/form-data")
        if answer.status_code == 200:
            page = answer.get_data(as_text=True)
            self.fields = {name: value for name, value in self.fields.items() if name not in {"files", "without"}}
            self.fields["enclosed"] = re.findall(r'name="enclosed" value="(\w+)"', page)
            self.fields.update(dict(re.findall(r'name="(words-\w+)" value="([^"]*)"', page)))
            once = re.search(r'name="once" type="hidden" value="([^"]+)"', page)
            self.fields["once"] = once[1] if once else ""
        return answer

    def describe(self, words):
        self.fields.update({f"words-{token}": words for token in self.fields["enclosed"]})


@pytest.fixture
def writer(make, browser, call):
    person = make.person()
    return Writer(browser(person), f"/raccolte/{call.id}/proponi")


def opened(visitor, path, **options):
    """What a browser gets of a file, read to its end."""
    return visitor.get(path, buffered=True, **options)


def proposal():
    return db.session.scalar(sa.select(Proposal))


def kept():
    return db.session.scalars(sa.select(Attachment).order_by(Attachment.id)).all()


# writing


def test_a_proposal_is_sent_with_a_picture_and_a_document(writer):
    writer.send("attach", [(taken_at_home(), "scuola.jpg"), (pdf(), "piano.pdf")])
    assert proposal() is None
    writer.describe("La fermata vuota")
    assert writer.send("submit").status_code == 303
    assert proposal().attachment_count == 2
    assert [(one.name, one.description, one.contribution_id) for one in kept()] == [
        ("scuola.jpg", "La fermata vuota", proposal().id), ("piano.pdf", "La fermata vuota", proposal().id)]
    assert recount.drift() == []


def test_a_picture_without_words_is_asked_about_and_nothing_is_lost(writer):
    answer = writer.send("submit", [(picture(), "scuola.jpg")])
    assert answer.status_code == 200
    assert "Say in a few words what the picture shows" in text_of(answer)
    assert TEXT["body"] in text_of(answer)
    assert proposal() is None
    writer.describe("La scuola")
    assert writer.send("submit").status_code == 303
    assert proposal().attachment_count == 1


def test_a_draft_needs_no_words_about_its_pictures(writer, browser):
    assert writer.send("draft", [(picture(), "scuola.jpg")]).status_code == 303
    draft = proposal()
    assert (draft.state, draft.attachment_count) == (State.DRAFT, 1)
    again = Writer(browser(draft.author), f"/proposte/{draft.id}/modifica")
    assert again.fields["enclosed"] == kept()[0].token
    assert again.send("submit").status_code == 200
    again.describe("La scuola")
    assert again.send("submit").status_code == 303
    assert proposal().public
    assert kept()[0].description == "La scuola"


def test_a_refused_file_loses_neither_the_text_nor_the_other_files(writer):
    answer = writer.send("submit", [(picture(), "scuola.jpg"), (b"<svg onload=alert(1)>", "x<b>.png")])
    assert answer.status_code == 200
    assert "“xb.png” cannot be sent. Send a picture (JPEG, PNG, WebP) or a document" in text_of(answer)
    assert TEXT["body"] in text_of(answer)
    assert [one.name for one in kept()] == ["scuola.jpg"]
    writer.describe("La scuola")
    assert writer.send("submit").status_code == 303
    assert proposal().attachment_count == 1


def test_a_form_with_another_fault_keeps_the_files(writer):
    writer.send("submit", [(pdf(), "piano.pdf")], title="")
    writer.fields["title"] = ""
    answer = writer.visitor.post(writer.path, {**writer.fields, "title": ""}, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "piano.pdf" in text_of(answer)


def test_preview_keeps_the_files(writer):
    assert "piano.pdf" in text_of(writer.send("preview", [(pdf(), "piano.pdf")]))


def test_a_file_is_removed_while_writing(writer, app):
    writer.send("attach", [(pdf(), "uno.pdf"), (pdf(), "due.pdf")])
    token = writer.fields["enclosed"][0]
    answer = writer.send("submit", without=token)
    assert answer.status_code == 200
    assert [one.name for one in kept()] == ["due.pdf"]
    assert writer.send("submit").status_code == 303
    assert proposal().attachment_count == 1


def test_no_more_files_than_allowed(writer):
    answer = writer.send("attach", [(pdf(), f"{number}.pdf") for number in range(7)])
    assert "At most 5 files can be attached. Choose those that matter." in text_of(answer)
    assert len(kept()) == 5
    answer = writer.send("attach", [(pdf(), "altro.pdf")])
    assert "At most 5 files can be attached." in text_of(answer)
    assert len(kept()) == 5


def test_files_of_others_are_not_taken_from_a_form(make, received, writer):
    stranger = received(make.person())
    writer.fields["enclosed"] = stranger.token
    assert writer.send("submit", without=stranger.token).status_code == 200
    writer.fields["enclosed"] = stranger.token
    assert writer.send("submit").status_code == 303
    assert proposal().attachment_count == 0
    assert db.session.get(Attachment, stranger.id).contribution_id is None


def test_a_form_sent_twice_brings_its_files_once(writer):
    writer.send("attach", [(pdf(), "piano.pdf")])
    fields = dict(writer.fields)
    first = writer.send("submit")
    writer.fields = {**fields, "once": writer.fields["once"]}
    second = writer.visitor.post(writer.path, {**writer.fields, **TEXT, "act": "submit"},
                                 content_type="multipart/form-data")
    assert (second.status_code, second.location) == (303, first.location)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 1
    assert proposal().attachment_count == 1


def test_a_call_that_asks_for_none_takes_none(make, browser, on_disk):
    call = make.call()
    writer = Writer(browser(make.person()), f"/raccolte/{call.id}/proponi")
    assert writer.send("submit", [(pdf(), "piano.pdf")]).status_code == 303
    assert (proposal().attachment_count, kept()) == (0, [])


@pytest.mark.parametrize("sent", [b"\0", b"x" * 10, b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04", docx()[:100]],
                         ids=["nothing", "letters", "png", "pdf", "zip", "docx"])
def test_broken_files_are_refused_and_never_break_the_page(writer, on_disk, sent):
    assert writer.send("attach", [(sent, "\0../../x\u202egnp.html")]).status_code == 200
    assert (kept(), on_disk()) == ([], 0)


def test_whoever_may_not_write_has_no_file_looked_at(make, browser, on_disk):
    call = make.call("closed", asks_attachments=Asking.OPTIONAL)
    for visitor in (browser(), browser(make.person())):
        answer = visitor.post(f"/raccolte/{call.id}/proponi", {**TEXT, "files": part(picture(), "x.jpg")},
                              content_type="multipart/form-data")
        assert answer.status_code in {200, 303, 403}
    forged = browser(make.person()).post(f"/raccolte/{make.call(asks_attachments=Asking.OPTIONAL).id}/proponi",
                                         {"files": part(picture(), "x.jpg")}, token=False,
                                         content_type="multipart/form-data")
    assert forged.status_code == 400
    assert on_disk() == 0


@pytest.mark.parametrize(("path", "megabytes"), [("/raccolte/{}/proponi", 102), ("/profilo", 2), ("/accedi", 2)])
def test_a_request_larger_than_all_files_may_be_is_refused_and_elsewhere_a_smaller_one(
        make, browser, call, path, megabytes):
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="x.pdf"\r\n\r\n'
    with io.BytesIO(head + b"x" * megabytes * 1024 * 1024 + b"\r\n--x--\r\n") as body:
        answer = browser(make.person()).post(path.format(call.id), token=False, input_stream=body,
                                             content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


@pytest.mark.skipif(POSTGRESQL, reason="writers of PostgreSQL do not wait for one another")
def test_nobody_waits_while_a_file_is_looked_at(writer, settings, monkeypatch):
    written = []

    def slow(*arguments, **options):
        with sqlite3.connect(settings.instance / "consult.sqlite3", timeout=0) as other:
            other.execute("BEGIN IMMEDIATE")  # raises where another holds the lock
            written.append(True)
            other.rollback()
        other.close()
        return keep(*arguments, **options)

    keep = files.keep
    monkeypatch.setattr(files, "keep", slow)
    assert writer.send("submit", [(pdf(), "piano.pdf")]).status_code == 303
    assert written == [True]


def test_files_are_limited_in_an_hour_and_forms_without_files_are_not(make, bare_app, browser, call):
    assert "accounts" in bare_app.blueprints
    limited = bare_app.view_functions["proposals.submit"]
    assert limited.takes_files
    assert limited.access.action == "proposal.submit"


# opening


HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff",
           "Cache-Control": "private, no-cache", "Cross-Origin-Resource-Policy": "same-origin",
           "X-Frame-Options": "DENY"}


def test_a_document_is_downloaded_and_opened_by_nothing(make, browser, attached):
    one = attached(make.proposal(), pdf(), "Città è piano.pdf")
    answer = opened(browser(), f"/allegati/{one.token}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, pdf(), "application/pdf")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Citta e piano.pdf\"; filename*=UTF-8''Citt%C3%A0%20%C3%A8%20piano.pdf")
    assert "Set-Cookie" not in answer.headers


def test_a_picture_is_shown_in_both_sizes(make, browser, attached):
    one = attached(make.proposal(), picture(1000, 500), "foto.png")
    for path, width in ((f"/allegati/{one.token}", b"1000"), (f"/allegati/{one.token}/piccola", b"640")):
        answer = opened(browser(), path)
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert width


def test_what_a_browser_has_is_not_sent_again_but_asked_for(make, browser, attached):
    one = attached(proposal := make.proposal())
    path, visitor = f"/allegati/{one.token}", browser()
    mark = opened(visitor, path).headers["ETag"]
    again = opened(visitor, path, headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    contributions.change_state(proposal, State.HIDDEN, make.person())
    assert opened(visitor, path, headers={"If-None-Match": mark}).status_code == 404


def test_a_piece_of_a_file_can_be_asked_for(make, browser, attached):
    one = attached(make.proposal(), pdf(), "piano.pdf")
    answer = opened(browser(), f"/allegati/{one.token}", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (206, b"%PDF")


def test_opening_costs_one_query(make, browser, attached, queries):
    one = attached(make.proposal())
    visitor, path = browser(), f"/allegati/{one.token}"
    db.session.commit()
    with queries() as seen:
        assert opened(visitor, path).status_code == 200
    assert len([line for line in seen if "FROM attachment" in line]) == 1
    assert len([line for line in seen if line.startswith("SELECT")]) <= 3


@pytest.mark.parametrize("token", ["0" * 32, "x", "..%2f..%2fsecret_key", "a" * 4000, "%00"])
def test_what_is_not_there_is_not_found(browser, make, token):
    make.authority()
    assert opened(browser(), f"/allegati/{token}").status_code == 404
    assert opened(browser(), f"/allegati/{token}/piccola").status_code == 404


def test_a_document_has_no_small_version_and_a_lost_file_is_not_found(make, browser, attached):
    one, lost = attached(make.proposal(), pdf()), attached(make.proposal())
    files.remove(lost.token)
    assert opened(browser(), f"/allegati/{one.token}/piccola").status_code == 404
    assert opened(browser(), f"/allegati/{lost.token}").status_code == 404


@pytest.mark.parametrize(("state", "sees"), [
    (State.PUBLISHED, {"visitor", "person", "author", "moderator", "elsewhere"}),
    (State.PENDING, {"author", "moderator"}), (State.HIDDEN, {"author", "moderator"}), (State.DRAFT, {"author"})])
def test_who_may_read_the_text_may_open_its_files_and_nobody_else(make, browser, attached, state, sees):
    text = make.proposal(state=state)
    one = attached(text)
    people = {"visitor": None, "person": make.person(), "author": text.author,
              "moderator": make.person(Role.MODERATOR, process=make.process()),
              "elsewhere": make.person(Role.PLAN_OFFICE)}
    for path in (f"/allegati/{one.token}", f"/allegati/{one.token}/piccola"):
        assert {who for who, person in people.items() if opened(browser(person), path).status_code == 200} == sees


def test_a_loose_file_is_opened_by_nobody_but_who_sent_it(make, browser, received):
    one = received(make.person())
    path = f"/allegati/{one.token}"
    assert opened(browser(one.owner), path).status_code == 200
    others = (None, make.person(), make.person(Role.MODERATOR))
    assert [opened(browser(who), path).status_code for who in others] == [404, 404, 404]


def test_what_is_not_public_is_in_no_cache_of_pages(make, browser, attached):
    one = attached(make.proposal(state=State.PENDING))
    assert opened(browser(make.person(Role.MODERATOR)), f"/allegati/{one.token}").status_code == 200
    assert opened(browser(), f"/allegati/{one.token}").status_code == 404


# pages


def test_the_page_shows_pictures_with_words_and_measures_and_documents_with_size(make, browser, attached):
    text = make.proposal()
    one = attached(text, picture(1000, 500), words='La "scuola" <b>')
    attached(text, pdf(), "piano.pdf", "Il piano")
    page = browser().get(f"/proposte/{text.id}-proposta")
    shown = [image for image in document(page).iter("{http://www.w3.org/1999/xhtml}img")
             if one.token in image.get("src", "")]
    assert [(image.get("alt"), image.get("width"), image.get("height")) for image in shown] == [
        ('La "scuola" <b>', "640", "320")]
    assert "piano.pdf (PDF, 1 kB)" in text_of(page)
    assert "/togli" not in page.get_data(as_text=True)


def test_a_hidden_text_shows_its_files_to_nobody(make, browser, attached):
    text = make.proposal()
    one = attached(text)
    contributions.change_state(text, State.HIDDEN, make.person())
    assert browser().get(f"/proposte/{text.id}-proposta").status_code == 404
    assert one.token not in browser().get(f"/raccolte/{text.activity_id}").get_data(as_text=True)


def test_the_moderators_see_what_was_attached(make, browser, attached):
    text = make.proposal(state=State.PENDING)
    one = attached(text)
    page = browser(make.person(Role.MODERATOR)).get(f"/moderazione/{text.id}")
    assert one.token in page.get_data(as_text=True)


def test_the_author_takes_a_file_back(app, make, browser, attached, on_disk):
    text = make.proposal()
    one = attached(text, name="casa mia.jpg")
    visitor, path = browser(text.author), f"/allegati/{one.token}/togli"
    answer = visitor.submit(f"/proposte/{text.id}-proposta", action=path)
    assert (answer.status_code, answer.location) == (303, f"/proposte/{text.id}-proposta")
    assert (kept(), db.session.get(Proposal, text.id).attachment_count) == ([], 0)
    db.session.commit()
    app.extensions["jobs"].run_waiting()
    assert on_disk() == 0
    assert visitor.post(path).status_code == 404
    assert "AttachmentTakenBack" in db.session.scalars(sa.select(AuditEntry.event)).all()


@pytest.mark.parametrize(("who", "status"), [(None, 303), ("person", 403), ("moderator", 403)])
def test_nobody_else_takes_a_file_back(make, browser, attached, who, status):
    one = attached(make.proposal())
    person = {None: None, "person": make.person(), "moderator": make.person(Role.MODERATOR)}[who]
    assert browser(person).post(f"/allegati/{one.token}/togli").status_code == status
    assert len(kept()) == 1


def test_a_new_file_of_a_public_text_waits_by_itself_where_moderators_read_first(make, browser):
    text = make.proposal(call=make.call(asks_attachments=Asking.OPTIONAL, moderation=ModerationMode.BEFORE))
    writer = Writer(browser(text.author), f"/proposte/{text.id}/modifica")
    writer.fields["body"] = text.body
    answer = writer.visitor.post(writer.path, {**writer.fields, "title": text.title, "reason": "Si aggiunge il piano.",
                                               "act": "submit", "files": part(pdf(), "piano.pdf")},
                                 content_type="multipart/form-data")
    assert answer.status_code == 303
    assert (db.session.get(Proposal, text.id).state, text.attachment_count) == (State.PUBLISHED, 1)
    assert [one.moderated for one in kept()] == [State.PENDING]
