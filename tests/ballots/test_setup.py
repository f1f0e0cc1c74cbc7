"""The office sets up a ballot on one page, as without JavaScript."""

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.methods.registry import METHODS
from consult.voting import queries as voting
from consult.voting.models import Ballot, Secrecy
from tests.ballots.conftest import NEW, said
from tests.browser import text_of


def latest():
    return db.session.scalars(sa.select(Ballot).order_by(Ballot.id.desc())).first()


@pytest.mark.parametrize("method", METHODS)
def test_every_way_of_voting_can_be_set_up(desk, make, method):
    make.town()
    answer = desk.submit(NEW, said(make, method))
    assert answer.status_code == 303, text_of(answer)
    ballot = latest()
    assert answer.location == f"/ufficio/votazioni/{ballot.id}"
    titles = [str(option.title) for option in ballot.options if option.group != "merger"]
    assert titles == ["Un parco", "Una biblioteca", "Un ponte"]
    assert (ballot.method, ballot.published, ballot.secrecy) == (method, False, Secrecy.PSEUDONYMOUS)
    shown = text_of(desk.get(answer.location))
    assert ballot.seed in shown
    assert "da sistemare" not in shown
    assert desk.get(f"{answer.location}/anteprima").status_code == 200
    page = f"{answer.location}/prepara"
    before = (ballot.version, ballot.parameters, ballot.minimum, ballot.maximum, [o.code for o in ballot.options])
    assert desk.submit(page).status_code == 303
    db.session.refresh(ballot)
    assert before == (ballot.version, ballot.parameters, ballot.minimum, ballot.maximum,
                      [o.code for o in ballot.options])
    assert desk.submit(page, {"published": "y"}).status_code == 303
    assert db.session.get(Ballot, ballot.id).published
    assert desk.get(f"/votazioni/{ballot.id}").status_code == 200
