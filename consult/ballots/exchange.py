"""Ballots in the forms of other programs: which there are, what goes out, and what comes in."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import factorial
from typing import cast

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.ballots import queries
from consult.ballots.drafts import Draft, OptionSaid
from consult.ballots.faults import MOST_OPTIONS, faults
from consult.ballots.services import RefusedError
from consult.core import languages
from consult.core.languages import Localized
from consult.ledger import disclosing
from consult.methods.formats import pabulib, preflib, table
from consult.methods.formats.exchanged import Exchange, UnreadableError
from consult.methods.interface import Figure, Grid, Label, Paper, Titled
from consult.methods.registry import METHODS
from consult.processes.models import Process
from consult.voting import queries as voting
from consult.voting import services as casting
from consult.voting.models import Ballot

CODE = re.compile(r"[A-Za-z0-9_.-]{1,12}")
NAMES = {"pb": "Pabulib", "cat": "PrefLib (cat)", "soc": "PrefLib (soc)", "soi": "PrefLib (soi)",
         "toc": "PrefLib (toc)", "toi": "PrefLib (toi)", "csv": "CSV", "json": "JSON"}


def offered(ballot: Ballot) -> list[tuple[str, str]]:
    """The forms in which the papers of a closed ballot can be had, with what they are called."""
    found = ["csv", "json"]
    if _withheld(ballot, lambda: _counted(ballot)) is None:
        found += preflib.kinds(ballot.method)[:2]
        if ballot.budget is not None and pabulib.writes(ballot.method):
            found.insert(0, "pb")
    return [(ext, NAMES[ext]) for ext in found]


def write(ballot: Ballot, ext: str) -> str | None:
    """The papers of a closed ballot as a file, those that say the same counted together; None where it has no such.

    Where single papers could be recognised, the tables of the count take their place. Raises StillOpenError.
    """
    papers = _counted(ballot)
    exchange = _exchange(ballot, papers)
    if _withheld(ballot, lambda: papers):
        return _tables(ballot, exchange) if ext in ("csv", "json") else None
    if ext == "csv":
        return table.write(exchange)
    if ext == "json":
        return _as_json(exchange)
    if ext == "pb" and ballot.budget is not None and pabulib.writes(ballot.method):
        return None if pabulib.fault(exchange) else pabulib.write(exchange)
    kind = cast(preflib.Kind, ext)
    if kind in preflib.kinds(ballot.method) and preflib.fault(exchange, kind) is None:
        return preflib.write(exchange, kind)
    return None


def _counted(ballot: Ballot) -> list[Paper]:
    """Papers that say the same, counted, the most frequent first: without where they come from."""
    counted: Counter[tuple[tuple[str, int], ...]] = Counter()
    for paper in voting.papers(ballot):
        counted[tuple(sorted(paper.marks.items()))] += paper.times
    return [Paper(marks=dict(marks), times=times, channel="")
            for marks, times in sorted(counted.items(), key=lambda each: (-each[1], each[0]))]


def _withheld(ballot: Ballot, papers: Callable[[], Iterable[Paper]]) -> LazyString | None:
    """Why papers are not given out one by one; they are looked at only where there could be a reason."""
    options = len(ballot.options)
    if ballot.method not in disclosing.RANKED or factorial(options) <= ballot.paper_count:
        return None
    return disclosing.withheld(ballot.method, options,
                               (paper.marks for paper in papers() for _time in range(paper.times)))


def _exchange(ballot: Ballot, papers: Sequence[Paper]) -> Exchange:
    rules = casting.rules(ballot)
    return Exchange(
        rules=rules, papers=papers, selected=METHODS[ballot.method].tally(rules, papers).winners,
        titles={option.code: option.title.in_language(languages.DEFAULT) for option in ballot.options},
        meta={"description": ballot.title.in_language(languages.DEFAULT), "unit": ballot.phase.process.title
              .in_language(languages.DEFAULT), "instance": str(ballot.id)})


def _as_json(exchange: Exchange) -> str:
    """The rules, by which the papers can be counted again, and the papers."""
    rules = json.loads(table.rules_of(exchange))
    papers = [{"marks": dict(paper.marks), "papers": paper.times} for paper in exchange.papers]
    return json.dumps({"rules": rules, "winners": list(exchange.selected), "papers": papers}, ensure_ascii=False,
                      indent=1)


def _tables(ballot: Ballot, exchange: Exchange) -> str:
    """The tables of a count one below the other: pairs, rounds, votes."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    for grid in METHODS[ballot.method].tally(exchange.rules, exchange.papers).grids:
        lines.writerow([str(grid.caption)])
        lines.writerow([str(grid.heading), *(_cell(exchange, column.label) for column in grid.columns)])
        lines.writerows(_line(exchange, grid))
        lines.writerow([])
    return out.getvalue()


def _line(exchange: Exchange, grid: Grid) -> Iterable[list[str | int | float]]:
    return ([_cell(exchange, value) for value in (line.label, *line.values)] for line in grid.lines)


def _cell(exchange: Exchange, value: Label | Figure) -> str | int | float:
    if isinstance(value, Titled):
        return exchange.titles[value.code]
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value if isinstance(value, int | float) else "" if value is None else str(value)


def read(content: str) -> Exchange:
    """A file of Pabulib, of PrefLib, or a table. Raises RefusedError with the line that cannot be understood."""
    try:
        if is_table(content):
            return table.read(content)
        return pabulib.read(content) if _begins(content) == "META" else preflib.read(content)
    except UnreadableError as fault:
        raise RefusedError(fault.sentence) from fault


def is_table(content: str) -> bool:
    """True for a file that does not say itself how its papers are filled in."""
    return _begins(content) != "META" and not _begins(content).startswith("#")


def _begins(content: str) -> str:
    return next((line.strip() for line in content.lstrip("\ufeff").splitlines() if line.strip()), "")


def draft(content: str, process: Process) -> tuple[Draft, str]:
    """The ballot that a file describes, and what it calls itself. Raises RefusedError."""
    came = read(content)
    rules = came.rules
    if not 2 <= len(rules.options) <= MOST_OPTIONS:
        raise RefusedError(_l("A ballot has from 2 to %(most)s options.", most=MOST_OPTIONS))
    usable = all(CODE.fullmatch(code) for code in rules.codes)
    made = Draft(
        question=Localized.of(came.meta.get("description") or came.meta.get("title") or str(_CHOICE)),
        method=rules.method, minimum=rules.minimum, maximum=rules.maximum, budget=rules.budget,
        parameters=rules.parameters, towns=len(queries.towns(process)),
        options=tuple(OptionSaid(code=option.code if usable else "", cost=option.cost or None, group=option.group,
                                 title=Localized.of(came.titles[option.code][:200])) for option in rules.options))
    if wrong := [fault for fault in faults(made) if fault.field in ("method", "budget")]:
        raise RefusedError(wrong[0].sentence)
    return made, came.meta.get("title") or came.meta.get("description") or ""


_CHOICE = _l("What do you choose?")
