"""Whoever is in the plan office has documents made; everyone downloads the latest."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import clock, jobs
from consult.core.db import db
from consult.notices.models import Happening, HappeningKind
from consult.planning.models import Plan
from consult.publishing import kinds, services
from consult.publishing.document import WritingError
from consult.publishing.models import DocumentFormat, DocumentState, MadeDocument, Names
from tests.browser import document, text_of

PAGE = "/percorsi/prova/documenti"


@pytest.fixture
def office(make, browser, told):
    return browser(make.person(Role.PLAN_OFFICE))


def about():
    """The plan, as the form names it."""
    return f"plan/plan:{db.session.scalar(sa.select(Plan.id))}"


def ask(office, form="html", language="it"):
    answer = office.submit(PAGE, {"about": about(), "format": form, "language": language})
    assert answer.status_code == 303, text_of(answer)
    return db.session.scalar(sa.select(MadeDocument).order_by(MadeDocument.id.desc()))


def status(reader, path, **options):
    """What a download answers with, read to its end."""
    answer = reader.get(path, **options)
    answer.get_data()
    answer.close()
    return answer.status_code


def work(app):
    db.session.commit()
    jobs.queue(app).run_waiting()
    db.session.expire_all()


def test_a_document_is_asked_for_made_and_downloaded_by_everyone(app, office, browser):
    asked = ask(office)
    progress = f"/documenti/{asked.id}/avanzamento"
    assert asked.state is DocumentState.WAITING
    assert "hx-trigger" in office.get(progress).get_data(as_text=True)
    assert status(browser(), f"/documenti/{asked.id}") == 404
    work(app)
    made = db.session.get(MadeDocument, asked.id)
    assert (made.state, made.progress, made.step) == (DocumentState.READY, 100, "done")
    assert "hx-trigger" not in office.get(progress).get_data(as_text=True)
    assert f'href="/documenti/{made.id}"' in browser().get(PAGE).get_data(as_text=True)
    answer = browser().get(f"/documenti/{made.id}")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() == made.sha256
    assert len(answer.data) == made.size
    assert "Più autobus la sera" in answer.get_data(as_text=True)
    answer.close()
    names = list(db.session.scalars(sa.select(AuditEntry.event)))
    assert "DocumentAsked" in names
    assert "DocumentMade" in names


def test_a_download_is_a_file_and_never_a_page_of_the_site(app, office, browser):
    made = ask(office)
    work(app)
    answer = browser().get(f"/documenti/{made.id}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=prova-2035-0.1-it.html"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "text/html"
    answer.close()
    assert status(browser(), f"/documenti/{made.id}", headers={"If-None-Match": answer.headers["ETag"]}) == 304


def test_the_file_lies_in_the_instance_folder_for_its_owner_only(app, office, settings):
    made = ask(office)
    work(app)
    path = services.file_of(db.session.get(MadeDocument, made.id))
    assert path.is_relative_to(settings.instance / "documents")
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [p.name for p in path.parent.iterdir()] == [f"{made.id}.html"]


def test_a_visitor_sees_the_latest_of_each_format_and_language(app, office, browser):
    first = ask(office)
    work(app)
    second = ask(office)
    work(app)
    english = ask(office, language="en")
    markdown = ask(office, "md")
    work(app)
    page = browser().get(PAGE).get_data(as_text=True)
    assert f'href="/documenti/{first.id}"' not in page
    for made in (second, english, markdown):
        assert f'href="/documenti/{made.id}"' in page
    assert status(browser(), f"/documenti/{first.id}") == 200  # published links never die


def test_all_forms_of_a_document_are_asked_for_at_once(app, office, browser):
    answer = office.submit(PAGE, {"about": "response/process:1", "format": "all", "language": "it"})
    assert answer.headers["Location"].endswith(PAGE)
    assert text_of(office.get(PAGE)).count("Risposta ai contributi:") == len(DocumentFormat)
    work(app)
    made = db.session.scalars(sa.select(MadeDocument)).all()
    assert {(one.format, one.state, one.kind) for one in made} == {
        (form, DocumentState.READY, "response") for form in DocumentFormat}
    page = browser().get(PAGE).get_data(as_text=True)
    assert all(f'href="/documenti/{one.id}"' in page and one.sha256 in page for one in made)


def test_who_asked_is_told_to_the_plan_office_alone(app, make, browser, told):
    office = browser(make.person(Role.PLAN_OFFICE, display_name="Ufficio Zelante"))
    ask(office)
    assert "Ufficio Zelante" in text_of(office.get(PAGE))
    work(app)
    assert "chiesto da Ufficio Zelante" in text_of(office.get(PAGE))
    assert "Zelante" not in text_of(browser().get(PAGE))


def test_what_is_for_the_plan_office_is_not_for_others(app, office, browser, monkeypatch):
    made = ask(office)
    work(app)
    monkeypatch.setitem(kinds._kinds, "plan", replace(kinds.called("plan"), public=False))
    assert status(browser(), f"/documenti/{made.id}") == 404
    assert status(office, f"/documenti/{made.id}") == 200
    assert 'id="plan"' not in browser().get(PAGE).get_data(as_text=True)
    assert "Solo per l'ufficio di piano" in text_of(office.get(PAGE))


def test_where_the_documents_of_a_plan_were_leads_to_where_they_are(browser, told):
    answer = browser().get("/piani/prova-2035/documenti")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{PAGE}#plan"
    assert f'href="{PAGE}"' in browser().get("/percorsi/prova").get_data(as_text=True)


def test_names_can_be_asked_for_only_where_the_installation_allows_it(make, office, settings, app, monkeypatch):
    assert "names" not in office.form(PAGE)["fields"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, names_in_documents=True))
    assert office.submit(PAGE, {"about": about(), "format": "html", "language": "it", "names": "shown"}
                         ).status_code == 303
    assert db.session.scalar(sa.select(MadeDocument.names)) is Names.SHOWN


def test_what_is_being_made_is_not_made_twice(app, office):
    first = ask(office)
    assert ask(office).id == first.id
    assert ask(office, "md").id != first.id
    work(app)
    assert ask(office).id != first.id


def test_a_form_sent_twice_asks_once(office):
    form = office.form(PAGE)
    fields = {**form["fields"], "about": about(), "format": "md", "language": "it"}
    assert [office.post(form["action"], fields).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MadeDocument)) == 1


@pytest.mark.parametrize("changes", [{"format": "exe"}, {"format": ""}, {"language": "xx"}, {"about": "plan/plan:99"},
                                     {"about": "x"}, {"about": ""},
                                     {"format": "../../x"},
                                     {"format": "pdf\x00"}, {"language": ""}])
def test_what_cannot_be_made_is_said(office, changes):
    answer = office.submit(PAGE, {"about": about(), "format": "pdf", "language": "it", **changes})
    assert answer.status_code == 200 or (answer.status_code == 303 and changes == {"format": "pdf\x00"})
    if answer.status_code == 200:
        assert db.session.scalar(sa.select(MadeDocument)) is None


def test_a_failure_is_told_to_whoever_asked_and_to_nobody_else(app, office, browser, monkeypatch):
    def broken(_document, _target):
        raise WritingError("la carta è finita")

    monkeypatch.setitem(services._WRITERS, DocumentFormat.HTML, broken)
    asked = ask(office)
    work(app)
    failed = db.session.get(MadeDocument, asked.id)
    assert failed.state is DocumentState.FAILED
    assert "la carta è finita" in failed.error
    office.get(f"{PAGE}?lingua=en")
    page = office.get(f"/documenti/{asked.id}/avanzamento")
    assert "could not be made" in text_of(page)
    assert "la carta" not in text_of(page)
    assert status(browser(), f"/documenti/{asked.id}") == 404
    assert f"/documenti/{asked.id}" not in browser().get(PAGE).get_data(as_text=True)


def test_progress_is_seen_while_the_document_is_made(app, office, monkeypatch):
    seen = []

    def slow(_document, target):
        with db.engine.connect() as other:
            seen.append(other.execute(sa.select(MadeDocument.progress, MadeDocument.step)).one())
        target.write_text("x")

    monkeypatch.setitem(services._WRITERS, DocumentFormat.HTML, slow)
    ask(office)
    work(app)
    assert [tuple(row) for row in seen] == [(30, "write")]


def test_what_was_interrupted_is_given_up_and_can_be_asked_for_again(app, office):
    asked = ask(office)
    asked.state, asked.asked_at = DocumentState.RUNNING, clock.now() - timedelta(hours=2)
    db.session.commit()
    services.give_up()
    db.session.commit()
    assert db.session.get(MadeDocument, asked.id).state is DocumentState.FAILED
    assert ask(office).id != asked.id


def test_a_document_whose_file_is_gone_is_unknown(app, office, browser):
    made = ask(office)
    work(app)
    services.file_of(db.session.get(MadeDocument, made.id)).unlink()
    assert status(browser(), f"/documenti/{made.id}") == 404


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.STEERING])
def test_only_the_plan_office_has_documents_made(make, browser, told, role):
    reader = browser(make.person(role) if role else make.person())
    assert reader.post(PAGE, {"format": "pdf", "language": "it"}).status_code == 403
    assert not [f for f in document(reader.get(PAGE)).iter("{http://www.w3.org/1999/xhtml}form")
                if f.get("action") == PAGE]


def test_documents_of_a_plan_that_is_not_public_are_unknown_but_to_the_plan_office(app, make, office, browser):
    made = ask(office)
    work(app)
    make.process().published = False
    db.session.commit()
    for path in (PAGE, f"/documenti/{made.id}"):
        assert status(browser(), path) == 404
        assert status(office, path) == 200


@pytest.mark.parametrize("path", ["/documenti/0", "/documenti/999", "/documenti/99999999999", "/documenti/x",
                                  "/documenti/999/avanzamento", "/piani/altro/documenti", "/percorsi/altro/documenti"])
def test_what_does_not_exist_is_unknown(office, path):
    assert office.get(path).status_code == 404


def test_the_list_asks_little_of_the_database(app, office, browser, queries):
    for _ in range(3):
        ask(office)
        work(app)
    with queries() as seen:
        assert browser().get(f"{PAGE}?x=1").status_code == 200
    assert len([s for s in seen if s.startswith("SELECT")]) <= 6


def test_whoever_asked_for_documents_hears_once_when_the_last_is_finished(app, office, monkeypatch):
    ask(office, "html")
    last = ask(office, "md")
    monkeypatch.setitem(services._WRITERS, DocumentFormat.MARKDOWN, broken)
    work(app)
    assert last.state is DocumentState.FAILED
    told = db.session.scalars(sa.select(Happening).where(Happening.kind == HappeningKind.DOCUMENT)).all()
    assert [(one.person_id, one.matter) for one in told] == [(office.person_id, f"document:{last.id}")]
    page = office.get("/avvisi").get_data(as_text=True)
    assert f'href="/documenti/{last.id}/avanzamento"' in page
    assert "È finito ciò che hai chiesto" in page


def broken(_document, _target):
    raise WritingError("no")
