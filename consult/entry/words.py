"""By which way sheets came, and answers as people read them side by side."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.processes.models import Channel
from consult.surveys import answers
from consult.surveys.answers import ELSEWHERE_CODE, MATRICES, REFUSED, Given
from consult.surveys.models import Question, QuestionKind

CHANNELS = {Channel.PAPER: _l("On paper"), Channel.DESK: _l("At the desk"), Channel.ASSEMBLY: _l("At a meeting")}
"""The ways by which sheets come."""
WAYS = {Channel.IMPORTED: _l("Taken over from another system"), **CHANNELS}
"""The ways by which answers in a file came."""


def spoken(question: Question, given: Given, places: Mapping[str, str]) -> str:
    """An answer in words; `places` are the names of municipalities by their codes."""
    if answers.is_empty(given):
        return str(_("No answer"))
    if given == REFUSED:
        return str(_("I prefer not to answer"))
    names = {option.code: str(option.label) for option in question.options}
    if question.kind in MATRICES:
        rows = {row.code: str(row.label) for row in question.rows}
        return "; ".join(f"{rows[row]}: {_listed(names, codes)}" for row, codes in given.items())
    if question.kind is QuestionKind.POINTS:
        return "; ".join(f"{names[code]}: {points}" for code, points in given.items())
    if question.kind is QuestionKind.MUNICIPALITY:
        return places.get(given[0], str(_("Elsewhere"))) if given[0] != ELSEWHERE_CODE else str(_("Elsewhere"))
    if question.options:
        return _chosen(question, names, given)
    return _plain(given)


def _chosen(question: Question, names: Mapping[str, str], given: Given) -> str:
    codes = answers.chosen(given)
    if question.kind is QuestionKind.RANKING:
        return "; ".join(f"{rank}. {names[code]}" for rank, code in enumerate(codes, 1))
    said = given.get("other") if isinstance(given, dict) else None
    return _listed(names, codes) + (f": {said}" if said else "")


def _listed(names: Mapping[str, str], codes: list[str]) -> str:
    return ", ".join(names[code] for code in codes)


def _plain(given: Any) -> str:
    if isinstance(given, list):
        return ", ".join(map(str, given))
    return f"{given:g}" if isinstance(given, float) else str(given)
