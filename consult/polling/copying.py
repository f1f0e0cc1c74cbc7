"""A paper as a clerk copies it: the fields of the page on which everybody votes, in the order of the printed paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from consult.methods.interface import Method, Rules
from consult.methods.registry import METHODS
from consult.voting import filling
from consult.voting import services as votes
from consult.voting.filling import Filled
from consult.voting.models import Ballot, BallotOption

SHOWN = "shown"
"""A field that the page with the paper sends, and no other."""


@dataclass(frozen=True)
class Copied:
    """What a clerk has copied so far, and all that the page needs to show it once more."""

    ballot: Ballot
    rules: Rules
    method: Method
    options: Sequence[BallotOption]
    filled: Filled
    step: str = ""
    moved: str = ""

    @property
    def done(self) -> bool:
        """True where the clerk has said what stands on the paper, rightly or wrongly."""
        return self.step in {"look", "cast"}

    @property
    def sound(self) -> bool:
        return self.done and self.filled.fault is None


def blank(ballot: Ballot) -> Copied:
    """A paper on which nothing stands yet."""
    rules = votes.rules(ballot)
    return Copied(ballot, rules, METHODS[rules.method], list(ballot.options), Filled({}))


def sent(ballot: Ballot) -> Copied:
    """The paper that the page has sent; a blank one where it was not shown yet."""
    empty = blank(ballot)
    if SHOWN not in request.form:
        return empty
    filled, moved = filling.sent(empty.rules, request.form), request.form.get("move", "")[:40]
    if moved:
        filled = filled.moved(empty.rules, [option.code for option in empty.options], moved)
    step = "" if moved else request.form.get("step", "look")[:8]
    return Copied(ballot, empty.rules, empty.method, empty.options, filled, step, moved)
