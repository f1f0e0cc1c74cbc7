"""What pages bring to the browser is small, marked by its content, kept for a year, and comes from here alone."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import render_template

from consult.core import assets

HOUSE = Path(__file__).resolve().parents[2]
STATIC = HOUSE / "consult" / "static"
MOST_SCRIPT, MOST_STYLE = 45_000, 60_000


@pytest.fixture
def shell(app):
    """The frame that every page has, as a visitor first meets it."""
    with app.test_request_context("/"):
        return html5lib.parse(render_template("base.html"), namespaceHTMLElements=False)


@pytest.fixture
def fetch(app):
    """Ask for a static file as a browser does; headers override."""
    client = app.test_client()
    return lambda address, **headers: client.get(address, headers={
        "Accept-Encoding": "gzip, deflate, br", **{name.replace("_", "-"): value for name, value in headers.items()}})


def addresses(page, tag, attribute, **wanted):
    return [element.get(attribute) for element in page.iter(tag)
            if element.get(attribute) and all(element.get(k) == v for k, v in wanted.items())]


def test_a_first_visit_brings_little(shell, fetch):
    styles = sum(len(fetch(a).get_data()) for a in addresses(shell, "link", "href", rel="stylesheet"))
    scripts = sum(len(fetch(a).get_data()) for a in addresses(shell, "script", "src"))
    assert 0 < styles <= MOST_STYLE
    assert 0 < scripts <= MOST_SCRIPT


def test_every_file_that_the_frame_names_is_there_and_marked(shell, fetch):
    named = addresses(shell, "script", "src") + addresses(shell, "link", "href")
    assert [a for a in named if fetch(a).status_code != 200] == []
    assert [a for a in named if "?v=" not in a] == []


def test_every_file_that_a_template_names_is_there():
    named = {
        name for path in (HOUSE / "templates").rglob("*.html")
        for name in re.findall(r"""asset\(["']([^"']+)["']\)""", path.read_text(encoding="utf-8"))
    }
    assert sorted(name for name in named if not (STATIC / name).is_file()) == []


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "sprites.svg").read_text(encoding="utf-8")))
    named = {
        name for path in (HOUSE / "templates").rglob("*.html")
        for name in re.findall(r"""icon\(["']([\w-]+)["']""", path.read_text(encoding="utf-8"))
    }
    assert sorted(named - drawn) == []


@pytest.mark.parametrize("name", ["vendor/vendor.css", "site.css"])
def test_styles_ask_no_other_host(name):
    asked = re.findall(r"""(?:url\(\s*["']?|@import\s+["'])([^"')]+)""", (STATIC / name).read_text(encoding="utf-8"))
    assert [a for a in asked if not a.startswith(("data:", "#")) and (urlsplit(a).netloc or urlsplit(a).scheme)] == []


@pytest.mark.parametrize("name", ["vendor/vendor.js", "site.js"])
def test_scripts_ask_no_other_host(name):
    text = (STATIC / name).read_text(encoding="utf-8")
    hosts = {urlsplit(address).netloc for address in re.findall(r"""https?://[^\s"'`)<>]+""", text)}
    assert hosts <= {"www.w3.org", "popper.js.org"}  # the names of XML namespaces, and a sentence in an error


def test_the_fonts_of_the_styles_have_the_addresses_that_pages_preload(shell, fetch):
    asked = re.findall(r"url\((fonts/[^)]+)\)", (STATIC / "vendor" / "vendor.css").read_text(encoding="utf-8"))
    preloaded = addresses(shell, "link", "href", rel="preload")
    assert preloaded
    assert {a.removeprefix("/static/vendor/") for a in preloaded} <= set(asked)
    assert {fetch(f"/static/vendor/{a}").headers["Cache-Control"] for a in asked} == {
        "public, max-age=31536000, immutable"}


def test_a_marked_file_is_kept_for_a_year_and_an_unmarked_one_for_minutes(shell, fetch):
    marked = addresses(shell, "link", "href", rel="stylesheet")[0]
    assert fetch(marked).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    plain, stale = marked.partition("?")[0], marked.partition("?")[0] + "?v=0123456789abcdef"
    assert fetch(plain).headers["Cache-Control"] == fetch(stale).headers["Cache-Control"] == "public, max-age=300"


def test_texts_are_packed_for_whoever_can_unpack(shell, fetch):
    address = addresses(shell, "script", "src")[0]
    packed, plain = fetch(address), fetch(address, Accept_Encoding="identity")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_an_unchanged_file_is_not_sent_again(shell, fetch):
    address = addresses(shell, "script", "src")[0]
    again = fetch(address, If_None_Match=fetch(address).headers["ETag"])
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_changed_file_has_another_address(app, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "FRESH_FOR", 0)
    app.static_folder = str(tmp_path)
    asset = app.jinja_env.globals["asset"]
    addresses = []
    for colour in ("red", "blue"):
        (tmp_path / "a.css").write_text(f"a {{ color: {colour} }}")
        with app.test_request_context("/"):
            addresses.append(asset("a.css"))
    assert addresses[0] != addresses[1]


def test_a_page_outlives_a_file_that_is_missing(app):
    with app.test_request_context("/"):
        assert app.jinja_env.globals["asset"]("nowhere.css") == "/static/nowhere.css"


@pytest.mark.parametrize("path", ["nowhere.css", "vendor", "../factory.py", "..%2ffactory.py", "%00", "a%00.css"])
def test_nothing_else_is_served(fetch, path):
    assert fetch(f"/static/{path}").status_code == 404


def test_no_file_brings_a_style_or_script_of_its_own_into_the_page(shell):
    assert not list(shell.iter("style"))
    assert [s for s in shell.iter("script") if s.text or not s.get("src")] == []
    assert [e for e in shell.iter() if "style" in e.attrib] == []
