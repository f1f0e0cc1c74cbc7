"""The fields of what is chosen, ordered, and shared out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n
from wtforms import Field

from consult.core.forms import tidy
from consult.surveys import answers, paths
from consult.surveys.answers import ELSEWHERE_CODE, ONE, Given
from consult.surveys.distribution import scale
from consult.surveys.fields import NOT_SHOWN, OTHER, REFUSING, SHORT_TEXT, AnswerField, UnsoundError, plain
from consult.surveys.models import Option, Question, QuestionKind, QuestionRow
from consult.territory.models import Municipality

NOWHERE = "0"
"""Stands for the municipality of whoever lives elsewhere."""


class ListField(AnswerField):
    """Values chosen in a list, where whoever prefers not to answer may choose that instead."""

    missing = _l("Choose an answer.")

    @property
    def chosen(self) -> list[str]:
        """The values chosen."""
        return [value for value in dict.fromkeys(self.sent.get("", ())) if value and value != REFUSING]

    @property
    def refused(self) -> bool:
        return super().refused or bool(self.question.prefer_not and REFUSING in self.sent.get("", ()))


class ChoiceField(ListField):
    """One of the answers offered, or several of them, perhaps with words of one's own."""

    control = "choices"

    @property
    def several(self) -> bool:
        return self.question.kind not in ONE

    @property
    def others(self) -> list[str]:
        """The options that one says in one's own words."""
        return [option.code for option in self.question.options if option.other]

    def parts(self) -> Sequence[str]:
        return ("", OTHER) if self.others else ("",)

    def meaning(self) -> Given | None:
        codes, said = self.chosen, " ".join(self.typed(OTHER).split())
        if not set(codes) <= set(paths.codes_of(self.question)):
            raise UnsoundError(NOT_SHOWN)
        if said and not set(codes) & set(self.others):
            if codes and not self.several:
                raise UnsoundError(_l("You chose an answer and wrote another: choose the one beside your words, or "
                                      "delete them."))
            codes = [*codes, self.others[0]]
        if len(codes) > 1 and not self.several:
            raise UnsoundError(_most(1))
        if len(said) > SHORT_TEXT:
            raise UnsoundError(_l("This is too long: at most %(most)s characters.", most=SHORT_TEXT))
        codes = [code for code in paths.codes_of(self.question) if code in codes]
        return {"chosen": codes, "other": said} if said else codes or None

    def judge(self, given: Given, offered: Sequence[Option]) -> None:
        codes = answers.chosen(given)
        if set(codes) & set(self.others) and not (isinstance(given, Mapping) and given.get("other")):
            raise UnsoundError(_l("Say in your own words what you mean."))
        for option in offered:
            if option.alone and option.code in codes and len(codes) > 1:
                raise UnsoundError(_l("“%(answer)s” cannot be chosen together with others: take it away, or the "
                                      "others.", answer=option.label))
        if self.several:
            bound_number(self.question, len(codes), of_one=any(o.alone and o.code in codes for o in offered))

    def written(self, given: Given) -> dict[str, list[str]]:
        said = given.get("other") if isinstance(given, Mapping) else None
        return {"": answers.chosen(given), **({OTHER: [said]} if said else {})}

    @staticmethod
    def hint(question: Question) -> LazyString | str:
        return _how_many(question) if question.kind is QuestionKind.MULTIPLE_CHOICE else ""


class DropdownField(ChoiceField):
    """One of many answers, in a list that opens."""

    control = "dropdown"


class ScaleField(ListField):
    """A point of a scale whose ends have names."""

    control = "scale"

    @property
    def points(self) -> list[str]:
        """What can be chosen."""
        ends = (0, paths.HIGHEST + 1)
        return [str(point) for point in
                (range(*ends) if self.question.kind is QuestionKind.ZERO_TO_TEN else scale(self.question))]

    def meaning(self) -> Given | None:
        if not set(self.chosen) <= set(self.points):
            raise UnsoundError(NOT_SHOWN)
        if len(self.chosen) > 1:
            raise UnsoundError(_most(1))
        return float(self.chosen[0]) if self.chosen else None

    def written(self, given: Given) -> dict[str, list[str]]:
        return {"": [plain(given)]}


