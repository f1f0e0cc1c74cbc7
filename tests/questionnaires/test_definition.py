"""A questionnaire as data: what is described is built again, what is wrong is said, what is kept stays."""

import copy
import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.db import StaleVersionError, db
from consult.processes.services import UnreadyError, change_activity
from consult.questionnaires import definition, services
from consult.questionnaires.advice import advice
from consult.questionnaires.faults import faults
from consult.questionnaires.library import questionnaire, ready
from consult.questionnaires.models import QuestionnaireVersion
from consult.questionnaires.services import RefusedChangeError
from consult.questionnaires.words import located
from consult.surveys import services as surveys
from consult.surveys.answers import MATRICES, WITH_OPTIONS
from consult.surveys.models import Answer, Option, Question, QuestionKind, Quota
from tests.payloads import MALFORMED
from tests.questionnaires.conftest import described, some

TEXTS = st.dictionaries(st.sampled_from(["it", "en", "de", "fr"]), st.text("abcè ’<&", min_size=1, max_size=12),
                        min_size=1, max_size=3)


@st.composite
def questionnaires(draw):
    """Any sound questionnaire, with conditions on choices that stand before."""
    data, asked = definition.blank("questionnaire", title=draw(TEXTS), intro={"it": "Intro"}), []
    for _section in range(draw(st.integers(1, 3))):
        section = definition.blank("section", title=draw(TEXTS), shown_if=draw(_condition(list(asked))))
        inside = []
        for kind in draw(st.lists(st.sampled_from(sorted(QuestionKind, key=str)), max_size=4)):
            one = draw(_question(kind, f"q{len(asked) + len(inside)}", asked + inside))
            section["questions"].append(one)
            inside.append(one)
        asked += inside
        data["sections"].append(section)
    return data


@st.composite
def _question(draw, kind, code, asked):
    one = definition.blank("question", code=code, kind=kind.value, prompt=draw(TEXTS), required=draw(st.booleans()),
                           prefer_not=draw(st.booleans()), shown_if=draw(_condition(asked)),
                           minimum=draw(st.sampled_from([None, 1, 2])), maximum=draw(st.sampled_from([None, 2, 9])),
                           earliest=draw(st.sampled_from([None, "2026-01-01"])), latest="2026-12-31")
    if kind in WITH_OPTIONS:
        one["options"] = [definition.blank("option", code=f"o{n}", label=draw(TEXTS), other=draw(st.booleans()),
                                           quota=draw(st.sampled_from([None, 5])),
                                           shown_if={} if kind in MATRICES else draw(_condition(asked)))
                          for n in range(draw(st.integers(0, 3)))]
    if kind in MATRICES:
        one["rows"] = [definition.blank("row", code=f"r{n}", label=draw(TEXTS)) for n in range(draw(st.integers(0, 2)))]
    return one


def _condition(asked):
    tests = [{"question": one["code"], "is": option["code"]} for one in asked if one["kind"] in (
        "single_choice", "multiple_choice", "yes_no", "ranking") for option in one["options"]]
    if not tests:
        return st.just({})
    some = st.lists(st.sampled_from(tests), min_size=1, max_size=2)
    return st.one_of(st.just({}), st.sampled_from(tests), some.map(lambda parts: {"any": parts}))


@pytest.fixture
def empty(make):
    return make.survey(published=False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=questionnaires(), then=questionnaires())
def test_what_is_described_is_built_again(empty, first, then):
    """Built upon another questionnaire, too."""
    for data in (first, then, first):
        services.build(empty, data)
        assert described(empty) == data
        assert definition.whole(json.loads(json.dumps(definition.compact(data)))) == data


def test_what_keeps_its_code_keeps_its_row(built):
    survey = built()
    before = {one.code: one.id for one in db.session.scalars(sa.select(Question))}
    data = some()
    data["sections"].reverse()
    data["sections"][0]["shown_if"] = data["sections"][0]["questions"][1]["shown_if"] = {}
    services.build(survey, data)
    assert {one.code: one.id for one in db.session.scalars(sa.select(Question))} == before
    assert [section["title"]["it"] for section in described(survey)["sections"]] == ["Il servizio", "Tu"]


