"""Whatever a form is sent, it answers with a page that helps; nothing is half written, and never a 500."""

import json

import pytest
import sqlalchemy as sa

from consult.accounts.models import Organisation, Person, Role
from consult.core import passwords
from consult.core.db import db

PASSWORD = "una panchina sotto il tiglio"
FORMS = {  # what would write something is wrong in two fields: no single hostile value makes it right
    "/accedi": {"email": "carla@example.org", "password": "sbagliata del tutto", "next": "/"},
    "/registrati": {"email": "nuova@example.org", "password": "corta", "display_name": "Nora", "municipality": "",
                    "of_age": "y", "topic": "", "once": "a1"},
    "/conferma": {"email": "carla@example.org", "once": "a2"},
    "/password-dimenticata": {"email": "carla@example.org", "once": "a3"},
    "/profilo": {"display_name": "Carla", "municipality": "0", "language": "it"},
    "/profilo/password": {"old_password": "sbagliata del tutto", "password": "corta"},
    "/profilo/organizzazioni/nuova": {"name": "", "category": "", "municipality": "", "description": "", "once": "a4"},
    "/ufficio/ruoli": {"email": "nessuno@example.org", "role": "moderator", "process_id": ""},
}
BUTTONS = ("/esci", "/profilo/sessioni/chiudi", "/profilo/organizzazioni/1/lascia", "/ufficio/ruoli/1/revoca",
           "/ufficio/organizzazioni/1/verifica", "/conferma/x", "/reimposta/x")
HOSTILE = {
    "nothing": "", "spaces": "   ", "nul": "a\x00b", "only nul": "\x00", "script": "<script>alert(1)</script>",
    "template": "{{ 31337*31337 }}${31337*31337}", "sql": "' OR 1=1; --", "long": "x" * 30_000,
    "number": "-1", "huge": "9" * 40,
    "direction": "\u202eevil\u202c", "broken surrogate": "\ufffd\ufffe", "lines": "a\r\nBcc: b@example.org\r\n\r\nc",
    "percent": "%(name)s %s %d %", "emoji": "🌻" * 50, "accents": "e\u0301" * 40,
}


@pytest.fixture
def visitor(browser, make):
    """An administrator: every form opens."""
    make.authority()
    return browser(make.person(Role.PLATFORM_ADMIN, email="carla@example.org", display_name="Carla",
                               password_hash=passwords.hashed(PASSWORD)))


@pytest.fixture
def count(app):
    """How many people and organisations there are."""
    return lambda: [db.session.scalar(sa.select(sa.func.count(kind.id))) for kind in (Person, Organisation)]


def answered(response):
    text = response.get_data(as_text=True)
    assert response.status_code < 500, text[:300]
    assert "Traceback" not in text
    assert "<script>alert(1)" not in text
    assert "982007569" not in text
    return response


@pytest.mark.parametrize("path", FORMS)
def test_every_field_takes_anything(visitor, count, path):
    before = count()
    for name in FORMS[path]:
        for what in HOSTILE.values():
            answered(visitor.post(path, {**FORMS[path], name: what}))
    assert count() == before
    assert passwords.right(PASSWORD, db.session.scalar(sa.select(Person.password_hash)))


@pytest.mark.parametrize("path", FORMS)
def test_no_field_at_all_and_each_one_missing(visitor, count, path):
    before = count()
    answered(visitor.post(path, {}))
    for name in FORMS[path]:
        answered(visitor.post(path, {key: value for key, value in FORMS[path].items() if key != name}))
    assert count() == before


@pytest.mark.parametrize("path", FORMS)
def test_every_field_sent_twice(visitor, path):
    answered(visitor.post(path, {name: [value, "altro"] for name, value in FORMS[path].items()}))


def raw(visitor, path, body, content_type="application/x-www-form-urlencoded"):
    headers = {"X-CSRFToken": visitor.token()}
    return answered(visitor._send(
        lambda: visitor._client.post(path, data=body, headers=headers, content_type=content_type)))


@pytest.mark.parametrize("path", FORMS)
def test_bytes_that_are_no_text(visitor, count, path):
    before = count()
    for body in (b"\xff\xfe=\xff", b"email=%ff%fe%c0%80&password=%ed%a0%80&name=%ff&display_name=%c3", b"&&&===", b"%",
                 b"email=" + b"%00" * 50, b"=" * 1000):
        raw(visitor, path, body)
    assert count() == before


@pytest.mark.parametrize("path", FORMS)
def test_json_is_not_a_form(visitor, count, path):
    before = count()
    for value in ([1], {"email": 5, "password": [], "name": {}, "display_name": None}, "x", 7, None):
        raw(visitor, path, json.dumps(value).encode(), "application/json")
    raw(visitor, path, b"{not json", "application/json")
    assert count() == before


@pytest.mark.parametrize("path", FORMS)
def test_files_and_broken_multipart(visitor, path):
    raw(visitor, path, b"--x\r\nbroken", "multipart/form-data; boundary=x")
    raw(visitor, path, b"", "multipart/form-data")
    raw(visitor, path, b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\n\xff\r\n--x--\r\n',
        "multipart/form-data; boundary=x")


@pytest.mark.parametrize("path", [*FORMS, *BUTTONS])
def test_nothing_is_done_without_the_token_of_ones_own_form(visitor, browser, count, path):
    before, fields = count(), FORMS.get(path, {})
    assert answered(visitor.post(path, fields, token=False)).status_code == 400
    for token in ("", "invented", "a.b.c", "\x00", "x" * 5000, browser().token()):
        assert answered(visitor.post(path, {**fields, "csrf_token": token}, token=False)).status_code == 400
    assert count() == before
    assert visitor.get("/profilo").status_code == 200


def test_other_methods_are_refused(visitor):
    for path in (*FORMS, *BUTTONS):
        for method in ("put", "patch", "delete", "trace"):
            act = getattr(visitor._client, method)
            response = visitor._send(lambda act=act, path=path: act(path))
            assert response.status_code == 405
            assert "POST" in response.headers["Allow"]


def test_buttons_do_nothing_when_their_address_is_opened(visitor):
    for path in (path for path in BUTTONS if not path.endswith("/x")):
        assert visitor.get(path).status_code == 405
    assert visitor.get("/profilo").status_code == 200


@pytest.mark.parametrize("id", ["0", "-1", "2147483648", "9223372036854775808", "1e3", "x", "1%00", "١"])
def test_ids_that_no_row_has(visitor, id):
    for path in ("profilo/organizzazioni/{}/lascia", "ufficio/ruoli/{}/revoca", "ufficio/organizzazioni/{}/verifica"):
        assert visitor.post(f"/{path.format(id)}").status_code == 404
