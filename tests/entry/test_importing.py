"""Answers from files: looked through first, taken whole as a batch, undone like other batches."""

import contextlib
import csv
import io
import threading
import zipfile
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.audit.models import AuditEntry
from consult.core import clock, spreadsheet, waiting
from consult.core.db import StaleVersionError, db
from consult.core.spreadsheet import SheetError
from consult.entry import files, importing, services
from consult.entry import queries as entries
from consult.entry.models import EntryBatch, EntryFile, EntrySheet
from consult.microdata import packing
from consult.microdata.models import AnswerFormat
from consult.processes.models import Channel
from consult.surveys import queries as surveys
from consult.surveys import services as answering
from consult.surveys import statistics
from consult.surveys.judging import AnswerRefusedError, Judge
from consult.surveys.models import QuestionKind, Quota, Submission
from tests.browser import text_of
from tests.microdata.filling import answers_of, of_every_kind

CHOICE, TEXT, SEVERAL = QuestionKind.SINGLE_CHOICE, QuestionKind.SHORT_TEXT, QuestionKind.MULTIPLE_CHOICE


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def survey(make):
    make.town()
    return make.survey(CHOICE, TEXT)


def codes_of(survey):
    return [question.code for question in survey.sections[0].questions]


def stored(survey):
    return [surveys.given(survey, one) for one in db.session.scalars(
        sa.select(Submission).where(Submission.survey_id == survey.id))]


def said(table):
    return [line.said["answers"] for line in table.sound]


def refusals(table):
    return [(line.number, line.column, str(line.refusal)) for line in table.refused]


def taken(survey, office, rows, channel=Channel.IMPORTED, expected=None):
    file, _new = importing.send(survey, office, name="risposte.csv", rows=rows)
    return importing.take(file, office, channel=channel, note="",
                          expected=len(files.read(survey, rows).sound) if expected is None else expected)


# what a file says
@pytest.mark.parametrize("form", [AnswerFormat.CSV, AnswerFormat.XLSX])
@pytest.mark.parametrize("language", ["it", "en"])
def test_what_was_exported_is_imported_and_exported_alike(make, office, tmp_path, form, language):
    survey, twin = twins(make)
    for seed in range(40):
        if given := acceptable(survey, answers_of(survey, seed)):
            answering.answer(survey, None, municipality_id=make.town().id if seed % 2 else None, given=given,
                             channel=Channel.IMPORTED)
    db.session.commit()
    before = exported(survey, form, language, tmp_path / "before")
    rows = spreadsheet.read(before, most_rows=files.MOST_LINES + 1, most_columns=files.MOST_COLUMNS)
    table = files.read(twin, rows)
    assert (refusals(table), table.left_aside) == ([], [])
    taken(twin, office, rows)
    db.session.commit()
    assert without_numbers(exported(twin, form, language, tmp_path / "after")) == without_numbers(before)


def test_codes_and_labels_are_both_understood_and_several_answers_are_parted_by_semicolons(make):
    make.town()
    survey = make.survey(CHOICE, SEVERAL, QuestionKind.RANKING, QuestionKind.YES_NO, QuestionKind.NUMBER,
                         QuestionKind.DATE, QuestionKind.MUNICIPALITY)
    one, several, ranked, yes, number, day, town = codes_of(survey)
    head = [name.upper() for name in codes_of(survey)]
    table = files.read(survey, [
        head, ["o2", "o3;o1", "o3; o1;o2", "yes", "1,5", "31/12/2026", make.town().istat_code],
        ["  opzione 2 ", "Opzione 3; Opzione  1", "OPZIONE 3;o1\no2", "SÌ", "1.5", "2026-12-31", make.town().name]])
    assert refusals(table) == []
    assert said(table) == 2 * [{
        one: ["o2"], several: ["o1", "o3"], ranked: ["o3", "o1", "o2"], yes: ["yes"], number: 1.5, day: "2026-12-31",
        town: [make.town().istat_code]}]


def test_who_prefers_not_to_answer_can_be_written_in_words(make):
    survey = make.survey(CHOICE, TEXT)
    for question in survey.sections[0].questions:
        question.prefer_not = True
    one, words = codes_of(survey)
    rows = [[one, words], ["Preferisco non rispondere", "Preferisco non rispondere"]]
    assert said(files.read(survey, rows)) == [{one: {"prefer_not": True}, words: "Preferisco non rispondere"}]


