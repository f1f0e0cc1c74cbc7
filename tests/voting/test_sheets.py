"""What a ballot answers: words, figures, and nothing about anybody."""

import hashlib
from itertools import product

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core import charts, clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.methods.interface import Option, Paper, Rules
from consult.methods.registry import METHODS
from consult.methods.sifting import by_place
from consult.processes.models import Channel
from consult.voting import box, queries, tables
from consult.voting.models import BallotPaper, Electorate
from consult.voting.tables import Counted
from tests.core.test_disclosure import span, worlds

NUMBERS = iter(range(10 ** 9))


def cast(ballot, times, *choices, place=None, channel=Channel.ONLINE, marks=None):
    """Papers in the box, as if so many people had cast them."""
    for _ in range(times):
        tag = hashlib.sha256(str(next(NUMBERS)).encode()).hexdigest()[:32]
        db.session.execute(sa.insert(BallotPaper).values(**box.sealed(
            ballot, tag=tag, marks=marks or dict.fromkeys(choices, 1), municipality_id=place.id if place else None,
            channel=channel)))


def cells(sheet, code):
    table = next(table for table in sheet.tables if table.code == code)
    return {row.label["it"]: row.values for row in table.rows}


def figures(sheet):
    return {figure.label["en"]: figure.value for figure in sheet.figures}


@pytest.fixture
def towns(make):
    return make.municipality("Alta"), make.municipality("Bassa")


def counted(ballot):
    with clock.at(ballot.closes_at):
        return charts.count(ballot)


def test_votes_are_told_by_option_and_by_municipality(make, towns):
    alta, bassa = towns
    ballot = make.ballot(minimum=1, maximum=2, options=2)
    cast(ballot, 30, "B01", place=alta)
    cast(ballot, 20, "B02", place=alta)
    cast(ballot, 10, "B01", "B02", place=bassa, channel=Channel.PAPER)
    cast(ballot, 15, "B02", place=bassa)
    cast(ballot, 8, "B01", place=bassa)
    sheet = counted(ballot)
    assert cells(sheet, "options") == {"Progetto 1": (48, 48 / 83), "Progetto 2": (45, 45 / 83)}
    assert cells(sheet, "municipalities") == {"Alta": (30, 20), "Bassa": (18, 25), "Totale": (48, 45)}
    assert cells(sheet, "turnout") == {"Alta": (50,), "Bassa": (33,), "Totale": (83,)}
    assert figures(sheet) == {"Ballot papers": 83}
    assert sheet.channels == {"online": 73, "paper": 10}
    assert [table.code for table in sheet.tables] == ["options", "municipalities", "turnout"]
    assert "Progetto 1" in sheet.conclusion["it"]
    assert set(sheet.conclusion) == set(sheet.method) == {"it", "en", "de", "fr"}


def test_a_budget_says_what_is_funded_and_what_decided_a_tie(make):
    ballot = make.ballot(method="greedy", maximum=3, budget=100_000)
    for option, cost in zip(ballot.options, (60_000, 60_000, 30_000), strict=True):
        option.cost = cost
    cast(ballot, 7, "B01")
    cast(ballot, 7, "B02")
    cast(ballot, 5, "B03")
    sheet = counted(ballot)
    yes, no = cells(sheet, "options")["Progetto 1"][3], cells(sheet, "options")["Progetto 2"][3]
    assert cells(sheet, "options") == {"Progetto 1": (7, 7 / 19, 60_000, yes), "Progetto 2": (7, 7 / 19, 60_000, no),
                                       "Progetto 3": (5, 5 / 19, 30_000, yes)}
    assert isinstance(yes, Localized)
    assert (yes["en"], no["en"]) == ("Funded", "Not funded")
    assert figures(sheet) == {"Ballot papers": 19, "Budget": 100_000, "Projects funded": 2, "Left over": 10_000}
    assert sheet.conclusion["en"] == (
        "The budget of 100,000 € funds 2 projects: “Progetto 1”; “Progetto 3”. 10,000 € are left over. “Progetto 1” "
        "and “Progetto 2” had the same number of votes, 7, and cost the same: as announced, the one whose code comes "
        "first came first.")
    assert "100.000 €" in sheet.conclusion["it"]


