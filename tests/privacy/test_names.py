"""Minors and those who ask are shown as citizens of their municipality, everywhere; one place decides it."""

import re
from pathlib import Path

import pytest

from consult.accounts.models import Verification, VerificationMethod, of_minors
from consult.core import clock
from consult.core.db import db
from tests.browser import text_of

HOUSE = Path(__file__).resolve().parents[2]
OWN = {"layouts/header.html", "accounts/profile.html", "accounts/register.html", "accounts/confirm.html",
       "identity/enter.html"}
"""Where somebody reads or types their own name."""
CLERKS = {"verification/desk.html", "verification/conflict.html", "verification/conflicts.html"}
"""Where a clerk tells two accounts apart, with the person at the desk."""
TYPED = {"accounts", "identity", "importing", "demo", "privacy/words.py", "verification/counter.py", "migrations"}
"""Where a name is typed, kept, brought over or said to a clerk, and shown to nobody else."""


@pytest.fixture
def minor(make):
    make.authority()
    return make.person(display_name="Ada Piccola", minor=True)


def test_no_template_shows_the_name_that_was_typed_but_to_whoever_typed_it():
    shown = [path.relative_to(HOUSE / "templates").as_posix() for path in (HOUSE / "templates").rglob("*.*")
             if re.search(r"\bdisplay_name\b", path.read_text())]
    assert set(shown) - OWN - CLERKS == set()
    for name in OWN - {"accounts/register.html", "accounts/confirm.html"}:
        text = (HOUSE / "templates" / name).read_text()
        assert set(re.findall(r"([\w.]+)\.display_name", text)) <= {"me", "form", "known"}, name


def test_no_module_reads_the_name_that_was_typed_but_to_sort_or_load_it():
    faults = []
    for path in (HOUSE / "consult").rglob("*.py"):
        where = path.relative_to(HOUSE / "consult").as_posix()
        if where.startswith(tuple(TYPED)):
            continue
        faults += [f"{where}: {line.strip()}" for line in path.read_text().splitlines()
                   if re.search(r"\.display_name\b", line) and "Person.display_name" not in line]
    assert faults == []


@pytest.mark.parametrize(("values", "shown"), [
    ({}, "Ada Piccola"),
    ({"minor": True}, "un cittadino di Roccaprova"),
    ({"shows_name": False}, "un cittadino di Roccaprova"),
    ({"shows_name": False, "municipality": None}, "un cittadino"),
    ({"erased_at": clock.now(), "display_name": ""}, "una persona non più iscritta"),
])
def test_what_others_read(make, values, shown):
    assert make.person(**{"display_name": "Ada Piccola", **values}).shown_name == shown


def test_a_text_is_signed_with_the_municipality_of_that_time(make, browser, minor):
    proposal = make.proposal(author=minor)
    comment = make.comment(proposal.thread, author=minor)
    minor.municipality = make.municipality("Altrove")
    for reader in (browser(), browser(make.person())):
        for path in (f"/proposte/{proposal.id}-{proposal.slug}", f"/raccolte/{proposal.activity_id}"):
            page = text_of(reader.get(path))
            assert "Ada Piccola" not in page
            assert "un cittadino di Roccaprova" in page
    assert comment.byline == "un cittadino di Roccaprova"


def test_a_list_asks_nothing_more_for_names_that_are_not_shown(make, browser, queries):
    call = make.call()
    for _ in range(3):
        make.proposal(call=call, author=make.person(minor=True))
    reader = browser(make.person())

    def cost():
        reader.get(f"/raccolte/{call.id}")
        with queries() as seen:
            reader.get(f"/raccolte/{call.id}")
        return len(seen)

    before = cost()
    for _ in range(6):
        make.proposal(call=call, author=make.person(shows_name=False))
    assert cost() == before


def test_an_organisation_is_named_whoever_speaks_for_it(make, minor):
    organisation = make.organisation(minor, name="Pro Loco")
    assert make.proposal(author=minor, organisation=organisation).byline == "Pro Loco"


def test_one_asks_for_it_in_the_profile(make, browser):
    make.authority()
    person = make.person(display_name="Ada Schiva")
    visitor = browser(person)
    page = visitor.submit("/profilo", {"hides_name": "y"})
    assert page.status_code == 303
    assert (person.shows_name, person.minor) == (False, False)
    assert "Gli altri leggono: un cittadino di Roccaprova" in text_of(visitor.get("/profilo"))
    fields = visitor.form("/profilo")["fields"]
    fields.pop("hides_name")
    visitor.post("/profilo", fields)
    assert person.shows_name


def test_who_registers_says_whether_they_are_of_age_and_the_least_age_is_kept(make, browser):
    from_age = make.authority()
    from_age.minimum_age = 14
    town = make.town()
    visitor = browser()
    page = visitor.get("/registrati")
    assert "Ho almeno 14 anni" in text_of(page)
    visitor.submit("/registrati", {"email": "nuova@example.org", "password": "sette gatti sul campanile",
                                   "display_name": "Nora Nuova", "municipality": str(town.id), "of_age": "y",
                                   "minor": "y"})
    nora = db.session.scalars(db.select(type(make.person())).filter_by(email="nuova@example.org")).one()
    assert (nora.declared_age, nora.minor, nora.shown_name) == (14, True, "un cittadino di Roccaprova")


@pytest.mark.parametrize(("band", "young"), [
    ("16-17", True), ("14-15", True), ("0-13", True), ("<18", True), ("18-24", False), ("75+", False), ("", False)])
def test_which_bands_are_of_minors(band, young):
    assert of_minors(band) is young


def test_what_was_verified_stands_above_what_was_declared(make, browser):
    make.authority()
    person = make.person(display_name="Ada Piccola")
    db.session.add(Verification(person=person, method=VerificationMethod.IDENTITY, age_band="16-17",
                                municipality_id=person.municipality_id))
    db.session.flush()
    db.session.expire(person)
    assert person.minor
    visitor = browser(person)
    visitor.post("/profilo", {**visitor.form("/profilo")["fields"], "minor": ""})
    assert person.minor
    db.session.add(Verification(person=person, method=VerificationMethod.DESK, age_band="18-24",
                                municipality_id=person.municipality_id))
    db.session.flush()
    db.session.expire(person)
    assert not person.minor
