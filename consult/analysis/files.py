"""Figures in a table: what each line says of which municipality, or why it is not taken.

Two forms are read. Ours has a line for each value: the code of the indicator, the municipality, the value, and the age
band and the gender where the indicator tells them apart; files that are given out have it too. The other is that of
the population of ISTAT by age band and gender: `municipality_code,age,F,M`, with the codes of all Italy.
"""

import gzip
import io
import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.analysis import bands, queries
from consult.analysis.models import Breakdown, Indicator
from consult.analysis.queries import Key, Values
from consult.analysis.services import refusal
from consult.core import spreadsheet
from consult.core.spreadsheet import SheetError
from consult.processes import queries as processes
from consult.processes.models import Process

MOST_LINES, MOST_COLUMNS = 120_000, 12
MOST_OURS = 20_000
"""So many lines are of the municipalities of one percorso."""
POPULATION = "popolazione-eta-genere"
"""The code of the indicator that a file of ISTAT brings."""
NAMES = {
    "indicator": ("indicator", "indicatore", "code", "codice"),
    "place": ("municipality_code", "municipality", "comune", "codice_istat", "istat_code"),
    "band": ("age", "eta", "età", "age_band"),
    "gender": ("gender", "genere", "sesso", "sex"),
    "value": ("value", "valore"),
}
_ISTAT = {"municipality_code", "age", "f", "m"}
_GENDERS = {"f": "F", "m": "M", "femmine": "F", "maschi": "M", "donne": "F", "uomini": "M", "female": "F",
            "male": "M", "2": "F", "1": "M"}
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,12})?", re.ASCII)
_TWO_MEANINGS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+,\d{1,12}|-?\d{1,3}(\.\d{3}){2,}", re.ASCII)


