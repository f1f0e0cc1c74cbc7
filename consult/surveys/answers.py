"""How answers are given, kept and read again: of each kind of question one form in all three.

An answer is plain data, the same in forms, drafts, files and in the interface for programs, and names options and
rows by their codes:

    texts, an e-mail address, a date (2026-03-01), a file (its id)   a string
    a number, a point of a scale                                     a number
    choices, a ranking (first comes first), a municipality           a list of codes, of one where one is chosen
    what somebody means by "other"                                   {"chosen": [codes], "other": "in their words"}
    points                                                           {code: points}
    a matrix                                                         {row: [codes]}
    a place                                                          [latitude, longitude]
    "I prefer not to answer"                                         {"prefer_not": true}

Numbers, ranks and points are kept in `Answer.number`, whatever is written in `Answer.text`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from consult.surveys.models import LIVES_ELSEWHERE, PREFER_NOT, Question, QuestionKind

Given = Any
"""An answer, as said above."""
Values = dict[str, Any]
"""What a row of Answer holds beside its submission and question."""

REFUSED: Given = {"prefer_not": True}
ELSEWHERE_CODE = "elsewhere"
"""Of whoever lives in none of the municipalities of the percorso."""

TEXTS = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT})
NUMBERS = frozenset({QuestionKind.NUMBER, QuestionKind.SCALE, QuestionKind.ZERO_TO_TEN})
ONE = frozenset({QuestionKind.SINGLE_CHOICE, QuestionKind.DROPDOWN, QuestionKind.YES_NO})
CHOICES = ONE | {QuestionKind.MULTIPLE_CHOICE}
MATRICES = frozenset({QuestionKind.MATRIX_SINGLE, QuestionKind.MATRIX_MULTIPLE})
WITH_OPTIONS = CHOICES | MATRICES | {QuestionKind.RANKING, QuestionKind.POINTS}
ASKING = frozenset(QuestionKind) - {QuestionKind.INFORMATION}


class BadAnswerError(ValueError):
    """What was given is no answer to the question; the message is for whoever writes software."""


class Kept(Protocol):
    """What is asked of a row that was kept."""

    row_id: int
    option_id: int
    number: float | None
    text: str | None


def is_empty(given: Given) -> bool:
    """Whether nothing was answered; to prefer not to answer is an answer."""
    if isinstance(given, dict):
        return not given or given.get("chosen") == [] or (
            "chosen" not in given and "prefer_not" not in given and not any(given.values()))
    return given is None or given in ("", [], ())


def chosen(given: Given) -> list[str]:
    """The codes chosen in an answer to a choice or ranking."""
    return list(given["chosen"] if isinstance(given, dict) and "chosen" in given else given)


def rows(question: Question, given: Given, places: Mapping[str, int]) -> list[Values]:
    """The rows that keep an answer; none for an empty one. `places` are the ids of municipalities by their codes.

    Raises BadAnswerError for what cannot be an answer to the question.
    """
    if is_empty(given):
        return []
    if given == REFUSED:
        _demand(question, question.prefer_not)
        return [_values(option_id=PREFER_NOT)]
    return _KEEPING[question.kind](question, given, places)


def read(question: Question, kept: Sequence[Kept], places: Mapping[int, str]) -> Given | None:
    """The answer that rows keep, as it was given; None for none. `places` are the codes of municipalities by id."""
    if not kept:
        return None
    if any(row.option_id == PREFER_NOT for row in kept):
        return dict(REFUSED)
    return _READING[question.kind](question, kept, places)


def _values(*, row_id: int = 0, option_id: int = 0, number: float | None = None, text: str | None = None) -> Values:
    return {"row_id": row_id, "option_id": option_id, "number": number, "text": text}


def _demand(question: Question, holds: bool) -> None:
    if not holds:
        raise BadAnswerError(f"no answer to question {question.code}")


def _keep_text(question: Question, given: Given, _places: Mapping[str, int]) -> list[Values]:
    _demand(question, isinstance(given, str))
    return [_values(text=given)]


def _keep_date(question: Question, given: Given, _places: Mapping[str, int]) -> list[Values]:
    _demand(question, isinstance(given, str))
    try:
        return [_values(text=date.fromisoformat(given).isoformat())]
    except ValueError as fault:
        raise BadAnswerError(f"no date for question {question.code}") from fault


def _keep_number(question: Question, given: Given, _places: Mapping[str, int]) -> list[Values]:
    _demand(question, isinstance(given, int | float) and not isinstance(given, bool))
    return [_values(number=float(given))]


def _keep_choice(question: Question, given: Given, _places: Mapping[str, int]) -> list[Values]:
    codes = _codes(question, given)
    _demand(question, len(codes) == 1 or question.kind not in ONE)
    said = given.get("other", "") if isinstance(given, dict) else ""
    ids = _option_ids(question, codes)
    other = {option.id for option in question.options if option.other}
    return [_values(option_id=id, text=(said or None) if id in other else None) for id in sorted(ids)]


def _keep_ranking(question: Question, given: Given, _places: Mapping[str, int]) -> list[Values]:
    ids = _option_ids(question, _codes(question, given))
    return [_values(option_id=id, number=float(rank)) for rank, id in enumerate(ids, 1)]


def _keep_points(question: Question, given: Given, _places: Mapping[str, int]) -> list[Values]:
    _demand(question, isinstance(given, Mapping)
            and all(isinstance(points, int) and not isinstance(points, bool) and points >= 0
                    for points in given.values()))
    codes = [code for code, points in given.items() if points]
    return [_values(option_id=id, number=float(given[code]))
            for code, id in zip(codes, _option_ids(question, codes), strict=True)]


def _keep_matrix(question: Question, given: Given, _places: Mapping[str, int]) -> list[Values]:
    _demand(question, isinstance(given, Mapping))
    row_ids = {row.code: row.id for row in question.rows}
    kept = []
    for code, line in given.items():
        codes = _codes(question, line)
        _demand(question, code in row_ids and (len(codes) < 2 or question.kind is QuestionKind.MATRIX_MULTIPLE))
        kept += [_values(row_id=row_ids[code], option_id=id) for id in sorted(_option_ids(question, codes))]
    return kept


def _keep_municipality(question: Question, given: Given, places: Mapping[str, int]) -> list[Values]:
    codes = _codes(question, given)
    known = {**places, ELSEWHERE_CODE: LIVES_ELSEWHERE}
    _demand(question, len(codes) == 1 and codes[0] in known)
    return [_values(option_id=known[codes[0]])]


def _keep_place(question: Question, given: Given, _places: Mapping[str, int]) -> list[Values]:
    sound = (isinstance(given, list | tuple) and len(given) == 2
             and all(isinstance(value, int | float) for value in given))
    _demand(question, sound and abs(given[0]) <= 90 and abs(given[1]) <= 180)
    return [_values(text=f"{given[0]:.6f} {given[1]:.6f}")]


def _keep_nothing(question: Question, _given: Given, _places: Mapping[str, int]) -> list[Values]:
    raise BadAnswerError(f"nothing is asked in {question.code}")


def _codes(question: Question, given: Given) -> list[str]:
    some = given["chosen"] if isinstance(given, dict) and "chosen" in given else given
    _demand(question, isinstance(some, list | tuple) and len(set(map(str, some))) == len(some))
    return [str(code) for code in some]


def _option_ids(question: Question, codes: Collection[str]) -> list[int]:
    ids = {option.code: option.id for option in question.options}
    _demand(question, set(codes) <= set(ids))
    return [ids[code] for code in codes]


def _read_text(_question: Question, kept: Sequence[Kept], _places: Mapping[int, str]) -> Given:
    return kept[0].text


def _read_number(_question: Question, kept: Sequence[Kept], _places: Mapping[int, str]) -> Given:
    return kept[0].number


def _read_choice(question: Question, kept: Sequence[Kept], _places: Mapping[int, str]) -> Given:
    codes = _in_order(question, kept)
    said = next((row.text for row in kept if row.text), None)
    return {"chosen": codes, "other": said} if said else codes


def _read_ranking(question: Question, kept: Sequence[Kept], _places: Mapping[int, str]) -> Given:
    codes = {option.id: option.code for option in question.options}
    return [codes[row.option_id] for row in sorted(kept, key=lambda row: row.number or 0)]


def _read_points(question: Question, kept: Sequence[Kept], _places: Mapping[int, str]) -> Given:
    points = {row.option_id: int(row.number or 0) for row in kept}
    return {option.code: points[option.id] for option in question.options if option.id in points}


def _read_matrix(question: Question, kept: Sequence[Kept], _places: Mapping[int, str]) -> Given:
    lines = {row.code: _in_order(question, [each for each in kept if each.row_id == row.id]) for row in question.rows}
    return {code: codes for code, codes in lines.items() if codes}


def _read_municipality(_question: Question, kept: Sequence[Kept], places: Mapping[int, str]) -> Given:
    return [places.get(kept[0].option_id, ELSEWHERE_CODE)]


def _read_place(_question: Question, kept: Sequence[Kept], _places: Mapping[int, str]) -> Given:
    return [float(value) for value in (kept[0].text or "").split()]


def _in_order(question: Question, kept: Iterable[Kept]) -> list[str]:
    ids = {row.option_id for row in kept}
    return [option.code for option in question.options if option.id in ids]


_Keep = Callable[[Question, Given, Mapping[str, int]], list[Values]]
_Read = Callable[[Question, Sequence[Kept], Mapping[int, str]], Given]
_WAYS: list[tuple[Iterable[QuestionKind], _Keep, _Read]] = [
    ([*TEXTS, QuestionKind.EMAIL, QuestionKind.FILE], _keep_text, _read_text),
    ([QuestionKind.DATE], _keep_date, _read_text),
    (NUMBERS, _keep_number, _read_number),
    (CHOICES, _keep_choice, _read_choice),
    ([QuestionKind.RANKING], _keep_ranking, _read_ranking),
    ([QuestionKind.POINTS], _keep_points, _read_points),
    (MATRICES, _keep_matrix, _read_matrix),
    ([QuestionKind.MUNICIPALITY], _keep_municipality, _read_municipality),
    ([QuestionKind.PLACE], _keep_place, _read_place),
    ([QuestionKind.INFORMATION], _keep_nothing, _read_text),
]
_KEEPING = {kind: keep for kinds, keep, _read in _WAYS for kind in kinds}
_READING = {kind: read for kinds, _keep, read in _WAYS for kind in kinds}
