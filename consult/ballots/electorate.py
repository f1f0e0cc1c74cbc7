"""With how many who may vote a form begins: the residents of the ages that are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts import queries as accounts
from consult.analysis import residents
from consult.analysis.bands import OLDEST
from consult.ballots import words
from consult.processes.models import Process
from consult.territory.models import Municipality


@dataclass(frozen=True)
class Beginning:
    """A number for each municipality, by its ISTAT code, and where the numbers come from."""

    numbers: Mapping[str, int | None]
    sentence: LazyString


def beginning(process: Process, towns: Sequence[Municipality], youngest: int | None, oldest: int | None) -> Beginning:
    """The residents between these ages, from that of registering where none is asked for; all, without figures."""
    first, last = youngest or accounts.minimum_age(), OLDEST if oldest is None else oldest
    found = residents.of_ages(process, (first, last))
    if found is None:
        return Beginning({town.istat_code: town.population or None for town in towns}, words.PREFILLED)
    said = {"first": first, "last": last, "source": found.source, "year": found.year}
    return Beginning(
        {town.istat_code: found.numbers.get(town.id) or None for town in towns},
        _l("Residents aged %(first)s and over (%(source)s, %(year)s).", **said) if oldest is None else
        _l("Residents aged %(first)s to %(last)s (%(source)s, %(year)s).", **said))
