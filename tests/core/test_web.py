"""How a request is answered: reading never writes, an act is whole or not at all, and errors help."""

import json
import logging
import re

import pytest
import sqlalchemy as sa
from flask import abort, flash, redirect, request

from consult.accounts.models import Person, Role
from consult.core import events
from consult.core.db import db
from consult.core.web import HEADERS, local_path
from tests.browser import text_of
from tests.conftest import settings_for

CSP = HEADERS["Content-Security-Policy"]


@pytest.fixture
def bare_app(bare_app):
    """The application with pages that misbehave, as none of ours should."""

    def write():
        db.session.add(Person(display_name="Scritta", email=request.args.get("email")))
        db.session.flush()
        events.record(events.Event(actor_id=None))

    def on_get():
        write()
        return "written"

    def then_fail():
        write()
        raise RuntimeError("a secret detail of the inside")

    def then_refuse():
        write()
        abort(409)

    def then_go():
        write()
        return redirect("/", 303)

    def read_the_form():
        return "|".join(request.form.values())

    def wait():
        flash("Una frase che aspetta.")
        return redirect("/", 303)

    bare_app.add_url_rule("/prova/legge", "p_get", on_get)
    bare_app.add_url_rule("/prova/guasta", "p_fail", then_fail, methods=["POST"])
    bare_app.add_url_rule("/prova/rifiuta", "p_refuse", then_refuse, methods=["POST"])
    bare_app.add_url_rule("/prova/scrive", "p_go", then_go, methods=["POST"])
    bare_app.add_url_rule("/prova/modulo", "p_form", read_the_form, methods=["POST"])
    bare_app.add_url_rule("/prova/aspetta", "p_wait", wait, methods=["POST"])
    bare_app.add_url_rule("/prova/<int:id>", "p_id", lambda **values: str(values["id"]))
    bare_app.add_url_rule("/prova/rotta", "p_broken", lambda: 1 / 0)
    return bare_app


@pytest.fixture
def visitor(browser, make):
    make.authority()
    return browser()


def written():
    return db.session.scalar(sa.select(sa.func.count(Person.id)).where(Person.display_name == "Scritta"))


# reading and writing
@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_cannot_write(visitor, method):
    response = visitor._send(lambda: getattr(visitor._client, method)("/prova/legge"))
    assert response.status_code == 500
    assert written() == 0


def test_after_reading_the_same_connection_can_write_again(visitor):
    visitor.get("/prova/legge")
    assert visitor.post("/prova/scrive").status_code == 303
    assert written() == 1


def test_an_act_that_succeeds_is_kept(visitor):
    assert visitor.post("/prova/scrive").status_code == 303
    assert written() == 1


@pytest.mark.parametrize(("path", "status"), [("/prova/guasta", 500), ("/prova/rifiuta", 409)])
def test_an_act_that_fails_leaves_no_trace(visitor, path, status):
    assert visitor.post(path).status_code == status
    assert written() == 0


def test_an_act_that_the_database_refuses_leaves_no_trace_and_the_next_one_works(visitor, make):
    make.person(email="presa@example.org")
    assert visitor.post("/prova/scrive?email=presa@example.org").status_code == 500
    assert visitor.post("/prova/scrive?email=libera@example.org").status_code == 303
    assert written() == 1


def test_nothing_that_failed_is_queued(visitor, app):
    assert visitor.post("/prova/guasta").status_code == 500
    assert app.extensions["jobs"].run_waiting() == 0


# headers and cookies
@pytest.mark.parametrize(("path", "status"), [
    ("/", 200), ("/accedi", 200), ("/non-esiste", 404), ("/prova/rotta", 500), ("/esci", 405), ("/profilo", 303),
    ("/static/site.css", 200), ("/salute", 200),
])
def test_every_answer_carries_the_headers_of_safety(visitor, path, status):
    response = visitor.get(path)
    assert response.status_code == status
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers
    assert "Strict-Transport-Security" not in response.headers


def test_the_policy_of_content_allows_nothing_inline_and_no_other_host():
    assert "unsafe" not in CSP
    assert "http:" not in CSP
    assert "*" not in CSP
    for rule in ("default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
                 "form-action 'self'"):
        assert rule in CSP


