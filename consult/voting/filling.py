"""A paper as it stands on the page: what is typed on it, what that means, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import LazyString
from werkzeug.datastructures import MultiDict

from consult.accounts.models import Organisation, Person
from consult.methods.interface import Marks, Rules
from consult.methods.registry import METHODS
from consult.verification.bearers import Bearer
from consult.voting import caveats, papers, queries, voters
from consult.voting.models import Ballot


@dataclass(frozen=True)
class Filled:
    """What stands in the fields of a paper; `marks` are empty where it means nothing."""

    typed: Mapping[str, str]
    marks: Marks = field(default_factory=dict)
    caveats: Mapping[str, str] = field(default_factory=dict)
    fault: LazyString | None = None

    def moved(self, rules: Rules, shown: Sequence[str], act: str) -> "Filled":
        """The same after an option was moved up or down."""
        return replace(self, typed=papers.moved(rules, self.typed, shown, act))


def sent(rules: Rules, fields: "MultiDict[str, str]") -> Filled:
    """A paper as its form sent it."""
    typed = papers.typed_in(rules, fields)
    try:
        marks = papers.meant(rules, typed)
    except papers.UnreadableError as unreadable:
        return Filled(typed, fault=unreadable.reason)
    said = papers.caveats_in(rules, fields, marks)
    return Filled(typed, marks, said, METHODS[rules.method].fault(rules, marks))


def kept(ballot: Ballot, rules: Rules, person: Person | Bearer, organisation: Organisation | None) -> Filled:
    """The paper that somebody has in the box, empty where there is none."""
    paper = queries.paper_of(ballot, person, organisation)
    if paper is None:
        return Filled({})
    said = caveats.of(ballot, voters.voter(ballot, person, organisation)) if rules.method == "consent" else {}
    return Filled(papers.written(paper.marks), paper.marks, said)