def test_a_poll_says_where_it_was_won(make, towns):
    alta, bassa = towns
    ballot = make.ballot(maximum=1, options=2)
    for place, eligible in ((alta, 200), (bassa, 100)):
        db.session.add(Electorate(ballot_id=ballot.id, municipality_id=place.id, eligible=eligible))
    cast(ballot, 60, "B01", place=alta)
    cast(ballot, 20, "B02", place=alta)
    cast(ballot, 11, "B01", place=bassa)
    cast(ballot, 19, "B02", place=bassa)
    sheet = counted(ballot)
    assert {place: str(values[0]) for place, values in cells(sheet, "firsts").items()} == {
        "Alta": "Progetto 1", "Bassa": "Progetto 2"}
    assert cells(sheet, "turnout") == {"Alta": (0.4, 80, 200), "Bassa": (0.3, 30, 100), "Totale": (110 / 300, 110, 300)}
    assert "in 1 of the 2 municipalities that voted." in sheet.conclusion["en"]
    assert figures(sheet)["Turnout"] == 110 / 300


def test_a_tie_at_the_top_is_not_broken(make):
    ballot = make.ballot(maximum=1, options=3)
    cast(ballot, 6, "B01")
    cast(ballot, 6, "B03")
    assert counted(ballot).conclusion["en"] == (
        "These options have the most votes, 6 each: “Progetto 1”; “Progetto 3”. "
        "The ballot decides nothing between them.")


def test_an_empty_box_says_so(make):
    assert counted(make.ballot()).conclusion["en"] == (
        "Nobody chose an option, so nothing came out of this ballot.")


def test_few_voters_of_a_place_are_kept_back_wherever_they_could_be_computed(make, towns):
    alta, bassa = towns
    ballot = make.ballot(maximum=1, options=2)
    cast(ballot, 40, "B01", place=alta)
    cast(ballot, 30, "B02", place=alta)
    cast(ballot, 2, "B01", place=bassa)
    sheet = counted(ballot)
    assert cells(sheet, "municipalities") == {"Alta": (None, None), "Bassa": (None, None), "Totale": (42, 30)}
    assert cells(sheet, "turnout") == {"Alta": (None,), "Bassa": (None,), "Totale": (72,)}
    assert cells(sheet, "firsts") == {"Alta": (None,), "Bassa": (None,)}


def test_how_nearly_everybody_of_a_place_voted_is_kept_back(make, towns):
    alta, bassa = towns
    ballot = make.ballot(maximum=2, options=2)
    cast(ballot, 12, "B01", place=alta)
    cast(ballot, 20, "B01", place=bassa)
    cast(ballot, 20, "B02", place=bassa)
    sheet = counted(ballot)
    assert cells(sheet, "municipalities")["Alta"] == (None, None)
    assert cells(sheet, "turnout")["Alta"] == (12,)


def test_papers_from_elsewhere_are_gathered(make, towns):
    ballot = make.ballot(maximum=2, options=2)
    other = make.municipality("Lontano")
    db.session.add(Electorate(ballot_id=ballot.id, municipality_id=towns[0].id, eligible=100))
    cast(ballot, 30, "B01", place=towns[0])
    cast(ballot, 30, "B02", place=towns[0])
    cast(ballot, 10, "B01")
    cast(ballot, 10, "B02", place=other)
    turnout = cells(counted(ballot), "turnout")
    assert turnout == {"Alta": (0.6, 60, 100), "Lontano": (None, 10, 0), "Altrove o non indicato": (None, 10, 0),
                       "Totale": (0.8, 80, 100)}


def test_papers_tampered_with_are_counted_out_and_said(make):
    ballot = make.ballot(maximum=1)
    cast(ballot, 9, "B01")
    cast(ballot, 1, "B01", "B02")
    assert figures(counted(ballot))["Papers that broke the rules, not counted"] == 1


