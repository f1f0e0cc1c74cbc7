"""The plan office has files of answers made and fetches them; nobody else, and every step is in the register."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import clock, jobs
from consult.core.db import db
from consult.microdata import packing, services
from consult.microdata.models import AnswerFile, AnswerFormat, FileState
from tests.browser import text_of
from tests.microdata.filling import fill, of_every_kind


@pytest.fixture
def survey(make):
    survey = of_every_kind(make)
    fill(survey, 7, municipality_id=make.town().id)
    db.session.commit()
    return survey


@pytest.fixture
def office(make, browser):
    return browser(make.person(Role.PLAN_OFFICE))


def ask(office, survey, form="csv", language="it"):
    answer = office.submit(f"/questionari/{survey.id}/risposte", {"format": form, "language": language})
    assert answer.status_code == 303, text_of(answer)
    return db.session.scalar(sa.select(AnswerFile).order_by(AnswerFile.id.desc()))


def work(app):
    db.session.commit()
    jobs.queue(app).run_waiting()
    db.session.expire_all()


def schedule(app):
    db.session.commit()
    jobs.queue(app).run_schedule()
    db.session.expire_all()


@pytest.mark.parametrize("form", [form.value for form in AnswerFormat])
def test_a_file_is_asked_for_made_and_fetched(app, office, survey, form, settings):
    file = ask(office, survey, form)
    page = f"/risposte/{file.id}/avanzamento"
    assert "hx-trigger" in office.get(page).get_data(as_text=True)
    work(app)
    made = db.session.get(AnswerFile, file.id)
    assert (made.state, made.progress, made.submissions) == (FileState.READY, 100, 7)
    shown = office.get(page).get_data(as_text=True)
    assert "hx-trigger" not in shown
    assert "7 questionari compilati" in shown
    path = services.path_of(made.id, made.format)
    assert path.is_relative_to(settings.instance / "answers")
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)
    answer = office.post(f"/risposte/{made.id}")
    assert answer.status_code == 200, text_of(answer)
    assert hashlib.sha256(answer.data).hexdigest() == made.sha256
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    answer.close()
    events = [entry.event for entry in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))]
    assert [name for name in events if name.startswith("Answers")] == ["AnswersAsked", "AnswersMade", "AnswersTaken"]


def test_what_is_fetched_holds_every_submission(app, office, survey):
    file = ask(office, survey)
    work(app)
    answer = office.post(f"/risposte/{file.id}")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        content = archive.read("risposte.csv").decode("utf-8-sig")
    answer.close()
    assert len(list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))) == 8


def test_a_file_that_cannot_be_made_says_so_and_is_not_there(app, office, survey, monkeypatch):
    file = ask(office, survey)

    def broken(*_arguments, **_options):
        raise OSError("no room")

    monkeypatch.setattr(packing, "_fill", broken)
    work(app)
    assert db.session.get(AnswerFile, file.id).state is FileState.FAILED
    assert "Non è stato possibile" in office.get(f"/risposte/{file.id}/avanzamento").get_data(as_text=True)
    assert office.post(f"/risposte/{file.id}").status_code == 404
    assert list(services.path_of(file.id, file.format).parent.iterdir()) == []


def test_progress_is_seen_while_it_is_made(app, office, survey, monkeypatch):
    file = ask(office, survey)
    id, seen = file.id, []
    tell = services._tell

    def watched(file_id, hundredths):
        tell(file_id, hundredths)
        with db.engine.connect() as other:
            seen.append(other.scalar(sa.select(AnswerFile.progress).where(AnswerFile.id == id)))

    monkeypatch.setattr(services, "_tell", watched)
    monkeypatch.setattr("consult.microdata.reading.AT_ONCE", 2)
    work(app)
    assert seen == sorted(seen)
    assert 0 < seen[0] < 90 <= seen[-1] < 100


def test_one_that_is_being_made_is_not_made_twice(app, office, survey):
    assert ask(office, survey).id == ask(office, survey).id
    work(app)
    assert ask(office, survey).id != ask(office, survey, "json").id


def test_what_was_interrupted_says_that_it_failed_and_old_files_go(app, office, survey):
    lost = ask(office, survey)
    lost.state = FileState.RUNNING
    db.session.commit()
    kept = ask(office, survey, "json")
    work(app)
    path = services.path_of(kept.id, kept.format)
    assert path.is_file()
    clock.shift(services.PATIENCE + timedelta(minutes=1))
    schedule(app)
    assert db.session.get(AnswerFile, lost.id).state is FileState.FAILED
    clock.shift(services.KEPT + timedelta(hours=1))
    schedule(app)
    assert not path.exists()
    assert db.session.scalars(sa.select(AnswerFile)).all() == []


@pytest.mark.parametrize(("role", "status"), [
    (Role.PLAN_OFFICE, 200), (Role.PLATFORM_ADMIN, 200), (Role.MODERATOR, 403), (Role.STEERING, 403), (None, 403)])
def test_who_may_have_single_answers(make, browser, survey, role, status):
    person = browser(make.person(*([role] if role else [])))
    assert person.get(f"/questionari/{survey.id}/risposte").status_code == status
    linked = f"/questionari/{survey.id}/risposte" in person.get(f"/questionari/{survey.id}").get_data(as_text=True)
    assert linked is (status == 200)


def test_the_office_of_another_percorso_gets_nothing(make, browser, survey):
    elsewhere = make.person()
    file = AnswerFile(survey=survey, format=AnswerFormat.CSV, state=FileState.READY, asked_by_id=elsewhere.id)
    db.session.add(file)
    db.session.commit()
    visitor = browser()
    assert visitor.get(f"/risposte/{file.id}/avanzamento").status_code in {302, 303}
    assert browser(elsewhere).get(f"/risposte/{file.id}/avanzamento").status_code == 403
    assert browser(elsewhere).post(f"/risposte/{file.id}").status_code == 404
    assert visitor.get("/risposte/99999999999/avanzamento").status_code == 404


@pytest.mark.parametrize("sent", [{"format": "exe"}, {"format": ""}, {"language": "xx"}, {"format": "csv\0"}])
def test_what_cannot_be_asked_for_is_refused_with_a_sentence(office, survey, sent):
    answer = office.submit(f"/questionari/{survey.id}/risposte", {"format": "csv", "language": "it", **sent})
    assert answer.status_code in {200, 422}
    assert db.session.scalars(sa.select(AnswerFile)).all() == []