def test_quotas_come_and_go(built):
    survey, data = built(), some()
    assert [quota.most for quota in db.session.scalars(sa.select(Quota))] == [50]
    data["sections"][0]["questions"][0]["options"][2].update(quota=None)
    services.build(survey, data)
    assert db.session.scalars(sa.select(Quota)).all() == []
    data["sections"][0]["questions"][0]["options"][2].update(quota=7)
    services.build(survey, data)
    data["sections"][0]["questions"][0]["options"].pop()
    services.build(survey, data)
    assert db.session.scalars(sa.select(Quota)).all() == []


def wrong(**changes):
    """The sentences for `some` questions with the first changed."""
    data = some()
    data["sections"][0]["questions"][0].update(changes)
    return [str(fault.sentence) for fault in faults(data)]


@pytest.mark.parametrize(("changes", "said"), [
    ({"kind": "guess"}, "“kind” holds"),
    ({"code": "Età!"}, "is no code"),
    ({"code": "age"}, "is there twice"),
    ({"options": []}, "at least two answers"),
    ({"prompt": {}}, "has no text"),
    ({"minimum": 3, "maximum": 2}, "minimum is greater"),
    ({"earliest": "2026-13-01"}, "“earliest” holds"),
    ({"shown_if": {"question": "why", "answered": True}}, "does not stand before"),
    ({"shown_if": {"any": "x"}}, "its condition"),
    ({"image": "a" * 32}, "what the picture shows"),
    ({"options": [{"code": "yes", "label": {"it": "Sì"}}] * 2}, "code of its own"),
])
def test_what_is_wrong_is_said(app, changes, said):
    with app.test_request_context("/?lingua=en"):
        assert any(said.lower() in sentence.lower() for sentence in wrong(**changes)), wrong(**changes)


def test_the_answers_of_a_table_have_no_conditions(app):
    data = some()
    data["sections"][1]["questions"][0]["options"][0]["shown_if"] = {"question": "bus", "is": "yes"}
    with app.test_request_context("/?lingua=en"):
        (fault,) = faults(data)
        assert fault.blocks
        assert "answers of a table" in str(fault.sentence)


def towns(*names, kind="single_choice"):
    return {"kind": kind, "prompt": {"it": "Dove vivi?"}, "options": [
        {"code": f"o{at}", "label": {"it": name}} for at, name in enumerate(names)]}


@pytest.mark.parametrize(("question", "anonymous", "said"), [
    (towns("Roccaprova", "Valprova", "Altrove"), False, "of the kind “Municipality”"),
    (towns("ROCCAPROVA ", "Valprova", kind="dropdown"), True, "of the kind “Municipality”"),
    (towns("Valprova", "Parigi", "Londra"), True, ""),
    (towns("Roccaprova", "Valprova", kind="ranking"), True, ""),
    ({"kind": "municipality", "prompt": {"it": "In quale comune vivi?"}}, True, "asked twice"),
    ({"kind": "municipality", "prompt": {"it": "In quale comune lavori?"}}, True, ""),
    ({"kind": "email", "prompt": {"it": "Dove ti scriviamo?"}}, True, "who somebody is"),
    ({"kind": "email", "prompt": {"it": "Dove ti scriviamo?"}}, False, ""),
    ({"kind": "short_text", "prompt": {"it": "Nome e cognome"}}, True, "who somebody is"),
    ({"kind": "short_text", "prompt": {"it": "Qual è il tuo codice fiscale?"}}, True, "who somebody is"),
    ({"kind": "number", "prompt": {"it": "Numero di telefono"}}, True, "who somebody is"),
    ({"kind": "short_text", "prompt": {"de": "Ihre genaue Adresse"}}, True, "who somebody is"),
    ({"kind": "short_text", "prompt": {"it": "Che c’è?", "fr": "Prénom"}}, True, "who somebody is"),
    ({"kind": "short_text", "prompt": {"en": "Name"}}, True, "who somebody is"),
    ({"kind": "short_text", "prompt": {"it": "Qual è il nome della tua associazione?"}}, True, ""),
    ({"kind": "long_text", "prompt": {"it": "Il cellulare prende dappertutto?"}}, True, ""),
    ({"kind": "single_choice", "prompt": {"it": "Il tuo indirizzo di studio"}, "options": []}, True, ""),
])
def test_what_is_worth_a_thought(app, question, anonymous, said):
    data = definition.whole({"sections": [{"questions": [{"code": "q", **question}]}]})
    with app.test_request_context("/?lingua=en"):
        found = [str(each.sentence) for each in advice(
            data, {"036001": "Roccaprova", "036002": "Valprova"}, anonymous=anonymous)]
    assert [said in sentence for sentence in found] == ([True] if said else [])


