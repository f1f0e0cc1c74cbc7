"""Visitors are not sent what they have, nor is it made again; nobody is shown what is old or another's."""

from datetime import timedelta

import pytest

from consult.core import clock, events
from consult.core.config import Settings
from consult.core.db import db
from consult.factory import create_app


def record_something():
    events.record(events.Event(actor_id=None))
    db.session.commit()


def test_an_unchanged_page_is_answered_with_304(browser, make):
    make.process()
    visitor = browser()
    first = visitor.get("/")
    again = visitor.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert again.get_data() == b""


def test_a_kept_page_asks_the_database_only_for_the_version(browser, make, queries):
    make.process()
    visitor = browser()
    first = visitor.get("/").get_data()
    with queries() as seen:
        again = visitor.get("/").get_data()
    assert again == first
    assert len([s for s in seen if "audit_entry" not in s]) == 0


def test_anything_recorded_makes_the_page_anew(browser, make):
    process = make.process()
    visitor = browser()
    before = visitor.get("/")
    process.title = {"it": "Un altro nome"}
    record_something()
    after = visitor.get("/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Un altro nome" in after.get_data(as_text=True)


def test_the_minute_makes_the_page_anew(browser, make):
    make.process()
    visitor = browser()
    before = visitor.get("/")
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert visitor.get("/", headers={"If-None-Match": before.headers["ETag"]}).status_code == 200


def test_whoever_has_signed_in_gets_a_page_of_their_own(browser, make):
    make.process()
    person = make.person(display_name="Ada Riservata")
    own = browser(person).get("/")
    assert "Ada Riservata" in own.get_data(as_text=True)
    assert own.headers["Cache-Control"] == "private, no-store"
    assert "Ada Riservata" not in browser().get("/").get_data(as_text=True)


def test_a_visitor_is_given_no_cookie(browser, make):
    make.process()
    assert "Set-Cookie" not in browser().get("/").headers


def test_languages_are_kept_apart(browser, make):
    make.process()
    visitor = browser()
    visitor.get("/")
    assert '<html lang="de">' in visitor.get("/?lingua=de").get_data(as_text=True)
    assert '<html lang="it">' in browser().get("/").get_data(as_text=True)


def test_packed_and_plain_pages_are_kept_apart(browser, make):
    make.process()
    plain = browser().get("/", headers={"Accept-Encoding": "identity"})
    packed = browser().get("/", headers={"Accept-Encoding": "gzip"})
    assert plain.get_data(as_text=True).lstrip().startswith("<!doctype html>")
    assert packed.headers.get("Content-Encoding") in (None, "gzip")
    assert plain.headers["ETag"] != packed.headers["ETag"]


@pytest.mark.parametrize("path", ["/salute", "/static/site.css"])
def test_what_is_no_page_is_answered_without_a_database(tmp_path, path):
    app = create_app(Settings(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'gone' / 'x.sqlite3'}",
                              secret_key="t" * 40))
    response = app.test_client().get(path)
    if path == "/salute":
        assert (response.status_code, response.json["database"]) == (503, "unreachable")
    else:
        assert response.status_code == 200
