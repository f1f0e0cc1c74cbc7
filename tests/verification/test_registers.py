"""The register of residents: hashed offline, brought with counts and reasons, asked by residents."""

from datetime import date

import pytest
import sqlalchemy as sa

from consult.accounts.models import VerificationMethod
from consult.core.db import db
from consult.verification import registers
from consult.verification.models import RegisterEntry
from tests.browser import text_of
from tests.verification.conftest import BORN, code_of


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()

    def act(*words):
        db.session.commit()
        result = runner.invoke(args=[str(word) for word in words])
        db.session.expire_all()
        return result

    return act


@pytest.fixture
def office(run, tmp_path):
    """A registry office with its key, which hashes a list."""
    run("registry", "key", tmp_path / "key")

    def hashed(text, name="list.csv"):
        source, out = tmp_path / name, tmp_path / f"{name}.hashes"
        source.write_text(text, encoding="utf-8")
        return run("registry", "hash", source, out, "--key-file", tmp_path / "key"), out

    return hashed


def residents(*numbers):
    return "codice_fiscale;cognome;data_nascita\n" + "".join(
        f"{code_of(number)};X;10/12/1985\n" for number in numbers)


def test_a_list_becomes_hashes_and_refused_lines_are_named_without_their_data(office):
    done, out = office(residents(1, 2) + f"{code_of(1)};X;1985-12-10\nXXX;X;1985-12-10\n"
                       f"{code_of(3)};X;oggi\n{code_of(3)};X;1985-12-11\n\n")
    assert done.exit_code == 0
    assert "2 residents hashed" in done.output
    for line, reason in [(4, "is there twice"), (5, "the tax code is not right"), (6, "the day of birth is not right"),
                         (7, "the tax code tells another day of birth")]:
        assert f"line {line} refused: {reason}" in done.output
    assert code_of(3) not in done.output
    lines = out.read_text().splitlines()
    assert lines[0] == "hash"
    assert len(lines) == 3
    assert code_of(1) not in out.read_text()


def test_the_words_for_the_columns_and_the_separator_may_differ(office):
    done, _out = office(f'\ufeff"CF","Data di nascita"\n"{code_of(1).lower()}","1985-12-10"\n')
    assert "1 residents hashed" in done.output


def test_a_list_without_its_columns_or_a_wrong_key_is_refused(office, run, tmp_path):
    assert office("nome;cognome\nA;B\n")[0].exit_code == 1
    (tmp_path / "wrong").write_text("not a key")
    (tmp_path / "some.csv").write_text(residents(1))
    done = run("registry", "hash", tmp_path / "some.csv", tmp_path / "o", "--key-file", tmp_path / "wrong")
    assert done.exit_code == 1
    assert "holds no key" in done.output


def test_the_key_is_written_once_for_its_owner_only(run, tmp_path):
    assert run("registry", "key", tmp_path / "k").exit_code == 0
    assert (tmp_path / "k").stat().st_mode & 0o077 == 0
    assert run("registry", "key", tmp_path / "k").exit_code == 1


def test_a_dry_run_counts_and_changes_nothing(office, run, make):
    town = make.municipality()
    _done, out = office(residents(1, 2, 3))
    counted = run("registry", "import", out, "--municipality", town.istat_code, "--dry-run")
    assert "3 residents, 3 new, 0 no longer there; nothing was changed" in counted.output
    assert db.session.scalar(sa.select(sa.func.count(RegisterEntry.hash))) == 0


def test_a_new_file_takes_the_place_of_the_old_one(office, run, make):
    town = make.municipality()
    run("registry", "import", office(residents(1, 2, 3))[1], "--municipality", town.istat_code)
    done = run("registry", "import", office(residents(2, 3, 4, 5))[1], "--municipality", town.istat_code)
    assert "4 residents, 2 new, 1 no longer there" in done.output
    assert db.session.scalar(sa.select(sa.func.count(RegisterEntry.hash))) == 4


def test_lines_that_are_no_hashes_or_belong_elsewhere_are_refused(office, run, make, tmp_path):
    here, there = make.municipality(), make.municipality()
    _done, out = office(residents(1, 2))
    run("registry", "import", out, "--municipality", there.istat_code)
    text = office(residents(1, 9))[1].read_text() + "RSSMRA85T10A562S\n"
    (tmp_path / "mixed").write_text(text)
    done = run("registry", "import", tmp_path / "mixed", "--municipality", here.istat_code)
    assert "is in the register of another municipality" in done.output
    assert "line 4 refused: is no hash" in done.output
    assert "1 residents, 1 new" in done.output
    assert "RSSMRA85T10A562S" not in done.output


def test_a_file_without_a_good_line_empties_no_register(office, run, make, tmp_path):
    town = make.municipality()
    run("registry", "import", office(residents(1))[1], "--municipality", town.istat_code)
    (tmp_path / "empty").write_text("hash\n")
    assert run("registry", "import", tmp_path / "empty", "--municipality", town.istat_code).exit_code == 1
    assert run("registry", "import", tmp_path / "empty", "--municipality", "nowhere").exit_code == 1
    assert db.session.scalar(sa.select(sa.func.count(RegisterEntry.hash))) == 1


def test_a_resident_proves_themselves(office, run, make, browser):
    town = make.municipality("Castelprova")
    run("registry", "import", office(residents(1))[1], "--municipality", town.istat_code)
    person = make.person()
    visitor = browser(person)
    page = text_of(visitor.get("/profilo/residenza"))
    assert "Confronta con l'anagrafe" in page
    wrong = visitor.submit("/profilo/residenza/registro", {"tax_code": code_of(2), "born": BORN.isoformat()})
    assert "Questi dati non risultano nelle anagrafi" in text_of(wrong)
    right = visitor.submit("/profilo/residenza/registro", {"tax_code": code_of(1).lower(), "born": BORN.isoformat()})
    assert right.status_code == 303
    [found] = person.verifications
    assert (found.method, found.municipality_id, found.age_band) == (VerificationMethod.REGISTER, town.id, "35-49")
    assert "Castelprova" in text_of(visitor.get("/profilo/residenza"))


@pytest.mark.parametrize("fields", [
    {"tax_code": "", "born": ""}, {"tax_code": "x" * 500, "born": "1985-12-10"}, {"tax_code": "\x00", "born": "x"},
    {"tax_code": code_of(1), "born": "1085-12-10"}, {"tax_code": code_of(1), "born": "2985-12-10"},
])
def test_what_cannot_be_compared_gets_a_sentence(make, browser, fields):
    make.municipality()
    answer = browser(make.person()).post("/profilo/residenza/registro", fields)
    assert answer.status_code == 200


def test_days_are_read_as_people_write_them():
    from_italian = [f"{BORN:%d/%m/%Y}", f"{BORN:%d-%m-%Y}", f"{BORN:%d.%m.%Y}", BORN.isoformat()]
    assert {registers.day(text) for text in from_italian} == {date(1985, 12, 10)}
