"""Known results, small enough to be followed by hand."""

from collections import Counter
from fractions import Fraction

import pytest

from consult.methods import lots
from consult.methods.judgement import majority_value
from consult.methods.registry import METHODS
from tests.methods.build import count, ranking, rules, said


def test_schulze_of_wikipedia():
    """45 voters, 5 candidates: no option wins against all, and the order is E > A > C > B > D."""
    profile = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
    these = rules("schulze", codes="ABCDE")
    result = count(these, *((ranking(">".join(order)), times) for order, times in profile.items()))
    assert result.order == (("E",), ("A",), ("C",), ("B",), ("D",))
    paths = next(grid for grid in result.grids if grid.code == "paths")
    strength = {line.label.code: dict(zip("EACBD", line.values, strict=True)) for line in paths.lines}
    assert (strength["A"]["B"], strength["E"]["A"], strength["A"]["E"], strength["C"]["D"]) == (28, 25, 24, 29)
    assert result.facts["condorcet"] is None
    assert "No option wins against each other one" in said(these, result)


def test_schulze_takes_equal_places_and_puts_what_is_left_out_last():
    these = rules("schulze", codes="ABCD")
    result = count(these, (ranking("A=B>C"), 3), (ranking("C>A"), 2))
    assert result.facts["pairwise"]["A"] == {"A": 0, "B": 2, "C": 3, "D": 5}
    assert result.facts["pairwise"]["B"] == {"A": 0, "B": 0, "C": 3, "D": 3}
    assert (result.winners, result.order) == (("A",), (("A",), ("B",), ("C",), ("D",)))


def test_borda_shares_the_points_of_shared_places():
    result = count(rules("borda", codes="ABCD"), ranking("A=B>C"), ranking("D"))
    assert result.facts["points"] == {"A": "7/2", "B": "7/2", "C": "2", "D": "3"}
    assert count(rules("borda"), ({"A": 1, "B": 5 - 3}, 2), {}).facts["points"] == {"A": "4", "B": "2", "C": "0"}


def test_a_runoff_goes_on_with_the_next_choice_and_shows_papers_that_name_nobody_else():
    these = rules("runoff")
    result = count(these, (ranking("A>B"), 8), (ranking("B>C"), 7), (ranking("C>B"), 4), (ranking("C"), 2), {})
    assert result.winners == ("B",)
    assert result.facts["rounds"] == [
        {"votes": {"A": 8, "B": 7, "C": 6}, "exhausted": 0, "leaves": ["C"]},
        {"votes": {"A": 8, "B": 11}, "exhausted": 2, "leaves": []}]
    assert "11 of the 19 papers" in said(these, result)


@pytest.mark.parametrize(("papers", "codes", "gone", "reason"), [
    ([("A", 9), ("B", 7), ("C>B", 2), ("D>B", 2)], "ABCD", ("C", "D"), "together they had fewer votes"),
    ([("A", 5), ("B", 4), ("C>D", 2), ("D>B", 3), ("E>C", 1)], "ABCDE", ("C",), "the number of first choices"),
    ([("A", 5), ("B", 3), ("C", 3)], "ABC", None, "the lot announced"),
])
def test_who_is_last_together_leaves_by_the_published_rule(papers, codes, gone, reason):
    these = rules("runoff", codes=codes)
    result = count(these, *((ranking(order), times) for order, times in papers))
    tie = result.ties[0]
    by_lot = (max("BC", key=lambda code: lots.lot("seed", code)),)
    assert tie.dropped == (gone or by_lot)
    assert reason in str(tie.decided_by)
    assert reason in said(these, result)


def test_majority_judgement_takes_the_lower_middle_grade_and_tells_equals_apart_by_removing_it():
    these = rules("judgement", codes="AB", parameters={"grades": ["bad", "fair", "good"]})
    result = count(these, {"A": 2, "B": 1}, {"A": 1, "B": 1}, {"A": 0, "B": 2}, {"A": 1, "B": 2})
    assert result.facts["middle"] == {"A": 1, "B": 1}
    assert result.winners == ("B",)
    assert "kept the best" in said(these, result)
    assert "“B” comes first with the grade “fair”: 100% of the papers" in said(these, result)


