"""A sheet of paper asks the same as the page: the same questions, codes and answers, and when each is for whom."""

import re
import subprocess

import pikepdf
import pytest

from consult.core.languages import Localized
from consult.entry import paper
from consult.surveys.answers import MATRICES, WITH_OPTIONS
from consult.surveys.models import QuestionKind

LANGUAGES = ("it", "en", "de", "fr")


def words_of(content, tmp_path):
    path = tmp_path / "sheet.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", "-nopgbrk", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


@pytest.fixture
def survey(make):
    make.town()
    survey = make.survey(*QuestionKind, anonymous=True)
    survey.intro = Localized.of("Dicci **come** ti muovi.\n\n- in autobus\n- a piedi")
    for question in survey.sections[0].questions:
        question.prompt = Localized.of(f"Che dici di {question.kind.value}?")
        question.prefer_not = question.kind is QuestionKind.SINGLE_CHOICE
    return survey


def test_the_sheet_has_every_question_with_its_code_and_every_answer(survey, tmp_path):
    text = words_of(paper.pdf(survey, "it"), tmp_path)
    for question in survey.sections[0].questions:
        assert str(question.prompt) in text
        if question.kind is not QuestionKind.INFORMATION:
            assert question.code in text
    offered = [option for question in survey.sections[0].questions if question.kind in WITH_OPTIONS
               for option in question.options]
    assert text.count("Opzione 1") == sum(1 for option in offered if str(option.label) == "Opzione 1")
    assert text.count("Riga 1") == sum(1 for q in survey.sections[0].questions if q.kind in MATRICES)
    assert text.count("☐") >= 3
    assert "Dicci come ti muovi. in autobus a piedi" in text
    assert "**" not in text
    assert text.count("Preferisco non rispondere") == 1
    assert text.count("Roccaprova") == 2  # where one lives, and the question of that kind


def test_the_footer_names_the_survey_and_the_version_of_its_questions(survey, tmp_path):
    survey.definition_version = 7
    content = paper.pdf(survey, "it")
    text = words_of(content, tmp_path)
    with pikepdf.open(tmp_path / "sheet.pdf") as pdf:
        pages = len(pdf.pages)
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("it")
    assert text.count(f"Questionario {survey.id}, versione 7") == pages
    assert f"{pages}/{pages}" in text.replace(" ", "")


def test_conditions_are_said_with_the_numbers_of_the_questions(make, tmp_path):
    survey = make.survey(QuestionKind.YES_NO, QuestionKind.SHORT_TEXT, QuestionKind.SINGLE_CHOICE)
    bus, why, other = survey.sections[0].questions
    bus.prompt = Localized.of("Prendi l'autobus?")
    why.shown_if = {"question": bus.code, "is": "no"}
    other.options[1].shown_if = {"all": [{"question": bus.code, "is": "yes"},
                                         {"question": why.code, "answered": False}]}
    text = words_of(paper.pdf(survey, "it"), tmp_path)
    assert re.search(r"Solo se .{,6}1\. Prendi l.autobus\?\W.{,20}\WNo\W", text)
    assert re.search(r"\(Solo se .{,6}1\. Prendi l.autobus\?\W.{,20}\WSì\W.{,40}2\. Domanda 2\W", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_is_in_each_language(survey, language, tmp_path):
    titles = {"it": "Come ti muovi", "en": "How you move", "de": "Wie du fährst", "fr": "Comment tu bouges"}
    survey.title = Localized.of(titles)
    text = words_of(paper.pdf(survey, language), tmp_path)
    assert titles[language] in text
    said = {"it": "Non scrivere il tuo nome", "en": "Do not write your name", "de": "Schreiben Sie Ihren Namen nicht",
            "fr": "N’écrivez pas votre nom"}
    assert said[language] in text


@pytest.mark.parametrize("text", ['#eval("1")', "$x$ *y* _z_", "<b>", "@cite", "\\\\ // /* */", "€ 5 😀 ↯ \u200b"])
def test_what_is_typed_is_never_read_as_markup(make, text, tmp_path):
    survey = make.survey(QuestionKind.SINGLE_CHOICE)
    survey.title = survey.sections[0].questions[0].prompt = Localized.of(text)
    found = words_of(paper.pdf(survey, "it"), tmp_path)
    if text.isascii():
        assert found.count(text) >= 2


def test_a_long_questionnaire_is_set_too(make, tmp_path):
    survey = make.survey(*[QuestionKind.MATRIX_MULTIPLE] * 30)
    for question in survey.sections[0].questions:
        question.prompt = Localized.of("Quanto sei d'accordo con ciò che segue? " * 10)
    assert "30. Quanto" in words_of(paper.pdf(survey, "it"), tmp_path)


def test_where_answers_are_kept_with_names_the_sheet_says_what_holds_for_paper(make, tmp_path):
    text = words_of(paper.pdf(make.survey(anonymous=False), "it"), tmp_path)
    assert "senza il tuo nome" in text


def test_an_answer_said_again_is_named_by_the_number_of_its_question(app, survey):
    first, second = survey.sections[0].questions[:2]
    second.prompt = Localized.of(f"Perché {{{first.code}}}?")
    with app.test_request_context("/?lingua=en"):
        asked = paper.sheet(survey, "it")["sections"][0]["questions"]
    assert asked[1]["prompt"] == "Perché [your answer to question 1]?"