def test_no_other_site_may_read_answers(visitor):
    response = visitor.get("/", headers={"Origin": "https://evil.example"})
    assert not [name for name, _value in response.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", ["/", "/non-esiste", "/percorsi/nessuno", "/posta-inviata", "/salute", "/ufficio/x"])
def test_whoever_only_reads_gets_no_cookie(visitor, path):
    assert "Set-Cookie" not in visitor.get(path).headers
    assert "Set-Cookie" not in visitor.get(path, headers={"Cookie": "altro=1"}).headers


def test_a_sentence_that_waits_is_shown_once(visitor):
    visitor.post("/prova/aspetta")
    assert "Una frase che aspetta." in text_of(visitor.get("/"))
    assert "Una frase che aspetta." not in text_of(visitor.get("/"))


def test_pages_of_whoever_has_signed_in_are_kept_nowhere(browser, make):
    make.authority()
    page = browser(make.person()).get("/")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in page.headers["Vary"]


class TestOverHttps:
    """An installation whose address begins with https, behind one proxy."""

    @pytest.fixture
    def settings(self, database_url, tmp_path):
        return settings_for(tmp_path, database_url, base_url="https://piano.example.org", proxies=1)

    def test_the_cookie_goes_over_https_to_this_host_only_and_the_browser_stays_there(self, browser, make):
        make.authority()
        response = browser().get("/accedi", headers={"X-Forwarded-Proto": "https"})
        cookie = response.headers["Set-Cookie"]
        assert cookie.startswith("__Host-consult=")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


# error pages
@pytest.mark.parametrize("path", ["/prova/rotta", "/prova/legge"])
def test_an_error_page_helps_and_tells_nothing_of_the_inside(visitor, path):
    response = visitor.get(path)
    page = text_of(response)
    assert response.status_code == 500
    assert "Qualcosa non ha funzionato da parte nostra" in page
    assert response.headers["X-Request-Id"] in page
    for inside in ("Traceback", "ZeroDivisionError", "sqlalchemy", "INSERT", ".py", "consult/"):
        assert inside not in page


def test_an_error_page_is_in_the_language_of_the_page(visitor):
    assert "Page not found" in text_of(visitor.get("/non-esiste?lingua=en"))
    assert "Seite nicht gefunden" in text_of(visitor.get("/non-esiste?lingua=de"))


def test_what_failed_can_be_found_in_the_log_by_its_code(visitor, caplog):
    with caplog.at_level(logging.INFO, "consult.requests"):
        code = visitor.get("/prova/rotta").headers["X-Request-Id"]
    failed = [record for record in caplog.records if record.exc_info and code in record.getMessage()]
    assert len(failed) == 1
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.getMessage().startswith("{")]
    assert [(line["status"], line["path"]) for line in lines if line["request"] == code] == [(500, "/prova/rotta")]


def test_the_log_holds_no_link_that_opens_an_account(visitor, caplog):
    secret = "s3greto" * 6
    with caplog.at_level(logging.INFO):
        for path in ("conferma", "reimposta"):
            visitor.get(f"/{path}/{secret}")
            visitor.post(f"/{path}/{secret}", {"password": "anche questa è segreta"})
    assert "/reimposta/\\u2026" in caplog.text
    assert secret not in caplog.text
    assert "anche questa" not in caplog.text


def test_a_method_that_is_not_allowed_says_which_are(visitor):
    response = visitor.get("/esci")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert "Qui non si può fare" in text_of(response)


# what a request may be
@pytest.mark.parametrize("id", ["2147483648", "9223372036854775808", "9" * 400, "-1", "1.0", "0x1", "١", "1%00"])
def test_an_id_that_no_row_can_have_is_unknown(visitor, id):
    assert visitor.get(f"/prova/{id}").status_code == 404
    assert visitor.get("/prova/2147483647").get_data(as_text=True) == "2147483647"


