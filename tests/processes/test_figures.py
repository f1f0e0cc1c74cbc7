"""How many took part, by phase and by municipality, without anyone being found in the figures."""

from collections import Counter

import pytest

from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.processes import queries, services, statistics
from consult.processes.words import COUNTS, SENSITIVE, counted
from tests.browser import text_of

PHASE = "/percorsi/prova/fasi/2"


def cells(table, label):
    row = next(row for row in table.rows if str(row.label) == label)
    return dict(zip((str(column.label) for column in table.columns), row.values, strict=True))


def table_of(make):
    return statistics.by_municipality(
        queries.municipalities(make.process()), queries.counts_in(make.phase()).by_municipality)


def test_without_participation_there_is_no_table(make):
    make.town()
    assert table_of(make) is None


def test_what_is_public_is_counted_by_municipality(make):
    town, other = make.municipality("Alta"), make.municipality("Bassa")
    for _each in range(2):
        make.proposal(author=make.person(municipality=town))
    thread = make.proposal(author=make.person(municipality=other)).thread
    make.comment(thread, author=make.person(municipality=town))
    table = table_of(make)
    assert cells(table, "Alta")["Proposte"] == 2
    assert cells(table, "Bassa")["Proposte"] == 1
    assert cells(table, "Alta")["Commenti"] == 1
    assert cells(table, "Totale")["Proposte"] == 3
    assert cells(table, "Totale")["Persone"] == 4


@pytest.mark.parametrize("kind", sorted(SENSITIVE))
def test_small_figures_of_people_are_kept_back(make, kind):
    town, other, third = (make.municipality(name) for name in ("Alta", "Bassa", "Costa"))
    call = make.call()
    for municipality, number in ((town, 12), (other, 3), (third, 30)):
        services.count(call, kind, municipality.id, number)
    table = table_of(make)
    shown = {name: cells(table, name)[str(COUNTS[kind])] for name in ("Alta", "Bassa", "Costa")}
    assert shown["Bassa"] is None
    assert [value for value in shown.values() if value is not None] == [30], "3 could be computed from the total"
    assert cells(table, "Totale")[str(COUNTS[kind])] == 45


def test_small_numbers_of_public_texts_are_shown(make):
    make.proposal(author=make.person(municipality=make.municipality("Alta")))
    assert cells(table_of(make), "Alta")["Proposte"] == 1


def test_whoever_names_no_municipality_is_counted_too(make):
    make.proposal(author=make.person(municipality=None))
    assert cells(table_of(make), "Altrove o non indicato")["Proposte"] == 1


def test_what_is_hidden_is_no_longer_counted(make):
    proposal = make.proposal()
    contributions.change_state(proposal, State.HIDDEN, None)
    assert queries.counts(make.process()).whole["proposal"] == 0


def test_phases_are_counted_apart(make):
    make.proposal()
    early = make.call(phase=make.phase(1))
    make.proposal(call=early)
    make.proposal(call=early)
    counts = queries.counts(make.process())
    table = statistics.by_phase(make.process().phases, counts.by_phase)
    assert cells(table, "Fase 1")["Proposte"] == 2
    assert cells(table, "Fase 2")["Proposte"] == 1
    assert cells(table, "Fase 3")["Proposte"] == 0
    assert counts.by_activity[early.id] == Counter(proposal=2)


def test_the_page_of_a_phase_says_how_it_was_counted(browser, make):
    make.proposal()
    page = text_of(browser().get(PHASE))
    assert "n. s." in page
    assert "si contano le schede e i questionari" in page


@pytest.mark.parametrize(("number", "said"), [(1, "1 proposta"), (1200, "1.200 proposte")])
def test_counts_are_said_with_their_noun(app, number, said):
    with app.test_request_context("/"):
        assert counted("proposal", number) == said
