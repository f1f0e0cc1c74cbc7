"""Phases side by side: sums of frozen sheets, recounted in plain Python, and nothing that a sheet keeps back."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.charts import Column, Row, Sheet, Table
from consult.core.db import db
from consult.core.languages import Localized
from consult.results import comparing, services
from tests.browser import text_of
from tests.factories import DAY

PLACES = ("Roccaprova", "Valprova", "Monteprova")
CELLS = st.lists(st.one_of(st.none(), st.integers(5, 40)), min_size=3, max_size=3)
SHEETS = st.lists(st.tuples(st.sampled_from(["proposal_call", "survey", "ballot"]), CELLS,
                            st.dictionaries(st.sampled_from(["online", "paper"]), st.integers(1, 50))), max_size=5)
TABLES = {"proposal_call": "municipalities", "survey": "places", "ballot": "turnout"}


def sheet(kind, cells, channels):
    """A sheet that tells this much of each place."""
    columns = [("Affluenza", "share"), ("Schede", "count")] if kind == "ballot" else [("Quanti", "count")]
    rows = [Row(label=Localized.of(place), values=(0.5, cell) if kind == "ballot" else (cell,))
            for place, cell in zip(PLACES, cells, strict=True)]
    rows.append(Row(label=Localized.of("Totale"), values=(1, 999)[:len(columns)], total=True))
    return Sheet(kind=kind, title=Localized.of("Attività"), figures=(), method=Localized(), channels=channels, tables=(
        Table(code=TABLES[kind], caption=Localized.of("Da dove"), heading=Localized.of("Comune"), rows=tuple(rows),
              columns=tuple(Column(label=Localized.of(label), unit=unit) for label, unit in columns)),))


@given(phases=st.lists(SHEETS, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_a_sum_of_the_sheets_and_what_is_kept_back_stays_so(app, phases):
    with app.app_context():
        told = [(Localized.of(f"Fase {at}"), [sheet(*one) for one in sheets]) for at, sheets in enumerate(phases)]
        found = {table.code: {row.label["it"]: row.values for row in table.rows} for table in comparing.tables(told)}
    for at, place in enumerate(PLACES):
        cells = [[one[1][at] for one in sheets] for sheets in phases]
        if any(cells):
            assert found["from"][place] == tuple(None if None in each else sum(each) for each in cells)
    online = tuple(sum(one[2].get("online", 0) for one in sheets) for sheets in phases)
    assert found.get("channels", {}).get("Su questo sito", (0,) * len(phases)) == online
    taken = [sum(sum(one[2].values()) for one in sheets) for sheets in phases]
    kinds = found.get("kinds", {}).values()
    assert [sum(each) for each in zip(*kinds, strict=True)] == (taken if kinds else [])


def test_pages_of_phases_cost_the_same_with_ten_times_as_much(make, browser, queries):
    first, counts = make.phase(1), []
    for size in (1, 10):
        for _ in range(size):
            for phase in (first, make.phase(2)):
                call = make.call("closed", phase=phase, opens_at=phase.starts_at, closes_at=phase.starts_at + DAY)
                make.proposal(call=call)
                services.freeze(call)
        db.session.flush()
        seen = []
        for page in ("/percorsi/prova/fasi/1/risultati", "/percorsi/prova/risultati/confronto"):
            reader = browser()
            assert "Roccaprova" in text_of(reader.get(page))
            with queries() as asked:
                reader.get(f"{page}?nuovo={size}")
            seen.append(len(asked))
        counts.append(seen)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20
