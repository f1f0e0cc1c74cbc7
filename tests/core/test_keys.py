"""Keys outside the database: made once, readable by nobody else, gone for good when destroyed."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from consult.core import keys
from consult.core.config import Settings


@pytest.fixture
def folder(app: Flask, settings: Settings) -> Path:
    return settings.instance / "keys"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_made_when_first_asked_for_and_stays(folder):
    first = keys.secret_for(7)
    assert len(first) == 32
    assert keys.secret_for("7") == first
    assert (folder / "7.key").read_bytes() == first


def test_each_name_has_its_own_key(folder):
    assert keys.secret_for(1) != keys.secret_for(2)


def test_only_the_owner_reads_a_key_and_nobody_writes_it(folder):
    keys.secret_for(7)
    assert mode(folder / "7.key") == 0o400
    assert mode(folder) == 0o700


def test_a_folder_that_others_could_read_is_closed_to_them(folder):
    folder.mkdir()
    folder.chmod(0o755)
    keys.secret_for(7)
    assert mode(folder) == 0o700


def test_nothing_is_left_beside_the_keys(folder):
    keys.secret_for(7)
    assert [path.name for path in folder.iterdir()] == ["7.key"]


def test_whoever_asks_at_the_same_instant_gets_the_same_key(bare_app: Flask):
    together = Barrier(16)

    def ask(_: int) -> bytes:
        with bare_app.app_context():
            together.wait()
            return keys.secret_for(7)

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1


def test_a_destroyed_key_leaves_nothing(folder):
    before = keys.tag(7, "person:1")
    keys.destroy(7)
    assert not keys.exists(7)
    assert list(folder.iterdir()) == []
    assert keys.tag(7, "person:1") != before


def test_destroying_twice_or_what_never_was_is_no_error(folder):
    keys.destroy(7)
    keys.secret_for(7)
    keys.destroy(7)
    keys.destroy(7)
    assert not keys.exists(7)


def test_a_key_that_is_missing_though_there_are_tags_is_not_made_again(folder):
    with pytest.raises(keys.KeyLostError):
        keys.tag(7, "person:1", used=lambda: True)
    assert not keys.exists(7)
    tag = keys.tag(7, "person:1", used=lambda: False)
    assert keys.tag(7, "person:1", used=lambda: True) == tag


def test_a_tag_is_the_same_for_a_person_and_differs_between_people_and_names(folder):
    tag = keys.tag(7, "person:1")
    assert len(tag) == 32
    assert int(tag, 16) >= 0
    assert keys.tag(7, "person:1") == tag
    assert len({tag, keys.tag(7, "person:2"), keys.tag(8, "person:1")}) == 3


@pytest.mark.parametrize("name", ["", "../secret_key", "a/b", "a.b", "7\n", "A", "-7", "x" * 65, "\x00"])
def test_a_name_that_could_lead_elsewhere_is_refused(folder, name):
    with pytest.raises(ValueError, match="no name for a key"):
        keys.secret_for(name)
