"""Conditions hold or not as they say, and the check never calls unreachable what somebody could be shown."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.surveys import logic, reach
from consult.surveys.logic import Asked, BadConditionError

BUS = Asked(code="bus", options=("yes", "no"), required=True)
WHY = Asked(code="why", options=("late", "dear", "far"), several=True,
            shown_if={"question": "bus", "is": "no"})
AGE = Asked(code="age", numeric=True, least=14, most=120)
ELSE = Asked(code="else", shown_if={"all": [{"question": "why", "is": "far"}, {"question": "age", "at_least": 65}]})


def test_a_branch_that_closes_takes_along_what_hangs_on_it():
    questions = [BUS, WHY, AGE, ELSE]
    answers = {"bus": "no", "why": ("far", "late"), "age": 70, "else": "Servirebbe un pulmino."}
    assert logic.shown(questions, answers).answers == answers
    changed = logic.shown(questions, {**answers, "bus": "yes"})
    assert changed.answers == {"bus": "yes", "age": 70}
    assert list(changed.questions) == ["bus", "age"]


def test_an_option_that_is_not_offered_any_more_is_no_answer():
    where = Asked(code="where", options=("school", "work"), several=True,
                  options_if={"school": {"question": "age", "at_most": 25}})
    shown = logic.shown([AGE, where], {"age": 40, "where": ("school", "work")})
    assert shown.questions["where"] == ("work",)
    assert shown.answers == {"age": 40, "where": ("work",)}


@pytest.mark.parametrize(("condition", "holds"), [
    ({}, True), ({"all": []}, True), ({"any": []}, False),
    ({"question": "bus", "is": "yes"}, True), ({"question": "bus", "is_not": "yes"}, False),
    ({"question": "why", "is_not": "late"}, True), ({"question": "why", "answered": False}, True),
    ({"question": "age", "at_least": 14}, True), ({"question": "age", "at_most": 13}, False),
    ({"any": [{"question": "age", "at_most": 13}, {"question": "bus", "answered": True}]}, True)])
def test_a_condition_says_what_it_says(condition, holds):
    assert logic.holds(condition, {"bus": "yes", "age": 14}) is holds


@pytest.mark.parametrize("condition", [
    [], {"all": {}}, {"some": []}, {"question": "bus"}, {"question": "bus", "is": "yes", "is_not": "no"},
    {"question": "later", "is": "yes"}, {"question": "bus", "is": "maybe"}, {"question": "bus", "at_least": 3},
    {"question": "age", "at_least": "3"}, {"question": "age", "is": True}, {"question": "bus", "answered": "yes"},
    {"all": [{"all": [{"all": [{"all": [{}]}]}]}]}, {"all": [{}]},
    {"any": [{"question": "bus", "is": "yes"}] * 21}])
def test_what_cannot_be_asked_is_refused(condition):
    with pytest.raises(BadConditionError):
        logic.check(condition, {"bus": BUS, "age": AGE})


CODES = ("a", "b", "c", "d")


@st.composite
def questionnaires(draw):
    questions, known = [], {}
    for code in CODES:
        kind = draw(st.sampled_from(["single", "several", "number"]))
        question = Asked(
            code=code, options=() if kind == "number" else ("x", "y", "z")[:draw(st.integers(1, 3))],
            several=kind == "several", numeric=kind == "number", least=0, most=2,
            required=draw(st.booleans()), shown_if=draw(conditions(known)) if known else {})
        questions.append(question)
        known[code] = question
    return questions


def conditions(known):
    def test(code):
        question = known[code]
        answered = st.booleans().map(lambda value: {"question": code, "answered": value})
        value = st.sampled_from(question.options) if question.options else st.integers(0, 2)
        names = ["is", "is_not"] if question.options else ["is", "is_not", "at_least", "at_most"]
        return st.one_of(answered, st.tuples(st.sampled_from(names), value).map(
            lambda pair: {"question": code, pair[0]: pair[1]}))

    tests = st.sampled_from(sorted(known)).flatmap(test)
    lists = st.lists(tests, min_size=1, max_size=3)
    return st.one_of(st.just({}), tests, lists.map(lambda parts: {"all": parts}), lists.map(lambda p: {"any": p}))


def possible(question):
    given = [] if question.required else [None]
    if question.numeric:
        return [*given, 0, 1, 2]
    if not question.several:
        return [*given, *question.options]
    sets = [tuple(o for o, taken in zip(question.options, bits, strict=True) if taken)
            for bits in product([False, True], repeat=len(question.options))]
    return [*given, *(chosen for chosen in sets if chosen)]


def seen_by_somebody(questions):
    """Every question that some way of answering shows: all ways are tried."""
    seen = set()

    def go(position, answers):
        if position == len(questions):
            return
        question = questions[position]
        if not logic.holds(question.shown_if, answers):
            go(position + 1, answers)
            return
        seen.add(question.code)
        for answer in possible(question):
            go(position + 1, answers if answer is None else {**answers, question.code: answer})

    go(0, {})
    return seen


@settings(max_examples=300, deadline=None)
@given(questionnaires())
def test_what_is_called_unreachable_is_shown_to_nobody(questions):
    for question in questions:
        logic.check(question.shown_if, {each.code: each for each in questions[:questions.index(question)]})
    called = {found.question for found in reach.unreachable(questions)}
    assert not called & seen_by_somebody(questions)


def test_contradictions_are_found():
    never = [
        {"all": [{"question": "bus", "is": "yes"}, {"question": "bus", "is": "no"}]},
        {"all": [{"question": "bus", "is": "yes"}, {"question": "why", "is": "late"}]},
        {"all": [{"question": "age", "at_least": 65}, {"question": "age", "at_most": 30}]},
        {"question": "age", "at_least": 121},
        {"question": "bus", "answered": False}, {"any": []}]
    for condition in never:
        questions = [BUS, WHY, AGE, Asked(code="x", shown_if=condition), Asked(
            code="y", shown_if={"question": "x", "answered": True})]
        assert [found.question for found in reach.unreachable(questions)] == ["x", "y"], condition


def test_an_option_that_is_offered_to_nobody_is_found():
    how = Asked(code="how", options=("bus", "car"), options_if={"bus": {"question": "bus", "is": "no"}},
                shown_if={"question": "bus", "is": "yes"})
    assert reach.unreachable([BUS, how]) == [reach.Unreachable("how", "bus")]
