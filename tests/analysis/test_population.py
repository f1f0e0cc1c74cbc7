"""The population of ISTAT for all Italy, and that of the demonstration, which agrees with its indices."""

from collections import Counter
from pathlib import Path

import pytest

from consult.analysis import bands, files, importing, queries
from consult.demo.story import HERE, read

ITALY = Path(__file__).resolve().parents[3] / "shared" / "data" / "comuni" / "population_2023_by_age_band_sex.csv.gz"


@pytest.mark.skipif(not ITALY.exists(), reason="the open data of ISTAT are not beside the project")
def test_the_file_of_all_italy_is_read_for_two_municipalities(make):
    one = make.town()
    one.istat_code, other = "001001", make.municipality("Airasca", istat_code="001002")
    file = importing.send(make.process(), None, name=ITALY.name, year=2023, rows=files.rows_of(ITALY.read_bytes()))
    assert len(file.rows) == 21
    assert importing.take(file, None) == 40
    found = queries.called(make.process().id, files.POPULATION)
    values = queries.values([found.id])[found.id]
    assert values[one.id, "16-17", "F"] == 15
    assert sum(value for (place, _band, _gender), value in values.items() if place == other.id) == 3681


def test_the_demonstration_agrees_with_its_own_indices():
    told = {entry["id"]: entry for entry in read("unione_rovano.yaml")["indicators"]}
    people = Counter()
    for code, band, women, men, both in (row for row in files.rows_of((HERE / "population.csv").read_bytes())[1:]):
        assert int(women) + int(men) == int(both)
        age = bands.ages(band)[0]
        people[code, "old" if age >= 65 else "young" if age < 15 else "working"] += int(both)
    for at, code in enumerate(sorted({code for code, _part in people})):
        old, young, working = (people[code, part] for part in ("old", "young", "working"))
        assert old + young + working == told["popolazione_residente"]["values"][at]
        assert 100 * old / young == pytest.approx(told["indice_vecchiaia"]["values"][at], abs=1.6)
        assert 100 * (old + young) / working == pytest.approx(told["dipendenza_strutturale"]["values"][at], abs=0.3)
