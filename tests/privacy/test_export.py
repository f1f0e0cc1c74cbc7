"""The copy of one's data holds everything that is held of a person and nothing of others, and opens only to them."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from consult.accounts import personal
from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import clock, jobs
from consult.core.db import db
from consult.privacy import exports, words
from consult.privacy.models import ExportState, PersonalExport
from tests.browser import text_of
from tests.privacy.conftest import PASSWORD

PAGE = "/profilo/dati"


def recognised(browser, person):
    visitor = browser(person)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    return visitor


def asked(browser, person):
    """A browser whose copy has been made, and the copy."""
    visitor = recognised(browser, person)
    assert visitor.post(f"{PAGE}/copia").location == f"{PAGE}#copia"
    copies_made()
    return visitor, exports.of_person(person)


def copies_made():
    """Have the queue do what waits in it; it writes, so the session of the test must not hold the lock."""
    jobs.keep()
    jobs.queue(current_app._get_current_object()).run_waiting()


def taken(visitor, copy):
    answer = visitor.post(f"{PAGE}/copia/{copy.id}")
    assert answer.data
    answer.close()
    return answer


def opened(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return archive, json.loads(archive.read("data.json"))["classes"]


def test_a_copy_holds_everything_and_nothing_of_others(browser, lives):
    carla, _ugo = lives("carla"), lives("ugo")
    visitor, copy = asked(browser, carla)
    archive, classes = opened(taken(visitor, copy).data)
    everything = "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
    for own in ("carla@example.org", "carla Segni", "carla tit", "carla chiede", "carla corpo uno", "carla corpo due",
                "carla bozza", "carla voce soc", "carla commenta", "carla eccede",
                "A carla: così non va bene.", "carla segnala",
                "carla risponde", "carla soc", "hashcarla", "Progetto 1", "SupportGiven"):
        assert own in everything, own
    assert not re.search(r"\bugo\b", everything)
    for code in ("account", "verifications", "mandates", "sessions", "links", "messages", "notices", "proposals",
                 "comments", "revisions", "flags", "follows", "supports", "decisions", "papers", "answers", "surveys",
                 "participation", "register"):
        assert classes[code]["rows"], code
        assert f"csv/{code}.csv" in archive.namelist()
    assert [row["choices"] for row in classes["papers"]["rows"]] == [["Progetto 1"]]
    assert "answer" not in json.dumps(classes["surveys"]["rows"])
    assert carla.password_hash not in everything


def test_tables_and_readme_are_for_people(browser, lives):
    carla = lives("carla", language="de")
    visitor, copy = asked(browser, carla)
    response = taken(visitor, copy)
    archive, classes = opened(response.data)
    readme = archive.read("README.txt").decode()
    assert readme.startswith("Ihre Daten")
    assert all(told["title"] in readme for told in classes.values())
    rows = list(csv.DictReader(io.StringIO(archive.read("csv/proposals.csv").decode("utf-8-sig"))))
    assert [row["title"] for row in rows] == ["carla chiede", "carla bozza", "carla per la soc"]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "private, no-store"


def test_no_cell_is_a_formula(lives):
    carla = lives("carla")
    carla.title = "=HYPERLINK(1)"
    archive, classes = opened(exports.packed(carla))
    assert "'=HYPERLINK" in archive.read("csv/account.csv").decode("utf-8-sig")
    assert classes["account"]["rows"][0]["title"] == "=HYPERLINK(1)"


@pytest.mark.parametrize("who", ["another", "visitor"])
def test_nobody_gets_the_copy_of_another(browser, lives, who):
    _visitor, copy = asked(browser, lives("carla"))
    stranger = browser() if who == "visitor" else recognised(browser, lives("ugo"))
    assert stranger.post(f"{PAGE}/copia/{copy.id}").status_code == 404
    assert stranger.get(f"{PAGE}/copia/{copy.id}").status_code == 405
    assert copy.id not in stranger.get(PAGE, follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize("id", ["x", "1", "0" * 32, "%00", "../../secret_key", "è" * 40, "a" * 3000])
def test_a_copy_that_never_was_is_unknown(browser, lives, id):
    assert recognised(browser, lives("carla")).post(f"{PAGE}/copia/{id}").status_code == 404


def test_a_link_is_worth_nothing(browser, lives):
    """Only a form in a session that typed its password lately gets the file: no address by itself opens it."""
    carla = lives("carla")
    visitor, copy = asked(browser, carla)
    path = f"{PAGE}/copia/{copy.id}"
    assert visitor.get(path).status_code == 405
    assert visitor.post(path, token=False).status_code == 400
    clock.shift(timedelta(minutes=11))
    assert "/profilo/riconosci" in visitor.post(path).location
    assert "/profilo/riconosci" in browser(carla).post(path).location  # another session of the same person
    assert "/profilo/riconosci" in visitor.post(f"{PAGE}/copia").location


def test_signing_out_everywhere_closes_the_copy(browser, lives):
    visitor, copy = asked(browser, lives("carla"))
    other = recognised(browser, db.session.get(Person, copy.person_id))
    other.post("/profilo/sessioni/chiudi")
    assert visitor.post(f"{PAGE}/copia/{copy.id}").status_code == 404


def test_a_copy_asked_for_twice_is_made_once_and_a_new_one_takes_its_place(browser, lives):
    carla = lives("carla")
    visitor = recognised(browser, carla)
    for _ in range(2):
        visitor.post(f"{PAGE}/copia")
    assert len(db.session.scalars(sa.select(PersonalExport)).all()) == 1
    copies_made()
    first = exports.file_of(exports.of_person(carla))
    assert first.stat().st_mode & 0o777 == 0o600
    visitor.post(f"{PAGE}/copia")
    copies_made()
    assert not first.exists()


def test_a_copy_that_cannot_be_made_says_so(browser, lives, app):
    carla = lives("carla")
    folder = exports.file_of(exports.ask(carla)).parent
    folder.write_text("no folder")
    copies_made()
    db.session.expire_all()
    assert exports.of_person(carla).state is ExportState.FAILED
    assert "Qualcosa non ha funzionato" in text_of(browser(carla).get(PAGE))


def test_the_page_shows_every_class_with_its_reason_and_duration(browser, lives):
    carla = lives("carla")
    lives("ugo")
    page = text_of(browser(carla).get(PAGE))
    for holding in personal.holdings():
        assert str(holding.title) in page
        if list(holding.rows(carla)):
            assert str(holding.reason) in page
            assert str(holding.kept) in page
    assert not re.search(r"\bugo\b", page)
    assert "carla corpo due" in page


def test_every_datum_has_a_name_in_words(lives):
    carla = lives("carla")
    unnamed = {name for holding in personal.holdings() for row in holding.rows(carla) for name in row
               if name not in words.FIELDS}
    assert unnamed == set()


def test_the_page_costs_as_much_for_much_as_for_little(browser, make, lives, queries):
    def cost(person):
        visitor = browser(person)
        visitor.get(PAGE)
        with queries() as seen:
            assert visitor.get(PAGE).status_code == 200
        return len(seen)

    carla = lives("carla")
    before = cost(carla)
    for _ in range(5):
        make.comment(make.proposal(author=carla).thread, author=carla)
    assert cost(carla) <= before


def test_every_column_that_leads_to_a_person_is_told(app):
    """A new table with a person in it must say what it holds, why, and what becomes of it."""
    told = {(column.property.columns[0].table.name, column.property.columns[0].name)
            for holding in personal.holdings() for column in holding.columns}
    leads = {(table.name, column.name) for table in db.metadata.sorted_tables for column in table.columns
             if any(key.column.table.name == "person" for key in column.foreign_keys)}
    assert leads - told == set()


def test_every_kind_of_contribution_tells_its_texts(app):
    kinds = {mapper.polymorphic_identity for mapper in sa.inspect(Contribution).self_and_descendants
             if mapper.polymorphic_identity}
    assert {f"{kind}s" for kind in kinds} <= {holding.code for holding in personal.holdings()}


def test_the_office_can_write_the_copy_of_whoever_asks_by_letter(app, lives, tmp_path):
    lives("carla")
    db.session.commit()
    target = tmp_path / "carla.zip"
    done = app.test_cli_runner().invoke(args=["privacy", "copy", "carla@example.org", "--output", str(target)])
    assert done.exit_code == 0, done.output
    assert target.stat().st_mode & 0o777 == 0o600
    _archive, classes = opened(target.read_bytes())
    assert classes["account"]["rows"][0]["email"] == "carla@example.org"


def test_whoever_has_not_signed_in_is_led_to_sign_in(browser, make):
    make.authority()
    assert browser().get(PAGE).location == f"/accedi?next={PAGE}"
