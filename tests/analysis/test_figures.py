"""Figures of the whole territory, and the pages and files of indicators."""

import csv
import io
import json

import pytest

from consult.accounts.models import Role
from consult.analysis import figures, files, importing, queries, services
from consult.analysis.models import Breakdown, Gathering
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.processes import queries as processes

BOTH = Breakdown.AGE_AND_GENDER


@pytest.fixture
def places(make):
    one = make.town()
    one.name, one.istat_code, one.population = "Alta", "042001", 1000
    return [one, make.municipality("Bassa", population=3000, istat_code="042002")]


@pytest.fixture
def office(make, places):
    return make.person(Role.PLAN_OFFICE)


def whole(make, indicator):
    found = processes.municipalities(make.process())
    ids = {indicator.id, indicator.weighted_by_id or indicator.id}
    return figures.measured([indicator], found, queries.values(ids))[0].whole()


def test_the_whole_territory_is_what_the_indicator_says(make, places):
    one, other = places
    area = make.indicator({one: 90, other: 10})
    shares = {one: 10.0, other: 20.0}
    assert whole(make, area) == 100
    assert whole(make, make.indicator(shares, gathering=Gathering.WEIGHTED)) == pytest.approx(17.5)
    assert whole(make, make.indicator(shares, gathering=Gathering.WEIGHTED, weighted_by_id=area.id)) == 11
    assert whole(make, make.indicator(shares, gathering=Gathering.MEAN)) == 15
    assert whole(make, make.indicator(shares, gathering=Gathering.STATED, stated=-0.7)) == -0.7
    assert whole(make, make.indicator(shares, gathering=Gathering.NONE)) is None
    assert whole(make, make.indicator({one: 10})) is None


def test_shares_told_apart_are_not_added_up(make, places):
    rates = {(place.id, "", gender): 60.0 for place in places for gender in "FM"}
    one = make.indicator(rates, breakdown=Breakdown.GENDER, gathering=Gathering.WEIGHTED)
    found = figures.measured([one], places, queries.values([one.id]))[0]
    assert found.whole() is None
    assert found.whole(gender="F") == 60
    assert [str(column.label["en"]) for column in figures.tables(found)[0].columns] == ["Women", "Men"]


def test_counts_told_apart_no_more_are_added_up(make, office, places):
    told = {(place.id, band, gender): 5.0 for place in places for band in ("0-17", "18+") for gender in "FM"}
    one = make.indicator(told, breakdown=BOTH)
    services.edit(one, office, None, version=1, code=one.code, breakdown=Breakdown.GENDER, title=one.title)
    assert queries.values([one.id])[one.id] == {(place.id, "", gender): 10 for place in places for gender in "FM"}
    with pytest.raises(StaleVersionError):
        services.edit(one, office, None, version=1, code=one.code)


def test_pages_show_every_indicator_with_source_chart_table_and_files(make, places, browser, request):
    counting = request.getfixturevalue("queries")
    one, other = places
    for number in range(3):
        make.indicator({one: 12.5, other: 40}, title=Localized.of(f"Cosa {number}"), source="Ufficio prove",
                       source_url="https://example.org/dati")
    last = make.indicator({(place.id, band, gender): 7 for place in places for band in ("0-17", "18+")
                           for gender in "FM"}, breakdown=BOTH, residents=True, code="persone")
    visitor, slug = browser(), make.process().slug
    with counting() as few:
        page = visitor.get(f"/percorsi/{slug}/territorio")
    assert "Cosa 2" in page.text
    assert "52,5" in page.text
    assert "Alta: 12,5" in page.text
    page = visitor.get(f"/percorsi/{slug}/territorio/persone")
    assert "ISTAT" in page.text
    assert page.text.count("<table") == 2
    assert "0\u201117" in page.text
    assert 'class="bars' in page.text
    rows = list(csv.reader(io.StringIO(visitor.get(f"/percorsi/{slug}/territorio/persone.csv").data.decode(
        "utf-8-sig")), delimiter=";"))
    assert rows[1] == ["persone", "042001", "Alta", "0-17", "F", "7"]
    assert len(rows) == 9
    told = json.loads(visitor.get(f"/percorsi/{slug}/territorio/persone.json").data)
    assert told["whole_territory"] == {"how": "sum", "value": 56}
    assert len(told["values"]) == 8
    for number in range(12):
        make.indicator({one: number, other: 40})
    with counting() as many:
        visitor.get(f"/percorsi/{slug}/territorio")
    assert len(many) <= len(few) + 1
    assert last.id
    assert visitor.get(f"/percorsi/{slug}/territorio/nessuno").status_code == 404


