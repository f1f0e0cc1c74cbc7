"""Everything that the office decides of a ballot, whether it stands in a form or in the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consult.core.languages import Localized
from consult.methods.interface import Option, Rules
from consult.processes.models import Audience
from consult.voting.models import Ballot, Secrecy

COLUMNS = ("question", "method", "parameters", "conditions", "minimum", "maximum", "budget", "secrecy", "shuffled",
           "by_organisation")


@dataclass(frozen=True, kw_only=True)
class OptionSaid:
    """An option as somebody writes it; `code` is empty for a new one."""

    code: str
    title: Localized
    text: Localized = field(default_factory=Localized)
    cost: int | None = None
    group: str = ""
    municipality_id: int | None = None
    contribution_id: int | None = None
    commitment_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is asked, how, and of whom. `eligible` is how many may vote, by id of the municipality."""

    question: Localized
    method: str
    options: tuple[OptionSaid, ...]
    minimum: int = 0
    maximum: int = 1
    budget: int | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    conditions: tuple[Any, ...] = ()
    secrecy: Secrecy = Secrecy.PSEUDONYMOUS
    shuffled: bool = False
    by_organisation: bool = False
    audience: Audience = Audience.VERIFIED
    eligible: Mapping[int, int] = field(default_factory=dict)
    towns: int = 0
    """How many municipalities the percorso has."""
    withdrawn: tuple[str, ...] = ()
    """The codes of commitments among the options that were withdrawn from the pact."""

    @classmethod
    def of(cls, ballot: Ballot, eligible: Mapping[int, int], towns: int, withdrawn: tuple[str, ...] = ()) -> "Draft":
        """What is saved."""
        columns: dict[str, Any] = {name: getattr(ballot, name) for name in COLUMNS}
        return cls(**{**columns, "conditions": tuple(ballot.conditions)}, audience=ballot.audience,
                   eligible=dict(eligible), towns=towns, options=options_of(ballot), withdrawn=withdrawn)

    @property
    def rules(self) -> Rules:
        """As its way of voting sees it; options that have no code yet get one here."""
        return Rules(method=self.method, minimum=self.minimum, maximum=self.maximum, budget=self.budget,
                     parameters=self.parameters, seed="",
                     options=tuple(Option(code=one.code, cost=one.cost or 0, group=one.group)
                                   for one in self.coded))

    @property
    def coded(self) -> tuple[OptionSaid, ...]:
        """The options, each with a code: what is there keeps its own."""
        return with_codes(self.options)

    @property
    def columns(self) -> dict[str, Any]:
        """What is kept in the row of the ballot."""
        return {**{name: getattr(self, name) for name in COLUMNS}, "parameters": dict(self.parameters),
                "conditions": list(self.conditions)}


def options_of(ballot: Ballot) -> tuple[OptionSaid, ...]:
    """The options that are saved."""
    return tuple(OptionSaid(code=one.code, title=one.title, text=one.text, cost=one.cost, group=one.group,
                            municipality_id=one.municipality_id, contribution_id=one.contribution_id,
                            commitment_id=one.commitment_id)
                 for one in ballot.options)


def with_codes(options: tuple[OptionSaid, ...]) -> tuple[OptionSaid, ...]:
    """The same options; those without a code get the next numbers that are free."""
    taken = {one.code for one in options}
    numbers = (f"{number:02}" for number in range(1, 10_000))
    free = (code for code in numbers if code not in taken)
    return tuple(one if one.code else OptionSaid(**{**vars(one), "code": next(free)}) for one in options)
