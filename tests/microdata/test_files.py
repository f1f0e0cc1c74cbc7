"""What is exported says of each submission what was answered, and nothing of who answered or when."""

import csv
import io
import json
import re
import zipfile

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from consult.core.db import db
from consult.core.languages import Localized
from consult.microdata import packing, reading, writers
from consult.microdata.columns import LONGEST_NAME, gather, layout
from consult.microdata.models import AnswerFormat
from consult.microdata.writers import harmless, typed
from consult.processes import queries as processes
from consult.processes.models import Channel
from consult.surveys import queries as surveys
from consult.surveys import services
from consult.surveys.models import Option, Question, QuestionKind, Submission
from tests.microdata.filling import TEXTS_OF_PEOPLE, fill, of_every_kind


@pytest.fixture(params=[1, 3, 500])
def at_once(request, monkeypatch):
    """How many submissions are read in a piece."""
    monkeypatch.setattr(reading, "AT_ONCE", request.param)


def layout_of(survey):
    return layout(survey, processes.municipalities(survey.phase.process))


def made(survey, form, tmp_path, **options):
    db.session.commit()
    target = tmp_path / f"made.{packing.suffix(form)}"
    told = []
    number = packing.write(survey.id, form, target, **{"language": "it", "told": told.append, **options})
    assert told == sorted(told)
    return target, number


def in_zip(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def rows_of(content, delimiter):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def read_back(survey, head, line, *, comma=","):
    """What the cells of a line say, by the rules that the codebook states."""
    lines = layout_of(survey)
    cells = dict(zip(head, line, strict=True))
    found = {}
    for question in lines.questions:
        parts = {column.part: value for column in lines.of[question.code]
                 if (value := value_of(column, cells[column.name], comma)) is not None}
        given = gather(question, parts)
        if given is not None:
            found[question.code] = given
    return found


def value_of(column, cell, comma):
    if cell in ("", None):
        return None
    return float(str(cell).replace(comma, ".")) if column.numeric else typed(str(cell))


def kept_by_a_sheet(given):
    """Workbooks keep fifteen digits of a number."""
    return {code: float(f"{answer:.15g}") if isinstance(answer, float) else answer for code, answer in given.items()}


def stored(survey):
    """What each submission says, read one by one with the reader of the questionnaire."""
    return [surveys.given(survey, one) for one in db.session.scalars(
        sa.select(Submission).where(Submission.survey_id == survey.id).order_by(Submission.id))]


def test_a_csv_says_of_each_submission_what_was_answered(make, tmp_path, at_once):
    survey = of_every_kind(make)
    fill(survey, 40)
    path, number = made(survey, AnswerFormat.CSV, tmp_path)
    head, *lines = rows_of(in_zip(path, "risposte.csv"), ";")
    assert number == len(lines) == 40
    assert [read_back(survey, head, line) for line in lines] == stored(survey)
    assert [line[0] for line in lines] == [str(n) for n in range(1, 41)]


def test_a_workbook_says_the_same(make, tmp_path):
    survey = of_every_kind(make)
    fill(survey, 40)
    path, _number = made(survey, AnswerFormat.XLSX, tmp_path, language="en")
    book = load_workbook(path)
    assert book.sheetnames == ["answers", "codebook"]
    head, *lines = book["answers"].iter_rows(values_only=True)
    assert [kept_by_a_sheet(read_back(survey, head, line, comma=".")) for line in lines] == [
        kept_by_a_sheet(each) for each in stored(survey)]
    assert not any(cell.data_type == "f" for row in load_workbook(path)["answers"].iter_rows() for cell in row)


def test_json_holds_the_definition_and_the_answers_as_they_were_given(make, tmp_path):
    survey = of_every_kind(make)
    fill(survey, 12)
    path, _number = made(survey, AnswerFormat.JSON, tmp_path)
    found = json.loads(path.read_text())
    assert [each["answers"] for each in found["submissions"]] == stored(survey)
    assert found["definition"]["sections"][0]["questions"][0]["code"] == survey.sections[0].questions[0].code
    empty, number = made(make.survey(), AnswerFormat.JSON, tmp_path)
    assert (json.loads(empty.read_text())["submissions"], number) == ([], 0)


def test_nothing_tells_who_answered_or_when(make, tmp_path):
    person = make.person(display_name="Ermenegilda Sperandio", email="gilda@example.org")
    survey = make.survey(QuestionKind.SINGLE_CHOICE)
    question = survey.sections[0].questions[0]
    services.answer(survey, person, municipality_id=make.town().id, given={question.code: ["o1"]})
    path, _number = made(survey, AnswerFormat.ALL, tmp_path)
    submission = db.session.scalars(sa.select(Submission)).one()
    with zipfile.ZipFile(path) as archive:
        assert set(archive.namelist()) == {
            "risposte.csv", "legenda.csv", "risposte.xlsx", "risposte.json", "spss.csv", "spss.sps"}
        whole = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith("xlsx"))
        book = load_workbook(io.BytesIO(archive.read("risposte.xlsx")))
    whole += str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]).encode()
    for secret in ("Sperandio", "gilda@", submission.id, "submitted_at"):
        assert secret.encode() not in whole
    assert b"Roccaprova" in whole


