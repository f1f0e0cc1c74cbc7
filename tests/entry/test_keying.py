"""Two people key each sheet, neither seeing what the other keyed; what they agree on becomes a submission."""

import threading

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.audit.models import AuditEntry
from consult.core.db import db
from consult.entry import queries, services
from consult.entry.models import EntryBatch, EntrySheet
from consult.entry.services import Came, SheetRefusedError
from consult.processes import queries as processes
from consult.processes.models import Channel
from consult.surveys import queries as surveys
from consult.surveys import statistics
from consult.surveys.models import Answer, QuestionKind, Quota, Submission
from tests.browser import text_of

CHOICE, TEXT = QuestionKind.SINGLE_CHOICE, QuestionKind.SHORT_TEXT


@pytest.fixture
def survey(make):
    make.town()
    return make.survey(CHOICE, TEXT)


@pytest.fixture
def clerks(make):
    return make.person(Role.DESK_OPERATOR), make.person(Role.PLAN_OFFICE)


def batch_of(survey, person, **values):
    batch = services.start(survey, person, **{"channel": Channel.PAPER, "twice": True, **values})
    db.session.commit()
    return batch


def said(survey, option="o1", text=None, municipality=None):
    choice, words = survey.sections[0].questions
    answers = {choice.code: [option], words.code: text}
    return {"municipality": municipality, "answers": {code: given for code, given in answers.items() if given}}


def stored(survey):
    return [surveys.given(survey, one) for one in db.session.scalars(sa.select(Submission))]


def test_a_sheet_keyed_alike_by_two_is_taken_by_its_way(survey, clerks, make):
    one, other = clerks
    batch = batch_of(survey, one, channel=Channel.ASSEMBLY)
    keyed = said(survey, "o2", "Più alberi", make.town().id)
    assert services.key(batch, 7, one, keyed) is Came.FIRST
    assert stored(survey) == []
    assert services.key(batch, 7, other, keyed) is Came.TAKEN
    assert stored(survey) == [keyed["answers"]]
    submission = db.session.scalars(sa.select(Submission)).one()
    assert (submission.channel, submission.municipality_id) == (Channel.ASSEMBLY, make.town().id)
    sheet = queries.sheet(batch.id, 7)
    assert (sheet.first, sheet.second) == ({}, {})
    assert survey.submission_count == 1
    assert statistics.sheet(survey).channels == {"assembly": 1}


def test_one_keying_is_enough_where_the_batch_says_so(survey, clerks):
    batch = batch_of(survey, clerks[0], twice=False)
    assert services.key(batch, 1, clerks[0], said(survey)) is Came.TAKEN
    with pytest.raises(SheetRefusedError):
        services.key(batch, 1, clerks[1], said(survey))
    assert len(stored(survey)) == 1


def test_nobody_keys_a_sheet_twice(survey, clerks):
    batch = batch_of(survey, clerks[0])
    services.key(batch, 1, clerks[0], said(survey))
    with pytest.raises(SheetRefusedError) as refused:
        services.key(batch, 1, clerks[0], said(survey))
    assert "1" in str(refused.value.sentence)
    assert stored(survey) == []


@pytest.mark.parametrize(("right", "expected"), [
    (set(), ("o1", "Più alberi")), ({"choice"}, ("o3", "Più alberi")), ({"choice", "text"}, ("o3", "Meno auto"))])
def test_where_two_differ_the_right_value_is_chosen_field_by_field(survey, clerks, right, expected):
    one, other = clerks
    choice, words = survey.sections[0].questions
    batch = batch_of(survey, one)
    services.key(batch, 1, one, said(survey, "o1", "Più alberi"))
    assert services.key(batch, 1, other, said(survey, "o3", "Meno auto")) is Came.DIFFERENT
    assert stored(survey) == []
    codes = {"choice": choice.code, "text": words.code}
    services.settle(queries.sheet(batch.id, 1), one, second={codes[name] for name in right})
    assert stored(survey) == [{choice.code: [expected[0]], words.code: expected[1]}]
    with pytest.raises(SheetRefusedError):
        services.settle(queries.sheet(batch.id, 1), one, second=set())


def test_a_sheet_on_which_neither_was_right_is_keyed_anew(survey, clerks):
    one, other = clerks
    batch = batch_of(survey, one)
    services.key(batch, 1, one, said(survey, "o1"))
    services.key(batch, 1, other, said(survey, "o2"))
    services.drop(queries.sheet(batch.id, 1), one)
    assert services.key(batch, 1, other, said(survey, "o3")) is Came.FIRST


