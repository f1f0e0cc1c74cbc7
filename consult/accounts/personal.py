"""What is held of a person, each class where it is kept; and what becomes of it when they leave.

A feature says in its `holdings` what of a person its tables hold:

    @personal_data("flags", title=_l("Your reports"), reason=_l("…"), kept=_l("…"), columns=(Flag.person_id,))
    def flags(person: Person) -> Rows:
        return [{"contribution": flag.contribution.code, "reason": flag.reason} for flag in …]

    @erased_with
    def forget_notes(event: PersonErased) -> None: …

A test asks that every column that leads to a person is named by some class.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from sqlalchemy.orm import InstrumentedAttribute

from consult.accounts.models import Person
from consult.core import events

Rows = Iterable[dict[str, Any]]
"""Each datum by its name; enumerations, instants, dates and texts of the staff as they are."""


@dataclass(frozen=True)
class Holding:
    """One class of data: what it is, why it is held, how long and what then, and the rows of a person."""

    code: str
    title: LazyString
    reason: LazyString
    kept: LazyString
    columns: tuple[InstrumentedAttribute[Any], ...]
    rows: Callable[[Person], Rows]
    position: int


@dataclass(frozen=True, kw_only=True)
class PersonErased(events.Event):
    """Everything that tells who somebody was goes now; `withdraw` where what they wrote goes with it.

    Recorded while the address can still be read, by which messages and invitations are found.
    """

    person_id: int
    withdraw: bool


_holdings: dict[str, Holding] = {}


def personal_data(code: str, *, title: LazyString, reason: LazyString, kept: LazyString,
                  columns: tuple[InstrumentedAttribute[Any], ...] = (),
                  position: int = 50) -> Callable[[Callable[[Person], Rows]], Callable[[Person], Rows]]:
    """Have a class of data shown to whoever it is about, and given to them with all else."""

    def keep(rows: Callable[[Person], Rows]) -> Callable[[Person], Rows]:
        _holdings[code] = Holding(code, title, reason, kept, columns, rows, position)
        return rows

    return keep


def erased_with(reaction: Callable[[PersonErased], None]) -> Callable[[PersonErased], None]:
    """Have a function called when somebody leaves, in the same transaction."""
    events.on(PersonErased)(reaction)
    return reaction


def holdings() -> list[Holding]:
    """Every class of data, those about the account first."""
    return sorted(_holdings.values(), key=lambda holding: (holding.position, holding.code))
