"""Whoever brings a code takes part without an account, once wherever a code is enough; nobody knows who it is.

A code that is tied to an account later counts as an identifier of that account, so what was done with it is the
person's: no second vote is gained.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person, Tie, TiedCode, Verification
from consult.core import clock
from consult.core.db import alone, db, table
from consult.core.policy import Reason
from consult.core.statements import made_once
from consult.territory.models import Municipality
from consult.verification.models import CodeBatch, CodePurpose, OneTimeCode

WORTHLESS = _l("This code is not good: it has a typing mistake, or is none of ours. Check it on the paper, letter by "
               "letter.")
CANCELLED = _l("This code is not good any more: the office has cancelled its sheet. Ask the office for another one.")
TIED = _l("This code is tied to an account: sign in to that one to take part.")


@dataclass(frozen=True)
class Bond:
    """What a sheet of codes says of whoever brings one: read where the verifications of a person are."""

    tie: Tie
    municipality: Municipality

    @property
    def municipality_id(self) -> int:
        return self.municipality.id


class NotGoodError(ValueError):
    """A code with which nobody takes part any more, with the sentence that says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Bearer(AnonymousUserMixin):
    """A visitor with a good code: seen as a person by the rules of who takes part, and in nothing else."""

    id = None
    age_band = ""
    ids: tuple[int, ...] = ()
    organisations: tuple[Any, ...] = ()

    def __init__(self, code: OneTimeCode) -> None:
        batch = code.batch
        self.hash = code.hash
        self.holding = [Bond(batch.tie, batch.municipality)]
        self.identities = [f"identifier:{code.hash}"]
        self.in_assembly = batch.purpose is CodePurpose.ASSEMBLY
        self.activity_id = batch.activity_id
        """The one activity for which the code is, if it is for one."""
        self.opens = batch.opens
        self.verifies = batch.verifies

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
    code = found(hash)
    return Bearer(code) if code is not None and why_not(code) is None else None


def why_worthless(hash: str) -> Reason | None:
    """Why a code lets nobody take part; None for a good one."""
    code = found(hash)
    return WORTHLESS if code is None else why_not(code)


def found(hash: str) -> OneTimeCode | None:
    """The code with a hash, good or not, as it is now."""
    return db.session.scalar(
        sa.select(OneTimeCode).where(OneTimeCode.hash == hash)
        .options(joinedload(OneTimeCode.batch).joinedload(CodeBatch.municipality))
        .execution_options(populate_existing=True))


def why_not(code: OneTimeCode) -> Reason | None:
    """Why nobody takes part with a code without an account; None for a good one."""
    if code.batch.cancelled_at:
        return CANCELLED
    if too_old(code):
        return why_too_old(code)
    return TIED if code.used else None


def too_old(code: OneTimeCode) -> bool:
    """True once the last day of a code has passed."""
    return code.batch.expires_at <= clock.now()


def why_too_old(code: OneTimeCode) -> Reason:
    """Says when the last day was, and what can still be done with the code."""
    last = clock.local(code.batch.expires_at - timedelta(microseconds=1))
    return _l("This code is not good any more: its last day was %(day)s. If you took part with it, sign in and type it "
              "in your profile, under Residence, saying so: what you did then counts as yours.",
              day=format_date(last, "long"))


def bonds(person: Person, activity_id: int, process_id: int) -> list[Bond]:
    """What the codes tied to a person say of them where those codes may be used."""
    if not person.tied_codes:
        return []
    batches = db.session.scalars(
        sa.select(CodeBatch).join(OneTimeCode, OneTimeCode.batch_id == CodeBatch.id)
        .where(OneTimeCode.hash.in_([tied.hash for tied in person.tied_codes]))
        .options(joinedload(CodeBatch.municipality)).order_by(CodeBatch.id))
    return [Bond(batch.tie, batch.municipality) for batch in batches
            if not batch.verifies and batch.opens(activity_id, process_id)]


def hold(who: Any) -> None:
    """Let nobody take part in place of somebody, or tie a code to them, until the transaction ends.

    What stands for them is read anew, as somebody whom a clerk found in a register does by themselves. Raises
    NotGoodError where a code was tied, cancelled or too old meanwhile.
    """
    waited = hold_names(who.identities)
    if isinstance(who, Bearer):
        if reason := why_worthless(who.hash):
            raise NotGoodError(reason)
    elif isinstance(who, Person) and waited and _changed(who):
        db.session.expire(who, ["verifications", "tied_codes"])


def _changed(person: Person) -> bool:
    """Whether something else stands for a person than what was read of them."""
    known = {*(str(v.id) for v in person.verifications), *(tied.hash for tied in person.tied_codes)}
    return known != set(db.session.scalars(_standing_for(), {"person": person.id}))


@made_once
def _standing_for() -> Any:
    own, tied = table(Verification), table(TiedCode)
    return sa.union_all(
        sa.select(sa.cast(own.c.id, sa.String)).where(own.c.person_id == sa.bindparam("person")),
        sa.select(tied.c.hash).where(tied.c.person_id == sa.bindparam("person")))


def hold_names(identities: Iterable[str]) -> bool:
    """Hold what stands for somebody, always in the same order, so that no two wait for each other.

    Answers whether others may have written since this transaction began.
    """
    waited = [alone(name) for name in sorted(identities)]
    return any(waited)