@pytest.mark.parametrize("written", ["{code}", "{bare}", "{name}", "", "Altrove", "elsewhere"])
def test_where_somebody_lives_is_known_by_code_or_name(make, survey, written):
    make.town().istat_code = "036099"
    cell = written.format(code="036099", bare="36099", name=make.town().name.upper())
    line = files.read(survey, [["municipality", codes_of(survey)[0]], [cell, "o1"]]).lines[0]
    assert line.said["municipality"] == (make.town().id if "{" in written else None)


def test_each_refused_line_says_where_and_why(make, survey):
    one, words = codes_of(survey)
    table = files.read(survey, [
        ["municipality", one, words, "osservazioni"], ["", "o1", ""], ["Atlantide", "o1", ""], ["", "o9", ""], [],
        ["", "", "x" * 201], ["", "", "", "solo questo"], ["", "Opzione 2"]])
    assert [line.number for line in table.sound] == [2, 8]
    assert [(number, column) for number, column, _why in refusals(table)] == [
        (3, "municipality"), (4, one), (6, words), (7, "")]
    assert ["Atlantide" in refusals(table)[0][2], "o9" in refusals(table)[1][2], "200" in refusals(table)[2][2]] == [
        True, True, True]
    assert table.left_aside == ["osservazioni"]


def test_the_rules_of_the_page_hold_but_nothing_must_be_answered(make):
    survey = make.survey(SEVERAL, TEXT, QuestionKind.POINTS)
    several, words, points = survey.sections[0].questions
    several.maximum, words.required = 1, True
    head = [several.code, words.code, f"{points.code}_option_o1"]
    table = files.read(survey, [head, ["o1;o2", "", ""], ["o1;o1", "", ""], ["o1", "", ""], ["", "", "101"],
                                ["", "", "1e99"], ["", "", "3.5"]])
    assert [line.number for line in table.sound] == [4]


def test_two_answers_with_the_same_label_are_told_apart_by_their_codes(make, survey):
    one = survey.sections[0].questions[0]
    one.options[1].label = one.options[0].label
    table = files.read(survey, [[one.code], ["Opzione 1"], ["o2"]])
    assert [line.number for line in table.sound] == [3]


def test_what_the_questionnaire_does_not_ask_after_an_answer_is_left_out(make, survey):
    one, words = survey.sections[0].questions
    words.shown_if = {"question": one.code, "is": "o2"}
    rows = [[one.code, words.code], ["o1", "Perché sì"], ["o2", "Perché sì"]]
    assert said(files.read(survey, rows)) == [{one.code: ["o1"]}, {one.code: ["o2"], words.code: "Perché sì"}]


@pytest.mark.parametrize("head", [[], ["nome", "cognome"], ["line", "municipality"], ["{code}", " {code} "]])
def test_a_heading_that_cannot_be_used_is_refused(survey, head):
    with pytest.raises(SheetError):
        files.read(survey, [[cell.format(code=codes_of(survey)[0]) for cell in head], ["o1", "o2"]])


# taking
def test_a_file_counts_once_it_is_taken_and_not_before(make, survey, office):
    one, words = codes_of(survey)
    rows = [["municipality", one, words], [make.town().name, "o2", "Più alberi"], ["", "o9", ""], ["", "o1", ""]]
    file, new = importing.send(survey, office, name="spoglio.csv", rows=rows)
    assert (new, stored(survey), file.batch_id) == (True, [], None)
    batch = importing.take(file, office, channel=Channel.PAPER, note="", expected=2)
    assert sorted(stored(survey), key=len) == [{one: ["o1"]}, {one: ["o2"], words: "Più alberi"}]
    assert (survey.submission_count, statistics.sheet(survey).channels) == (2, {"paper": 2})
    assert (batch.from_file, batch.note, batch.twice, file.rows, file.batch) == (True, "spoglio.csv", False, [], batch)
    assert sorted(db.session.scalars(sa.select(EntrySheet.number))) == [2, 4]
    names = list(db.session.scalars(sa.select(AuditEntry.event)))
    assert (names.count("EntryFileSent"), names.count("EntryFileTaken"), names.count("SurveyAnswered")) == (1, 1, 2)


