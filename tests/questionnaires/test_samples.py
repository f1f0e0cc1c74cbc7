"""Small XLSForms as people write them for Kobo and ODK, each with what becomes of it and what is said of the rest."""

import pytest

from consult.questionnaires import definition, xlsreading
from consult.questionnaires.faults import faults
from tests.questionnaires.test_xlsform import book

HEAD = ["type", "name", "label", "relevant", "parameters", "required", "constraint", "appearance", "calculation"]
CHOICES = [["list_name", "name", "label"], ["yn", "yes", "Sì"], ["yn", "no", "No"], ["how", "bus", "In bus"],
           ["how", "car", "In auto"], ["how", "foot", "A piedi"]]
BUS = ["select_one yn", "bus", "Prendi il bus?"]
HOW = ["select_multiple how", "how", "Come ti muovi?"]
AGE = ["integer", "age", "Quanti anni hai?"]
WHY = ["text", "why", "Perché?"]
USES = {"question": "bus", "is": "yes"}
OLD = {"question": "age", "at_least": 65}
CAR = {"question": "how", "is": "car"}


def sample(name, rows, expected, *said, choices=CHOICES, head=HEAD):
    return pytest.param([head, *rows], choices, expected, said, id=name)


SAMPLES = [
    sample("and", [BUS, AGE, [*WHY, "${bus} = 'yes' and ${age} >= 65"]], {"why": {"shown_if": {"all": [USES, OLD]}}}),
    sample("or", [BUS, AGE, [*WHY, "${bus} = 'yes' or ${age} >= 65"]], {"why": {"shown_if": {"any": [USES, OLD]}}}),
    sample("and before or", [BUS, AGE, HOW, [*WHY, "${age} >= 65 or ${bus} = 'yes' and selected(${how}, 'car')"]],
           {"why": {"shown_if": {"any": [OLD, {"all": [USES, CAR]}]}}}),
    sample("not", [BUS, [*WHY, "not(${bus} = 'yes')"]], {"why": {"shown_if": {"question": "bus", "is_not": "yes"}}}),
    sample("selected", [HOW, [*WHY, "selected(${how}, 'car')"]], {"why": {"shown_if": CAR}}),
    sample("not selected", [HOW, [*WHY, "not(selected(${how}, 'car'))"]],
           {"why": {"shown_if": {"question": "how", "is_not": "car"}}}),
    sample("answered", [AGE, [*WHY, "${age} != ''"]], {"why": {"shown_if": {"question": "age", "answered": True}}}),
    sample("condition of a group", [BUS, ["begin group", "more", "Di più", "${bus} = 'yes'"], WHY, ["end group"]],
           {"why": {"shown_if": {}}, 2: {"title": {"it": "Di più"}, "shown_if": USES}}),
    sample("other", [["select_one how or_other", "how", "Come?"]], {"how": {"kind": "single_choice", "options": [
        ("bus", False), ("car", False), ("foot", False), ("other", True)]}}),
    sample("range", [["range", "mark", "Voto", "", "start=1 end=5 step=1"]],
           {"mark": {"kind": "scale", "minimum": 1, "maximum": 5}}),
    sample("range in tens", [["range", "mark", "Voto", "", "start=0 end=100 step=10"]],
           {"mark": {"kind": "number", "minimum": 0, "maximum": 100}}, "became a number"),
    sample("rank", [["rank how", "first", "Che cosa prima?"]],
           {"first": {"kind": "ranking", "options": [("bus", False), ("car", False), ("foot", False)]}}),
    sample("limits", [["integer", "age", "Anni", "", "", "yes", ". >= 14 and . <= 120"],
                      ["select_multiple how", "how", "Come?", "", "", "", "count-selected(.) <= 2"]],
           {"age": {"minimum": 14, "maximum": 120, "required": True}, "how": {"maximum": 2, "required": False}}),
    sample("shuffled list", [["select_one how", "how", "Come?", "", "randomize=true", "", "", "minimal"]],
           {"how": {"kind": "dropdown", "shuffled": True}}),
    sample("languages", [["text", "why", "Perché?", "Warum?", "¿Por qué?"]],
           {"why": {"prompt": {"it": "Perché?", "de": "Warum?"}}}, "Español",
           head=["type", "name", "label::Italiano (it)", "label::Deutsch (de)", "label::Español (es)"]),
    sample("repeat", [AGE, ["begin repeat", "child", "Ogni figlio"], ["text", "name", "Come si chiama?"],
                      ["end repeat"], WHY], {"age": {}, "name": {"kind": "short_text"}, "why": {}}, "asked once"),
    sample("calculate", [AGE, ["calculate", "double", "", "", "", "", "", "", "${age} * 2"],
                         [*WHY, "${double} > 100"]], {"age": {}, "why": {"shown_if": {}}}, "“calculate”", "always",
           "“calculation”"),
    sample("note, date, place, picture", [["note", "hello", "Ciao!"], ["date", "day", "Quando?"],
                                          ["geopoint", "where", "Dove?"], ["image", "photo", "Una foto?"]],
           {"hello": {"kind": "information"}, "day": {"kind": "date"}, "where": {"kind": "place"},
            "photo": {"kind": "file"}}),
    sample("sound", [["audio", "voice", "Parla"], WHY], {"why": {}}, "“audio”"),
]


@pytest.mark.parametrize(("survey", "choices", "expected", "said"), SAMPLES)
def test_a_small_form_is_read(app, survey, choices, expected, said):
    with app.test_request_context("/?lingua=en"):
        brought = xlsreading.read(book(survey, choices))
        warnings = [str(warning) for warning in brought.warnings]
        assert [fault for fault in faults(brought.data) if fault.blocks] == []
    assert [one["code"] for one in definition.questions(brought.data) if one["code"] in expected] == [
        code for code in expected if isinstance(code, str)]
    for name, values in expected.items():
        one = brought.data["sections"][name - 1] if isinstance(name, int) else definition.question(brought.data, name)
        for key, value in values.items():
            found = [(each["code"], each["other"]) for each in one[key]] if key == "options" else one[key]
            assert found == value, (name, key)
    assert len(warnings) == len(said), warnings
    for part in said:
        assert any(part in warning for warning in warnings), warnings
