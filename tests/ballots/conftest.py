"""The office at its desk, and a ballot as it is typed."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core import clock
from consult.core.db import db
from consult.methods.interface import Form
from consult.methods.registry import METHODS
from consult.voting import queries as voting
from consult.voting.models import Ballot
from tests.browser import text_of
from tests.factories import DAY

NEW = "/ufficio/percorsi/prova/nuova-votazione"
TITLES = ("Un parco", "Una biblioteca", "Un ponte")


def typed(instant: Any) -> str:
    return str(clock.local(instant).strftime("%Y-%m-%dT%H:%M"))


def said(make: Any, way: str = "approval", **changes: Any) -> dict[str, Any]:
    """What the office sends for a ballot of a way of voting, with three options."""
    fields = {"phase": str(make.phase().id), "title_it": "La votazione", "question_it": "Che cosa facciamo?",
              "intro_it": "Si sceglie insieme.", "method": way, "minimum": "1", "audience": "verified",
              "secrecy": "pseudonymous", "results_visible": "after_close", "engagement_level": "consultation",
              "completion": "none", "paper_budget": "y", "skip": "y", "shuffled": "y", "lowest": "0", "highest": "10",
              "points": "10", "most_objections": "0",
              "opens_at": typed(clock.now() + DAY), "closes_at": typed(clock.now() + 20 * DAY)}
    for at, title in enumerate(TITLES):
        fields |= {f"option{at}_title": title}
        if METHODS[way].needs_budget:
            fields |= {f"option{at}_cost": str(1000 * (at + 1))}
    if METHODS[way].needs_budget:
        fields["budget"] = "4000"
    if way == "greedy_threshold":
        fields["threshold"] = "2"
    if METHODS[way].form in (Form.STANCES, Form.CONSENT):
        fields["minimum"] = "0"
    return {**fields, **changes}


def latest() -> Ballot:
    found = voting.ballot(db.session.scalar(sa.select(sa.func.max(Ballot.id))) or 0)
    assert found is not None
    return found


def prepared(desk: Any, make: Any, way: str = "approval", **changes: Any) -> Ballot:
    """A ballot as the office has sent it in."""
    answer = desk.post(NEW, said(make, way, **changes))
    assert answer.status_code == 303, text_of(answer)
    return latest()


@pytest.fixture
def desk(browser: Callable[..., Any], make: Any) -> Any:
    """The plan office at its desk."""
    make.process()
    return browser(make.person(Role.PLAN_OFFICE))