@pytest.mark.parametrize("name", ready())
def test_what_is_ready_needs_no_second_thought(name):
    anonymous = name != "interview"  # who is spoken to is asked how to be reached
    assert advice(questionnaire(name), {"036001": "Roccaprova"}, anonymous=anonymous) == []


def test_what_nobody_can_reach_is_said(app):
    data = some()
    data["sections"][1]["questions"][1]["shown_if"] = {"question": "age", "at_most": 10}
    found = faults(data)
    assert [(fault.where, fault.blocks) for fault in found] == [("question:why", False)]


@pytest.mark.parametrize("junk", [*MALFORMED, None, [], 3, {"format": "consult-questionnaire", "version": 1,
                                                            "sections": [{"questions": [{"code": 3, "options": 5}]}]}])
def test_junk_is_a_fault_and_no_error(app, junk):
    assert all(fault.blocks for fault in faults(junk))
    assert faults(junk)
    for name, blank in definition.BLANKS["question"].items():
        data = some()
        data["sections"][0]["questions"][0][name] = [junk]
        assert name in ("options", "rows") or faults(data), (name, blank)


def test_a_change_is_a_version(built, make):
    survey, editor, data = built(published=False), make.person(), some()
    data["sections"][0]["questions"][1]["prompt"]["it"] = "Che età hai?"
    assert services.change(survey, editor, data, seen=1, note="Più gentile")
    assert not services.change(survey, editor, data, seen=2)
    versions = db.session.scalars(sa.select(QuestionnaireVersion).order_by(QuestionnaireVersion.number)).all()
    assert [(one.number, one.made_by, one.note) for one in versions] == [(1, None, ""), (2, editor, "Più gentile")]
    assert definition.whole(versions[0].definition) == definition.whole({**some(), "title": dict(survey.title),
                                                                        "intro": dict(survey.intro)})
    with pytest.raises(StaleVersionError):
        services.change(survey, editor, some(), seen=1)


def test_two_who_change_different_questions_do_not_meet(built, make):
    survey, editor = built(published=False), make.person()

    def write(code):
        def how(data):
            made = copy.deepcopy(data)
            definition.question(made, code)["help"] = {"it": "Aiuto"}
            return made
        services.alter(survey, editor, how, about=lambda data: definition.question(data, code), seen=1)

    write("bus")
    write("age")
    with pytest.raises(StaleVersionError):
        write("bus")
    assert [one["help"] for one in definition.questions(described(survey))][:2] == [{"it": "Aiuto"}] * 2


def _changed(act):
    data = definition.whole(some())
    act(data["sections"][0]["questions"], data["sections"])
    return data


