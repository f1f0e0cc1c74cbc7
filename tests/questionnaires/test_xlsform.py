"""XLSForms: what goes out is accepted by pyxform and comes in again; what comes from others is taken over or named."""

import io

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from consult.questionnaires import definition, xlsform, xlsreading, xpath
from consult.questionnaires.faults import faults
from consult.questionnaires.library import questionnaire, ready
from consult.questionnaires.xpath import InexpressibleError, Target
from consult.surveys import logic
from consult.surveys.models import QuestionKind
from tests.questionnaires.conftest import some

PLACES = {"036001": "Roccaprova", "036002": "Valprova"}


def every_kind():
    """A question of each kind, with all that it can hold."""
    data = definition.whole(some())
    data["intro"] = {"it": "Ciao", "fr": "Salut"}
    data["sections"][0]["intro"] = {"it": "Prima parte"}
    options = [definition.blank("option", code=code, label={"it": f"Risposta {code}", "de": f"Antwort {code}"})
               for code in ("a", "b2", "3c")]
    for kind in QuestionKind:
        one = definition.blank("question", code=f"1{kind.value}", kind=kind.value, help={"it": "Aiuto", "en": "Help"},
                               prompt={"it": f"Domanda {kind.value}", "en": f"Question {kind.value}"}, prefer_not=True)
        match kind:
            case QuestionKind.SHORT_TEXT | QuestionKind.LONG_TEXT:
                one.update(max_length=80, required=True)
            case QuestionKind.NUMBER:
                one.update(minimum=-5, maximum=20, unit={"it": "euro"})
            case QuestionKind.DATE:
                one.update(earliest="2026-01-01", latest="2026-12-31")
            case QuestionKind.SCALE:
                one.update(minimum=1, maximum=7, minimum_label={"it": "Male"}, maximum_label={"it": "Bene"})
            case QuestionKind.POINTS:
                one.update(maximum=100, options=options)
            case QuestionKind.MATRIX_SINGLE | QuestionKind.MATRIX_MULTIPLE:
                one.update(options=options, required=True,
                           rows=[definition.blank("row", code=code, label={"it": code}) for code in ("x", "y")])
            case QuestionKind.MULTIPLE_CHOICE | QuestionKind.RANKING:
                one.update(options=options, minimum=1, maximum=2, shuffled=True)
            case QuestionKind.SINGLE_CHOICE | QuestionKind.DROPDOWN | QuestionKind.YES_NO:
                one.update(options=options)
        data["sections"][1]["questions"].append(one)
    rest = {"all": [{"question": "1multiple_choice", "is": "b2"}, {"any": [
        {"question": "1points.a", "at_least": 20}, {"question": "1matrix_multiple.x", "is_not": "3c"},
        {"question": "1municipality", "is": "036001"}, {"question": "1scale", "answered": False}]}]}
    data["sections"].append(definition.blank("section", title={"it": "Fine"}, shown_if=rest, questions=[
        definition.blank("question", code="last", kind="single_choice", prompt={"it": "Ultima"}, options=[
            definition.blank("option", code="p", label={"it": "Sì"}, shown_if={"question": "bus", "is": "no"}),
            definition.blank("option", code="q", label={"it": "No"}, other=True, quota=9)])]))
    return data


def brought_back(data):
    content = xlsform.workbook(xlsform.form(data, PLACES))
    convert(io.BytesIO(content), validate=False, file_type=".xlsx")
    return xlsreading.read(content)


def test_every_kind_goes_out_and_comes_in_again(app):
    with app.test_request_context("/"):
        data = every_kind()
        assert [fault for fault in faults(data, list(PLACES)) if fault.blocks] == []
        brought = brought_back(data)
        assert brought.data == data
        assert brought.warnings == []


@pytest.mark.parametrize("name", ready())
def test_what_is_ready_is_sound_and_goes_out_and_comes_in_again(app, name):
    with app.test_request_context("/"):
        data = questionnaire(name)
        assert faults(data) == []
        assert set(definition.untranslated(data, ["it", "en", "de", "fr"]).values()) == {0}
        assert brought_back(data).data == data


def test_what_others_will_not_do_is_said(app):
    with app.test_request_context("/?lingua=en"):
        said = " ".join(map(str, xlsform.form(every_kind(), PLACES).warnings))
    for part in ("prefer not to answer", "units", "quotas", "single numbers"):
        assert part in said


TARGETS = {"bus": Target("bus", "bus", {"yes": "yes", "no": "no"}), "how": Target(
    "how", "how", {"bike": "bike", "foot": "foot"}, several=True), "age": Target("age", "age", {}, numeric=True),
    "name": Target("name", "name", {})}
TESTS = st.one_of(
    st.builds(lambda name, code: {"question": "bus", name: code}, st.sampled_from(["is", "is_not"]),
              st.sampled_from(["yes", "no"])),
    st.builds(lambda name, code: {"question": "how", name: code}, st.sampled_from(["is", "is_not"]),
              st.sampled_from(["bike", "foot"])),
    st.builds(lambda name, value: {"question": "age", name: value},
              st.sampled_from(["is", "is_not", "at_least", "at_most"]), st.integers(-9, 99)),
    st.builds(lambda text: {"question": "name", "is": text}, st.text("ab c'(", min_size=1, max_size=4)),
    st.builds(lambda code, said: {"question": code, "answered": said}, st.sampled_from(list(TARGETS)), st.booleans()))
