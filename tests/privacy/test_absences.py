"""What the platform does not do with people: no search of them, no graph, no messages, pictures or addresses kept."""

import json
import logging
import re
import traceback

import pytest
import sqlalchemy as sa

from consult.core.db import db
from tests.privacy.conftest import PASSWORD

ADDRESS, MAIL = "203.0.113.77", "carla@example.org"
ABSENT = re.compile(r"/(persone|utenti|iscritti|people|users|cerca-persone|seguaci|amici|followers|messaggi(?!o)|"
                    r"messages|chat|foto|avatar|immagini)", re.IGNORECASE)


def test_no_route_searches_people_or_shows_who_knows_whom(app):
    for rule in app.url_map.iter_rules():
        assert not ABSENT.search(rule.rule), rule.rule


def test_no_page_of_a_person_is_reached_by_their_number(app):
    """Whose number is in an address: organisations, texts and activities; never a person."""
    loaded = {rule.endpoint: getattr(app.view_functions[rule.endpoint], "access", None)
              for rule in app.url_map.iter_rules()}
    assert [endpoint for endpoint, access in loaded.items()
            if access and getattr(access.loads, "__name__", "") == "Person"
            ] == []


def test_no_table_ties_people_to_each_other_or_keeps_a_picture(app):
    staff = {"verification_conflict",  # that somebody seems to have been verified twice; seen by the staff alone
             "entry_batch", "entry_sheet", "box_paper",  # which clerks copied paper, and who undid it
             "appeal",  # who asked for a review, and that whoever decided is not who answers
             "second_reading", "suspension",  # that two of the staff, and not one, read or wanted something
             "plan_note"}  # who of those who write the plan resolved what another had noted
    of_questions = {("question", "image"), ("question", "image_alt")}  # what a question shows, of nobody
    for table in db.metadata.sorted_tables:
        to_people = [key for column in table.columns for key in column.foreign_keys
                     if key.column.table.name == "person"]
        assert len(to_people) < 2 or table.name in staff, table.name
        for column in table.columns:
            named = re.search(r"photo|picture|avatar|image|^ip$|ip_address|remote_addr|user_agent", column.name)
            assert not named or (table.name, column.name) in of_questions, column
            assert not isinstance(column.type, sa.LargeBinary) or "person" not in table.name, column


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.DEBUG)

    def lines():
        return [record.getMessage() + (logging.Formatter().formatException(record.exc_info) if record.exc_info else "")
                for record in caplog.records]

    return lines


def test_logs_hold_neither_addresses_nor_names_nor_mails(browser, lives, logged, app):
    carla = lives("carla")
    lies = {"environ_base": {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": "Impronta/1.0"},
            "headers": {"X-Forwarded-For": ADDRESS}}
    visitor = browser(carla)
    visitor.get("/", **lies)
    visitor.get("/profilo/dati", **lies)
    visitor.get("/nulla-qui", **lies)
    visitor.get(f"/accedi?next=/%3Femail={MAIL}", **lies)
    visitor.post("/accedi", {"email": MAIL, "password": "sbagliata"}, **lies)
    visitor.post("/accedi", {"email": MAIL, "password": PASSWORD}, **lies)
    visitor.post("/profilo", {"display_name": "carla Segni", "municipality": "x", "language": "it"}, **lies)
    app.test_cli_runner().invoke(args=["jobs", "once"])
    lines = logged()
    requests = [json.loads(line) for line in lines if line.startswith("{")]
    known = {"request", "method", "path", "status", "ms", "endpoint", "kept"}
    assert {frozenset(line) - known for line in requests} == {
        frozenset()}
    for line in lines:
        for told in (ADDRESS, "203.0.113", MAIL, "carla Segni", "Impronta", PASSWORD):
            assert told not in line, line


def test_what_fails_is_logged_without_the_values_it_was_asked_with(app, make, logged):
    with pytest.raises(sa.exc.IntegrityError) as fault:
        make.person(email=make.person(email=MAIL).email)
    db.session.rollback()
    assert MAIL not in "".join(traceback.format_exception(fault.value))


def test_no_table_keeps_an_address_of_a_device(browser, lives):
    carla = lives("carla")
    visitor = browser(carla)
    visitor.post("/accedi", {"email": MAIL, "password": PASSWORD}, environ_base={"REMOTE_ADDR": ADDRESS})
    for table in db.metadata.sorted_tables:
        assert ADDRESS not in repr(db.session.execute(sa.select(table)).all()), table.name
