"""Questionnaires in a real browser: by keyboard on a telephone, without JavaScript, by the rules of the server."""

import json

import pytest
import sqlalchemy as sa
from PIL import Image

from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Audience
from consult.surveys import logic, queries, scripting
from consult.surveys.answers import WITH_OPTIONS
from consult.surveys.logic import Asked
from consult.surveys.models import Option, Question, QuestionKind, QuestionRow, Submission, Survey, SurveySection


@pytest.fixture
def everything(site):
    """A survey of the demonstration that anybody answers, with every kind and a question that hangs on another."""
    with site.app.app_context():
        model = db.session.scalars(sa.select(Survey).order_by(Survey.closes_at.desc())).first()
        survey = Survey(**{name: getattr(model, name) for name in (
            "phase", "intro", "opens_at", "closes_at", "moderation", "results_visible", "engagement_level")},
            title=Localized.of("Tutto quanto"), published=True, audience=Audience.ANYONE, may_change=True)
        section = SurveySection(survey=survey, position=1, title=Localized.of("Una parte"), intro=Localized())
        db.session.add(survey)
        db.session.flush()
        kinds = [QuestionKind.YES_NO, *(kind for kind in QuestionKind if kind is not QuestionKind.YES_NO)]
        for position, kind in enumerate(kinds, 1):
            _ask(section, kind, position)
        db.session.flush()
        db.session.commit()
        return survey.id


def _ask(section, kind, position):
    bounds = {QuestionKind.SCALE: {"minimum": 1, "maximum": 5}, QuestionKind.POINTS: {"maximum": 10}}.get(kind, {})
    condition = {"question": "yes_no", "is": "yes"} if kind is QuestionKind.SHORT_TEXT else {}
    question = Question(section=section, survey=section.survey, position=position, code=kind.value, kind=kind,
                        prompt=Localized.of(f"Domanda {kind.value}"), help=Localized(), shown_if=condition,
                        minimum_label=Localized(), maximum_label=Localized(), **bounds)
    labels = {"yes": "Sì", "no": "No"} if kind is QuestionKind.YES_NO else {"a": "Alfa", "b": "Beta", "c": "Gamma"}
    if kind in WITH_OPTIONS:
        question.options = [Option(position=at, code=code, label=Localized.of(label))
                            for at, (code, label) in enumerate(labels.items(), 1)]
    if kind in (QuestionKind.MATRIX_SINGLE, QuestionKind.MATRIX_MULTIPLE):
        question.rows = [QuestionRow(position=at, code=f"r{at}", label=Localized.of(f"Riga {at}")) for at in (1, 2)]
    db.session.add(question)


def numbers(site, survey_id):
    with site.app.app_context():
        return {question.code: f"q{question.id}" for question in queries.questions(queries.survey(survey_id))}


def given(site, survey_id):
    with site.app.app_context():
        survey = queries.survey(survey_id)
        submission = db.session.scalars(sa.select(Submission).where(Submission.survey_id == survey_id)).one()
        return queries.given(survey, submission)


def reach(page, selector):
    """Go to a control by the keyboard alone."""
    for _ in range(200):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached")


