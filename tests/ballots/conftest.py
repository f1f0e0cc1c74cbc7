"""The office at its desk, and a ballot as it is typed."""

from collections.abc import Callable
from typing import Any

import pytest

from consult.accounts.models import Role
from consult.core import clock
from consult.methods.interface import Form
from consult.methods.registry import METHODS
from tests.factories import DAY

NEW = "/ufficio/percorsi/prova/nuova-votazione"
TITLES = ("Un parco", "Una biblioteca", "Un ponte")


def typed(instant: Any) -> str:
    return str(clock.local(instant).strftime("%Y-%m-%dT%H:%M"))


def said(make: Any, method: str = "approval", **changes: Any) -> dict[str, Any]:
    """What the office types for a ballot of a way of voting, with three options."""
    fields = {"phase": str(make.phase().id), "title_it": "La votazione", "question_it": "Che cosa facciamo?",
              "intro_it": "Si sceglie insieme.", "method": method, "minimum": "1",
              "opens_at": typed(clock.now() + DAY), "closes_at": typed(clock.now() + 20 * DAY)}
    for at, title in enumerate(TITLES):
        fields |= {f"option{at}_title": title}
        if METHODS[method].needs_budget:
            fields |= {f"option{at}_cost": str(1000 * (at + 1))}
    if METHODS[method].needs_budget:
        fields["budget"] = "4000"
    if method == "greedy_threshold":
        fields["threshold"] = "2"
    if METHODS[method].form in (Form.STANCES, Form.CONSENT):
        fields["minimum"] = "0"
    return {**fields, **changes}


@pytest.fixture
def desk(browser: Callable[..., Any], make: Any) -> Any:
    """The plan office at its desk."""
    make.process()
    return browser(make.person(Role.PLAN_OFFICE))
