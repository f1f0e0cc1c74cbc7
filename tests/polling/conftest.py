"""A ranked ballot with a box, clerks, and residents whom the register knows."""

import pytest

from consult.accounts.models import Role
from consult.core.db import db
from consult.polling import services
from consult.verification import identifiers, presence, registers
from tests.verification.conftest import BORN, code_of


@pytest.fixture
def clerks(make):
    return make.person(Role.DESK_OPERATOR), make.person(Role.DESK_OPERATOR)


@pytest.fixture
def ballot(make):
    return make.ballot(method="schulze", minimum=1, maximum=3, codes_allowed=True)


@pytest.fixture
def box(make, ballot, clerks):
    return services.open_box(ballot, clerks[0], number=1, municipality=make.town(), place="Scuola", twice=True)


@pytest.fixture
def resident(make):
    """`resident(3)`: the third of those whom the register of the town knows."""
    registers.bring([identifiers.of_resident(code_of(number), BORN) for number in range(40)], make.town(), actor=None)
    db.session.commit()
    return lambda number: presence.in_register(code_of(number), BORN)