def no_overflow(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def fill_by_keyboard(page, names):
    """Answer every question in its order with Tab, Space and typing."""
    reach(page, "[name=municipality]")
    page.keyboard.press("ArrowDown")
    reach(page, f"[name={names['yes_no']}]")
    page.keyboard.press("Space")
    typed = {"short_text": "La 12", "long_text": "Due righe", "email": "io@example.org", "number": "12,5"}
    for code, text in typed.items():
        reach(page, f"[name={names[code]}]")
        page.keyboard.type(text)
    for code in ("single_choice", "multiple_choice"):
        reach(page, f"[name={names[code]}]")
        page.keyboard.press("Space")
    reach(page, f"[name={names['dropdown']}]")
    page.keyboard.press("ArrowDown")
    for code in ("scale", "zero_to_ten"):
        reach(page, f"[name={names[code]}]")
        page.keyboard.press("Space")
    for code in ("matrix_single", "matrix_multiple"):
        for row in ("r1", "r2"):
            reach(page, f"[name='{names[code]}.{row}']")
            page.keyboard.press("Space")


def test_every_kind_by_keyboard_on_a_telephone_then_seen_with_the_receipt(visit, site, everything):
    names, visitor = numbers(site, everything), visit(width=375)
    page = visitor.open(f"/questionari/{everything}/compila")
    assert no_overflow(page)
    assert visitor.axe() == []
    hidden = page.locator(f"[name={names['short_text']}]")
    assert not hidden.is_visible()
    fill_by_keyboard(page, names)
    assert hidden.is_visible()
    reach(page, ".ranking [aria-label*='Beta']")
    page.keyboard.press("Enter")
    reach(page, f"[name='{names['points']}.a']")
    page.keyboard.type("10")
    assert "Tutti i punti sono distribuiti." in page.locator(".points-sum").inner_text()
    reach(page, "button[value=send]")
    page.locator(f"[name='{names['ranking']}.a']").fill("2")
    page.locator(f"[name='{names['ranking']}.c']").fill("3")
    with page.expect_navigation():
        page.locator("button[value=send]").press("Enter")
    assert page.url.endswith("/grazie")
    assert visitor.axe() == []
    code = page.locator(".code-told").inner_text()
    kept = given(site, everything)
    assert [kept[name] for name in ("short_text", "matrix_single", "ranking", "points")] == [
        "La 12", {"r1": ["a"], "r2": ["a"]}, ["b", "a", "c"], {"a": 10}]
    page = visitor.open(f"/questionari/{everything}/ricevuta#{code}")
    page.wait_for_function("document.querySelector('[name=code]').value !== ''")
    visitor.press("Vedi le mie risposte")
    assert visitor.says("Due righe")
    assert visitor.axe() == []


def test_without_javascript_a_page_comes_back_with_what_was_opened_and_is_gone_on_with_later(
        visit, site, everything):
    names, visitor = numbers(site, everything), visit(width=375, scripts=False)
    page = visitor.open(f"/questionari/{everything}/compila")
    page.select_option("[name=municipality]", index=1)
    page.check(f"[name={names['yes_no']}][value=yes]")
    visitor.press("Invia le risposte")
    assert visitor.says("Le tue risposte aprono altre domande")
    page.fill(f"[name={names['short_text']}]", "La 12")
    visitor.press("Salva e continua più tardi")
    code = page.locator(".code-told").inner_text()
    page = visitor.open(f"/questionari/{everything}/riprendi")
    page.fill("[name=code]", code)
    visitor.press("Continua")
    assert page.input_value(f"[name={names['short_text']}]") == "La 12"
    visitor.press("Invia le risposte")
    assert given(site, everything) == {"yes_no": ["yes"], "short_text": "La 12"}


def test_a_file_is_brought_by_keyboard_and_with_the_receipt_it_is_taken_away_again(visit, site, everything, tmp_path):
    names, visitor = numbers(site, everything), visit(width=375)
    brought = tmp_path / "fermata.png"
    Image.new("RGB", (40, 30), "navy").save(brought)
    page = visitor.open(f"/questionari/{everything}/compila")
    # asked for before the key is pressed: asked for with it, the browser's own window may be first, seen by nobody
    page.on("filechooser", lambda chooser: None)
    page.select_option("[name=municipality]", index=1)
    page.wait_for_load_state("networkidle")
    reach(page, f"[name='{names['file']}.file']")
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Enter")
    choosing.value.set_files(brought)
    visitor.press("Invia le risposte")
    code = page.locator(".code-told").inner_text()
    page = visitor.open(f"/questionari/{everything}/ricevuta")
    page.fill("[name=code]", code)
    visitor.press("Vedi le mie risposte")
    visitor.press("Cambia le risposte")
    assert visitor.axe() == []
    page.locator(f"[name='{names['file']}.without']").press("Space")
    page.fill(f"[name={names['long_text']}]", "Meglio a parole")
    page.locator("button[value=send]").press("Enter")
    page.wait_for_url(f"**/questionari/{everything}")
    assert given(site, everything) == {"long_text": "Meglio a parole"}


CASES = [
    ({"question": "a", "is": "x"}, {"a": ["x"]}), ({"question": "a", "is": "x"}, {"a": ["y"]}),
    ({"question": "a", "is": "x"}, {}), ({"question": "a", "is_not": "x"}, {}),
    ({"question": "a", "is_not": "x"}, {"a": ["x", "y"]}), ({"question": "n", "is": 3}, {"n": 3.0}),
    ({"question": "n", "at_least": 3}, {"n": 3}), ({"question": "n", "at_least": 3}, {"n": 2.5}),
    ({"question": "n", "at_least": 3}, {}), ({"question": "n", "at_most": 3}, {"n": 0}),
    ({"question": "t", "answered": True}, {"t": ""}), ({"question": "t", "answered": False}, {}),
    ({"question": "t", "is": "Sì"}, {"t": "Sì"}), ({"all": []}, {}), ({"any": []}, {}), ({}, {}),
    ({"all": [{"question": "a", "is": "x"}, {"any": [{"question": "n", "at_least": 5},
                                                     {"question": "t", "answered": True}]}]},
     {"a": ["x"], "t": "Sì"}),
]


def test_page_and_server_show_by_the_same_rules(visit, site, everything):
    page = visit().open(f"/questionari/{everything}/compila")
    for condition, answers in CASES:
        asked = [Asked(code="a", options=("x", "y"), several=True), Asked(code="n", numeric=True), Asked(code="t"),
                 Asked(code="b", shown_if=condition, options=("p", "q"),
                       options_if={"q": {"question": "a", "is": "x"}}),
                 Asked(code="c", shown_if={"question": "b", "is": "q"})]
        given_all = {**answers, "b": ["q"]}
        seen = logic.shown(asked, given_all)
        rules = json.loads(json.dumps(scripting.rules(asked, {})))
        there = page.evaluate("([questions, given]) => conditions.shown(questions, given, {})",
                              [rules["questions"], given_all])
        assert there == {code: list(options) for code, options in seen.questions.items()}, condition
