"""PrefLib: orders of preference (soc, soi, toc, toi) and options put into categories (cat), as counted lines."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods.formats.exchanged import Exchange, UnreadableError
from consult.methods.grades import grades
from consult.methods.interface import Form, Marks, Option, Paper, Rules
from consult.methods.registry import METHODS

Kind = Literal["soc", "soi", "toc", "toi", "cat"]
ORDERS: tuple[Kind, ...] = ("soc", "soi", "toc", "toi")
_HEADER = re.compile(r"#\s*([A-Z ]+?)(?:\s+(\d+))?\s*:\s*(.*)")
_GROUP = re.compile(r"\s*(?:\{([^{}]*)\}|([^,{}]*))\s*(?:,|$)")


def read(text: str) -> Exchange:
    """Papers from a file, whose header says of which kind it is; raises UnreadableError with the line.

    Options are coded by their numbers. Orders become ranks, counted by the method of Schulze until another is chosen;
    categories become grades, the first category the best.
    """
    header: dict[str, str] = {}
    names: dict[str, str] = {}
    categories: dict[int, str] = {}
    papers = []
    for line, said in _lines(text):
        if said.startswith("#"):
            _head(said, header, names, categories)
            continue
        _complete(header, names)
        times, groups = _counted(line, said)
        marks = _marks(line, groups, names, header["DATA TYPE"], len(categories))
        papers.append(Paper(marks=marks, times=times))
    _complete(header, names)
    graded = header["DATA TYPE"] == "cat"
    worst_first = [categories[number] for number in sorted(categories, reverse=True)]
    rules = Rules(method="judgement" if graded else "schulze", options=tuple(Option(code=code) for code in names),
                  minimum=0, maximum=len(names), parameters={"grades": worst_first} if graded else {})
    return Exchange(rules=rules, titles=names, papers=papers, meta={name.lower(): value for name, value in
                                                                    header.items()})


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.strip():
            yield number, line.strip()


def _head(said: str, header: dict[str, str], names: dict[str, str], categories: dict[int, str]) -> None:
    found = _HEADER.fullmatch(said)
    if found is None:
        return  # a remark
    name, number, value = found.groups()
    if name == "ALTERNATIVE NAME" and number:
        names[number] = value.strip() or number
    elif name == "CATEGORY NAME" and number:
        categories[int(number)] = value.strip() or number
    else:
        header[name] = value.strip()


def _complete(header: Mapping[str, str], names: Mapping[str, str]) -> None:
    if header.get("DATA TYPE") not in {*ORDERS, "cat"}:
        raise UnreadableError(_l("The header must say “# DATA TYPE:” with one of %(kinds)s.",
                                 kinds=", ".join((*ORDERS, "cat"))))
    if not names:
        raise UnreadableError(_l("The header names no options: it needs lines “# ALTERNATIVE NAME 1: …”."))


def _counted(line: int, said: str) -> tuple[int, list[list[str]]]:
    """How many papers a line stands for, and the groups of options on them."""
    times, colon, rest = said.partition(":")
    if not colon or not times.strip().isdecimal():
        raise UnreadableError(_l("Line %(line)s: it must begin with a number of papers and a colon.", line=line))
    groups, at, rest = [], 0, rest.strip()
    while at < len(rest):
        found = _GROUP.match(rest, at)
        if found is None or found.end() == at:
            raise UnreadableError(_l("Line %(line)s: “%(text)s” is not an order of preference.", line=line, text=rest))
        together, alone = found.groups()
        if together is None and not alone.strip():
            raise UnreadableError(_l("Line %(line)s: “%(text)s” is not an order of preference.", line=line, text=rest))
        inside = together if together is not None else alone
        groups.append([code.strip() for code in inside.split(",") if code.strip()])
        at = found.end()
    return int(times), groups


def _marks(line: int, groups: Sequence[Sequence[str]], names: Mapping[str, str], kind: str, categories: int) -> Marks:
    marks: dict[str, int] = {}
    if kind == "cat" and len(groups) > categories:
        raise UnreadableError(_l("Line %(line)s: there are more groups than categories.", line=line))
    for at, group in enumerate(groups):
        for code in group:
            if code not in names:
                raise UnreadableError(_l("Line %(line)s: there is no option “%(code)s”.", line=line, code=code))
            if code in marks:
                raise UnreadableError(_l("Line %(line)s: the option “%(code)s” is there twice.", line=line, code=code))
            marks[code] = categories - 1 - at if kind == "cat" else at + 1
    return marks


def kinds(method: str) -> tuple[Kind, ...]:
    """The formats in which papers of a way of voting can be told; none where they are neither orders nor grades."""
    form = METHODS[method].form
    if form is Form.GRADES:
        return ("cat",)
    return ("soi", "toi", "soc", "toc") if form is Form.RANKS else ()


def kind(exchange: Exchange) -> Kind | None:
    """The strictest format that can tell these papers; None where they are neither orders nor grades."""
    if METHODS[exchange.rules.method].form is Form.RANKS:
        return next(kind for kind in ORDERS if fault(exchange, kind) is None)
    return "cat" if METHODS[exchange.rules.method].form is Form.GRADES else None


def fault(exchange: Exchange, kind: Kind) -> LazyString | None:
    """Why papers cannot be told in a format: ties in one of strict orders, options left out in a complete one."""
    for paper in exchange.papers:
        if kind in {"soc", "soi"} and len(set(paper.marks.values())) < len(paper.marks):
            return _l("Some papers put several options in the same place: choose toi or toc.")
        if kind in {"soc", "toc"} and len(paper.marks) < len(exchange.rules.options):
            return _l("Some papers leave options out: choose soi or toi.")
    return None


def write(exchange: Exchange, kind: Kind) -> str:
    """The file of papers that are orders or grades, like ones in one line, the most frequent first."""
    numbers = {code: str(at) for at, code in enumerate(exchange.rules.codes, 1)}
    words = grades(exchange.rules)
    lines: Counter[str] = Counter()
    for paper in exchange.papers:
        lines[_line(paper.marks, numbers, len(words) if kind == "cat" else None)] += paper.times
    header = {"FILE NAME": exchange.meta.get("file name", ""), "TITLE": exchange.meta.get("title", ""),
              "DESCRIPTION": "", "DATA TYPE": kind, "MODIFICATION TYPE": "original",
              "NUMBER ALTERNATIVES": len(numbers), "NUMBER VOTERS": lines.total(),
              **({"NUMBER CATEGORIES": len(words)} if kind == "cat" else {"NUMBER UNIQUE ORDERS": len(lines)})}
    said = [f"# {name}: {value}".rstrip() for name, value in header.items()]
    said += [f"# ALTERNATIVE NAME {numbers[code]}: {exchange.titles[code]}" for code in exchange.rules.codes]
    if kind == "cat":
        said += [f"# CATEGORY NAME {at}: {grade}" for at, grade in enumerate(reversed(words), 1)]
    said += [f"{times}: {line}" for line, times in sorted(lines.items(), key=lambda found: (-found[1], found[0]))]
    return "\n".join(said) + "\n"


def _line(marks: Marks, numbers: Mapping[str, str], graded: int | None) -> str:
    """The groups of a paper: those of each place, or, for grades, those of each grade from the best down."""
    wanted = sorted(set(marks.values())) if graded is None else range(graded - 1, -1, -1)
    groups = [[numbers[code] for code in numbers if marks.get(code) == mark] for mark in wanted]
    return ",".join(group[0] if len(group) == 1 else "{" + ",".join(group) + "}" for group in groups)