def test_what_stands_beside_the_answers_is_not_kept(make, survey, office):
    one, _words = codes_of(survey)
    rows = [["nome", "municipality", one, "submitted_at"], ["Ermenegilda", make.town().name, "o1", "2026-01-01"],
            ["Gilda", "", "", ""]]
    file, _new = importing.send(survey, office, name="a.csv", rows=rows)
    assert file.rows == [rows[0], ["*", make.town().name, "o1", "*"], ["*"]]
    assert importing.send(survey, office, name="a.csv", rows=rows)[1] is False
    assert [line.number for line in files.read(survey, file.rows).refused] == [3]


def test_the_same_lines_are_kept_once_and_again_only_after_the_batch_was_undone(survey, office, make):
    one, _words = codes_of(survey)
    rows = [[one], ["o1"], ["o2"]]
    file, _new = importing.send(survey, office, name="a.csv", rows=rows)
    again, new = importing.send(survey, make.person(Role.PLAN_OFFICE), name="b.xlsx", rows=[[*row, ""] for row in rows])
    assert (new, again.id) == (False, file.id)
    batch = importing.take(file, office, channel=Channel.IMPORTED, note="", expected=2)
    with pytest.raises(StaleVersionError):
        importing.take(file, office, channel=Channel.IMPORTED, note="", expected=2)
    assert importing.send(survey, office, name="a.csv", rows=rows)[1] is False
    assert services.undo(batch, office) == 2
    assert stored(survey) == []
    assert importing.send(survey, office, name="a.csv", rows=rows)[1] is True
    other = make.survey(CHOICE)
    other.sections[0].questions[0].code = one
    assert importing.send(other, office, name="a.csv", rows=rows)[1] is True


def test_nothing_is_taken_where_other_lines_are_sound_than_were_seen(survey, office):
    one = survey.sections[0].questions[0]
    file, _new = importing.send(survey, office, name="a.csv", rows=[[one.code], ["o1"], ["o2"]])
    db.session.commit()
    for expected in (1, 3, -1):
        with pytest.raises(StaleVersionError):
            importing.take(file, office, channel=Channel.PAPER, note="", expected=expected)
    one.code = "altro"
    db.session.commit()
    with pytest.raises(StaleVersionError):
        importing.take(file, office, channel=Channel.PAPER, note="", expected=2)
    assert stored(survey) == []


