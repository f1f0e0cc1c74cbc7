"""Questionnaires on paper in a real browser: keyed twice by keyboard, compared and counted; and sent as a table."""

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Audience
from consult.surveys import queries
from consult.surveys.answers import WITH_OPTIONS
from consult.surveys.models import Option, Question, QuestionKind, Submission, Survey, SurveySection
from tests.journeys.test_surveys import no_overflow, reach

KINDS = (QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.NUMBER, QuestionKind.LONG_TEXT)


@pytest.fixture
def survey_id(site):
    """A survey of the demonstration that is open and that nobody has answered."""
    with site.app.app_context():
        model = db.session.scalars(sa.select(Survey).order_by(Survey.closes_at.desc())).first()
        survey = Survey(**{name: getattr(model, name) for name in (
            "phase", "intro", "opens_at", "closes_at", "moderation", "results_visible", "engagement_level")},
            title=Localized.of("Come ti muovi?"), published=True, audience=Audience.ANYONE)
        section = SurveySection(survey=survey, position=1, title=Localized.of("Gli spostamenti"), intro=Localized())
        db.session.add(survey)
        db.session.flush()
        for position, kind in enumerate(KINDS, 1):
            _ask(section, kind, position)
        db.session.commit()
        return survey.id


def _ask(section, kind, position):
    question = Question(section=section, survey=section.survey, position=position, code=kind.value, kind=kind,
                        prompt=Localized.of(f"Domanda {kind.value}"), help=Localized(), required=True,
                        minimum_label=Localized(), maximum_label=Localized())
    if kind in WITH_OPTIONS:
        question.options = [Option(position=at, code=code, label=Localized.of(label))
                            for at, (code, label) in enumerate([("bus", "Autobus"), ("bici", "Bicicletta")], 1)]
    db.session.add(question)


def names_of(site, survey_id):
    with site.app.app_context():
        return {question.code: f"q{question.id}" for question in queries.questions(queries.survey(survey_id))}


def given(site, survey_id):
    with site.app.app_context():
        survey = queries.survey(survey_id)
        return [queries.given(survey, each) for each in db.session.scalars(
            sa.select(Submission).where(Submission.survey_id == survey_id))]


def pressed(page, selector, key="Enter"):
    """Go to a button by the keyboard and press it."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def key_by_keyboard(visitor, batch, names, words):
    """Key sheet 12 of a batch: who filled it in left out where they live and a question that the page demands."""
    page = visitor.open(batch)
    reach(page, "[name=number]")
    page.keyboard.type("12")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert visitor.axe() == []
    reach(page, f"[name={names['single_choice']}]")
    page.keyboard.press("Space")
    reach(page, f"[name={names['multiple_choice']}][value=bici]")
    page.keyboard.press("Space")
    reach(page, f"[name={names['long_text']}]")
    page.keyboard.type(words)
    pressed(page, "button[value=send]")
    assert page.url.endswith(batch)
    assert visitor.axe() == []


def begun(visitor, survey_id):
    """Begin a batch; answers its path."""
    page = visitor.open(f"/questionari/{survey_id}/carta")
    assert visitor.axe() == []
    reach(page, "[name=note]")
    page.keyboard.type("Mercato di sabato")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page.url.removeprefix(visitor.site.url)


def test_a_sheet_is_keyed_by_two_people_by_keyboard_compared_and_counted(visit, site, survey_id):
    names, clerk, office = names_of(site, survey_id), visit(), visit(width=375)
    clerk.sign_in("sportello@example.org")
    office.sign_in("ufficio@example.org")
    batch = begun(clerk, survey_id)
    key_by_keyboard(clerk, batch, names, "La 12 passa tardi")
    assert clerk.says("Il foglio 12 è stato inserito una volta")
    key_by_keyboard(office, batch, names, "La 12 passa presto")
    assert given(site, survey_id) == []
    page = office.open(f"{batch}/fogli/12/confronto")
    assert no_overflow(page)
    assert office.axe() == []
    reach(page, "[name^=right-]")
    page.keyboard.press("ArrowDown")
    pressed(page, "main form .btn-primary")
    assert office.says("Il foglio 12 è completo")
    assert given(site, survey_id) == [
        {"single_choice": ["bus"], "multiple_choice": ["bici"], "long_text": "La 12 passa presto"}]
    assert no_overflow(office.open(batch))


def test_a_table_is_sent_looked_through_and_taken_on_a_telephone(visit, site, survey_id):
    office = visit(width=375)
    office.sign_in("ufficio@example.org")
    page = office.open(f"/questionari/{survey_id}/carta/file")
    assert office.axe() == []
    page.set_input_files("[name=file]", files=[{
        "name": "mercato.csv", "mimeType": "text/csv",
        "buffer": b"single_choice;multiple_choice;number;note\nAutobus;bus;3;a\nTreno;;;\nbici;bus; 1,5;b\n"}])
    office.press("Controlla le righe")
    assert office.says("Treno")
    assert given(site, survey_id) == []
    assert no_overflow(page)
    assert office.axe() == []
    page.check("[name=channel][value=paper]")
    office.press("Inserisci 2 questionari")
    assert office.axe() == []
    assert sorted(each["number"] for each in given(site, survey_id)) == [1.5, 3.0]
    office.press("Annulla il pacco")
    assert given(site, survey_id) == []
