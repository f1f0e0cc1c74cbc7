"""Calls that ask for something."""

import pytest

from consult.core.db import db
from consult.core.languages import Localized
from consult.proposals import calls
from consult.proposals.calls import FieldWording
from consult.proposals.models import FieldKind


@pytest.fixture
def ask(make):
    """`ask(call, FieldKind.NUMBER, "Quanti?")`: an own field of a call."""
    officer = []

    def add(call, kind=FieldKind.SHORT_TEXT, label="Chi ne ha bisogno?", *, required=False, options=()):
        officer.extend([] if officer else [make.person()])
        return calls.add_field(call, officer[0], FieldWording(
            kind=kind, label=Localized.of(label), help=Localized.of("Un aiuto."), required=required,
            options=[Localized.of(option) for option in options]))

    return add


@pytest.fixture
def categories(make):
    """`categories(call, "Un luogo", "Un servizio")`."""

    def name(call, *names):
        calls.set_categories(call, make.person(), [Localized.of(one) for one in names])
        db.session.flush()
        return list(call.categories)

    return name
