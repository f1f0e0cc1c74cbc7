"""Papers go out to other programs and come back the same; what cannot be read is refused with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.methods.formats import pabulib, preflib, table
from consult.methods.formats.exchanged import Exchange, UnreadableError
from consult.methods.interface import Paper
from consult.methods.registry import METHODS
from tests.methods.build import ranking, rules

META = "META\nkey;value\nbudget;100\nvote_type;approval\nrule;greedy\n"
PROJECTS = 'PROJECTS\nproject_id;cost;name\n1;60;"Path; lit"\n2;50;School\n'
TITLES = {"A": "Cycle path", "B": 'School; "north"', "C": "Square"}


def exchange(these, *papers, places=None):
    return Exchange(rules=these, titles=TITLES, papers=papers, places=places or {}, selected=("A",))


def piles(papers, places):
    found = {}
    for paper in papers:
        key = tuple(sorted(paper.marks.items())), places.get(paper.place), paper.channel
        found[key] = found.get(key, 0) + paper.times
    return found


def test_a_budget_is_read_from_pabulib():
    read = pabulib.read(META + "min_length;1\n" + PROJECTS + "VOTES\nvoter_id;vote;neighborhood;voting_method\n"
                        "7;1,2;Alta;internet\n8;2;;paper\n9;2;;paper\n")
    assert (read.rules.method, read.rules.budget, read.rules.minimum, read.rules.costs) == (
        "greedy", 100, 1, {"1": 60, "2": 50})
    assert read.titles == {"1": "Path; lit", "2": "School"}
    assert piles(read.papers, read.places) == {
        ((("1", 1), ("2", 1)), "Alta", "online"): 1, ((("2", 1),), None, "paper"): 2}


@pytest.mark.parametrize(("method", "marks", "values"), [
    ("approval", {"A": 1, "C": 1}, {}), ("greedy", {"B": 1}, {"budget": 90}),
    ("equal_shares", {"B": 1}, {"budget": 90}),
    ("greedy_threshold", {"B": 1}, {"budget": 90, "parameters": {"threshold": 2}}),
    ("points", {"A": 3, "B": 1}, {"budget": 90, "parameters": {"points": 4}}),
    ("score", {"A": 0, "B": 7}, {"parameters": {"lowest": 0, "highest": 7}}),
])
def test_what_is_written_for_pabulib_is_read_again(method, marks, values):
    these = rules(method, costs={"A": 50, "B": 40, "C": 30}, **values)
    written = exchange(these, Paper(marks=marks, place=3, times=2), Paper(marks={"C": 1}, channel="paper"),
                       places={3: "Valle; alta"})
    read = pabulib.read(pabulib.write(written))
    assert (read.titles, read.rules.costs, read.selected) == (TITLES, these.costs, ("A",))
    assert piles(read.papers, read.places) == piles(written.papers, written.places)
    if these.budget:
        assert (read.rules.method, read.rules.budget) == (method, 90)
        assert METHODS[method].tally(read.rules, read.papers).winners == METHODS[method].tally(
            these, written.papers).winners


@pytest.mark.parametrize(("text", "sentence"), [
    ("hello", "Line 1: the file must begin with META"), ("", "no section PROJECTS"),
    (META.replace("approval", "shouting") + PROJECTS, "Line 4: the vote_type “shouting”"),
    (META.replace("100", "much") + PROJECTS, "Line 3: “much” stands where a number is expected"),
    (META.replace("budget", "purse") + PROJECTS, "names no budget"),
    (META + PROJECTS.replace("50", "50.5"), "Line 9: the cost 50.5 is not a whole number"),
    (META + "PROJECTS\nproject_id;name\n1;a\n", "has no column “cost”"),
    (META + PROJECTS + "VOTES\nvoter_id;vote\n1;1\n2;9\n", "Line 13: there is no project “9”"),
    (META.replace("approval", "cumulative") + PROJECTS + "VOTES\nvote;points\n1,2;3\n",
     "Line 12: 2 projects are named and 1 points"),
])
def test_a_pabulib_file_that_cannot_be_read_is_refused_with_the_line(text, sentence):
    with pytest.raises(UnreadableError) as refused:
        pabulib.read(text)
    assert sentence in str(refused.value.sentence)


@pytest.mark.parametrize(("orders", "kind"), [
    (("A>B>C", "C>B>A"), "soc"), (("A>B>C", "C"), "soi"), (("A=B>C", "C>B>A"), "toc"), (("A=B", "C>B"), "toi")])
def test_orders_go_out_as_the_strictest_kind_that_can_tell_them_and_come_back(orders, kind):
    written = exchange(rules("schulze"), *(Paper(marks=ranking(order), times=2) for order in orders))
    assert preflib.kind(written) == kind
    read = preflib.read(preflib.write(written, kind))
    numbers = dict(zip("ABC", "123", strict=True))
    assert piles(read.papers, {}) == piles(
        [Paper(marks={numbers[code]: place for code, place in ranking(order).items()}, times=2) for order in orders],
        {})
    assert list(read.titles.values()) == list(TITLES.values())


def test_grades_go_out_as_categories_and_come_back():
    these = rules("judgement", parameters={"grades": ["bad", "fair", "good"]})
    written = exchange(these, Paper(marks={"A": 2, "B": 2, "C": 0}, times=3), Paper(marks={"B": 1}))
    text = preflib.write(written, "cat")
    assert "# CATEGORY NAME 1: good" in text
    assert "3: {1,2},{},3" in text
    read = preflib.read(text)
    assert read.rules.parameters["grades"] == ["bad", "fair", "good"]
    assert {tuple(paper.marks.items()): paper.times for paper in read.papers} == {
        (("1", 2), ("2", 2), ("3", 0)): 3, (("2", 1),): 1}


@pytest.mark.parametrize(("line", "sentence"), [
    ("1,2", "Line 3: it must begin with a number"), ("2: 1,7", "Line 3: there is no option “7”"),
    ("2: 1,{2", "Line 3: “1,{2” is not an order"), ("2: 1,1", "Line 3: the option “1” is there twice"),
    ("2: 1,,2", "is not an order")])
def test_a_preflib_file_that_cannot_be_read_is_refused_with_the_line(line, sentence):
    with pytest.raises(UnreadableError) as refused:
        preflib.read(f"# DATA TYPE: toi\n# ALTERNATIVE NAME 1: Path\n{line}\n")
    assert sentence in str(refused.value.sentence)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_table_goes_out_and_comes_back(data):
    these = rules("score")
    cast = data.draw(st.lists(st.builds(
        Paper, marks=st.dictionaries(st.sampled_from("ABC"), st.integers(-5, 10)), place=st.sampled_from([None, 1, 2]),
        channel=st.sampled_from(["online", "paper"]), times=st.integers(1, 9)), max_size=8))
    places = {1: "Valle, alta", 2: "Monte"}
    read = table.read(table.write(exchange(these, *cast, places=places)), these)
    assert piles(read.papers, read.places) == piles(cast, places)


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "is empty"), ("A,A\n1,1\n", "Line 1 must name each option once"), ("A,Z\n1,1\n", "there is no option “Z”"),
    ("A;B\n1;\n;yes\n", "Line 3: in the column “B” there is “yes”"),
    ("A,papers\n1,0\n", "Line 2: a line stands for at least one")])
def test_a_table_that_cannot_be_read_is_refused_with_the_line(text, sentence):
    with pytest.raises(UnreadableError) as refused:
        table.read(text, rules("approval"))
    assert sentence in str(refused.value.sentence)


@pytest.mark.parametrize(("damaged", "said"), [
    (("budget;100", "budget;molto"), ("Line 3", "“molto” stands where a number is expected")),
    (("budget;100", "country;Italy"), ("budget;50000 is expected",)),
    (("P1;60", "P1;"), ("Line 7", "a number is expected")),
    (("P1;60", ";60"), ("Line 7", "no project_id")),
    (("project_id;cost", "cost;project_id"), ("Line 7", "“P1” stands where a number is expected")),
    (("P1;60\nP2;50\n", ""), ("a line PROJECTS is expected",)),
    (("1;P1", "1;P9"), ("Line 11", "no project “P9”"))])
def test_a_damaged_file_says_which_line_and_what_was_expected(damaged, said):
    whole = ("META\nkey;value\nbudget;100\nvote_type;approval\nPROJECTS\nproject_id;cost\nP1;60\nP2;50\n"
             "VOTES\nvoter_id;vote\n1;P1\n2;P1,P2\n")
    assert sum(paper.times for paper in pabulib.read(whole).papers) == 2
    with pytest.raises(UnreadableError) as fault:
        pabulib.read(whole.replace(*damaged, 1))
    assert all(words in str(fault.value.sentence) for words in said)
