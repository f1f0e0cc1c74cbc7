"""What is said of an activity agrees with what the activity is called."""

import pytest
from flask_babel import force_locale

from consult.processes import words
from consult.processes.models import Standing


@pytest.mark.parametrize(("language", "kind", "said"), [
    ("it", "survey", ["Aperto ora", "Concluso"]), ("it", "ballot", ["Aperta ora", "Conclusa"]),
    ("it", "discussion", ["Aperta ora", "Conclusa"]), ("fr", "ballot", ["Ouvert", "Clos"]),
    ("fr", "conversation", ["Ouverte", "Close"]), ("en", "survey", ["Open now", "Closed"])])
def test_open_and_closed_agree_in_gender(app, language, kind, said):
    with app.test_request_context(), force_locale(language):
        assert [str(words.standing(one, kind)) for one in (Standing.OPEN, Standing.CLOSED)] == said