class MunicipalityField(ListField):
    """A municipality of the percorso, or elsewhere."""

    control = "municipality"

    def __init__(self, question: Question, *, municipalities: Sequence[Municipality], **options: Any) -> None:
        super().__init__(question, **options)
        self.municipalities = municipalities

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Codes and names."""
        return [*((town.istat_code, town.name) for town in self.municipalities), (ELSEWHERE_CODE, _l("Elsewhere"))]

    def meaning(self) -> Given | None:
        if len(self.chosen) > 1 or not set(self.chosen) <= {code for code, _name in self.choices}:
            raise UnsoundError(NOT_SHOWN)
        return self.chosen or None

    def written(self, given: Given) -> dict[str, list[str]]:
        return {"": list(given)}


class MatrixField(AnswerField):
    """A table in which each row is answered by one of the columns, or by several."""

    control = "matrix"

    @property
    def several(self) -> bool:
        return self.question.kind is QuestionKind.MATRIX_MULTIPLE

    def chosen_in(self, row: QuestionRow) -> list[str]:
        """The columns chosen in a row."""
        return [value for value in dict.fromkeys(self.sent.get(row.code, ())) if value]

    def parts(self) -> Sequence[str]:
        return [row.code for row in self.question.rows]

    def meaning(self) -> Given | None:
        lines = {row.code: codes for row in self.question.rows if (codes := self.chosen_in(row))}
        for codes in lines.values():
            if not set(codes) <= set(paths.codes_of(self.question)):
                raise UnsoundError(NOT_SHOWN)
            if len(codes) > 1 and not self.several:
                raise UnsoundError(_l("Choose only one answer in each line."))
        order = paths.codes_of(self.question)
        return {row: sorted(codes, key=order.index) for row, codes in lines.items()} or None

    @property
    def missing(self) -> LazyString:
        first = next((row.label for row in self.question.rows if not self.chosen_in(row)), "")
        return _l("Answer each line: “%(line)s” is still without an answer.", line=first)

    def judge(self, given: Given, offered: Sequence[Option]) -> None:
        if self.flags.required and len(given) < len(self.question.rows):
            raise UnsoundError(self.missing)
        if self.several:
            for codes in given.values():
                bound_number(self.question, len(codes))

    def written(self, given: Given) -> dict[str, list[str]]:
        return {row: list(codes) for row, codes in given.items()}

    @staticmethod
    def hint(question: Question) -> LazyString | str:
        return (_l("You can choose several answers in each line.") if question.kind is QuestionKind.MATRIX_MULTIPLE
                else _l("Choose one answer in each line."))


def bound_number(question: Question, number: int, *, of_one: bool = False) -> None:
    """Raise UnsoundError where too few or too many were chosen; `of_one` says that it can be but one."""
    if question.minimum and number < question.minimum and not of_one:
        raise UnsoundError(_n("Choose at least %(num)s answer.", "Choose at least %(num)s answers.", question.minimum))
    if question.maximum is not None and number > question.maximum:
        raise UnsoundError(_most(question.maximum))


def _most(number: int) -> LazyString:
    return _n("Choose at most %(num)s answer.", "Choose at most %(num)s answers.", number)


def _how_many(question: Question) -> LazyString | str:
    least, most = question.minimum or 0, question.maximum
    if most is None:
        return (_n("Choose at least %(num)s answer.", "Choose at least %(num)s answers.", least) if least > 1
                else _l("You can choose several answers."))
    if least == most:
        return _n("Choose %(num)s answer.", "Choose %(num)s answers.", most)
    if least > 1:
        return _l("Choose from %(least)s to %(most)s answers.", least=least, most=most)
    return _n("You can choose %(num)s answer.", "You can choose up to %(num)s answers.", most)


class ResidenceField(Field):
    """Where whoever answers lives: no question of the questionnaire, but asked before all of them."""

    control = "residence"

    def __init__(self, municipalities: Sequence[Municipality], **options: Any) -> None:
        super().__init__(_l("Which municipality do you live in?"), [],
                         description=_l("It is used only to count answers by municipality."), **options)
        self.choices = [*((str(place.id), place.name) for place in municipalities), (NOWHERE, _l("Elsewhere"))]
        self.flags.required = True
        self.chosen = ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[Any] = []
        self.errors: list[Any] = []
        self.chosen = formdata.get(self.name, "") if formdata is not None else ""

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        known = self.chosen in {value for value, _name in self.choices} or not (self.chosen or self.flags.required)
        self.errors = [] if known else [NOT_SHOWN if self.chosen else _l("Choose an answer.")]
        return known

    def pairs(self) -> Iterator[tuple[str, str]]:
        """What was sent, as hidden fields carry it."""
        if self.chosen:
            yield self.name, str(tidy(self.chosen))[:100]
