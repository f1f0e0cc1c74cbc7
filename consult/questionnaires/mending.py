"""What of a questionnaire may still change once somebody has answered: only what keeps every answer valid.

Wording, help, pictures and translations; an answer added at the end of a choice, words for "other"; a question that is
optional; what was obligatory made optional, a bound loosened, a quota raised or taken away; the order of questions.
Whoever needs more makes a copy, which begins without answers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.questionnaires import definition
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import Fault
from consult.surveys.answers import CHOICES, MATRICES
from consult.surveys.models import QuestionKind

GROWING = CHOICES | MATRICES
"""Kinds that may get further answers: who has ranked or given points has seen all there were."""
FIXED = frozenset({QuestionKind.SCALE, QuestionKind.POINTS})
"""Kinds whose bounds are what an answer means."""


def refusals(before: Data, after: Data) -> list[Fault]:
    """Why one questionnaire, answered already, cannot become another; both whole, and the other without faults."""
    known = {one["code"]: (one, _condition(before, one)) for one in definition.questions(before)}
    found = []
    for one in definition.questions(after):
        if one["code"] in known:
            old, condition = known.pop(one["code"])
            sentences = _changed(old, one)
            if condition != _condition(after, one):
                sentences = [*sentences, _l("Somebody has answered: when a question is shown can no longer change.")]
        else:
            sentences = _added(one)
        found += [Fault(f"question:{one['code']}", sentence, blocks=True) for sentence in sentences]
    return [*found, *(Fault(f"question:{code}", _l(
        "Somebody has answered: the question “%(code)s” can no longer be removed.", code=code), blocks=True)
        for code in known)]


def _condition(data: Data, one: Data) -> tuple[Any, Any]:
    return data["sections"][definition.section_of(data, one["code"])]["shown_if"], one["shown_if"]


def _added(one: Data) -> list[LazyString]:
    return [_l("Somebody has answered without this question: it can only be optional.")] if one["required"] else []


def _changed(old: Data, new: Data) -> list[LazyString]:
    kind = QuestionKind(old["kind"])
    if new["kind"] != old["kind"]:
        return [_l("Somebody has answered: the kind of a question can no longer change.")]
    found = []
    if new["required"] and not old["required"]:
        found.append(_l("Somebody has left this question out: it can no longer become obligatory."))
    if old["prefer_not"] and not new["prefer_not"]:
        found.append(_l("Somebody may have preferred not to answer: that possibility stays."))
    if any(_tighter(kind, name, old[name], new[name]) for name in ("minimum", "maximum", "max_length")) or any(
            _tighter(kind, name, old[name], new[name]) for name in ("earliest", "latest")):
        found.append(_l("Somebody has answered within these limits: they can only be made wider."))
    if old["unit"].get("it") and old["unit"].get("it") != new["unit"].get("it"):
        found.append(_l("Somebody has answered with this unit: it can only be translated."))
    return [*found, *_options(kind, old["options"], new["options"]), *_rows(old, new)]


def _tighter(kind: QuestionKind, name: str, old: Any, new: Any) -> bool:
    if old == new:
        return False
    if kind in FIXED:
        return True
    if new is None:
        return False
    return old is None or (new > old if name in ("minimum", "earliest") else new < old)


def _options(kind: QuestionKind, old: list[Data], new: list[Data]) -> Iterator[LazyString]:
    codes = [option["code"] for option in new]
    if codes[:len(old)] != [option["code"] for option in old]:
        yield _l("Somebody has chosen among these answers: they stay, in their order. New ones are added at the end.")
        return
    if len(new) > len(old) and kind not in GROWING:
        yield _l("Somebody has weighed these answers against each other: no other can be added.")
    for before, after in zip(old, new, strict=False):
        if _option_narrower(before, after):
            yield _l("“%(label)s” may have been chosen: its condition stays, it cannot become one that is chosen "
                     "alone, what was written with it stays, and its quota can only grow.",
                     label=after["label"].get("it") or after["code"])


def _option_narrower(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    quota = after["quota"] is not None and (before["quota"] is None or after["quota"] < before["quota"])
    return (after["shown_if"] != before["shown_if"] or (after["alone"] and not before["alone"])
            or (before["other"] and not after["other"]) or quota)


def _rows(old: Data, new: Data) -> Iterator[LazyString]:
    codes = {row["code"] for row in old["rows"]}
    if not codes <= {row["code"] for row in new["rows"]}:
        yield _l("Somebody has answered the rows of this question: they stay.")
    elif len(new["rows"]) > len(codes) and new["required"]:
        yield _l("Somebody has answered without the new row: make the question optional first.")