ALLOWED = {
    "wording": lambda asked, _s: asked[0]["prompt"].update(it="Usi il bus?"),
    "help": lambda asked, _s: asked[0]["help"].update(it="Anche di rado."),
    "translations": lambda asked, _s: asked[1]["unit"].update(de="Jahre"),
    "an answer at the end": lambda asked, _s: asked[0]["options"].append(
        definition.blank("option", code="rarely", label={"it": "Di rado"}, other=True)),
    "an optional question": lambda asked, _s: asked.append(
        definition.blank("question", code="new", kind="date", prompt={"it": "Quando?"})),
    "made optional": lambda asked, _s: asked[0].update(required=False),
    "a wider bound": lambda asked, _s: asked[1].update(minimum=10, maximum=None),
    "order": lambda asked, _s: asked.reverse(),
    "a larger quota": lambda asked, _s: asked[0]["options"][2].update(quota=90),
    "a row": lambda _a, sections: sections[1]["questions"][0]["rows"].append(
        definition.blank("row", code="price", label={"it": "Il prezzo"})),
}
REFUSED = {
    "gone": lambda asked, _s: asked.pop(1),
    "another kind": lambda asked, _s: asked[0].update(kind="multiple_choice"),
    "obligatory": lambda asked, _s: asked[1].update(required=True),
    "a narrower bound": lambda asked, _s: asked[1].update(minimum=18),
    "another unit": lambda asked, _s: asked[1]["unit"].update(it="mesi"),
    "an answer gone": lambda asked, _s: asked[0]["options"].pop(0) and asked[1].update(shown_if={}),
    "answers in another order": lambda asked, _s: asked[0]["options"].reverse(),
    "a new obligatory question": lambda asked, _s: asked.append(
        definition.blank("question", code="new", kind="date", prompt={"it": "Quando?"}, required=True)),
    "a condition": lambda asked, _s: asked[1].update(shown_if={"question": "bus", "is": "yes"}),
    "no longer to prefer not": lambda _a, sections: sections[1]["questions"][0].update(prefer_not=False),
    "a smaller quota": lambda asked, _s: asked[0]["options"][2].update(quota=3),
    "order that breaks a condition": lambda _a, sections: sections.reverse(),
}


@pytest.fixture
def answered(built):
    survey = built()
    surveys.answer(survey, None, municipality_id=None, given={"bus": ["yes"], "age": 30.0})
    return survey


@pytest.mark.parametrize("act", ALLOWED.values(), ids=ALLOWED)
def test_an_answered_questionnaire_is_mended(answered, make, act):
    kept = db.session.scalars(sa.select(Answer)).all()
    assert services.change(answered, make.person(), _changed(act), seen=1)
    assert described(answered)["sections"] == _changed(act)["sections"]
    assert {one.question_id for one in kept} <= set(db.session.scalars(sa.select(Question.id)))
    assert {one.option_id for one in kept if one.option_id} <= set(db.session.scalars(sa.select(Option.id)))


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED)
def test_what_would_make_answers_wrong_is_refused(answered, make, act):
    before = described(answered)
    with pytest.raises(RefusedChangeError) as refused:
        services.change(answered, make.person(), _changed(act), seen=1)
    assert refused.value.faults
    assert described(answered) == before


def test_a_survey_with_faults_cannot_be_public(built, make):
    data = some()
    data["sections"][0]["questions"][0]["options"] = []
    data["sections"][1]["shown_if"] = {}
    survey, editor = built(data, published=False), make.person()
    with pytest.raises(UnreadyError), db.session.begin_nested():
        change_activity(survey, editor, seen=survey.version, published=True)
    services.build(survey, some())
    change_activity(survey, editor, seen=survey.version, published=True)
    with pytest.raises(RefusedChangeError):
        services.change(survey, editor, data, seen=1)


def test_a_public_survey_can_go_back_to_the_staff(built, make):
    survey = built()
    change_activity(survey, make.person(), seen=survey.version, published=False)
    assert not survey.published


def test_what_is_wrong_with_a_file_names_the_question():
    one = {"code": "bus", "kind": "single_choice", "prompt": {"it": "Come?"}, "options": [{"code": "a", "label": 7}]}
    two = {"code": "BUS!", "kind": "nulla", "prompt": {"it": "E poi?"}}
    data = {"format": "consult-questionnaire", "version": 1, "sections": [
        {"title": {"it": "Uno"}, "questions": [one]}, {"title": "x", "questions": [one, two]}]}
    said = [str(located(fault)) for fault in faults(data)]
    assert [sentence.partition(": ")[0] for sentence in said] == [
        "Question “bus”", "Section 2", "Question “bus”", "Question 2 of section 2"]
    assert all("holds what cannot stand there" in sentence for sentence in said)