def test_the_same_papers_give_the_same_text_and_it_can_be_read_back(make, towns):
    ballot = make.ballot(method="greedy", budget=10)
    cast(ballot, 9, "B01", place=towns[0])
    text = counted(ballot).as_json()
    assert counted(ballot).as_json() == text
    assert charts.Sheet.from_json(text).as_json() == text


def test_nobody_counts_a_ballot_before_it_closes(make):
    ballot = make.ballot()
    cast(ballot, 9, "B01")
    with pytest.raises(queries.StillOpenError):
        charts.count(ballot)


def test_what_was_asked_for_beforehand_is_told_with_its_figures(make, towns):
    alta, bassa = towns
    ballot = make.ballot(method="stances", options=2, conditions=[
        {"kind": "turnout", "percent": 30}, {"kind": "approved_places", "percent": 50, "places": 2}])
    for place in (alta, bassa):
        db.session.add(Electorate(ballot_id=ballot.id, municipality_id=place.id, eligible=100))
    for place, yes, no in ((alta, 40, 12), (bassa, 14, 20)):
        cast(ballot, yes, place=place, marks={"B01": 1, "B02": 0})
        cast(ballot, no, place=place, marks={"B01": 0, "B02": 0})
    sheet = counted(ballot)
    assert [str(values[0]["en"]) for values in cells(sheet, "conditions").values()] == ["It holds", "It does not hold"]
    assert sheet.conclusion["en"].endswith(
        "So not all that was asked for before the vote holds, and the ballot decides nothing.")
    assert cells(sheet, "municipalities") == {"Alta": (40, None), "Bassa": (14, None), "Totale": (54, 0)}


def test_how_many_places_meet_a_condition_is_not_told_where_that_would_tell_of_few_people(make, towns):
    alta, bassa = towns
    ballot = make.ballot(method="stances", options=2, conditions=[
        {"kind": "approved_places", "percent": 50, "places": 2}])
    cast(ballot, 40, place=alta, marks={"B01": 1, "B02": 0})
    cast(ballot, 2, place=bassa, marks={"B01": 1, "B02": 0})
    said = counted(ballot).conclusion["en"]
    assert "is not told here" in said
    assert " of 2 municipalities" not in said


def test_the_same_papers_are_counted_by_other_rules_too(make, towns):
    ballot = make.ballot(method="schulze")
    cast(ballot, 12, place=towns[0], marks={"B01": 1, "B02": 2, "B03": 3})
    cast(ballot, 10, place=towns[1], marks={"B02": 1, "B03": 2, "B01": 3})
    cast(ballot, 9, place=towns[1], marks={"B03": 1, "B02": 2, "B01": 3})
    sheet = counted(ballot)
    rules = cells(sheet, "comparison")
    assert len(rules) >= 3
    assert {str(values[0]) for values in rules.values()} == {"«Progetto 2»", "«Progetto 1»"}


def test_organisations_are_told_apart_where_they_vote(make):
    ballot = make.ballot(by_organisation=True)
    cast(ballot, 8, "B01")
    sheet = counted(ballot)
    assert figures(sheet) == {"Papers of organisations": 8}
    assert sheet.method["en"].startswith("Every organisation")


def counted_of(method, votes, highest=1):
    """A count of papers by place, without a database."""
    options = tuple(Option(code=f"B{n:02}") for n in (1, 2))
    rules = Rules(method=method, options=options, maximum=1, parameters={"highest": highest})
    papers = [Paper(marks={f"B{option:02}": mark}, place=place) for (place, option), marks in votes.items()
              for mark in marks]
    how = METHODS[method]
    return Counted(ballot=None, rules=rules, method=how, result=how.tally(rules, papers),
                   where=by_place(how, rules, papers), highest=highest, electorate={}, titles={},
                   places=[(place, Localized.of(str(place))) for place in (1, 2)])


