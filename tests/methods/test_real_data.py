"""The published winners of real ballots: participatory budgets from Pabulib, elections from PrefLib."""

from dataclasses import replace
from pathlib import Path

import pytest

from consult.methods.formats import pabulib, preflib
from consult.methods.registry import METHODS

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ABSENT = f"the public data are not in {DATA}: Pabulib (pabulib.org), PrefLib (preflib.org)"
BUDGETS = ["Netherlands_Assen_2024", "Poland_Czestochowa_2024", "Poland_Gdynia_2020", "Poland_Krakow_2020_Podgorze",
           "Poland_Lodz_2022", "Poland_Warszawa_2017_rejon_A", "Poland_Warszawa_2018_Praga-Poludnie",
           "Poland_Warszawa_2019_subunit_Wlochy", "Poland_Warszawa_2022_Targowek"]
ELECTIONS = [
    ("00005-burlington/00005-00000002.toi", "runoff", "Bob Kiss"),
    ("00005-burlington/00005-00000002.toi", "schulze", "Andy Montroll"),
    ("00005-burlington/00005-00000001.toi", "runoff", "Bob Kiss"),
    ("00017-berkley/00017-00000001.toi", "runoff", "Worthington"),
    ("00002-debian/00002-00000001.soi", "schulze", "Bdale Garbee"),
    ("00002-debian/00002-00000003.soi", "schulze", "Branden Robinson"),
    ("00002-debian/00002-00000005.soi", "schulze", "Sam Hocevar"),
    ("00002-debian/00002-00000006.soi", "schulze", "Stefano Zacchiroli"),
    ("00002-debian/00002-00000007.soi", "schulze", "Stefano Zacchiroli"),
]


def read(folder, name, reader):
    path = DATA / folder / name
    if not path.exists():
        pytest.skip(ABSENT)
    return reader.read(path.read_text(encoding="utf-8"))


def test_every_budget_that_is_there_is_counted():
    if not (DATA / "pabulib").is_dir():
        pytest.skip(ABSENT)
    assert sorted(path.stem for path in (DATA / "pabulib").glob("*.pb")) == BUDGETS


@pytest.mark.parametrize("name", BUDGETS)
def test_the_published_winners_of_a_budget(name):
    exchange = read("pabulib", f"{name}.pb", pabulib)
    result = METHODS[exchange.rules.method].tally(exchange.rules, exchange.papers)
    assert set(result.winners) == set(exchange.selected)
    assert result.invalid == 0
    assert result.valid == int(exchange.meta["num_votes"])


@pytest.mark.parametrize(("name", "method", "winner"), ELECTIONS)
def test_the_published_winner_of_an_election(name, method, winner):
    exchange = read("preflib", name, preflib)
    rules = replace(exchange.rules, method=method)
    result = METHODS[method].tally(rules, exchange.papers)
    assert len(result.winners) == 1
    assert winner in exchange.titles[result.winners[0]]


def test_two_places_of_burlington_2009():
    """The paradox told of this election: whoever wins against each other one is not the winner of the run-off."""
    exchange = read("preflib", "00005-burlington/00005-00000002.toi", preflib)
    result = METHODS["schulze"].tally(exchange.rules, exchange.papers)
    assert exchange.titles[result.facts["condorcet"]] == "Andy Montroll"


@pytest.mark.parametrize("name", ["00016-aspen/00016-00000001.toi", "00002-debian/00002-00000008.soi"])
def test_what_is_read_from_preflib_is_written_again(name):
    exchange = read("preflib", name, preflib)
    again = preflib.read(preflib.write(exchange, name[-3:]))
    assert again.titles == exchange.titles
    counted = [METHODS["schulze"].tally(each.rules, each.papers) for each in (exchange, again)]
    assert counted[0].facts == counted[1].facts
    assert counted[0].valid == counted[1].valid == int(exchange.meta["number voters"])
