"""Whoever guesses at codes is stopped; an assembly room behind one address, in which many mistype them, is not."""

import pytest

from tests.browser import text_of
from tests.conftest import settings_for

HERE, THERE = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def settings(database_url, tmp_path):
    return settings_for(tmp_path, database_url, rate_limits=True)


def test_a_room_that_mistypes_goes_on_and_whoever_guesses_does_not(browser, sheet):
    [code] = sheet()
    visitor = browser()

    def bring(typed, where=HERE):
        return visitor.post("/codice", {"code": typed}, environ_overrides=where)

    for _ in range(100):
        assert bring("ABCD-EFGH-JKMN").status_code == 200
    assert bring(code).status_code == 303
    for _ in range(50):
        bring("ABCD-EFGH-JKMN")
    stopped = bring(code)
    assert stopped.status_code == 429
    assert "Troppi codici" in text_of(stopped)
    assert bring(code, THERE).status_code == 303
