"""A real server on a real port, a real mail server, and Chromium in front of them."""

import contextlib
import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import waitress
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, sync_playwright

from consult.core import clock, jobs
from consult.core.db import db
from consult.demo import services as demo
from consult.factory import create_app
from tests.conftest import settings_for
from tests.postgresql import Cluster, free_port

HOUSE = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
AXE = HOUSE / "node_modules" / "axe-core" / "axe.min.js"
ASK_AXE = """rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})
                        .then(found => found.violations)"""
"""All rules are asked; of what is right axe does not write down where it stands, which takes most of its time."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

BOTH_WAYS = pytest.mark.parametrize(
    ("width", "scripts"), [(1280, True), (375, False)], ids=["desk", "phone, no scripts"])
"""Walks that everybody must be able to go."""


class Letterbox(Message):
    """Keeps the mail that the application really sent over SMTP."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)

    def to(self, address: str) -> list[str]:
        """The texts of the letters to an address, oldest first."""
        return [letter.get_payload(decode=True).decode() for letter in self.letters if letter["To"] == address]


@dataclass
class Site:
    """The running application."""

    app: Flask
    url: str
    letters: Letterbox
    elsewhere: tuple[str, ...] = ()
    """Other places that its pages may lead to."""

    def work(self) -> None:
        """Let what is queued and what is due this minute happen now."""
        queue = jobs.queue(self.app)
        queue.run_schedule()
        queue.run_waiting()

    @contextlib.contextmanager
    def later(self, by: timedelta) -> Iterator[None]:
        """Move the clock of the whole site."""
        clock.shift(by)
        try:
            yield
        finally:
            clock.shift(timedelta())


@pytest.fixture(scope="session")
def demonstration(cluster: Cluster | None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An instance that holds the demonstration: its folder, and its database or the name of a template."""
    folder = tmp_path_factory.mktemp("demonstration")
    url = cluster.create("demonstration") if cluster else f"sqlite:///{folder / 'consult.sqlite3'}"
    app = create_app(settings_for(folder, url, demo=True))
    with app.app_context():
        flask_migrate.upgrade()
        demo.load()
        db.session.commit()
        db.engine.dispose()
    return folder, url


@contextlib.contextmanager
def serving(cluster: Cluster | None, demonstration: tuple[Path, str], folder: Path, **changes: Any) -> Iterator[Site]:
    """A copy of the demonstration, served, with a mail server of its own, and settings of its own where named."""
    shutil.copytree(demonstration[0], folder, dirs_exist_ok=True)
    if cluster:
        url = cluster.create(f"site{cluster.next_number()}", template="demonstration")
    else:
        url = f"sqlite:///{folder / 'consult.sqlite3'}"
    letterbox = Letterbox()
    sink = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    sink.start()
    port = free_port()
    app = create_app(settings_for(folder, url, **{"demo": True, "host": "127.0.0.1", "port": port,
                                                  "mail_url": f"smtp://127.0.0.1:{sink.port}", **changes}))
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=6)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    site = Site(app, f"http://127.0.0.1:{port}", letterbox)
    site.work()
    yield site
    server.close()
    server.task_dispatcher.shutdown()
    sink.stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def site(cluster: Cluster | None, demonstration: tuple[Path, str],
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, served; each module of journeys has its own."""
    with serving(cluster, demonstration, tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def alone(cluster: Cluster | None, demonstration: tuple[Path, str], tmp_path: Path) -> Iterator[Site]:
    """The same for one walk, where what is done can be done only once: to be answered as the `site` of a module."""
    with serving(cluster, demonstration, tmp_path / "site") as running:
        yield running


def settling(act: Callable[..., None]) -> Callable[..., None]:
    """A click that returns once the page it leads to is all there; Playwright's returns when that page begins.

    What looks at the page at once, without waiting for anything on it, would now and then see half of it.
    """

    @functools.wraps(act)
    def click(where: Page | Locator, *args: Any, **options: Any) -> None:
        act(where, *args, **options)
        page = where if isinstance(where, Page) else where.page
        page.wait_for_load_state("domcontentloaded")

    return click


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        for kind in (Page, Locator):
            patch.setattr(kind, "click", settling(kind.click))
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--disable-background-networking", "--disable-gpu"])
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A person at a browser of a given width; what the console or the policy complains of fails the test."""

    page: Page
    site: Site
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page."""
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, email: str, password: str = demo.PASSWORD) -> None:
        """Sign in through the form."""
        self.open("/accedi")
        self.page.fill("[name=email]", email)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("main form button")

    def press(self, name: str) -> Page:
        """Press the button of a name, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()
        return self.page

    def says(self, text: str) -> bool:
        """Whether the page shows a text, however it is broken into lines."""
        return text in " ".join(self.page.locator("main").inner_text().replace("’", "'").split())

    def axe(self) -> list[str]:
        """What axe finds wrong on the page, each with where."""
        assert self.scripts, "axe waits for timers, which never come where scripts are off: it would hang for ever"
        return wrong_on(self.page)


def wrong_on(page: Page) -> list[str]:
    """What axe finds wrong on a page, each with where."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(ASK_AXE, RULES)
    return [f"{v['id']}: {v['help']} at {v['nodes'][0]['target']}" for v in found]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """`visit(width=375, scripts=False)`: a new browser window, closed at the end; its console must stay silent."""
    windows: list[tuple[BrowserContext, Visitor]] = []

    def start(width: int = 1280, *, scripts: bool = True) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts,
                                       locale="it-IT")
        page = context.new_page()
        visitor = Visitor(page, site, scripts)

        def heard(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and "status of 4" not in message.text:
                visitor.complaints.append(f"{page.url}: {message.text}")

        page.on("console", heard)
        page.on("pageerror", lambda error: visitor.complaints.append(f"{page.url}: {error}"))
        page.on("request", lambda request: visitor.complaints.append(f"asked {request.url}")
                if not request.url.startswith((site.url, "data:", "blob:", *site.elsewhere)) else None)
        windows.append((context, visitor))
        return visitor

    yield start
    complaints = [complaint for _context, visitor in windows for complaint in visitor.complaints]
    for context, _visitor in windows:
        context.close()
    assert complaints == []