def test_the_office_adds_mends_and_removes(make, places, office, browser):
    staff, slug = browser(office), make.process().slug
    form = {"title_it": "Posti nido", "code": "posti-nido", "unit_it": "posti", "year": "2024", "theme": "society",
            "source": "ISTAT", "gathering": "weighted", "breakdown": "total",
            f"value_{places[0].id}": "12", f"value_{places[1].id}": "1.040"}
    page = staff.submit(f"/percorsi/{slug}/territorio/aggiungi", {**form, "code": "Posti Nido"})
    assert page.status_code == 200
    assert queries.called(make.process().id, "posti-nido") is None
    assert staff.submit(f"/percorsi/{slug}/territorio/aggiungi", form).status_code == 303
    page = staff.get(f"/percorsi/{slug}/territorio/posti-nido")
    assert "1.040" in page.text
    assert ">783<" in page.text
    again = staff.submit(f"/percorsi/{slug}/territorio/aggiungi", form)
    assert again.status_code == 200
    staff.submit(f"/percorsi/{slug}/territorio/posti-nido/modifica", {**form, f"value_{places[1].id}": ""})
    assert "1.040" not in staff.get(f"/percorsi/{slug}/territorio/posti-nido").text
    staff.post(f"/percorsi/{slug}/territorio/posti-nido/elimina")
    assert staff.get(f"/percorsi/{slug}/territorio/posti-nido").status_code == 404


ISTAT = """municipality_code,age,F,M,tot
001001,0-17,1,1,2
042001,0-17,100,110,210
042001,18+,400,390,790
042002,0-17,300,310,610
42002,18+,1200,1190,2390
042002,18+,7,x,14
"""


def test_the_population_of_istat_comes_with_a_look_before_and_an_undo_after(make, places, office, browser, tmp_path):
    staff, slug = browser(office), make.process().slug
    path = tmp_path / "popolazione.csv"
    path.write_text(ISTAT)
    with path.open("rb") as file:
        page = staff.submit(f"/percorsi/{slug}/territorio/file", {"file": (file, "popolazione.csv"), "year": "2023"})
    where = page.headers["Location"]
    page = staff.get(where)
    assert "8" in page.text
    assert "“x”" in page.text
    assert queries.called(make.process().id, files.POPULATION) is None  # nothing stands yet
    assert staff.submit(where, {}, action=f"{where}/prendi").status_code == 303
    one = queries.called(make.process().id, files.POPULATION)
    assert one.residents
    assert one.year == 2023
    assert whole(make, one) == 4000
    staff.post(f"{where}/annulla")
    assert queries.called(make.process().id, files.POPULATION) is None


def rows(text):
    return files.rows_of(text.encode())


def test_a_plain_table_says_line_by_line_why_it_refuses(make, places):
    make.indicator({places[0]: 1, places[1]: 2}, code="a")
    make.indicator(breakdown=Breakdown.AGE, code="b")
    sent = importing.send(make.process(), None, name="x", year=2023, rows=rows(
        "indicatore;comune;eta;valore\na;042001;;3\na;Bassa;;2\nb;Alta;0-17;12,5\nb;Alta;17-20;1\nb;Alta;;1\n"
        "a;Altrove;;1\nc;Alta;;1\na;Alta;;4\na;Bassa;;1.234\na;Bassa;;tanto\n"))
    looked = importing.look(sent)
    assert [one.number for one in looked.read.refused] == [5, 6, 7, 8, 9, 10, 11]
    assert [(code, before, after) for code, _key, before, after in looked.changes] == [("a", 1, 3), ("b", None, 12.5)]


def test_a_file_is_not_taken_where_it_does_something_else_nor_undone_where_values_changed(make, places, office):
    one = make.indicator({places[0]: 1, places[1]: 2}, code="a")
    sent = importing.send(make.process(), office, name="x", year=2023, rows=rows("code,comune,value\na,Alta,3\n"))
    seen = importing.look(sent).mark
    services.put(one, {(places[0].id, "", ""): 7})
    with pytest.raises(StaleVersionError):
        importing.take(sent, office, mark=seen)
    assert importing.take(sent, office, mark=importing.look(sent).mark) == 1
    with pytest.raises(StaleVersionError):
        importing.take(sent, office)
    services.put(one, {(places[0].id, "", ""): 8})
    assert importing.undo(sent, office) is False
    services.put(one, {(places[0].id, "", ""): 3})
    assert importing.undo(sent, office) is True
    assert queries.values([one.id])[one.id] == {(places[0].id, "", ""): 7}


def test_what_is_given_out_can_be_sent_again(make, places, browser):
    one = make.indicator({(place.id, band, gender): 7.5 for place in places for band in ("0-17", "18+")
                          for gender in "FM"}, breakdown=BOTH, code="persone")
    content = browser().get(f"/percorsi/{make.process().slug}/territorio/persone.csv").data
    looked = importing.look(importing.send(make.process(), None, name="x", year=2023, rows=files.rows_of(content)))
    assert looked.changes == []
    assert looked.read.refused == []
    assert sum(map(len, looked.read.values.values())) == 8
    assert one.id


def test_the_command_brings_and_takes_back(make, places, app, tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(ISTAT)
    slug = make.process().slug
    db.session.commit()
    runner = app.test_cli_runner()
    dry = runner.invoke(args=["indicators", "import", str(path), "--process", slug, "--year", "2023", "--dry-run"])
    assert "values that would change: 8" in dry.output
    assert "line 7" in dry.output
    done = runner.invoke(args=["indicators", "import", str(path), "--process", slug, "--year", "2023"])
    assert done.exit_code == 0
    assert "values that change: 8" in done.output
    number = done.output.rsplit("undo ", 1)[1].split("`")[0]
    assert runner.invoke(args=["indicators", "undo", number]).exit_code == 0
    assert runner.invoke(args=["indicators", "undo", number]).exit_code == 1
