"""What must hold for a ballot to decide something: quorum and thresholds, in total and by municipality.

A condition is kept as data that can be JSON: {"kind": "approved_places", "percent": 50, "places": 4}.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods.interface import Names, Place
from consult.methods.sifting import Places
from consult.methods.wording import figure, share

Condition = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What conditions are measured on: who could vote, what was counted by place, and what came out."""

    electorate: Mapping[int, int] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    winners: Sequence[str] = ()

    @property
    def voted(self) -> int:
        return self.places.papers.total()

    def votes(self, code: str, place: Place) -> tuple[int, int]:
        """The votes for an option somewhere, and of how many: of yes and no, where a paper can say no."""
        gained = self.places.added.get(place, Counter())[code]
        if self._speaks_against:
            return gained, gained + self.places.against.get(place, Counter())[code]
        return gained, self.places.papers[place]

    def all_votes(self, code: str) -> tuple[int, int]:
        """The votes for an option in total, and of how many."""
        each = [self.votes(code, place) for place in self.places.papers]
        return sum(gained for gained, _of in each), sum(of for _gained, of in each)

    @property
    def _speaks_against(self) -> bool:
        return any(sum(count.values()) for count in self.places.against.values())

    def where(self) -> list[int]:
        """The municipalities that count: those whose electorate is known, else those that voted."""
        if self.electorate:
            return sorted(self.electorate)
        return sorted(place for place in self.places.papers if place is not None)


@dataclass(frozen=True)
class Checked:
    """Whether a condition holds, of an option where it is one of options, with a sentence that gives the figures."""

    condition: Condition
    code: str | None
    met: bool
    said: LazyString


@dataclass(frozen=True)
class Kind:
    """A kind of condition: what it is called, which numbers it takes, and whether each winner must meet it."""

    title: LazyString
    takes: tuple[str, ...]
    told: Callable[[Condition, int], LazyString]
    check: Callable[[Condition, Numbers, Names], list[Checked]]


def faults(data: Iterable[Any], municipalities: int) -> list[LazyString]:
    """What is wrong with conditions, as sentences; empty where they can be used."""
    found: list[LazyString] = []
    for condition in data:
        kind = KINDS.get(str(condition.get("kind"))) if isinstance(condition, Mapping) else None
        if kind is None:
            found.append(_l("This is not a condition that can be checked."))
        else:
            found.extend(fault for name in kind.takes if (fault := _fault(name, condition.get(name), municipalities)))
    return found


def _fault(name: str, value: Any, municipalities: int) -> LazyString | None:
    whole = value if isinstance(value, int) and not isinstance(value, bool) else 0
    if name == "percent" and not 1 <= whole <= 100:
        return _l("Give a whole number from 1 to 100 for the percentage of a condition.")
    if name == "places" and not 1 <= whole <= municipalities:
        return _n("There is only %(num)s municipality: a condition can ask for no more.",
                  "There are only %(num)s municipalities: a condition can ask for from one to all of them.",
                  municipalities)
    if name == "number" and whole < 1:
        return _l("Give a whole number, at least 1, for a condition.")
    return None


def told(data: Iterable[Condition], municipalities: int) -> list[LazyString]:
    """The conditions in words, before anybody votes."""
    return [KINDS[condition["kind"]].told(condition, municipalities) for condition in data]


def check(data: Iterable[Condition], numbers: Numbers, names: Names) -> list[Checked]:
    """Whether each condition holds, those of options for each winner."""
    return [checked for condition in data for checked in KINDS[condition["kind"]].check(condition, numbers, names)]


def standing(checked: Iterable[Checked], winners: Sequence[str]) -> tuple[str, ...]:
    """The winners that meet every condition; none where one of the whole ballot does not hold."""
    failed = [each for each in checked if not each.met]
    if any(each.code is None for each in failed):
        return ()
    out = {each.code for each in failed}
    return tuple(code for code in winners if code not in out)


def _over(part: int, whole: int, percent: int) -> bool:
    return part * 100 > percent * whole


def _reached(part: int, whole: int, percent: int) -> bool:
    return whole > 0 and part * 100 >= percent * whole


def _percent(condition: Condition) -> LazyString:
    return share(condition["percent"], 100)


def _turnout_told(condition: Condition, _municipalities: int) -> LazyString:
    return _l("At least %(percent)s of those who may vote take part.", percent=_percent(condition))


def _turnout(condition: Condition, numbers: Numbers, _names: Names) -> list[Checked]:
    eligible = sum(numbers.electorate.values())
    values = {"share": share(numbers.voted, eligible), "percent": _percent(condition)}
    if not eligible:
        return [Checked(condition, None, False, _l("Nobody counted who could vote, so turnout cannot be told: at least "
                                                   "%(percent)s are asked for.", percent=_percent(condition)))]
    if _reached(numbers.voted, eligible, condition["percent"]):
        return [Checked(condition, None, True, _l("Turnout was %(share)s; the threshold is %(percent)s.",
                                                  **values))]
    return [Checked(condition, None, False, _l("Turnout was %(share)s, too little; the threshold is %(percent)s.",
                                             **values))]