def test_people_who_take_the_same_file_at_once_make_one_batch(bare_app, make, survey, office):
    people = [make.person(Role.PLAN_OFFICE).id for _ in range(3)]
    file, _new = importing.send(survey, office, name="a.csv", rows=[[codes_of(survey)[0]], ["o1"], ["o2"]])
    came, start, file_id = [], threading.Barrier(len(people)), file.id
    db.session.commit()

    def work(person_id):
        with bare_app.app_context():
            start.wait()
            try:
                importing.take(entries.file(file_id), db.session.get_one(Person, person_id), channel=Channel.PAPER,
                               note="", expected=2)
                db.session.commit()
                came.append("taken")
            except StaleVersionError:
                db.session.rollback()
                came.append("too late")

    threads = [threading.Thread(target=work, args=(id,)) for id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    assert sorted(came) == ["taken", "too late", "too late"]
    assert len(stored(survey)) == survey.submission_count == 2


@pytest.mark.parametrize("bound", ["quota", "enough"])
def test_where_there_is_no_room_for_all_none_is_taken(survey, office, bound):
    one = survey.sections[0].questions[0]
    if bound == "quota":
        db.session.add(Quota(option=one.options[0], most=1))
    else:
        survey.close_at = 1
    file, _new = importing.send(survey, office, name="a.csv", rows=[[one.code], ["o1"], ["o1"]])
    db.session.commit()
    with pytest.raises(importing.LineNotTakenError) as refused:
        importing.take(file, office, channel=Channel.PAPER, note="", expected=2)
    assert refused.value.number == 3
    db.session.rollback()
    assert (stored(survey), file.batch_id, len(file.rows)) == ([], None, 3)


def test_a_file_that_nobody_takes_is_erased_after_a_week_and_one_that_was_taken_stays_known(survey, office):
    one, _words = codes_of(survey)
    kept, _new = importing.send(survey, office, name="a.csv", rows=[[one], ["o1"]])
    importing.take(kept, office, channel=Channel.PAPER, note="", expected=1)
    old, _new = importing.send(survey, office, name="b.csv", rows=[[one], ["o2"]])
    new, _new = importing.send(survey, office, name="c.csv", rows=[[one], ["o3"]])
    kept.sent_at = old.sent_at = clock.now() - waiting.KEPT - timedelta(minutes=1)
    db.session.flush()
    importing.forget()
    assert list(db.session.scalars(sa.select(EntryFile.name).order_by(EntryFile.name))) == ["a.csv", "c.csv"]
    importing.let_go(new, office)
    with pytest.raises(StaleVersionError):
        importing.let_go(kept, office)
    assert list(db.session.scalars(sa.select(EntryFile.name))) == ["a.csv"]


def test_a_file_takes_no_more_queries_to_be_read_with_more_lines(survey, queries):
    one, _words = codes_of(survey)
    survey = surveys.survey(survey.id)
    with queries() as few:
        files.read(survey, [[one], ["o1"]])
    with queries() as many:
        files.read(survey, [[one], *(["o1"] for _ in range(50))])
    assert len(many) <= len(few)


# the pages
def as_file(rows, name="risposte.csv"):
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows(rows)
    return io.BytesIO(target.getvalue().encode()), name


def test_a_file_is_sent_looked_through_taken_and_undone_through_the_pages(make, browser, survey, office):
    one, words = codes_of(survey)
    at = browser(office)
    page = f"/questionari/{survey.id}/carta/file"
    assert page in at.get(f"/questionari/{survey.id}/carta").get_data(as_text=True)
    assert one in text_of(at.get(page))
    head = openpyxl.load_workbook(io.BytesIO(at.get(f"{page}/modello.xlsx").data)).active[1]
    assert [cell.value for cell in head] == ["municipality", one, words]
    sent = at.submit(page, {"file": as_file([[one, words], ["o2", "Più alberi"], ["o9", ""], ["o1", "=1+1"]])})
    assert sent.status_code == 303
    assert stored(survey) == []
    shown = text_of(at.get(sent.location))
    assert "o9" in shown
    file_id = db.session.scalars(sa.select(EntryFile)).one().id
    take, values = f"/carta/file/{file_id}/prendi", {"channel": "imported", "note": "Anno scorso"}
    assert at.submit(sent.location, {"expected": "2"}, action=take).status_code == 200
    stale = at.submit(sent.location, {**values, "expected": "7"}, action=take)
    assert stale.location.endswith(f"/carta/file/{file_id}")
    assert stored(survey) == []
    done = at.submit(sent.location, values, action=take)
    batch = db.session.scalars(sa.select(EntryBatch)).one()
    assert done.location.endswith(f"/carta/{batch.id}")
    assert {each[words] for each in stored(survey)} == {"Più alberi", "=1+1"}
    assert "Anno scorso" in text_of(at.get(done.location))
    assert at.get(f"/carta/{batch.id}/fogli/9").status_code == 403
    assert f"/carta/{batch.id}" in at.get(sent.location).get_data(as_text=True)
    again = at.submit(page, {"file": as_file([[one, words], ["o2", "Più alberi"], ["o9"], ["o1", "=1+1"]], "b.csv")})
    assert again.location == sent.location
    at.submit(done.location, {}, action=f"/carta/{batch.id}/annulla")
    assert (stored(survey), at.get(sent.location).status_code) == ([], 404)


@pytest.mark.parametrize("expected", ["\0", "", "x", "-1", "9" * 30])
def test_nothing_is_taken_by_who_has_not_seen_how_many_lines_are_sound(browser, survey, office, expected):
    file, _new = importing.send(survey, office, name="a.csv", rows=[[codes_of(survey)[0]], ["o1"]])
    db.session.commit()
    at = browser(office)
    answer = at.submit(f"/carta/file/{file.id}", {"channel": "paper", "expected": expected},
                       action=f"/carta/file/{file.id}/prendi")
    assert (answer.status_code, stored(survey)) == (303, [])


def test_a_file_that_waits_can_be_erased(browser, survey, office):
    at, page = browser(office), f"/questionari/{survey.id}/carta/file"
    sent = at.submit(page, {"file": as_file([[codes_of(survey)[0]], ["o1"]])})
    assert "risposte.csv" in text_of(at.get(page))
    gone = at.submit(sent.location, {}, action=f"{sent.location}/elimina")
    assert gone.location.endswith(page)
    assert at.get(sent.location).status_code == 404


def test_of_many_refused_lines_some_are_shown(browser, survey, office):
    at, page = browser(office), f"/questionari/{survey.id}/carta/file"
    sent = at.submit(page, {"file": as_file([[codes_of(survey)[0]], *([f"x{n}"] for n in range(150))])})
    shown = text_of(at.get(sent.location))
    assert "150" in shown
    assert "x99" in shown
    assert "x100" not in shown


@pytest.mark.parametrize("content", [
    b"", b"\0\1\2", b"\xff\xd8\xff\xe0JFIF", b"PK\x03\x04broken", b"%PDF-1.7", b"nome;cognome\r\nA;B\r\n", None])
def test_what_is_no_such_table_is_refused_with_a_sentence(browser, survey, office, content):
    file = {} if content is None else {"file": (io.BytesIO(content), "risposte.xlsx")}
    answer = browser(office).submit(f"/questionari/{survey.id}/carta/file", file)
    assert answer.status_code == 200
    assert "form-error" in answer.get_data(as_text=True)
    assert db.session.scalar(sa.select(EntryFile)) is None


@pytest.mark.parametrize("lines", [0, files.MOST_LINES + 1])
def test_a_table_with_no_lines_or_too_many_is_refused(browser, survey, office, lines):
    rows = [[codes_of(survey)[0]], *(["o1"] for _ in range(lines))]
    answer = browser(office).submit(f"/questionari/{survey.id}/carta/file", {"file": as_file(rows)})
    assert answer.status_code == 200
    assert "form-error" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("role", "status"), [
    (Role.PLAN_OFFICE, 200), (Role.DESK_OPERATOR, 403), (Role.MODERATOR, 403), (None, 403)])
