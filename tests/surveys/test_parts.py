"""A long questionnaire is filled in part by part, over plain HTTP, and nothing is lost on the way."""

import pytest

from consult.surveys import queries
from tests.browser import NAMESPACE, _fields, document, text_of
from tests.surveys.conftest import answers, submissions


class Filling:
    """Somebody with the questionnaire open."""

    def __init__(self, visit, survey):
        self.visit, self.path = visit, f"/questionari/{survey.id}/compila"
        self.page = visit.get(self.path)

    @property
    def fields(self):
        return next(_fields(form) for form in document(self.page).iter(f"{NAMESPACE}form")
                    if form.get("action") == self.path)

    def press(self, button, **changes):
        self.page = self.visit.post(self.path, {**self.fields, **changes, "go": button})
        return text_of(self.page) if self.page.status_code == 200 else self.page.headers["Location"]


@pytest.fixture
def filling(two_parts, browser, make):
    return Filling(browser(make.person()), two_parts)


@pytest.fixture
def names(two_parts):
    return [f"q{question.id}" for question in queries.questions(two_parts)]


@pytest.fixture
def options(two_parts):
    return [[option.code for option in question.options] for question in queries.questions(two_parts)]


def test_a_short_one_stands_on_one_page(make, browser):
    survey = make.survey()
    said = text_of(browser(make.person()).get(f"/questionari/{survey.id}/compila"))
    assert "Part 1 of" not in said
    assert "Parte prima" in said


def test_a_long_one_says_where_one_is_and_asks_one_section_at_a_time(filling, names):
    said = text_of(filling.page)
    assert "Part 1 of 2" in said
    assert "Parte prima" in said
    assert "Parte seconda" not in said
    said = filling.press("next", **{names[0]: "Uno"})
    assert "Part 2 of 2" in said
    assert "Parte seconda" in said
    assert "Parte prima" not in said


def test_back_and_forth_loses_nothing(filling, names, options):
    filling.press("next", **{names[0]: 'L\'acqua è "buona" <b>', names[6]: "Sette"})
    second = {names[7]: options[7][:2], names[8]: options[8][1], names[9]: "4", names[10]: "12,5",
              names[11]: "Riga uno\nRiga due"}
    filling.press("back", **second)
    assert filling.fields[names[0]] == 'L\'acqua è "buona" <b>'
    assert filling.fields[names[7]] == options[7][:2]
    filling.press("next", **{names[1]: "Due"})
    shown = filling.fields
    assert shown[names[7]] == options[7][:2]
    assert (shown[names[8]], shown[names[9]], shown[names[10]]) == ([options[8][1]], ["4"], "12,5")
    assert shown[names[11]] == "Riga uno\nRiga due"
    assert filling.press("send").endswith("/grazie")
    assert len(submissions()) == 1
    assert [(bool(option), number, text) for option, number, text in answers()] == [
        (False, None, 'L\'acqua è "buona" <b>'), (False, None, "Due"), (False, None, "Sette"),
        (True, None, None), (True, None, None), (True, None, None), (False, 4.0, None), (False, 12.5, None),
        (False, None, "Riga uno\nRiga due")]


def test_nothing_is_kept_before_it_is_sent(filling, names):
    filling.press("next", **{names[0]: "Uno"})
    filling.press("back")
    assert submissions() == []


def test_a_fault_keeps_one_on_the_part_and_going_back_asks_nothing(filling, names):
    said = filling.press("next", **{names[0]: "x" * 300})
    assert "Part 1 of 2" in said
    assert "This is too long" in said
    filling.press("next", **{names[0]: "Uno"})
    said = filling.press("back", **{names[10]: "molti"})
    assert "Part 1 of 2" in said
    assert "thing to put right" not in said
    filling.press("next")
    assert filling.fields[names[10]] == "molti"


def test_everything_is_checked_again_at_the_end_and_the_part_with_the_fault_is_shown(filling, names):
    filling.press("next", **{names[0]: "Uno"})
    said = filling.press("send", **{names[0]: "x" * 300, names[9]: "3"})
    assert "Part 1 of 2" in said
    assert "This is too long" in said
    assert submissions() == []
    filling.press("next", **{names[0]: "Uno"})
    assert filling.fields[names[9]] == ["3"]
    assert filling.press("send").endswith("/grazie")


def test_the_second_part_sent_alone_is_not_enough_where_the_first_must_be_answered(two_parts, filling, names):
    queries.questions(two_parts)[0].required = True
    said = filling.press("send", part="2", **{names[9]: "3"})
    assert "Part 1 of 2" in said
    assert "Write an answer." in said
    assert submissions() == []


@pytest.mark.parametrize("part", ["0", "-1", "99", "abc", "", "9" * 30, "²"])
def test_a_part_that_does_not_exist_is_no_error(filling, part):
    for button in ("next", "back", "send", "elsewhere"):
        assert "Part " in filling.press(button, part=part)


def test_a_button_pressed_twice_is_no_repetition(filling, names):
    before = filling.fields
    pages = [filling.visit.post(filling.path, {**before, names[0]: "Uno", "go": "next"}) for _ in range(2)]
    assert [text_of(page).count("Part 2 of 2") > 0 for page in pages] == [True, True]
