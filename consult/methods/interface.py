"""What every way of voting answers: which papers are valid, what comes of them, and all of it in words."""

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeAlias

from flask_babel import LazyString

Place: TypeAlias = int | None
"""The id of a municipality; None where it is not known."""
Marks = Mapping[str, int]
"""What one paper says: whole numbers by code of the option; what they mean is for the way of voting to say.

An option without a mark was left out; a paper without any is blank.
"""
Unit = Literal["count", "share", "number", "money", "text"]
Names = Callable[[str], LazyString]
"""The title of an option, by its code, in the language of whoever reads."""


class Form(enum.Enum):
    """How a paper is drawn: one form may serve several ways of voting."""

    CHOICES = "choices"
    """Boxes to tick; 1 for what is chosen."""
    STANCES = "stances"
    """Yes (1), no (0) or abstained (2) on each point."""
    SCORES = "scores"
    """A number between `lowest` and `highest` of the parameters for each option."""
    GRADES = "grades"
    """A grade in words for each option: 0 for the worst of the parameter `grades`."""
    RANKS = "ranks"
    """Places: 1 for the best; the same place twice where the way of voting allows it."""
    POINTS = "points"
    """Points, at most `points` of the parameters altogether."""
    CONSENT = "consent"
    """Consent (1), consent with a reservation (2), objection (0) for each commitment."""
    POLL = "poll"
    """Two questions on one paper: options of the group `merger`, then of the group `name`; 1 for what is chosen."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something that may be voted for: its cost in whole euros, and the group of options it belongs to, if any."""

    code: str
    cost: int = 0
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A ballot as a way of voting sees it. `seed` decides what nothing else decides; it is published beforehand."""

    method: str
    options: tuple[Option, ...]
    minimum: int = 0
    maximum: int = 1
    budget: int | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: str = ""

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.options)

    @cached_property
    def costs(self) -> dict[str, int]:
        return {option.code: option.cost for option in self.options}


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """What counting needs of a paper, and how many like it there are."""

    marks: Marks
    place: Place = None
    channel: str = "online"
    times: int = 1


@dataclass(frozen=True)
class Titled:
    """Stands for the title of an option, where words are expected."""

    code: str


Label: TypeAlias = LazyString | Titled
Figure: TypeAlias = int | float | Fraction | LazyString | Titled | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a grid, and how its figures are written."""

    label: Label
    unit: Unit = "count"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a grid: what it is about, and a figure for each column."""

    label: Label
    values: tuple[Figure, ...]
    total: bool = False


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Figures of a count: the options with their votes, a round, the pairwise matrix, who pays for what."""

    code: str
    caption: LazyString
    heading: LazyString
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    chart: bool = False
    note: LazyString | None = None


@dataclass(frozen=True, kw_only=True)
class Tie:
    """Options that stood equal, the one that came before the others, and what decided it; None where nothing did."""

    among: tuple[str, ...]
    chosen: str | None
    decided_by: LazyString
    dropped: tuple[str, ...] = ()
    """Those that left the count over it, where options are taken out in rounds."""
    round: int | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a ballot. `order` is a list of ranks, best first, each with the options that share it."""

    valid: int
    blank: int
    invalid: int
    winners: tuple[str, ...]
    order: tuple[tuple[str, ...], ...]
    grids: tuple[Grid, ...]
    """The first is that of the options with their votes."""
    ties: tuple[Tie, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the sentences of this way of voting need besides."""


class Method(ABC):
    """A way of voting. It holds no state: all it knows of a ballot are its rules."""

    name: str
    form: Form
    needs_budget: bool = False

    @property
    @abstractmethod
    def title(self) -> LazyString:
        """What it is called."""

    @abstractmethod
    def choosing(self, rules: Rules) -> Sequence[LazyString]:
        """What one paper may say, as sentences for whoever fills it in."""

    @abstractmethod
    def counting(self, rules: Rules) -> Sequence[LazyString]:
        """How papers become a result, ties included, as sentences for everybody."""

    @abstractmethod
    def fault(self, rules: Rules, marks: Marks) -> LazyString | None:
        """Why a paper cannot be taken, as a sentence that says what to do; None for a valid one."""

    @abstractmethod
    def adds(self, rules: Rules, marks: Marks) -> Marks:
        """What a valid paper adds to each option in the table by municipality: whole numbers that can be summed."""

    @property
    @abstractmethod
    def added(self) -> LazyString:
        """What is summed there: votes, points, first places."""

    @property
    def opposed(self) -> LazyString | None:
        """What papers that speak against an option say; None where they cannot."""
        return None

    def against(self, _rules: Rules, _marks: Marks) -> Marks:
        """What a valid paper says against each option, where a paper can: nothing where leaving it out is all."""
        return {}

    @abstractmethod
    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        """Count papers; one that breaks the rules counts for nothing but the number of invalid ones."""

    @abstractmethod
    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        """Who won and why, and what a tie was decided by."""

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        """Why a ballot cannot be set up like this; empty where it can."""
        return ()
