"""What would become of a file of papers: which of them would go into the box, and why the others would not."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.ballots import exchange, queries
from consult.ballots.services import RefusedError
from consult.methods.interface import Marks, Method, Rules
from consult.methods.registry import METHODS
from consult.voting import services as voting
from consult.voting.models import Ballot

MOST_PAPERS = 1_000_000
MOST_SHOWN = 100
"""Of so many refused lines it is said why."""


@dataclass(frozen=True)
class Line:
    """One kind of paper in a file: how often it is there, and why it is refused, if it is."""

    number: int
    marks: Marks
    place: int | None
    times: int
    refusal: LazyString | None = None


@dataclass
class LookedThrough:
    """What would become of a file, as far as it can be told on a page."""

    papers: int = 0
    """How many papers would go into the box."""
    refused_papers: int = 0
    refused_lines: int = 0
    refused: list[Line] = field(default_factory=list)
    """The first of them."""


def look_through(ballot: Ballot, content: str) -> LookedThrough:
    """What would become of a file. Raises RefusedError where it is of no use here at all, or brings too many."""
    found = LookedThrough()
    for line in lines(ballot, content):
        if line.refusal is None:
            found.papers += line.times
            continue
        found.refused_papers += line.times
        found.refused_lines += 1
        if len(found.refused) < MOST_SHOWN:
            found.refused.append(line)
    if found.papers > MOST_PAPERS:
        raise RefusedError(_l("These are more than %(most)s papers: send them in several files.", most=MOST_PAPERS))
    return found


def lines(ballot: Ballot, content: str) -> Iterator[Line]:
    """What would become of a file, paper by paper. Raises RefusedError where it is of no use here at all."""
    came = exchange.read(content)
    method = METHODS[ballot.method]
    if not exchange.is_table(content) and METHODS[came.rules.method].form is not method.form:
        raise RefusedError(_l("The papers in this file are of another kind (%(theirs)s) than those of this ballot "
                              "(%(ours)s).", theirs=METHODS[came.rules.method].title, ours=method.title))
    codes = _codes(ballot, came.rules.codes, came.titles)
    places = _places(ballot, came.places)
    asked = voting.rules(ballot)
    judged: dict[int, tuple[Marks, LazyString | None]] = {}  # papers that say the same share one object
    for number, paper in enumerate(came.papers, 1):
        if id(paper.marks) not in judged:
            judged[id(paper.marks)] = _judged(method, asked, codes, paper.marks)
        yield Line(number, judged[id(paper.marks)][0], places.get(paper.place), paper.times,
                   judged[id(paper.marks)][1])


def _judged(method: Method, asked: Rules, codes: Mapping[str, str], said: Marks) -> tuple[Marks, LazyString | None]:
    """The marks by our codes, and why such a paper is refused, if it is."""
    marks = {codes[code]: mark for code, mark in said.items() if code in codes}
    if unknown := [code for code in said if code not in codes]:
        return marks, _l("It marks an option that this ballot does not have: %(codes)s.", codes=", ".join(unknown[:5]))
    return marks, method.fault(asked, marks)


def _codes(ballot: Ballot, theirs: Sequence[str], titles: Mapping[str, str]) -> dict[str, str]:
    """The codes of our options by those in the file: by their title, or else by the code itself."""
    by_title = {_folded(title): option.code for option in ballot.options for title in option.title.values()}
    own = {option.code for option in ballot.options}
    found = {code: by_title.get(_folded(titles.get(code, "")), code) for code in theirs}
    return {code: ours for code, ours in found.items() if ours in own}


def _places(ballot: Ballot, names: Mapping[int, str]) -> dict[int | None, int]:
    """The ids of our municipalities by the numbers in the file, which names them by name or ISTAT code."""
    known = {_folded(word): town.id for town in queries.towns(ballot.phase.process)
             for word in (town.name, town.istat_code)}
    return {number: known[_folded(name)] for number, name in names.items() if _folded(name) in known}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def papers(ballot: Ballot, seed: str, content: str) -> Iterator[tuple[str, Marks, int | None]]:
    """Every sound paper of a file, one by one: its tag, marks and municipality."""
    sound = (line for line in lines(ballot, content) if line.refusal is None for _time in range(line.times))
    for number, line in enumerate(sound):
        yield tag(seed, number), line.marks, line.place


def tag(seed: str, number: int) -> str:
    """The tag of the paper with this number in a file: nobody's, and as long as that of a person."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()[:32]
