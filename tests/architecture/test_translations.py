"""Everything the interface says is said in Italian, English, German and French."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

HOUSE = Path(__file__).resolve().parents[2]
LANGUAGES = ("it", "en", "de", "fr")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Every message in the code and the templates, as it is now."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg",
                    "-k", "_l", "-k", "_n:1,2", "-o", str(target), "."], cwd=HOUSE, check=True)
    with target.open("rb") as file:
        return {_key(message.id) for message in read_po(file) if message.id}


def catalogue(language):
    with (HOUSE / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {_key(message.id): message for message in read_po(file, locale=language) if message.id}


def _key(id):
    return id[0] if isinstance(id, list | tuple) else id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(said, language):
    known = catalogue(language)
    missing = sorted(id for id in said if id not in known or not _whole(known[id]))
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_and_nothing_is_left_over(said, language):
    known = catalogue(language)
    assert [id for id, message in known.items() if message.fuzzy] == []
    assert sorted(set(known) - said) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_match(language):
    for id, message in catalogue(language).items():
        strings = message.string if isinstance(message.string, list | tuple) else [message.string]
        for string in strings:
            wanted = set(PLACEHOLDER.findall(id if isinstance(id, str) else id[0]))
            found = set(PLACEHOLDER.findall(string))
            assert found == wanted or (len(strings) > 1 and found <= wanted | {"num"}), (language, id)


def _whole(message):
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)