def test_where_answers_are_kept_with_the_name_the_time_is_told_and_not_the_name(make, tmp_path):
    survey = make.survey(QuestionKind.SINGLE_CHOICE, anonymous=False)
    question = survey.sections[0].questions[0]
    services.answer(survey, make.person(display_name="Ermenegilda"), municipality_id=None,
                    given={question.code: ["o1"]}, channel=Channel.DESK)
    path, _number = made(survey, AnswerFormat.CSV, tmp_path)
    head, line = rows_of(in_zip(path, "risposte.csv"), ";")
    cells = dict(zip(head, line, strict=True))
    assert cells["channel"] == "desk"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*", cells["submitted_at"])
    assert "Ermenegilda" not in str(line)


@pytest.mark.parametrize("text", [*TEXTS_OF_PEOPLE, "\t=x", " =x", "-", ""])
def test_no_text_is_a_formula_and_each_comes_back_as_it_was(text):
    assert typed(harmless(text)) == text
    assert not harmless(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "|", "%"))


def test_what_people_type_with_an_apostrophe_keeps_it():
    assert typed("'ndrangheta") == "'ndrangheta"


def test_names_of_columns_are_short_distinct_and_no_words_of_spss(make):
    survey = make.survey(QuestionKind.MULTIPLE_CHOICE, QuestionKind.SINGLE_CHOICE, QuestionKind.NUMBER)
    many, one, number = survey.sections[0].questions
    many.code, one.code, number.code = "a" * 40, "line", "with"
    for option in many.options:
        option.code = "b" * 38 + option.code
    names = [column.name for column in layout_of(survey).all]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and len(name.encode()) <= LONGEST_NAME for name in names)
    assert {"line", "line_2", "q_with"} <= set(names)


def test_the_codebook_names_every_column_and_every_code(make, tmp_path):
    survey = of_every_kind(make)
    path, _number = made(survey, AnswerFormat.CSV, tmp_path)
    head, *lines = rows_of(in_zip(path, "legenda.csv"), ";")
    assert tuple(head) == writers.CODEBOOK
    columns = rows_of(in_zip(path, "risposte.csv"), ";")[0]
    assert list(dict.fromkeys(line[0] for line in lines)) == columns
    question = next(q for q in survey.sections[0].questions if q.kind is QuestionKind.SINGLE_CHOICE)
    about = [line for line in lines if line[0] == question.code]
    assert [line[4:] for line in about] == [["o1", "Opzione 1"], ["o2", "Opzione 2"], ["o3", "Opzione 3"]]


def test_the_syntax_reads_every_column_and_names_every_value(make, tmp_path):
    survey = of_every_kind(make)
    first = survey.sections[0].questions[0]
    first.prompt = Localized.of("Che c'è?\nEXECUTE. " + "è" * 300)
    fill(survey, 20)
    path, _number = made(survey, AnswerFormat.SPSS, tmp_path)
    syntax = in_zip(path, "spss.sps").decode("utf-8-sig")
    head, *lines = rows_of(in_zip(path, "spss.csv"), ";")
    forms = dict(re.findall(r"^    (\w+) (A\d+|F\d+\.\d+)\.?\r?$", syntax, re.MULTILINE))
    assert list(forms) == head
    for at, name in enumerate(head):
        longest = max(len(line[at].encode()) for line in lines)
        assert forms[name][0] == "F" or int(forms[name][1:]) >= longest
        assert all("\n" not in line[at] for line in lines)
        assert f"VARIABLE LABELS {name} '" in syntax
    assert "'o1' 'Opzione 1'" in syntax
    assert "Che c''è? EXECUTE." in syntax
    assert all(len(line.encode()) <= 400 for line in syntax.splitlines())


def test_a_workbook_that_cannot_hold_all_is_not_made(make, tmp_path, monkeypatch):
    survey = of_every_kind(make)
    fill(survey, 5)
    monkeypatch.setattr(writers, "MOST_ROWS", 3)
    with pytest.raises(writers.TooLargeError):
        made(survey, AnswerFormat.XLSX, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if "made" in path.name] == []


def test_queries_grow_with_the_pieces_and_not_with_the_questions(make, tmp_path, queries, monkeypatch):
    monkeypatch.setattr(reading, "AT_ONCE", 10)
    survey = of_every_kind(make)
    fill(survey, 30)
    with queries() as few:
        made(survey, AnswerFormat.CSV, tmp_path)
    fill(survey, 30)
    with queries() as many:
        made(survey, AnswerFormat.CSV, tmp_path)
    assert len(few) + 2 * 3 >= len([one for one in many if one.startswith("SELECT")])


def test_what_stands_in_other_questionnaires_stays_out(make, tmp_path):
    one, other = (make.survey(QuestionKind.SINGLE_CHOICE) for _ in range(2))
    for survey in (one, other):
        fill(survey, 4)
    _path, number = made(one, AnswerFormat.JSON, tmp_path)
    assert number == 4
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question).join(Option)) > 0