def test_the_majority_value_is_the_sequence_of_middle_grades():
    def slowly(grades):
        left, value = sorted(grades), []
        while left:
            value.append(left.pop((len(left) - 1) // 2))
        return bytes(value)

    for grades in ([1], [0, 3], [0, 1, 2, 3, 4], [5, 0, 0, 2, 2, 4], [1, 1, 3, 2, 5, 5, 0]):
        assert majority_value(Counter(grades)) == slowly(grades)


def test_what_is_left_without_a_score_is_not_a_nought():
    these = rules("score")
    result = count(these, {"A": 10}, {"A": 9, "B": 10}, {"B": 7, "C": 0})
    assert result.facts["means"] == {"A": "19/2", "B": "17/2", "C": "0"}
    assert result.grids[0].lines[0].values == (Fraction(19, 2), Fraction(19, 2), 2)
    assert result.winners == ("A",)


def test_a_point_is_approved_by_more_yes_than_no_whatever_abstains():
    these = rules("stances")
    result = count(these, ({"A": 1, "B": 0, "C": 2}, 2), {"A": 0, "B": 1, "C": 1}, {"A": 2, "B": 1, "C": 0}, {})
    assert result.winners == ("A",)
    assert result.grids[0].lines[0].values[:4] == (2, 1, 1, 1)
    assert "as many yes as no, 2" in said(these, result)


@pytest.mark.parametrize(("most", "agreed"), [(0, ("A",)), (25, ("A", "B")), (24, ("A",))])
def test_objections_stop_a_commitment_reservations_do_not(most, agreed):
    these = rules("consent", codes="AB", parameters={"most_objections": most})
    result = count(these, ({"A": 1, "B": 1}, 2), {"A": 2, "B": 2}, {"A": 1, "B": 0})
    assert result.winners == agreed
    assert "with a reservation: 1 of 4" in said(these, result)


def test_points_are_summed_and_with_a_budget_they_fund():
    assert count(rules("points"), {"A": 4, "B": 6}, {"A": 3}).winners == ("A",)
    funded = count(rules("points", costs={"A": 80, "B": 30, "C": 20}, budget=100), {"A": 4, "B": 6}, {"C": 3, "A": 1})
    assert (funded.winners, funded.facts["left"]) == (("B", "C"), 50)


def test_the_two_questions_of_a_poll_are_told_separately():
    groups = {"Y": "merger", "N": "merger", "P": "name", "Q": "name"}
    these = rules("poll", codes="YNPQ", groups=groups)
    result = count(these, {"Y": 1, "P": 1}, {"N": 1, "P": 1}, {"Y": 1}, {"Y": 1, "Q": 1}, {"Y": 1, "N": 1})
    assert (result.winners, result.invalid) == (("Y", "P"), 1)
    assert "3 of the 4 that answer (75%)" in said(these, result)
    assert "2 of the 3 that answer" in said(these, result)
    told = [(grid.code, [line.label.code for line in grid.lines]) for grid in result.grids]
    assert told == [("merger", ["Y", "N"]), ("name", ["P", "Q"])]  # no table mixes the two


def test_a_threshold_part_of_the_papers_is_rounded_up():
    these = rules("greedy_threshold", costs={"A": 10, "B": 10}, budget=100, parameters={"threshold_percent": 50})
    result = count(these, ({"A": 1}, 3), {"B": 1}, {"A": 1, "B": 1})
    assert result.winners == ("A",)
    assert result.facts["threshold"] == 3
    assert "stayed under the threshold of 3 votes" in said(these, result)


@pytest.mark.parametrize(("parameters", "funded"), [
    ({}, ("A", "B", "D")), ({"skip": False}, ("A", "B")), ({"exclusive": [["A", "B"]]}, ("A", "C")),
    ({"lots": {"north": 50}}, ("A", "C")),
])
def test_a_budget_may_have_lots_and_projects_that_exclude_each_other(parameters, funded):
    these = rules("greedy", costs={"A": 50, "B": 30, "C": 40, "D": 15}, budget=100, groups={"A": "north", "B": "north"},
                  parameters={"paper_budget": False, **parameters})
    assert count(these, {"A": 1, "B": 1, "C": 1, "D": 1}, {"A": 1, "B": 1, "C": 1}, {"A": 1, "B": 1},
                 {"A": 1}).winners == funded


def test_equal_shares_give_a_third_of_the_money_to_a_third_of_the_voters():
    these = rules("equal_shares", costs={"A": 46, "B": 44, "C": 30}, budget=90, parameters={"paper_budget": False})
    greedy = rules("greedy", costs=these.costs, budget=90, parameters={"paper_budget": False})
    cast = ({"A": 1, "B": 1}, 2), ({"C": 1}, 1)
    assert count(greedy, *cast).winners == ("B", "A")
    result = count(these, *cast)
    assert set(result.winners) == {"B", "C"}
    assert {line.label.code: line.values[:2] for line in result.grids[1].lines} == {"B": (44, 2), "C": (30, 1)}
    assert str(result.ties[0].decided_by) == "the lower cost"


def test_what_equal_shares_leave_is_spent_by_votes_where_that_was_announced():
    values = {"costs": {"A": 60, "B": 50}, "budget": 100}
    cast = {"A": 1}, {"B": 1}
    assert count(rules("equal_shares", **values), *cast).winners == ("B",)
    completed = count(rules("equal_shares", **{**values, "budget": 115}, parameters={"completion": "greedy"}), *cast)
    assert set(completed.winners) == {"A", "B"} or completed.facts["left"] < 50


@pytest.mark.parametrize("method", ["score", "judgement", "schulze", "borda", "points"])
def test_a_tie_is_decided_by_the_lot_of_the_seed_and_recorded(method):
    marks = {"A": 1, "B": 1}
    for seed in ("one", "two", "three", "four"):
        result = count(rules(method, seed=seed), marks)
        assert result.winners == (min("AB", key=lambda code: lots.lot(seed, code)),)
        assert result.order[0] == ("A", "B")
        assert result.ties[-1].decided_by is lots.BY_LOT


@pytest.mark.parametrize("method", ["single", "approval"])
def test_a_tie_of_choices_decides_nothing(method):
    these = rules(method)
    result = count(these, {"A": 1}, {"C": 1})
    assert result.winners == ("A", "C")
    assert result.ties[0].chosen is None
    assert "decides nothing between them" in said(these, result)


@pytest.mark.parametrize(("method", "marks", "sentence"), [
    ("approval", {"Z": 1}, "Choose among the options shown"), ("approval", {"A": 2}, "each at most once"),
    ("approval", {"A": 1, "B": 1, "C": 1}, "You chose 3 options, the most is 2"),
    ("stances", {"A": 3}, "yes or no"), ("score", {"A": 11}, "whole numbers from 0 to 10"),
    ("judgement", {"A": 6}, "one of the grades shown"), ("schulze", {"A": 0}, "from 1 to 3"),
    ("runoff", {"A": 1, "B": 1}, "Several options have place 1"), ("points", {"A": 11}, "1 point more than the 10"),
    ("points", {"A": 0}, "one or more"), ("consent", {"A": -1}, "consent"), ("poll", {"A": 2}, "options shown"),
    ("single", {}, "Choose at least 1 option."), ("borda", {}, "Mark at least 1 option."),
])
def test_a_paper_that_breaks_the_rules_is_refused_with_what_to_do(method, marks, sentence):
    these = rules(method, minimum=1, maximum=2)
    assert sentence in str(METHODS[method].fault(these, marks))
    assert count(these, marks).invalid == 1


@pytest.mark.parametrize("method", METHODS)
def test_nobody_voted(method):
    these = rules(method, costs={"A": 10, "B": 20}, budget=25 if METHODS[method].needs_budget else None,
                  groups={"A": "merger", "B": "name"})
    result = count(these)
    assert (result.valid, result.winners, result.ties) == (0, (), ())
    assert said(these, result)
    blank = count(these, ({}, 4))
    assert (blank.valid, blank.blank, blank.winners) == (4, 4, ())