CONDITIONS = st.recursive(TESTS, lambda inside: st.builds(
    lambda group, parts: {group: parts}, st.sampled_from(["all", "any"]), st.lists(inside, max_size=3)), max_leaves=8)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=CONDITIONS, bus=st.sampled_from([None, ["yes"], ["no"]]), how=st.lists(
    st.sampled_from(["bike", "foot"]), max_size=2), age=st.one_of(st.none(), st.integers(-9, 99)))
def test_a_condition_written_and_read_again_holds_for_the_same_answers(condition, bus, how, age):
    answers = {name: value for name, value in (("bus", bus), ("how", how), ("age", age), ("name", "a")) if value}
    again = xpath.read(xpath.written(condition, TARGETS) or "true()", TARGETS)
    assert logic.holds(again, answers) == logic.holds(condition, answers)
    assert xpath.read(xpath.written(again, TARGETS) or "true()", TARGETS) == again


@pytest.mark.parametrize("expression", [
    "${age} > 5", "${nobody} = 'x'", "${bus} = ${how}", "count-selected(${how}) > 1", "${bus} = 'perhaps'",
    "not(${age} >= 3)", "${age} >= 5 or", "((", "'a' = ${bus}", "${age} >= 'x'", "today() > ${age}", "{", "${bus}",
    "(" * 3000 + "${age} = 1"])
def test_what_cannot_be_said_is_refused(expression):
    with pytest.raises((InexpressibleError, RecursionError)):
        xpath.read(expression, TARGETS)


def book(survey, choices=(), settings=()):
    """An XLSForm of another program: rows of texts."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as made:
        for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
            page = made.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return target.getvalue()


def test_a_form_of_others_is_taken_over_and_the_rest_is_named(app):
    content = book([
        ["type", "name", "label::English (en)", "label::Español (es)", "hint", "required", "relevant", "constraint",
         "appearance", "parameters", "calculation"],
        ["start", "start"],
        ["select_one yn", "Bus", "By bus?", "¿Bus?", "", "yes"],
        ["select_multiple how or_other", "how", "How?", "", "", "", "${Bus} = 'y'"],
        ["integer", "age", "Age", "", "In years", "", "", ". >= 18 and . <= 99"],
        ["range", "mark", "Mark", "", "", "", "", "", "", "start=0 end=10 step=1"],
        ["calculate", "sum", "", "", "", "", "", "", "", "", "${age} * 2"],
        ["begin_group", "g", "A group"],
        ["text", "mail", "Mail", "", "", "", "not(selected(${how}, 'foot')) and ${age} >= 30", "", "email"],
        ["begin_group", "table", "Table", "", "", "", "", "", "table-list"],
        ["select_one q", "t1", "Times"], ["select_one q", "t2", "Stops"], ["end_group", "table"],
        ["date", "day", "Day", "", "", "", "${age} > 3", "regex(., 'x')"],
        ["end_group", "g"], ["geopoint", "where", "Where?"],
    ], [["list_name", "name", "label::English (en)"], ["yn", "y", "Yes"], ["yn", "n", "No"], ["how", "foot", "On foot"],
        ["q", "bad", "Bad"], ["q", "good", "Good"]], [["form_title", "form_id"], ["Moving", "moving"]])
    with app.test_request_context("/?lingua=en"):
        brought = xlsreading.read(content)
        said = " ".join(map(str, brought.warnings))
        assert [fault for fault in faults(brought.data) if fault.blocks] == []
    asked = {one["code"]: one for one in definition.questions(brought.data)}
    assert {code: one["kind"] for code, one in asked.items()} == {
        "bus": "single_choice", "how": "multiple_choice", "age": "number", "mark": "zero_to_ten", "mail": "email",
        "table": "matrix_single", "day": "date", "where": "place"}
    assert asked["bus"]["required"]
    assert asked["how"]["shown_if"] == {"question": "bus", "is": "y"}
    assert [option["code"] for option in asked["how"]["options"]] == ["foot", "other"]
    assert (asked["age"]["minimum"], asked["age"]["maximum"], asked["age"]["help"]) == (18, 99, {"it": "In years"})
    assert asked["mail"]["shown_if"] == {"all": [{"question": "how", "is_not": "foot"},
                                                 {"question": "age", "at_least": 30}]}
    assert [row["label"] for row in asked["table"]["rows"]] == [{"en": "Times"}, {"en": "Stops"}]
    for part in ("start", "calculate", "Español", "${age} > 3", "regex"):
        assert part in said, (part, said)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500, book([["type"], ["nonsense"]])])
def test_what_is_no_form_is_refused_with_a_sentence(app, content):
    with app.test_request_context("/"), pytest.raises(xlsreading.UnreadableError):
        xlsreading.read(content)