def _turnout_places_told(condition: Condition, municipalities: int) -> LazyString:
    return _l("At least %(percent)s of those who may vote take part, in at least %(places)s of %(all)s municipalities.",
              percent=_percent(condition), places=condition["places"], all=municipalities)


def _turnout_places(condition: Condition, numbers: Numbers, _names: Names) -> list[Checked]:
    reached = sum(1 for place, eligible in numbers.electorate.items()
                  if _reached(numbers.places.papers[place], eligible, condition["percent"]))
    return [Checked(condition, None, reached >= condition["places"], _l(
        "Turnout reached %(percent)s in %(reached)s of %(all)s municipalities; the threshold is %(places)s.",
        percent=_percent(condition), reached=reached, all=len(numbers.where()), places=condition["places"]))]


def _papers_told(condition: Condition, _municipalities: int) -> LazyString:
    return _n("At least %(num)s paper is cast.", "At least %(num)s papers are cast.", condition["number"])


def _papers(condition: Condition, numbers: Numbers, _names: Names) -> list[Checked]:
    return [Checked(condition, None, numbers.voted >= condition["number"], _n(
        "%(num)s paper counts; the threshold is %(number)s.", "%(num)s papers count; the threshold is %(number)s.",
        numbers.voted, number=figure(condition["number"])))]


def _papers_places_told(condition: Condition, municipalities: int) -> LazyString:
    return _l("At least %(number)s papers are cast in each of at least %(places)s of %(all)s municipalities.",
              number=figure(condition["number"]), places=condition["places"], all=municipalities)


def _papers_places(condition: Condition, numbers: Numbers, _names: Names) -> list[Checked]:
    reached = sum(1 for place in numbers.where() if numbers.places.papers[place] >= condition["number"])
    return [Checked(condition, None, reached >= condition["places"], _l(
        "At least %(number)s papers were cast in %(reached)s of %(all)s municipalities; the threshold is %(places)s.",
        number=figure(condition["number"]), reached=reached, all=len(numbers.where()), places=condition["places"]))]


def _votes_told(condition: Condition, _municipalities: int) -> LazyString:
    return _n("What comes first has at least %(num)s vote.", "What comes first has at least %(num)s votes.",
              condition["number"])


def _votes(condition: Condition, numbers: Numbers, names: Names) -> list[Checked]:
    found = []
    for code in numbers.winners:
        votes = numbers.all_votes(code)[0]
        found.append(Checked(condition, code, votes >= condition["number"], _l(
            "“%(title)s” has %(votes)s votes; the threshold is %(number)s.", title=names(code),
            votes=figure(votes), number=figure(condition["number"]))))
    return found


def _share_told(condition: Condition, _municipalities: int) -> LazyString:
    return _l("What comes first has the votes of more than %(percent)s of the papers (of yes and no, where papers can "
              "say no).", percent=_percent(condition))


def _share(condition: Condition, numbers: Numbers, names: Names) -> list[Checked]:
    found = []
    for code in numbers.winners:
        votes, of = numbers.all_votes(code)
        found.append(Checked(condition, code, _over(votes, of, condition["percent"]), _l(
            "“%(title)s” has %(votes)s of %(of)s votes (%(share)s); it takes more than %(percent)s.",
            title=names(code), votes=figure(votes), of=figure(of), share=share(votes, of),
            percent=_percent(condition))))
    return found


def _approved_places_told(condition: Condition, municipalities: int) -> LazyString:
    return _l("What comes first is approved in at least %(places)s of %(all)s municipalities: there it has the votes "
              "of more than %(percent)s of the papers (of yes and no, where papers can say no).",
              places=condition["places"], all=municipalities, percent=_percent(condition))


def _approved_places(condition: Condition, numbers: Numbers, names: Names) -> list[Checked]:
    found = []
    for code in numbers.winners:
        approved = sum(1 for place in numbers.where() if _over(*numbers.votes(code, place), condition["percent"]))
        found.append(Checked(condition, code, approved >= condition["places"], _l(
            "“%(title)s” is approved in %(approved)s of %(all)s municipalities; the threshold is %(places)s.",
            title=names(code), approved=approved, all=len(numbers.where()), places=condition["places"])))
    return found


KINDS: Mapping[str, Kind] = {
    "turnout": Kind(_l("Turnout"), ("percent",), _turnout_told, _turnout),
    "turnout_places": Kind(_l("Turnout by municipality"), ("percent", "places"), _turnout_places_told,
                           _turnout_places),
    "papers": Kind(_l("Number of papers"), ("number",), _papers_told, _papers),
    "papers_places": Kind(_l("Number of papers by municipality"), ("number", "places"), _papers_places_told,
                          _papers_places),
    "votes": Kind(_l("Votes of what comes first"), ("number",), _votes_told, _votes),
    "share": Kind(_l("Majority of the papers"), ("percent",), _share_told, _share),
    "approved_places": Kind(_l("Approved by municipality"), ("percent", "places"), _approved_places_told,
                            _approved_places),
}
