"""The register of residents as hashes: made offline by the registry office, brought in, and asked by residents."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TextIO

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import AssuranceLevel, Person, Verification, VerificationMethod
from consult.core import clock, events
from consult.core.db import db, insert
from consult.territory.models import Municipality
from consult.verification import ages, identifiers, queries, taxcode
from consult.verification.models import RegisterEntry
from consult.verification.services import Finding, VerificationError, verify

HEADING = "hash"
_CODES = ("codice_fiscale", "codicefiscale", "cf", "fiscal_number", "tax_code")
_BIRTHS = ("data_nascita", "data_di_nascita", "nascita", "birth_date", "birthdate")
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_HASH = re.compile(r"[0-9a-f]{64}")
_CHUNK = 500


class RegisterError(ValueError):
    """A file that is no register."""


@dataclass(frozen=True, kw_only=True)
class RegisterImported(events.Event):
    municipality_id: int
    added: int
    removed: int


@dataclass
class Outcome:
    """What became of a file: how many lines, and the number and reason of each that was refused."""

    good: int = 0
    added: int = 0
    removed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def hashed(source: TextIO, key: bytes) -> tuple[list[str], Outcome]:
    """The hashes of a list with tax codes and days of birth, sorted so that their order tells nothing.

    Raises RegisterError where a column is missing. Nothing of a line that is refused appears in its reason.
    """
    outcome, hashes = Outcome(), set()
    for number, code, birth in _residents(source):
        born = day(birth)
        reason = _fault(code, born)
        if reason is None and born is not None:
            hash = identifiers.of_resident(code, born, key)
            reason = "is there twice" if hash in hashes else None
            hashes.add(hash)
        if reason:
            outcome.refused.append((number, reason))
        else:
            outcome.good += 1
    return sorted(hashes), outcome


def _residents(source: TextIO) -> Iterator[tuple[int, str, str]]:
    first = source.readline()
    separator = ";" if first.count(";") >= first.count(",") else ","
    names = [name.strip().strip('"').casefold().replace(" ", "_") for name in first.lstrip("\ufeff").split(separator)]
    code, birth = (next((names.index(name) for name in known if name in names), None) for known in (_CODES, _BIRTHS))
    if code is None or birth is None:
        raise RegisterError("The first line must name the columns, among them codice_fiscale and data_nascita.")
    for number, row in enumerate(csv.reader(source, delimiter=separator), 2):
        if any(cell.strip() for cell in row):
            cells = [*row, *[""] * len(names)]
            yield number, taxcode.tidy(cells[code]), cells[birth].strip()


def day(text: str) -> date | None:
    """A day as registers and people write it."""
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day of birth has no time zone
        except ValueError:
            continue
    return None


def _fault(code: str, born: date | None) -> str | None:
    if not taxcode.sound(code):
        return "the tax code is not right"
    if born is None or not date(1900, 1, 1) <= born <= clock.today():
        return "the day of birth is not right"
    return None if taxcode.tells(code, born) else "the tax code tells another day of birth"


def bring(source: Iterable[str], municipality: Municipality, *, actor: Person | None, dry_run: bool = False) -> Outcome:
    """Put a file of hashes in the place of the register of a municipality, or only count what that would do.

    A hash in the register of another municipality is refused: somebody lives in one place. Raises RegisterError,
    and changes nothing, for a file without a single good line: it would empty the register.
    """
    wanted, outcome = _hashes(source)
    own = set(db.session.scalars(
        sa.select(RegisterEntry.hash).where(RegisterEntry.municipality_id == municipality.id)))
    new = {hash: number for hash, number in wanted.items() if hash not in own}
    for hash in _elsewhere(new):
        outcome.refused.append((new.pop(hash), "is in the register of another municipality"))
        del wanted[hash]
    if not wanted:
        raise RegisterError("There is no good line in this file: the register stays as it is.")
    gone = own - wanted.keys()
    outcome.good, outcome.added, outcome.removed = len(wanted), len(new), len(gone)
    outcome.refused.sort()
    if not dry_run:
        _replace(municipality, new, gone)
        events.record(RegisterImported(actor_id=actor.id if actor else None, municipality_id=municipality.id,
                                       added=outcome.added, removed=outcome.removed))
    return outcome


def _hashes(source: Iterable[str]) -> tuple[dict[str, int], Outcome]:
    wanted: dict[str, int] = {}
    outcome = Outcome()
    for number, line in enumerate(source, 1):
        hash = line.lstrip("\ufeff").strip().strip('"')
        if not hash or (number == 1 and hash.casefold() == HEADING):
            continue
        if not _HASH.fullmatch(hash):
            outcome.refused.append((number, "is no hash: hash the list first, with `registry hash`"))
        elif hash in wanted:
            outcome.refused.append((number, "is there twice"))
        else:
            wanted[hash] = number
    return wanted, outcome


def _elsewhere(hashes: Iterable[str]) -> list[str]:
    found: list[str] = []
    for some in _chunks(hashes):
        found += db.session.scalars(sa.select(RegisterEntry.hash).where(RegisterEntry.hash.in_(some)))
    return found


def _replace(municipality: Municipality, new: Iterable[str], gone: Iterable[str]) -> None:
    for some in _chunks(gone):
        db.session.execute(sa.delete(RegisterEntry).where(RegisterEntry.hash.in_(some)))
    for some in _chunks(new):
        db.session.execute(insert(RegisterEntry), [{"hash": hash, "municipality_id": municipality.id}
                                                   for hash in some])


def _chunks(hashes: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(hashes))
    while some := list(islice(rest, _CHUNK)):
        yield some


def ask(person: Person, *, tax_code: str, born: date) -> Verification:
    """Verify somebody whose tax code and day of birth are in a register.

    The tax code tells the day of birth to whoever knows it, so this way is of a low level. Raises VerificationError
    where no register has them, and as `verify` does.
    """
    code = taxcode.tidy(tax_code)
    municipality_id = queries.municipality_of_resident(identifiers.of_resident(code, born))
    if municipality_id is None:
        raise VerificationError(_l(
            "These data are not in the registers that the municipalities have given us. Check both, or go to the help "
            "desk of your municipality: if you have moved lately, the register may not know it yet."))
    return verify(person, Finding(
        method=VerificationMethod.REGISTER, level=AssuranceLevel.LOW, municipality_id=municipality_id,
        age_band=ages.band(ages.age(born, clock.today())), identifier=identifiers.of_tax_code(code)), actor=person)
