"""Where no account is needed, one network cannot fill in a questionnaire without end; accounts are not stopped."""

import pytest

from consult.core.config import Settings
from consult.processes.models import Audience
from consult.surveys import queries
from tests.conftest import settings_for
from tests.surveys.conftest import submissions

MOST = 30


@pytest.fixture
def settings(database_url, tmp_path) -> Settings:
    return settings_for(tmp_path, database_url, rate_limits=True)


def test_visitors_of_one_network_are_slowed_down_and_people_with_accounts_are_not(make, browser):
    survey, town = make.survey(audience=Audience.ANYONE), make.town()
    option = queries.questions(survey)[0].options[0]
    given = {f"q{option.question_id}": option.code, "municipality": str(town.id)}
    visitor, path = browser(), f"/questionari/{survey.id}/compila"
    faulty = [visitor.post(path, {**given, "municipality": "x"}).status_code for _ in range(3)]
    assert faulty == [200] * 3
    sent = [visitor.post(path, given).status_code for _ in range(MOST + 1)]
    assert sent == [303] * MOST + [429]
    assert browser(make.person()).post(path, given).status_code == 303
    assert len(submissions()) == MOST + 1
