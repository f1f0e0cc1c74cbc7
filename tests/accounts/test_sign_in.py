"""Signing in and out: who gets in, how, and what the browser keeps."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from consult.accounts import services
from consult.accounts.models import BrowserSession, Role
from consult.audit.models import AuditEntry
from consult.core import clock, passwords
from consult.core.db import db
from tests.browser import text_of
from tests.conftest import settings_for

PASSWORD = "una panchina sotto il tiglio"
WRONG = "L’indirizzo e-mail o la password non è corretto."
UNCONFIRMED = "Il tuo indirizzo non è ancora confermato."


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(email="cittadina@example.org", password_hash=passwords.hashed(PASSWORD))


def sign_in(visitor, email="cittadina@example.org", password=PASSWORD, path="/accedi"):
    return visitor.submit(path, {"email": email, "password": password}, action="/accedi")


def kept(visitor):
    """What the cookie of a browser holds."""
    def look():
        with visitor._client.session_transaction() as session:
            return dict(session)

    return visitor._apart(look)


def recorded():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


def test_whoever_knows_the_password_is_signed_in_and_sent_back(browser, citizen):
    visitor = browser()
    response = sign_in(visitor, email=" Cittadina@Example.ORG ", path="/accedi?next=/profilo%3Fa%3D1")
    assert (response.status_code, response.location) == (303, "/profilo?a=1")
    assert citizen.display_name in text_of(visitor.get("/profilo"))
    assert recorded() == ["SignedIn"]


def test_the_cookie_holds_the_name_of_the_session_and_nothing_about_the_person(browser, citizen):
    visitor = browser()
    response = sign_in(visitor)
    assert set(kept(visitor)) <= {"sid", "csrf_token", "language"}
    cookie = response.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    session = db.session.scalars(sa.select(BrowserSession)).one()
    assert session.token_hash == services.hashed(kept(visitor)["sid"]) != kept(visitor)["sid"]


def test_signing_in_gives_a_new_session_and_a_new_form_token(browser, citizen):
    visitor = browser()
    visitor.get("/accedi")
    before = kept(visitor)["csrf_token"]
    sign_in(visitor)
    first = kept(visitor)["sid"]
    assert before != kept(visitor).get("csrf_token")
    sign_in_again = visitor.post("/accedi", {"email": citizen.email, "password": PASSWORD})
    assert sign_in_again.status_code == 303
    assert kept(visitor)["sid"] != first
    assert services.who(first) is None


@pytest.mark.parametrize(("email", "password"), [
    ("cittadina@example.org", "una panchina sotto il salice"),
    ("nessuno@example.org", PASSWORD),
    ("non un indirizzo", PASSWORD),
])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browser, citizen, email, password):
    visitor = browser()
    response = sign_in(visitor, email, password)
    assert response.status_code == 200
    assert WRONG in text_of(response)
    assert "sid" not in kept(visitor)
    assert f'value="{email}"' in response.get_data(as_text=True)
    assert password not in response.get_data(as_text=True)
    assert recorded() == ["SignInFailed"]


def test_a_failure_is_recorded_without_the_address(browser, citizen):
    sign_in(browser(), password="sbagliata del tutto")
    sign_in(browser(), email="nessuno@example.org")
    facts = db.session.scalars(sa.select(AuditEntry.facts).order_by(AuditEntry.id)).all()
    assert facts == [{"person_id": citizen.id}, {"person_id": None}]


def test_an_unconfirmed_account_is_told_so_only_with_its_password(browser, citizen):
    citizen.confirmed_at = None
    right = sign_in(browser())
    assert UNCONFIRMED in text_of(right)
    assert 'href="/conferma"' in right.get_data(as_text=True)
    wrong = text_of(sign_in(browser(), password="tutt'altra password"))
    assert WRONG in wrong
    assert UNCONFIRMED not in wrong


def test_a_closed_account_is_as_unknown(browser, citizen):
    services.close(citizen, actor=None)
    assert WRONG in text_of(sign_in(browser()))


def test_closing_an_account_ends_its_sessions(browser, citizen):
    visitor = browser(citizen)
    assert visitor.get("/profilo").status_code == 200
    services.close(citizen, actor=None)
    assert visitor.get("/profilo").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(BrowserSession.id))) == 0


def test_a_cookie_copied_before_signing_out_no_longer_works(browser, citizen):
    visitor, thief = browser(), browser()
    sign_in(visitor)
    thief._client.set_cookie("consult", visitor._client.get_cookie("consult").value)
    assert thief.get("/profilo").status_code == 200
    response = visitor.submit("/profilo", action="/esci")
    assert (response.status_code, response.location) == (303, "/")
    assert visitor.get("/profilo").status_code == 303
    assert thief.get("/profilo").status_code == 303


def test_signing_out_leaves_nothing_but_the_language(browser, citizen):
    visitor = browser(citizen)
    visitor.get("/?lingua=de")
    visitor.submit("/profilo", action="/esci")
    assert "abgemeldet" in text_of(visitor.get("/"))
    assert set(kept(visitor)) <= {"language", "csrf_token"}


def test_signing_out_without_having_signed_in_does_no_harm(browser, citizen):
    assert browser().post("/esci").status_code == 303


@pytest.mark.parametrize(("roles", "lasts"), [((), timedelta(days=7)), ((Role.MODERATOR,), timedelta(hours=12))])
def test_sessions_end_by_themselves_sooner_for_staff(browser, make, roles, lasts):
    make.authority()
    visitor = browser(make.person(*roles))
    with clock.at(clock.now() + lasts - timedelta(minutes=1)):
        assert visitor.get("/profilo").status_code == 200
    with clock.at(clock.now() + lasts + timedelta(minutes=1)):
        assert visitor.get("/profilo").status_code == 303


def test_a_hash_made_with_other_parameters_is_made_anew(browser, citizen):
    old = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(PASSWORD)
    citizen.password_hash = old
    assert sign_in(browser()).status_code == 303
    assert citizen.password_hash != old
    assert citizen.password_hash.startswith("$argon2id$")
    assert not passwords.outdated(citizen.password_hash)
    fresh = citizen.password_hash
    assert sign_in(browser()).status_code == 303
    assert citizen.password_hash == fresh


def test_accented_letters_are_the_same_however_the_keyboard_composed_them(browser, citizen):
    citizen.password_hash = passwords.hashed("perch\u00e9 no, ma s\u00ec davvero")
    assert sign_in(browser(), password="perche\u0301 no, ma si\u0300 davvero").status_code == 303


def test_the_password_of_the_demonstration_opens_nothing_outside_it(browser, citizen):
    citizen.password_hash = passwords.hashed(services.DEMO_PASSWORD)
    assert WRONG in text_of(sign_in(browser(), password=services.DEMO_PASSWORD))


def test_an_account_without_a_password_lets_nobody_in(browser, citizen):
    citizen.password_hash = None
    assert WRONG in text_of(sign_in(browser(), password="nobody's password"))


def test_whoever_is_refused_signs_in_and_comes_back(browser, citizen):
    visitor = browser()
    refused = visitor.get("/profilo/password?a=b")
    assert (refused.status_code, refused.location) == (303, "/accedi?next=/profilo/password?a%3Db")
    page = visitor.get(refused.location)
    assert "Per farlo, accedi." in text_of(page)
    assert sign_in(visitor, path=refused.location).location == "/profilo/password?a=b"


def test_a_form_sent_by_whoever_is_not_signed_in_leads_back_to_its_page(browser, citizen):
    visitor = browser()
    response = visitor.post("/profilo", {"display_name": "X"}, headers={"Referer": "http://localhost/profilo"})
    assert (response.status_code, response.location) == (303, "/accedi?next=/profilo")


def test_whoever_is_signed_in_is_sent_on(browser, citizen):
    response = browser(citizen).get("/accedi?next=/profilo")
    assert (response.status_code, response.location) == (303, "/profilo")


def test_the_browser_is_told_apart_by_two_words_only(browser, citizen):
    agent = "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 Chrome/140.0.1.2 Mobile Safari/537.36"
    visitor = browser()
    token = visitor.token()
    visitor.post("/accedi", {"email": citizen.email, "password": PASSWORD, "csrf_token": token},
                 headers={"User-Agent": agent})
    assert db.session.scalars(sa.select(BrowserSession.browser)).one() == "Chrome, Android"


EXTERNAL = [
    "https://evil.example", "http://evil.example", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "//\\evil.example",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "HTTPS://evil.example", "ftp://evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
    "mailto:x@evil.example", " //evil.example", "\t//evil.example", "/\t/evil.example", "/\n/evil.example",
    "/\r\n/evil.example", "\u0000//evil.example", "/\u0000/evil.example", "http://localhost@evil.example",
    "http://localhost.evil.example/", "http://localhost:80@evil.example/", "http://localhost//evil.example",
    "http://localhost/\\evil.example", "//localhost@evil.example", "\u2044/evil.example", "／／evil.example",
    "evil.example", "?next=//evil.example", "#//evil.example", "//evil.example/%2f..", "/\u00a0/evil.example",
    "/\u2028/evil.example", "http:\\\\evil.example", ".evil.example", "@evil.example", "///\\;@evil.example",
]


def test_no_spelling_of_another_site_is_followed(browser, citizen):
    visitor = browser()
    for target in EXTERNAL:
        response = visitor.post("/accedi", {"email": citizen.email, "password": PASSWORD, "next": target})
        assert (response.status_code, response.location) == (303, "/"), target


def test_nor_when_it_is_in_the_address(browser, citizen):
    visitor = browser(citizen)
    for target in EXTERNAL:
        response = visitor.get("/accedi", query_string={"next": target})
        assert response.status_code in (303, 404)
        assert response.headers.get("Location", "/") == "/", target


class TestInTheDemonstration:
    """Where everybody knows the password, on purpose."""

    @pytest.fixture
    def settings(self, database_url, tmp_path):
        return settings_for(tmp_path, database_url, demo=True)

    def test_its_password_opens_its_accounts(self, browser, citizen):
        citizen.password_hash = passwords.hashed(services.DEMO_PASSWORD)
        assert sign_in(browser(), password=services.DEMO_PASSWORD).status_code == 303
