"""Whoever knows every table that is shown cannot work out a figure that was kept back."""

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.languages import Localized
from consult.crossings import tables
from consult.crossings.tables import arranged, gives_away, unsafe
from consult.crossings.variables import Variable
from consult.surveys.models import Question, QuestionKind

TWO = (1, 2)


def variable(number):
    question = Question(id=number, kind=QuestionKind.SINGLE_CHOICE, prompt=Localized.of(f"D{number}"))
    return Variable(f"q{number}", question.prompt, tuple((at, Localized.of(str(at))) for at in TWO), True, question)


Q, A, B = variable(1), variable(2), variable(3)
PEOPLE = st.lists(st.tuples(*(st.sampled_from(TWO) for _ in range(3))), min_size=4, max_size=11)


def pair(people, one, other):
    return Counter((person[one], person[other]) for person in people)


def single(people, one):
    return Counter(person[one] for person in people)


def shown(people, one, other, variables=(Q, A, B)):
    """What is published of two variables: figures by both, None where kept back."""
    found = arranged(variables[one], variables[other], pair(people, one, other), single(people, other), None)
    return {(line, column): found.cells[at][to] for at, line in enumerate(found.row_values)
            for to, column in enumerate(found.side_values)}


def worlds(size):
    """Every way in which so many people could have answered, as how many gave each combination."""
    combinations = list(product(TWO, repeat=3))

    def fill(at, left):
        if at == len(combinations) - 1:
            yield (left,)
            return
        for number in range(left + 1):
            for rest in fill(at + 1, left - number):
                yield (number, *rest)

    for numbers in fill(0, size):
        yield dict(zip(combinations, numbers, strict=True))


def seen(world, *at):
    found = Counter()
    for combination, number in world.items():
        found[tuple(combination[one] for one in at)] += number
    return found


def possible(people, published):
    """The worlds in which all that is published is true: each variable by itself, and the tables."""
    margins = [single(people, one) for one in range(3)]
    for world in worlds(len(people)):
        if all(seen(world, one)[value,] == margins[one][value] for one in range(3) for value in TWO) and all(
                figure is None or seen(world, *at)[values] == figure
                for at, table in published.items() for values, figure in table.items()):
            yield world


def check(people, published, minimum):
    """Small figures kept back could be anything within `minimum`, or as much as the variables by themselves allow."""
    worlds_left = list(possible(people, published))
    for at, table in published.items():
        small = unsafe(pair(people, *at), single(people, at[1]), minimum)
        for values, figure in table.items():
            if figure is None:
                could_be = [seen(world, *at)[values] for world in worlds_left]
                wanted = min(minimum, small[values]) if values in small else min(1, max(could_be))
                assert max(could_be) - min(could_be) >= wanted, (at, values)
            else:
                assert figure == pair(people, *at)[values] >= minimum


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_two_tables_of_one_question_tell_no_more_than_each(people):
    minimum = tables.MINIMUM
    try:
        tables.MINIMUM = 2
        check(people, {(0, 1): shown(people, 0, 1), (0, 2): shown(people, 0, 2)}, 2)
    finally:
        tables.MINIMUM = minimum


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_three_tables_that_bound_each_other_are_not_all_shown(people):
    minimum = tables.MINIMUM
    try:
        tables.MINIMUM = 2
        triangle = {(0, 1): shown(people, 0, 1), (0, 2): shown(people, 0, 2), (1, 2): shown(people, 1, 2)}
        for at, (one, other) in {(0, 1): (0, 1), (0, 2): (0, 2), (1, 2): (1, 2)}.items():
            third = ({0, 1, 2} - {one, other}).pop()
            by_rows = Counter((p[third], p[one], p[other]) for p in people)
            if gives_away(by_rows, pair(people, third, other), unsafe(pair(people, one, other),
                                                                     single(people, other), 2), 2):
                triangle.pop(at)
        check(people, triangle, 2)
    finally:
        tables.MINIMUM = minimum


@given(PEOPLE)
def test_a_table_hides_the_same_whichever_way_round_it_is_asked_for(people):
    one, other = shown(people, 0, 1), shown(people, 1, 0)
    assert {(column, line): figure for (line, column), figure in one.items()} == other
