"""How a paper is filled in: what the fields of each form send, what they mean, and in which order options stand."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from consult.methods.interface import Form, Marks, Rules
from consult.methods.registry import METHODS
from consult.voting.models import Ballot, BallotOption

CHOICES = "choices"
MARK = "mark-"
CAVEAT = "caveat-"
LONGEST = 1000
WHOLE_NUMBERS = _l("Write only whole numbers.")
TICKED = (Form.CHOICES, Form.POLL)
RESERVED = 2
"""The mark of a consent with a reservation."""
Typed = Mapping[str, str]
"""What stands in the fields of a paper, by code of the option, sound or not."""


class UnreadableError(ValueError):
    """Something stands in a field that means nothing, with the sentence that says what to do."""

    def __init__(self, reason: LazyString) -> None:
        super().__init__(str(reason))
        self.reason = reason


def typed_in(rules: Rules, sent: "MultiDict[str, str]") -> dict[str, str]:
    """What was typed or ticked on a paper, as its form sent it; of a poll each question has its own name."""
    if METHODS[rules.method].form in TICKED:
        names = [name for name in sent if name == CHOICES or name.startswith(f"{CHOICES}-")]
        return {code[:16]: "1" for name in names for code in sent.getlist(name) if code}
    return {code: typed for code in rules.codes if (typed := sent.get(MARK + code, "").strip()[:9])}


def written(marks: Marks) -> dict[str, str]:
    """The fields as they show a paper."""
    return {code: str(mark) for code, mark in marks.items()}


def marks_in(rules: Rules, sent: "MultiDict[str, str]") -> Marks:
    """The marks of a paper as its form sent it, whether or not the way of voting takes them.

    Raises UnreadableError where no number stands where one should.
    """
    return meant(rules, typed_in(rules, sent))


def meant(rules: Rules, typed: Typed) -> dict[str, int]:
    """The marks that were typed. Raises UnreadableError where one is no whole number."""
    marks = {}
    for code, said in typed.items():
        digits = said.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 7):
            raise UnreadableError(WHOLE_NUMBERS)
        marks[code] = int(said)
    if METHODS[rules.method].form is Form.POINTS:
        return {code: points for code, points in marks.items() if points}
    return marks


def caveats_in(rules: Rules, sent: "MultiDict[str, str]", marks: Marks) -> dict[str, str]:
    """The reservations that belong to a paper, by code of the commitment they are about."""
    if METHODS[rules.method].form is not Form.CONSENT:
        return {}
    return {code: said for code in rules.codes
            if marks.get(code) == RESERVED and (said := sent.get(CAVEAT + code, "").strip()[:LONGEST])}


def moved(rules: Rules, typed: Typed, shown: Sequence[str], act: str) -> dict[str, str]:
    """Ranks after a button was pressed: `up:CODE` or `down:CODE`; the options that have a place get 1, 2, 3 and so on.

    An option without a place gets the last one with `up`, and the last one loses its place with `down`.
    """
    way, _colon, code = act.partition(":")
    placed = _in_order(typed, shown)
    if code in rules.codes and code not in placed:
        placed = [*placed, code] if way == "up" else placed
    elif code in placed:
        at = placed.index(code)
        placed.pop(at)
        if way == "up" or at < len(placed):
            placed.insert(max(0, at - 1) if way == "up" else at + 1, code)
    return {code: str(place) for place, code in enumerate(placed, 1)}


def _in_order(typed: Typed, shown: Sequence[str]) -> list[str]:
    """Codes that have a place, the best first; of equal ones the first shown."""
    found = {code: int(said) for code, said in typed.items() if said.isascii() and said.isdecimal()}
    return sorted(found, key=lambda code: (found[code], shown.index(code)))


def ranked(options: Iterable[BallotOption], typed: Typed) -> list[BallotOption]:
    """Options as a paper of places shows them: those that have one in their order, then the others as they stood."""
    shown = list(options)
    first = _in_order(typed, [option.code for option in shown])
    by_code = {option.code: option for option in shown}
    return [*(by_code[code] for code in first), *(option for option in shown if option.code not in first)]


def options(ballot: Ballot, tag: str = "") -> list[BallotOption]:
    """The options in the order in which somebody finds them; where it is shuffled, in one that the seed and their
    tag decide: their own, and always the same. Who has no tag finds that of the seed alone.
    """
    if not ballot.shuffled:
        return list(ballot.options)

    def place(option: BallotOption) -> bytes:
        return hmac.digest(ballot.seed.encode(), f"{tag}\0{option.code}".encode(), hashlib.sha256)

    groups = list(dict.fromkeys(option.group for option in ballot.options))
    return sorted(ballot.options, key=lambda option: (groups.index(option.group), place(option)))