def votes_of(kind):
    """Up to nine papers for each option in each of two places."""
    given = {(place, option): st.lists(st.integers(1, kind[1]), max_size=9) for place in (1, 2) for option in (1, 2)}
    return st.tuples(st.just(kind), st.fixed_dictionaries(given))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([("single", 1), ("score", 2)]).flatmap(votes_of))
def test_no_figure_kept_back_can_be_had_back(drawn):
    (method, highest), votes = drawn
    found = counted_of(method, votes, highest)
    papers = tables.papers_shown(found)
    shown = list(zip(*tables.votes_shown(found, papers), strict=True))
    true = [[found.where.added.get(place, {}).get(code, 0) for place in (1, 2)] for code in found.codes]
    ceilings = [found.where.papers[place] * highest for place in (1, 2)]
    in_places = [sum(column) for column in zip(*true, strict=True)]
    known = (sum(map(sum, true)), [sum(row) for row in true], in_places, ceilings)
    possible, unavoidable = worlds(shown, *known), worlds([[None] * 2] * 2, *known)
    for i, j in product(range(2), range(2)):
        if shown[i][j] is None:
            wanted = 5 * highest if true[i][j] < 5 * highest else 1
            assert span([w[2 * i + j] for w in possible]) >= min(wanted, span([w[2 * i + j] for w in unavoidable]))
        else:
            assert shown[i][j] == true[i][j] >= 5 * highest
            assert papers[j] == found.where.papers[j + 1] >= 5


def test_votes_against_are_told_where_those_for_are(make, towns):
    alta, bassa = towns
    for method, against in (("stances", 0), ("consent", 0)):
        ballot = make.ballot(method=method, options=2)
        for place, pro, contra, silent in ((alta, 40, 12, 8), (bassa, 14, 20, 6)):
            cast(ballot, pro, place=place, marks={"B01": 1, "B02": 1})
            cast(ballot, contra, place=place, marks={"B01": against, "B02": 1})
            cast(ballot, silent, place=place, marks={"B02": 1})
        sheet = counted(ballot)
        for code, told in (("municipalities", [40, 14, 54]), ("against", [12, 20, 32])):
            table = next(table for table in sheet.tables if table.code == code)
            at = [column.label["it"] for column in table.columns].index("Progetto 1")
            assert [row.values[at] for row in table.rows] == told
    poll = make.ballot(method="poll", options=4)
    for option, group in zip(poll.options, ("merger", "merger", "name", "name"), strict=True):
        option.group = group
    cast(poll, 20, place=alta, marks={"B01": 1, "B03": 1})
    cast(poll, 21, place=alta, marks={"B02": 1, "B04": 1})
    cast(poll, 30, place=bassa, marks={"B02": 1, "B04": 1})
    cast(poll, 22, place=bassa, marks={"B01": 1, "B03": 1})
    assert cells(counted(poll), "municipalities")["Alta"][:2] in ((20, 21), (21, 20))  # no is an option of its own


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 11), min_size=6, max_size=6))
def test_no_side_kept_back_can_be_had_back_from_the_others(numbers):
    true = [numbers[:2], numbers[2:4], numbers[4:]]
    votes = {(place, 1): [1] * true[0][place - 1] + [0] * true[1][place - 1] + [2] * true[2][place - 1]
             for place in (1, 2)}
    found = counted_of("stances", votes)
    papers = tables.papers_shown(found)
    first = found.codes.index("B01")
    shown = [[side[at][first] for at in (0, 1)] for side in (tables.votes_shown(found, papers),
                                                             tables.votes_against_shown(found, papers))]
    known = (sum(numbers), [sum(row) for row in true], [sum(column) for column in zip(*true, strict=True)])
    possible, unavoidable = (worlds([*cells, [None] * 2], *known) for cells in (shown, [[None] * 2] * 2))
    for i, j in product(range(3), range(2)):
        if i < 2 and shown[i][j] is not None:
            assert shown[i][j] == true[i][j] >= 5
        elif true[i][j] < 5:
            least = min(5, span([w[2 * i + j] for w in unavoidable]))
            assert span([w[2 * i + j] for w in possible]) >= least
