"""Templates keep to the content security policy, mark nothing as safe, and can be compiled."""

import re
from pathlib import Path

import pytest

from consult.factory import create_app
from tests.conftest import settings_for

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PAGES = sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.*"))
FORBIDDEN = re.compile(
    r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=[\"']|<style|\|\s*safe\b|autoescape\s+false", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:src|href|action)=\"https?://", re.IGNORECASE)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """What makes templates, of an application that is asked for nothing else."""
    folder = tmp_path_factory.mktemp("templates")
    return create_app(settings_for(folder, f"sqlite:///{folder / 'consult.sqlite3'}")).jinja_env


@pytest.mark.parametrize("name", PAGES)
def test_a_template_compiles(environment, name):
    environment.get_template(name)


@pytest.mark.parametrize("name", [n for n in PAGES if n.endswith((".html", ".svg"))])
def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(name):
    text = (TEMPLATES / name).read_text()
    assert not FORBIDDEN.search(text), FORBIDDEN.search(text)
    assert not ELSEWHERE.search(text), ELSEWHERE.search(text)


@pytest.mark.parametrize("name", [n for n in PAGES if n.endswith(".html")])
def test_a_form_that_changes_something_has_its_token(name):
    text = (TEMPLATES / name).read_text()
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE):
        assert "csrf_token" in form or "hidden(" in form or "hidden_tag" in form, f"{name}: {form[:120]}"
