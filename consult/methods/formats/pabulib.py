"""Pabulib's .pb: participatory budgets as tables with semicolons (pabulib.org/format)."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import points, score
from consult.methods.formats.exchanged import Exchange, UnreadableError
from consult.methods.interface import Form, Marks, Option, Paper, Rules
from consult.methods.ranked import in_order
from consult.methods.registry import METHODS

SECTIONS = ("META", "PROJECTS", "VOTES")
Row = tuple[int, dict[str, str]]
Vote = tuple[str, str, str, str]
"""What a line of votes says: options, points, place, channel."""
VOTE = ("vote", "points", "neighborhood", "voting_method")


@dataclass
class _Sections:
    meta: dict[str, tuple[int, str]] = field(default_factory=dict)
    projects: list[Row] = field(default_factory=list)
    votes: dict[Vote, list[int]] = field(default_factory=dict)
    """The first line of each kind of vote, and how many there are: files of a hundred thousand lines stay small."""

    def said(self, name: str, otherwise: str = "") -> str:
        return self.meta.get(name, (0, otherwise))[1]

    def whole(self, name: str, otherwise: int) -> int:
        if name not in self.meta:
            return otherwise
        line, text = self.meta[name]
        number = _number(line, text)
        return int(number)  # a limit of cents binds whole euros as its whole part does


def read(text: str) -> Exchange:
    """A participatory budget from a file; raises UnreadableError with the line at which it cannot be understood.

    Orders of preference become points as such budgets count them: of at most n places the first gets n.
    """
    sections = _sections(text)
    kind = sections.said("vote_type")
    if kind not in _READERS:
        raise UnreadableError(_l("Line %(line)s: the vote_type “%(kind)s” is not one of %(known)s.",
                                 line=sections.meta.get("vote_type", (1, ""))[0], kind=kind,
                                 known=", ".join(_READERS)))
    if "budget" not in sections.meta:
        raise UnreadableError(_l("The section META names no budget: a line such as budget;50000 is expected."))
    options = tuple(_option(line, row) for line, row in sections.projects)
    rules = _rules(sections, kind, options)
    places: dict[str, int] = {}
    papers = _papers(sections, kind, rules, places)
    if rules.parameters.get("paper_budget") and any(
            sum(rules.costs[code] for code in paper.marks) > (rules.budget or 0) for paper in papers):
        rules = replace(rules, parameters={**rules.parameters, "paper_budget": False})  # they were counted all the same
    return Exchange(
        rules=rules, papers=papers, places={number: name for name, number in places.items()},
        titles={row["project_id"]: row.get("name") or row["project_id"] for _line, row in sections.projects},
        selected=tuple(row["project_id"] for _line, row in sections.projects if row.get("selected") == "1"),
        meta={name: value for name, (_line, value) in sections.meta.items()})


def _papers(sections: _Sections, kind: str, rules: Rules, places: dict[str, int]) -> list[Paper]:
    """The papers, like ones of a place and channel as one."""
    known = set(rules.costs)
    papers = []
    read_so_far: dict[tuple[str, str], Marks] = {}  # papers that say the same have the same marks, as one object
    for (vote, given, place, channel), (line, times) in sections.votes.items():
        if (vote, given) not in read_so_far:
            read_so_far[vote, given] = _READERS[kind](line, _listed(vote), _listed(given), rules)
            _all_known(line, read_so_far[vote, given], known)
        papers.append(Paper(marks=read_so_far[vote, given], channel=_CHANNELS.get(channel, "online"), times=times,
                            place=places.setdefault(place, len(places) + 1) if place else None))
    return papers


def _sections(text: str) -> _Sections:
    found, section, head = _Sections(), "", None
    where: list[int] = []
    for line, row in _rows(text):
        if len(row) == 1 and row[0].strip() in SECTIONS:
            section, head = row[0].strip(), None
        elif not section:
            raise UnreadableError(_l("Line %(line)s: the file must begin with META.", line=line))
        elif head is None:
            head = [name.strip() for name in row]
            _needs(line, section, head)
            where = [head.index(name) if name in head else -1 for name in VOTE]
        elif section == "META":
            found.meta[row[0].strip()] = line, ";".join(row[1:]).strip()
        elif section == "PROJECTS":
            found.projects.append((line, dict(zip(head, row, strict=False))))
        else:
            vote, given, place, channel = (row[at].strip() if 0 <= at < len(row) else "" for at in where)
            found.votes.setdefault((vote, given, place, channel), [line, 0])[1] += 1
    if not found.projects:
        raise UnreadableError(_l("The file has no section PROJECTS with a project in it: a line PROJECTS is expected, "
                                 "then project_id;cost, then a line for each project."))
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise UnreadableError(_l("Line %(line)s cannot be read as a table with semicolons.",
                                 line=reader.line_num)) from error


_COLUMNS = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("vote",)}


def _needs(line: int, section: str, head: Sequence[str]) -> None:
    for name in _COLUMNS[section]:
        if name not in head:
            raise UnreadableError(_l("Line %(line)s: the section %(section)s has no column “%(name)s”.", line=line,
                                     section=section, name=name))


def _number(line: int, text: str) -> Decimal:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise UnreadableError(_l("Line %(line)s: “%(text)s” stands where a number is expected, such as 1500.",
                                 line=line, text=text))
    return number


def _option(line: int, row: Mapping[str, str]) -> Option:
    cost = _number(line, row.get("cost", ""))
    if cost != int(cost):
        raise UnreadableError(_l("Line %(line)s: the cost %(cost)s is not a whole number.", line=line,
                                 cost=row["cost"]))
    code = row.get("project_id", "").strip()
    if not code:
        raise UnreadableError(_l("Line %(line)s: a project has no project_id.", line=line))
    return Option(code=code, cost=int(cost))


def _rules(sections: _Sections, kind: str, options: tuple[Option, ...]) -> Rules:
    rule = sections.said("rule", "greedy")
    budget = sections.whole("budget", 0)
    parameters: dict[str, Any] = {}
    method = {"cumulative": "points", "ordinal": "points", "scoring": "score"}.get(kind, "greedy")
    most = sections.whole("max_length", len(options))
    if kind == "approval":
        parameters["paper_budget"] = sections.whole("max_sum_cost", -1) == budget
        if rule.startswith("equalshares"):
            method = "equal_shares"
    threshold = sections.whole("min_project_score_threshold", 0)
    if threshold and method == "greedy":
        method, parameters["threshold"] = "greedy_threshold", threshold
    if "no-skip" in rule:
        parameters["skip"] = False
    if kind == "ordinal":
        parameters["points"] = most * (most + 1) // 2
    elif method == "points":
        parameters["points"] = sections.whole("max_sum_points", points.POINTS)
    elif method == "score":
        parameters |= {"lowest": sections.whole("min_points", 0), "highest": sections.whole("max_points", 0)}
    return Rules(method=method, options=options, minimum=sections.whole("min_length", 0),
                 maximum=min(most, len(options)), budget=budget, parameters=parameters)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _all_known(line: int, marks: Marks, known: set[str]) -> None:
    for code in marks:
        if code not in known:
            raise UnreadableError(_l("Line %(line)s: there is no project “%(code)s”.", line=line, code=code))


def _approval(_line: int, vote: list[str], _points: list[str], _rules: Rules) -> Marks:
    return dict.fromkeys(vote, 1)


def _with_points(line: int, vote: list[str], given: list[str], _rules: Rules) -> Marks:
    if len(vote) != len(given):
        raise UnreadableError(_l("Line %(line)s: %(projects)s projects are named and %(points)s points: as many points "
                                 "as projects are expected.", line=line, projects=len(vote), points=len(given)))
    marks = {code: int(_number(line, number)) for code, number in zip(vote, given, strict=True)}
    return {code: mark for code, mark in marks.items() if mark}


def _with_scores(line: int, vote: list[str], given: list[str], _rules: Rules) -> Marks:
    if len(vote) != len(given):
        raise UnreadableError(_l("Line %(line)s: %(projects)s projects are named and %(points)s points: as many points "
                                 "as projects are expected.", line=line, projects=len(vote), points=len(given)))
    return {code: int(_number(line, number)) for code, number in zip(vote, given, strict=True)}


def _ordinal(line: int, vote: list[str], _points: list[str], rules: Rules) -> Marks:
    if len(vote) > rules.maximum:
        raise UnreadableError(_l("Line %(line)s: the vote names more projects than max_length allows.", line=line))
    return {code: rules.maximum - at for at, code in enumerate(vote)}


_READERS = {"approval": _approval, "cumulative": _with_points, "ordinal": _ordinal, "scoring": _with_scores}
_CHANNELS = {"internet": "online", "paper": "paper"}
_SAID = {"online": "internet", "": ""}  # papers of all channels together say nothing of theirs
_METHODS = {"greedy": "greedy", "greedy_threshold": "greedy-threshold", "equal_shares": "equalshares/add1",
            "points": "greedy"}
_TYPES = {Form.CHOICES: "approval", Form.POINTS: "cumulative", Form.SCORES: "scoring", Form.RANKS: "ordinal"}


def writes(method: str) -> bool:
    """True if papers of a way of voting can be told in this format."""
    return METHODS[method].form in _TYPES


def fault(exchange: Exchange) -> LazyString | None:
    """Why papers cannot be told in this format: it knows no equal places."""
    if METHODS[exchange.rules.method].form is Form.RANKS and any(
            len(set(paper.marks.values())) < len(paper.marks) for paper in exchange.papers):
        return _l("Some papers put several options in the same place, which this format cannot say.")
    return None


def write(exchange: Exchange) -> str:
    """The file of a ballot whose papers choose, share out points, give scores or are in order."""
    rules = exchange.rules
    kind = _TYPES[METHODS[rules.method].form]
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\n")
    table.writerow(["META"])
    table.writerow(["key", "value"])
    table.writerows(_meta(exchange, kind).items())
    table.writerow(["PROJECTS"])
    table.writerow(["project_id", "cost", "name", "selected"])
    chosen = set(exchange.selected)
    table.writerows([option.code, option.cost, exchange.titles[option.code], int(option.code in chosen)]
                    for option in rules.options)
    table.writerow(["VOTES"])
    scored = kind in {"cumulative", "scoring"}
    table.writerow(["voter_id", "vote", *(["points"] if scored else []), "neighborhood", "voting_method"])
    number = 0
    for paper in exchange.papers:
        codes = in_order(paper.marks) if kind == "ordinal" else sorted(paper.marks)
        cells = [",".join(codes), *([",".join(str(paper.marks[code]) for code in codes)] if scored else []),
                 exchange.places.get(paper.place, "") if paper.place is not None else "",
                 _SAID.get(paper.channel, "paper")]
        for _ in range(paper.times):
            number += 1
            table.writerow([number, *cells])
    return out.getvalue()


def _meta(exchange: Exchange, kind: str) -> dict[str, object]:
    rules = exchange.rules
    rule = _METHODS.get(rules.method, rules.method)
    if rules.method in _METHODS and rules.parameters.get("skip") is False:
        rule = "greedy-no-skip"
    meta: dict[str, object] = {
        "description": exchange.meta.get("description", ""), "country": exchange.meta.get("country", "Italy"),
        "unit": exchange.meta.get("unit", ""), "instance": exchange.meta.get("instance", ""),
        "num_projects": len(rules.options), "num_votes": sum(paper.times for paper in exchange.papers),
        "budget": rules.budget or 0, "vote_type": kind, "rule": rule, "min_length": rules.minimum,
        "max_length": rules.maximum, "currency": "EUR"}
    if kind == "approval" and rules.budget is not None and rules.parameters.get("paper_budget", True):
        meta["max_sum_cost"] = rules.budget
    if kind == "cumulative":
        meta["max_sum_points"] = points.given(rules)
    if kind == "scoring":
        meta["min_points"], meta["max_points"] = score.bounds(rules)
    if "threshold" in rules.parameters:
        meta["min_project_score_threshold"] = rules.parameters["threshold"]
    return meta