@pytest.mark.parametrize("path", ["/%00", "/percorsi/a%00b", "/?a=%00", "/?%00=a", "/accedi?next=%00"])
def test_nul_bytes_are_unknown(visitor, path):
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/%ff%fe", "/?a=%ff%fe%c0", "/?lingua=%ff", "/?" + "a=b&" * 3000, "/" + "a" * 60_000,
                                  "/?lingua=it&lingua=de", "/%2e%2e/%2e%2e/etc/passwd", "/?dopo=" + "%" * 300])
def test_odd_addresses_get_an_answer(visitor, path):
    assert visitor.get(path).status_code in (200, 303, 308, 404)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                          "text/plain", "application/json"])
def test_a_body_beyond_the_limit_is_refused_with_a_page(visitor, content_type):
    body = b"a=" + b"x" * (1024 * 1024 + 1)
    if content_type.startswith("multipart"):
        body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + body + b"\r\n--x--\r\n"
    response = visitor._send(lambda: visitor._client.post(
        "/prova/modulo", data=body, content_type=content_type, headers={"X-CSRFToken": "x"}))
    assert response.status_code in (400, 413)
    if content_type.startswith(("application/x", "multipart")):
        assert response.status_code == 413
        assert "Troppo grande" in text_of(response)


def test_a_form_of_a_thousand_parts_and_more_is_refused(visitor):
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    response = visitor._send(lambda: visitor._client.post(
        "/prova/modulo", data=part * 1001 + b"--x--\r\n", content_type="multipart/form-data; boundary=x"))
    assert response.status_code == 413


# forms that were open too long
def test_a_form_that_was_open_too_long_keeps_what_was_typed_but_no_password(visitor, make):
    token = visitor.token()
    fields = {"csrf_token": token, "title": "Una panchina", "body": "Riga uno\nriga <b>due</b>", "password": "segreta",
              "old_password": "più segreta"}
    visitor._client.delete_cookie("consult")
    response = visitor.post("/prova/modulo?di=7", fields)
    page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert "Il modulo era aperto da troppo tempo" in text_of(response)
    assert ">Una panchina</textarea>" in page
    assert "riga &lt;b&gt;due&lt;/b&gt;" in page
    assert "segreta" not in page
    assert 'action="/prova/modulo?di=7"' in page
    again = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    assert visitor.post("/prova/modulo?di=7", {**fields, "csrf_token": again}).status_code == 200


def test_a_form_sent_from_another_site_is_not_shown_again(visitor):
    response = visitor.post("/prova/modulo", {"title": "Di un altro sito"}, token=False,
                            headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 400
    assert "Di un altro sito" not in response.get_data(as_text=True)


def test_the_token_of_somebody_else_is_worth_nothing(visitor, browser, make):
    other = browser(make.person())
    response = visitor.post("/prova/scrive", {"csrf_token": other.token()})
    assert response.status_code == 400
    assert written() == 0


# who may
def test_a_refusal_says_why(browser, make):
    make.authority()
    response = browser(make.person()).get("/ufficio/ruoli")
    assert response.status_code == 403
    assert "È riservato al personale incaricato." in text_of(response)
    assert browser(make.person(Role.PLATFORM_ADMIN)).get("/ufficio/ruoli").status_code == 200


@pytest.mark.parametrize(("target", "path"), [
    ("/percorsi/a?b=c#d", "/percorsi/a?b=c#d"), ("", "/"), (None, "/"), ("http://localhost/profilo", "/profilo"),
    ("/proposte/1-perché", "/proposte/1-perché"), ("//evil.example", "/"), ("http://localhost//evil.example", "/"),
    ("http://evil.example/", "/"), ("/\\evil.example", "/"), ("/a\\b", "/"), ("/a\nb", "/"), ("profilo", "/"),
])
def test_only_paths_of_this_site_are_gone_to(app, target, path):
    with app.test_request_context("/", base_url="http://localhost"):
        assert local_path(target) == path


# the audit
def test_what_is_recorded_names_the_request(browser, make, app):
    make.authority()
    response = browser().submit("/accedi", {"email": "a@example.org", "password": "x"})
    kept = db.session.execute(sa.text("SELECT request_id FROM audit_entry")).scalars().all()
    assert kept == [response.headers["X-Request-Id"]]