def test_what_one_left_out_differs_too(survey, clerks):
    one, other = clerks
    words = survey.sections[0].questions[1]
    batch = batch_of(survey, one)
    services.key(batch, 1, one, said(survey, text="Più alberi"))
    assert services.key(batch, 1, other, said(survey)) is Came.DIFFERENT
    services.settle(queries.sheet(batch.id, 1), one, second={words.code})
    assert words.code not in stored(survey)[0]


def test_undoing_a_batch_leaves_everything_as_it_was(survey, clerks, make):
    one, other = clerks
    option = survey.sections[0].questions[0].options[0]
    quota = Quota(option=option, most=5)
    db.session.add(quota)
    kept = batch_of(survey, one, twice=False)
    services.key(kept, 1, one, said(survey, "o2"))
    before = (survey.submission_count, dict(processes.counts(survey.phase.process).whole), quota.taken)
    batch = batch_of(survey, one, twice=False)
    for number in range(1, 4):
        services.key(batch, number, one, said(survey, "o1", "Sì", make.town().id))
    db.session.expire_all()
    assert (survey.submission_count, quota.taken) == (4, 3)
    assert services.undo(batch, other) == 3
    db.session.expire_all()
    assert (survey.submission_count, dict(processes.counts(survey.phase.process).whole), quota.taken) == before
    assert len(stored(survey)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 1
    for act in (lambda: services.undo(batch, other), lambda: services.key(batch, 9, one, said(survey))):
        with pytest.raises(SheetRefusedError):
            act()


@pytest.mark.parametrize("people", [2, 5])
def test_people_who_key_the_same_sheet_at_once_make_one_submission(bare_app, make, survey, people):
    clerks = [make.person(Role.DESK_OPERATOR).id for _ in range(people)]
    batch_id, keyed = batch_of(survey, make.person(Role.PLAN_OFFICE)).id, said(survey, "o2")
    db.session.commit()
    came, start = [], threading.Barrier(people)

    def work(person_id):
        with bare_app.app_context():
            start.wait()
            try:
                person = db.session.get_one(Person, person_id)
                came.append(services.key(queries.batch(batch_id), 1, person, keyed))
                db.session.commit()
            except SheetRefusedError:
                db.session.rollback()
                came.append(None)

    threads = [threading.Thread(target=work, args=(id,)) for id in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    assert sorted(str(one) for one in came) == sorted(
        [str(Came.FIRST), str(Came.TAKEN), *["None"] * (people - 2)])
    assert len(stored(survey)) == 1


# the pages
def keying(browser, batch, number, survey, **values):
    choice, words = survey.sections[0].questions
    return browser.submit(f"/carta/{batch.id}/fogli/{number}", {
        f"q{choice.id}": "o1", f"q{words.id}": "Più alberi", "municipality": "0", "go": "send", **values})


def test_a_batch_is_begun_keyed_compared_and_taken_through_the_pages(survey, clerks, browser):
    one, other = map(browser, clerks)
    begun = one.submit(f"/questionari/{survey.id}/carta", {"channel": "desk", "twice": "y", "note": "Mercato"})
    batch = db.session.scalars(sa.select(EntryBatch)).one()
    assert begun.location.endswith(f"/carta/{batch.id}")
    assert one.submit(f"/carta/{batch.id}", {"number": "3"}).location.endswith(f"/carta/{batch.id}/fogli/3")
    assert keying(one, batch, 3, survey).status_code == 303
    again = other.get(f"/carta/{batch.id}/fogli/3").get_data(as_text=True)
    assert "Più alberi" not in again
    words = survey.sections[0].questions[1]
    assert keying(other, batch, 3, survey, **{f"q{words.id}": "Più autobus"}).status_code == 303
    page = f"/carta/{batch.id}/fogli/3/confronto"
    shown = text_of(one.get(page))
    assert "Più alberi" in shown
    assert "Più autobus" in shown
    assert "Opzione 1" not in shown
    assert one.submit(page, {}).status_code == 200
    assert stored(survey) == []
    assert one.submit(page, {f"right-{words.code}": "second"}).status_code == 303
    assert stored(survey)[0][words.code] == "Più autobus"
    assert one.get(page).status_code == 403
    events = set(db.session.scalars(sa.select(AuditEntry.event)))
    assert {"EntryStarted", "SheetKeyed", "SheetTaken", "SurveyAnswered"} <= events
    assert "Mercato" in text_of(one.get(f"/questionari/{survey.id}/carta"))
    undone = other.submit(f"/carta/{batch.id}", {}, action=f"/carta/{batch.id}/annulla")
    assert undone.status_code == 303
    assert stored(survey) == []
    assert other.get(f"/carta/{batch.id}/fogli/4").status_code == 403


def test_what_was_left_out_on_paper_can_be_left_out(survey, clerks, browser):
    for question in survey.sections[0].questions:
        question.required = True
    batch = batch_of(survey, clerks[0])
    words = survey.sections[0].questions[1]
    assert keying(browser(clerks[0]), batch, 1, survey, **{f"q{words.id}": ""}).status_code == 303
    assert keying(browser(clerks[0]), batch, 2, survey, **{
        f"q{question.id}": "" for question in survey.sections[0].questions}).status_code == 200
    assert [sheet.number for sheet in db.session.scalars(sa.select(EntrySheet))] == [1]


def test_where_the_sheet_does_not_say_where_somebody_lives_it_can_be_left_out(survey, clerks, browser):
    batch = batch_of(survey, clerks[0])
    assert keying(browser(clerks[0]), batch, 1, survey, municipality="").status_code == 303
    assert keying(browser(clerks[1]), batch, 1, survey, municipality="x").status_code == 200
    assert keying(browser(clerks[1]), batch, 1, survey, municipality="").status_code == 303
    assert db.session.scalars(sa.select(Submission.municipality_id)).all() == [None]


@pytest.mark.parametrize(("version", "same", "status"), [
    ("2", "", 303), ("1", "", 200), ("1", "y", 303), ("", "", 200), ("x", "y", 200)])
def test_a_sheet_of_another_version_is_keyed_only_by_who_compared_it(survey, clerks, browser, version, same, status):
    batch = batch_of(survey, clerks[0])
    page = f"/carta/{batch.id}"
    assert 'name="version"' not in browser(clerks[0]).get(page).get_data(as_text=True)
    survey.definition_version = 2
    db.session.commit()
    answer = browser(clerks[0]).submit(page, {"number": "1", "version": version, "same": same} if same else {
        "number": "1", "version": version})
    assert answer.status_code == status


def test_who_keyed_a_sheet_is_told_that_somebody_else_must(survey, clerks, browser):
    batch = batch_of(survey, clerks[0])
    services.key(batch, 1, clerks[0], said(survey))
    assert "qualcun altro" in text_of(browser(clerks[0]).get(f"/carta/{batch.id}/fogli/1"))


@pytest.mark.parametrize(("role", "status"), [
    (Role.DESK_OPERATOR, 200), (Role.PLAN_OFFICE, 200), (Role.MODERATOR, 403), (None, 403)])
def test_who_may_copy_sheets(make, browser, survey, role, status):
    person = make.person(*([role] if role else []))
    batch = batch_of(survey, make.person())
    for page in (f"/questionari/{survey.id}/carta", f"/questionari/{survey.id}/carta/it.pdf", f"/carta/{batch.id}",
                 f"/carta/{batch.id}/fogli/1"):
        assert browser(person).get(page).status_code == status


@pytest.mark.parametrize("page", ["fogli/0", "fogli/10000", "fogli/99999999999999", "fogli/1/confronto"])
def test_sheets_that_cannot_be_are_unknown(make, browser, survey, clerks, page):
    batch = batch_of(survey, clerks[0])
    assert browser(clerks[0]).get(f"/carta/{batch.id}/{page}").status_code == 404


@pytest.mark.parametrize("number", ["", "0", "x", "10000", "1\0", "9" * 30])
def test_a_number_that_is_none_is_refused_with_a_sentence(browser, survey, clerks, number):
    batch = batch_of(survey, clerks[0])
    answer = browser(clerks[0]).submit(f"/carta/{batch.id}", {"number": number})
    assert answer.status_code in {200, 303}
    assert answer.status_code == 200 or answer.location.endswith("/fogli/1")


def test_once_the_survey_has_closed_nothing_is_keyed(make, browser, clerks):
    survey = make.survey(CHOICE, TEXT, when="closed")
    batch = EntryBatch(survey=survey, channel=Channel.PAPER, made_by_id=clerks[0].id)
    db.session.add(batch)
    db.session.commit()
    assert browser(clerks[0]).get(f"/carta/{batch.id}/fogli/1").status_code == 403
    assert browser(clerks[0]).get(f"/carta/{batch.id}").status_code == 200


def test_the_pdf_is_a_pdf(browser, survey, clerks):
    answer = browser(clerks[1]).get(f"/questionari/{survey.id}/carta/de.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert browser(clerks[1]).get(f"/questionari/{survey.id}/carta/xx.pdf").status_code == 404