class LineRefusedError(ValueError):
    """A line that is not taken, with the sentence that says why."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Refused:
    """A line that is not taken, and why."""

    number: int
    sentence: LazyString


@dataclass
class Read:
    """What a file says: values by code of the indicator, and the lines that are refused."""

    istat: bool
    values: defaultdict[str, dict[Key, float]] = field(default_factory=lambda: defaultdict(dict))
    refused: list[Refused] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    """Municipalities of which it says nothing."""


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of a file, packed with gzip or not. Raises SheetError."""
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(content)
    return spreadsheet.read(content, most_rows=MOST_LINES, most_columns=MOST_COLUMNS)


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            found = packed.read(spreadsheet.MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise SheetError(_l("This packed file cannot be read: send it unpacked.")) from fault
    if len(found) > spreadsheet.MOST_BYTES:
        raise SheetError(_l("The file is too large: at most 8 MB."))
    return found


def ours(process: Process, rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The heading and the lines of a file, each after its number; of a file of all Italy those of the percorso.

    Raises SheetError where the file has neither of the two forms, or nothing of the percorso.
    """
    names = _names(rows[0] if rows else [])
    numbered = [[str(number), *row] for number, row in enumerate(rows, 1) if any(row)]
    if _istat(names):
        places, at = _places(process), names.index("municipality_code") + 1
        numbered = [numbered[0], *(row for row in numbered[1:] if len(row) > at and _plain(row[at]) in places)]
        if len(numbered) == 1:
            raise SheetError(_l("No line of this file has the ISTAT code of a municipality of the percorso."))
    else:
        _columns(names)
    if len(numbered) > MOST_OURS:
        raise SheetError(_l("The file has more than %(most)d lines: send it in several parts.", most=MOST_OURS))
    return numbered


def read(process: Process, rows: Sequence[Sequence[str]], indicators: Mapping[str, Indicator]) -> Read:
    """What the lines that `ours` answered say; `indicators` are those of the percorso by their codes."""
    names = _names(rows[0][1:])
    found, places = Read(_istat(names)), _places(process)
    known = {POPULATION: Breakdown.AGE_AND_GENDER} if found.istat else {
        code: one.breakdown for code, one in indicators.items()}
    for number, *cells in rows[1:]:
        try:
            for code, key, value in _istat_line(names, cells, places) if found.istat else [
                    _line(_columns(names), cells, places)]:
                _keep(found, known, code, key, value)
        except LineRefusedError as fault:
            found.refused.append(Refused(int(number), fault.sentence))
    spoken = {place_id for values in found.values.values() for place_id, _band, _gender in values}
    found.without = [one.name for one in processes.municipalities(process) if one.id not in spoken]
    return found


def _keep(found: Read, known: Mapping[str, Breakdown], code: str, key: Key, value: float) -> None:
    place_id, band, gender = key
    if code not in known:
        raise LineRefusedError(_l("There is no indicator with the code “%(code)s”: add it first.", code=code[:60]))
    if refusal(known[code], band, gender):
        raise LineRefusedError(_l("Age band and gender are said exactly where the indicator tells them apart."))
    there = found.values[code]
    if key in there:
        raise LineRefusedError(_l("The file says this value twice: keep one of the two lines."))
    mine = {one for place, one, sex in there if place == place_id and sex == gender}
    two = bands.overlapping({*mine, band}) if band else None
    if two is not None:
        raise LineRefusedError(_l("The age bands %(one)s and %(other)s have ages in common.", one=two[0], other=two[1]))
    there[key] = value


def _istat_line(names: Sequence[str], cells: Sequence[str], places: Mapping[str, int]) -> list[tuple[str, Key, float]]:
    line = dict(zip(names, cells, strict=False))
    place_id, band = _place(places, line.get("municipality_code", "")), _band(line.get("age", ""))
    return [(POPULATION, (place_id, band, gender.upper()), _count(line.get(gender, ""))) for gender in ("f", "m")]


def _line(at: Mapping[str, int], cells: Sequence[str], places: Mapping[str, int]) -> tuple[str, Key, float]:
    said = {name: cells[column].strip() if column < len(cells) else "" for name, column in at.items()}
    band, gender = said.get("band", ""), said.get("gender", "").casefold()
    if gender and gender not in _GENDERS:
        raise LineRefusedError(_l("“%(cell)s” is no gender here: write F or M.", cell=gender[:20]))
    key = _place(places, said["place"]), _band(band) if band else "", _GENDERS[gender] if gender else ""
    return said["indicator"], key, _number(said["value"])


def _place(places: Mapping[str, int], said: str) -> int:
    if _plain(said) not in places:
        raise LineRefusedError(_l("“%(name)s” is none of the municipalities of the percorso.", name=said[:40]))
    return places[_plain(said)]


def _band(said: str) -> str:
    band = bands.code(said)
    if band is None:
        raise LineRefusedError(_l("“%(cell)s” is no age band: write it as 16-17 or 75+.", cell=said[:20]))
    return band


def _number(said: str) -> float:
    if _TWO_MEANINGS.fullmatch(said):
        raise LineRefusedError(_l("“%(cell)s” can be read in two ways: write no point between the thousands, and a "
                                  "comma before decimals.", cell=said[:20]))
    plain = said.replace(".", "") if _GROUPED.fullmatch(said) else said
    if not _NUMBER.fullmatch(plain):
        raise LineRefusedError(_l("“%(cell)s” is no number.", cell=said[:20]))
    return float(plain.replace(",", "."))


def _count(said: str) -> float:
    found = _number(said)
    if found < 0 or not found.is_integer():
        raise LineRefusedError(_l("“%(cell)s” is no number of people.", cell=said[:20]))
    return found


def _plain(said: str) -> str:
    return said.strip().casefold().lstrip("0")


def _places(process: Process) -> dict[str, int]:
    """Municipalities by code and name; a program may have taken the zero away before a code."""
    return {_plain(said): place.id for place in processes.municipalities(process)
            for said in (place.istat_code, place.name)}


def _names(head: Sequence[str]) -> list[str]:
    return [cell.strip().casefold() for cell in head]


def _istat(names: Sequence[str]) -> bool:
    return set(names) >= _ISTAT


def _columns(names: Sequence[str]) -> dict[str, int]:
    """Where each part of a line stands. Raises SheetError where one that must be there is missing."""
    at = {part: names.index(name) for part, known in NAMES.items() for name in reversed(known) if name in names}
    if not {"indicator", "place", "value"} <= set(at):
        raise SheetError(_l("The first line must name the columns: indicator, municipality, value, and where needed "
                            "age and gender. Begin from the empty table that you can download here."))
    return at


def changes(now: Mapping[str, Values], read: Mapping[str, Values]) -> list[tuple[str, Key, float | None, float | None]]:
    """What would change, by code of the indicator: the value before and after; None where there is none.

    Of each municipality in a file all values of an indicator are replaced, so that no band is left of former ones.
    """
    found: list[tuple[str, Key, float | None, float | None]] = []
    for code, values in read.items():
        before, places = now.get(code, {}), {place_id for place_id, _band, _gender in values}
        keys = sorted({*values, *(key for key in before if key[0] in places)})
        found += [(code, key, before.get(key), values.get(key)) for key in keys if before.get(key) != values.get(key)]
    return found


def known(process: Process) -> tuple[dict[str, Indicator], dict[str, Values]]:
    """The indicators of a percorso and their values, by code."""
    found = {one.code: one for one in queries.indicators(process)}
    values = queries.values([one.id for one in found.values()])
    return found, {code: values.get(one.id, {}) for code, one in found.items()}
