"""A passkey through the browser's own virtual authenticator: added, used at sign-in, refused when it is not there."""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import waitress
from playwright.sync_api import Browser, CDPSession, Page

from consult.accounts.models import Role
from consult.core import passwords
from consult.core.db import db
from consult.factory import create_app
from tests.conftest import settings_for
from tests.journeys.conftest import wrong_on

PASSWORD, EMAIL = "una panchina sotto il tiglio", "ufficio@example.org"


@dataclass
class Window:
    """A browser window with a security key in it, and what its console complained of."""

    page: Page
    keys: CDPSession
    key: str
    url: str
    complaints: list[str]

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sign_in(self) -> None:
        self.open("/accedi")
        self.page.fill("[name=email]", EMAIL)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form button")

    def sign_out(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("form[action='/esci'] button").first.click()

    def take_key_away(self) -> None:
        self.keys.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.key})


@pytest.fixture
def address(database_url: str, tmp_path: Any, make: Any) -> Iterator[str]:
    """A served installation where the staff owe a second factor, at a name for which browsers make passkeys."""
    make.authority()
    make.person(Role.PLAN_OFFICE, email=EMAIL, password_hash=passwords.hashed(PASSWORD))
    db.session.commit()
    db.session.remove()
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = int(probe.getsockname()[1])
    app = create_app(settings_for(tmp_path, database_url, second_factor="staff", host="localhost", port=port))
    server = waitress.create_server(app, host="localhost", port=port, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://localhost:{port}"
    server.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def window(address: str, chromium: Browser) -> Iterator[Window]:
    """Chromium with a virtual authenticator."""
    context = chromium.new_context(locale="it-IT")
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    keys = context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    made = keys.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}})
    yield Window(page, keys, made["authenticatorId"], address, complaints)
    context.close()


def test_the_staff_set_up_a_passkey_and_sign_in_with_it(window: Window) -> None:
    page = window.page
    window.sign_in()
    page.wait_for_url(re.compile(r"/profilo/secondo-passo"))
    page.get_by_role("link", name="Aggiungi una passkey").click()
    assert wrong_on(page) == []
    page.fill("[name=name]", "chiavetta blu")
    window.press("Aggiungi")
    page.wait_for_selector("h1:has-text('I tuoi codici di recupero')")
    assert page.locator(".recovery-codes li").count() == 10
    page.get_by_role("link", name="Li ho messi da parte: continua").click()
    page.wait_for_url(f"{window.url}/ufficio")
    window.sign_out()

    window.sign_in()
    page.wait_for_url(re.compile(r"/accedi/secondo-passo"))
    window.open("/ufficio")
    assert "/accedi" in page.url
    window.open("/accedi/secondo-passo?next=/ufficio")
    window.press("Usa una passkey")
    page.wait_for_url(f"{window.url}/ufficio")
    assert page.locator("h1").inner_text() == "Ufficio"
    assert window.complaints == []


def test_without_the_key_nobody_gets_in_and_a_sentence_says_what_to_do(window: Window) -> None:
    page = window.page
    window.sign_in()
    window.open("/profilo/secondo-passo/passkey")
    page.fill("[name=name]", "chiavetta blu")
    window.press("Aggiungi")
    code = page.locator(".recovery-codes code").first.inner_text()
    window.open("/profilo")
    window.sign_out()

    window.take_key_away()
    window.keys.send("WebAuthn.addVirtualAuthenticator", {"options": {"protocol": "ctap2", "transport": "usb"}})
    window.sign_in()
    page.wait_for_url(re.compile(r"/accedi/secondo-passo"))
    window.press("Usa una passkey")
    page.wait_for_selector("[data-said]:has-text('Non ha funzionato: il dispositivo non ha risposto.')")
    page.get_by_role("link", name="Usa un codice di recupero").click()
    page.fill("[name=code]", code)
    window.press("Accedi")
    page.wait_for_load_state()
    window.open("/ufficio")
    assert page.locator("h1").inner_text() == "Ufficio"
    assert window.complaints == []
