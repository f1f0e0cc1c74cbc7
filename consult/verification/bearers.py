"""Whoever brings a code takes part without an account, once wherever a code is enough; nobody knows who it is.

A code that is tied to an account later counts as an identifier of that account, so what was done with it is the
person's: no second vote is gained.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin
from sqlalchemy.orm import joinedload

from consult.accounts.models import Tie
from consult.core import clock
from consult.core.db import db
from consult.core.policy import Reason
from consult.territory.models import Municipality
from consult.verification.models import CodeBatch, CodePurpose, OneTimeCode

WORTHLESS = _l("This code is not good: it was used already, is too old, or has a typing mistake. Check it; each code "
               "is good once.")
TIED = _l("This code is tied to an account: sign in to that one to take part.")


@dataclass(frozen=True)
class Bond:
    """What a sheet of codes says of whoever brings one: read where the verifications of a person are."""

    tie: Tie
    municipality: Municipality

    @property
    def municipality_id(self) -> int:
        return self.municipality.id


class Bearer(AnonymousUserMixin):
    """A visitor with a good code: seen as a person by the rules of who takes part, and in nothing else."""

    id = None
    age_band = ""
    ids: tuple[int, ...] = ()
    organisations: tuple[Any, ...] = ()

    def __init__(self, code: OneTimeCode) -> None:
        batch = code.batch
        self.holding = [Bond(batch.tie, batch.municipality)]
        self.identities = [f"identifier:{code.hash}"]
        self.in_assembly = batch.purpose is CodePurpose.ASSEMBLY

    @property
    def municipality(self) -> Municipality:
        """The municipality whose sheet the code is from."""
        return self.holding[0].municipality

    @property
    def verified(self) -> bool:
        return self.holding[0].tie is Tie.RESIDES

    @property
    def residence_id(self) -> int | None:
        """The municipality that the bearer counts for: none where the sheet is for who works or studies there."""
        return self.municipality.id if self.verified else None

    def get_id(self) -> str:
        """What limits count by: the code, which no page and no log shows."""
        return self.identities[0]


def bearer(hash: str) -> Bearer | None:
    """Who brings the code with a hash, while it is good."""
    code = _code(hash)
    return Bearer(code) if code is not None and _why_not(code) is None else None


def why_worthless(hash: str) -> Reason | None:
    """Why a code lets nobody take part; None for a good one."""
    code = _code(hash)
    return WORTHLESS if code is None else _why_not(code)


def _code(hash: str) -> OneTimeCode | None:
    return db.session.scalar(sa.select(OneTimeCode).where(OneTimeCode.hash == hash).options(
        joinedload(OneTimeCode.batch).joinedload(CodeBatch.municipality)))


def _why_not(code: OneTimeCode) -> Reason | None:
    if code.batch.cancelled_at or code.batch.expires_at <= clock.now():
        return WORTHLESS
    return TIED if code.used else None
