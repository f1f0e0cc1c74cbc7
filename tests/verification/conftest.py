"""Tax codes that nobody has, sheets of codes, and a ballot in which they are enough."""

from datetime import date

import pytest

from consult.accounts.models import AssuranceLevel, VerificationMethod
from consult.core import clock
from consult.processes.models import Audience
from consult.verification import codes, identifiers, taxcode
from consult.verification.models import CodePurpose
from consult.verification.services import Finding

BORN = date(1985, 12, 10)


def code_of(number, born=BORN):
    """A sound tax code of somebody made up, born on a day."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    six = "".join(letters[number // 26**place % 26] for place in range(6))
    first = f"{six}{born.year % 100:02}{'ABCDEHLMPRST'[born.month - 1]}{born.day:02}H501"
    return first + taxcode.check_character(first)


@pytest.fixture
def finding(make):
    """What a way of verifying finds about somebody of the town."""

    def build(code=None, method=VerificationMethod.DESK, **values):
        identifier = identifiers.of_tax_code(code) if code else None
        return Finding(**{"method": method, "level": AssuranceLevel.LOW, "municipality_id": make.town().id,
                          "identifier": identifier, **values})

    return build


@pytest.fixture
def sheet(make):
    """`sheet(3)`: codes of a sheet, for an assembly if nothing else is said."""

    def build(number=1, **values):
        return codes.make(values.pop("municipality", None) or make.town(), number=number, actor=None, **{
            "purpose": CodePurpose.ASSEMBLY, "expires_at": clock.now() + clock.timedelta(days=1), **values})

    return build


@pytest.fixture
def ballot(make):
    return make.ballot(options=2, maximum=1, codes_allowed=True, audience=Audience.VERIFIED)
