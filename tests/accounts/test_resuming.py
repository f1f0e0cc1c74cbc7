"""What was typed before signing in is found again after it, by the browser in which it was typed and by no other."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.comments.models import Comment
from consult.core import clock, held, passwords
from consult.core.db import db
from consult.core.held import HeldForm
from tests.browser import text_of

PASSWORD = "una panchina sotto il tiglio"
SAID = "Una panchina anche davanti alla scuola, e un tiglio."


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(email="carla@example.org", display_name="Carla", password_hash=passwords.hashed(PASSWORD))


@pytest.fixture
def thread(make, citizen):
    return make.proposal().thread


def write(visitor, thread, **fields):
    """Send a comment without having signed in."""
    return visitor.post(f"/discussioni/{thread.id}/commenti", {"body": SAID, "once": "a1", **fields},
                        headers={"Referer": f"http://localhost{thread.path}"})


def sign_in(visitor, path):
    return visitor.submit(path, {"email": "carla@example.org", "password": PASSWORD})


def said():
    return db.session.scalars(sa.select(Comment.body)).all()


def test_a_comment_is_found_again_and_sent_after_signing_in(browser, thread):
    visitor = browser()
    refused = write(visitor, thread)
    assert (refused.status_code, refused.location) == (303, "/accedi?next=/riprendi")
    assert "Quello che hai scritto non è perso" in text_of(visitor.get(refused.location))
    assert sign_in(visitor, refused.location).location == "/riprendi"
    page = visitor.get("/riprendi")
    assert page.headers["Cache-Control"] == "no-store"
    assert SAID in text_of(page)
    assert said() == []
    sent = visitor.submit("/riprendi", action=f"/discussioni/{thread.id}/commenti")
    assert (sent.status_code, said()) == (303, [SAID])


def test_whoever_loses_the_address_on_the_way_finds_it_all_the_same(browser, thread):
    visitor = browser()
    write(visitor, thread)
    assert sign_in(visitor, "/accedi").location == "/riprendi"
    assert sign_in(browser(), "/accedi").location == "/"


def test_nobody_reads_it_in_another_browser_or_in_the_database(browser, thread, citizen):
    write(browser(), thread)
    assert browser(citizen).get("/riprendi").status_code == 303
    kept = db.session.scalars(sa.select(HeldForm)).one()
    assert SAID.encode() not in kept.sealed
    assert b"panchina" not in kept.sealed


def test_signing_out_leaves_nothing_to_the_next(browser, thread):
    visitor = browser()
    write(visitor, thread)
    sign_in(visitor, "/accedi")
    visitor.post("/esci")
    assert sign_in(visitor, "/accedi").location == "/"
    assert visitor.get("/riprendi").status_code == 303


def test_it_waits_for_two_hours_and_is_dropped_then(browser, thread):
    visitor = browser()
    write(visitor, thread)
    sign_in(visitor, "/accedi")
    with clock.at(clock.now() + timedelta(minutes=119)):
        held.forget()
        assert SAID in text_of(visitor.get("/riprendi"))
    with clock.at(clock.now() + timedelta(minutes=121)):
        assert visitor.get("/riprendi").location == "/"
        held.forget()
        assert db.session.scalars(sa.select(HeldForm)).all() == []


def test_a_browser_has_one_that_waits(browser, thread):
    visitor = browser()
    write(visitor, thread)
    write(visitor, thread, body="Un testo diverso, che prende il posto del primo.", once="a2")
    assert len(db.session.scalars(sa.select(HeldForm)).all()) == 1
    sign_in(visitor, "/accedi")
    assert "prende il posto del primo" in text_of(visitor.get("/riprendi"))


@pytest.mark.parametrize("fields", [
    {"body": ""}, {"body": "x" * 300_000}, {"body": "", "tax_code": "RSSMRA85T10A562S", "password": PASSWORD}])
def test_what_is_no_loss_too_long_or_secret_is_not_kept(browser, thread, fields):
    refused = write(browser(), thread, **fields)
    assert (refused.status_code, refused.location) == (303, f"/accedi?next={thread.path}")
    assert db.session.scalars(sa.select(HeldForm)).all() == []


def test_passwords_and_tax_codes_beside_a_text_are_left_out(browser, thread):
    visitor = browser()
    write(visitor, thread, tax_code="RSSMRA85T10A562S", password=PASSWORD)
    sign_in(visitor, "/accedi")
    page = visitor.get("/riprendi").get_data(as_text=True)
    assert SAID in page
    assert "RSSMRA85T10A562S" not in page
    assert PASSWORD not in page


def test_what_another_site_sends_is_not_kept(browser, thread):
    response = browser().post(f"/discussioni/{thread.id}/commenti", {"body": SAID}, token=False,
                              headers={"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 400
    assert SAID not in response.get_data(as_text=True)
    assert db.session.scalars(sa.select(HeldForm)).all() == []


def test_html_that_was_typed_does_nothing(browser, thread):
    visitor = browser()
    write(visitor, thread, body="<script>alert(1)</script> e altre venti parole ancora")
    sign_in(visitor, "/accedi")
    assert "<script>alert" not in visitor.get("/riprendi").get_data(as_text=True)


@pytest.mark.parametrize("cookie", ["x", "", "a" * 5000])
def test_a_made_up_name_finds_nothing(browser, citizen, cookie):
    visitor = browser(citizen)
    visitor._keep_in_cookie(held=cookie)
    assert visitor.get("/riprendi").location == "/"
