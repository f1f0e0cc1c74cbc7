"""Declaring papers void, for reasons that were fixed before anybody voted: in the log, for everybody to see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import events, keys
from consult.core.db import db
from consult.ledger import entries, queries, services
from consult.ledger.models import Ledger, Stage

TakeOut = Callable[[int, str], int | None]
_boxes: list[TakeOut] = []


def taken_out_by(take_out: TakeOut) -> None:
    """Name what takes the paper under a tag out of the box; it answers its number, None where there is none."""
    _boxes[:] = [take_out]


class RefusedError(ValueError):
    """A paper that cannot be declared void, with the sentence that says why."""

    def __init__(self, reason: LazyString) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class PaperVoided(events.Event):
    """A paper counts no more. Which one stands in the log."""

    activity_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class PaperLookedFor(events.Event):
    """Staff had the paper of a person looked for: who, and of whom, is kept whatever came of it."""

    activity_id: int
    person_id: int


def refusal(found: Ledger) -> LazyString | None:
    """Why nothing can be declared void in a ballot now; None where it can."""
    if found.stage is Stage.CLOSING:
        return _l("The ballot is being closed: please come back in a minute.")
    if found.secret and found.stage is Stage.CLOSED:
        return _l("The ballot was secret and has closed: no paper leads to anybody any more.")
    if found.keyless:
        return _l("The time for appeals is over: no paper leads to anybody any more.")
    return None


def void_tag(activity_id: int, tag: str, why: str, actor: Person) -> None:
    """Declare the paper under a tag void. Raises RefusedError; nothing is changed then."""
    found = db.session.get(Ledger, activity_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise RefusedError(_l("Nobody has voted in this ballot yet."))
    if reason := refusal(found):
        raise RefusedError(reason)
    if why not in queries.consultation(found)["void_reasons"]:
        raise RefusedError(_l("Choose one of the reasons that were fixed when the ballot opened."))
    sequence = next((take_out(activity_id, tag) for take_out in _boxes), None)
    if sequence is None:
        raise RefusedError(_l("No paper that counts lies in the box under this code."))
    services.remember(activity_id, tag, sequence=sequence, void=why)
    services.cast(activity_id, entries.void(activity_id, tag, why, entries.fresh_nonce()))
    events.record(PaperVoided(actor_id=actor.id, activity_id=activity_id, why=why))


def void_of(activity_id: int, person: Person, why: str, actor: Person) -> None:
    """Declare the paper of a person void, found with the key of the ballot. Raises RefusedError.

    That it was looked for is kept in the register, also where there is none.
    """
    events.record(PaperLookedFor(actor_id=actor.id, activity_id=activity_id, person_id=person.id))
    if not keys.exists(activity_id):
        raise RefusedError(_l("The key of this ballot is gone: no paper leads to anybody any more."))
    refused: Any = None
    for identity in person.identities:
        try:
            void_tag(activity_id, keys.tag(activity_id, identity), why, actor)
        except RefusedError as fault:
            refused = fault
        else:
            return
    raise refused or RefusedError(_l("No paper that counts lies in the box under this code."))