def test_who_may_take_answers_from_files(make, browser, survey, office, role, status):
    file, _new = importing.send(survey, office, name="a.csv", rows=[[codes_of(survey)[0]], ["o1"]])
    db.session.commit()
    at = browser(make.person(*([role] if role else [])))
    for page in (f"/questionari/{survey.id}/carta/file", f"/questionari/{survey.id}/carta/file/modello.xlsx",
                 f"/carta/file/{file.id}"):
        assert at.get(page).status_code == status


def test_once_the_survey_has_closed_nothing_is_taken(make, browser, office):
    survey = make.survey(CHOICE, when="closed")
    file, _new = importing.send(survey, office, name="a.csv", rows=[[codes_of(survey)[0]], ["o1"]])
    db.session.commit()
    at = browser(office)
    assert at.get(f"/questionari/{survey.id}/carta/file").status_code == 403
    assert at.get(f"/carta/file/{file.id}").status_code == 200
    assert at.post(f"/carta/file/{file.id}/prendi", {"channel": "paper", "expected": "1"}).status_code == 403


# what the tests share
def twins(make):
    """Two questionnaires that ask the same, with the same codes."""
    one, other = (of_every_kind(make) for _ in range(2))
    for question, like in zip(other.sections[0].questions, one.sections[0].questions, strict=True):
        question.code = like.code
    db.session.flush()
    return one, other


def acceptable(survey, given):
    """Those of the answers that the page would take."""
    judge, found = Judge(survey), {}
    for code, answer in given.items():
        with contextlib.suppress(AnswerRefusedError):
            found |= judge.counting({code: answer})
    return found


def exported(survey, form, language, target):
    packing.write(survey.id, form, target, language=language)
    if form is AnswerFormat.XLSX:
        return target.read_bytes()
    with zipfile.ZipFile(target) as archive:
        return archive.read("risposte.csv" if language == "it" else "answers.csv")


def without_numbers(content):
    """The lines of an export, in no order and without their numbers."""
    head, *lines = spreadsheet.read(content, most_rows=1000, most_columns=2000)
    assert head[0] == "line"
    return head, sorted(line[1:] for line in lines)
