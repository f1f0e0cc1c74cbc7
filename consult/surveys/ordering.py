"""The fields in which a number stands beside each option: put in order, share out points."""

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.surveys import paths
from consult.surveys.answers import Given
from consult.surveys.fields import AnswerField, UnsoundError
from consult.surveys.models import Option, Question


class NumbersField(AnswerField):
    """A whole number beside each option."""

    wrong = _l("Write only whole numbers.")

    def parts(self) -> Sequence[str]:
        return paths.codes_of(self.question)

    def numbers(self) -> dict[str, int]:
        """The number beside each option that has one. Raises UnsoundError for what is none."""
        found = {}
        for code in self.parts():
            typed = self.typed(code).strip()
            if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 7):
                raise UnsoundError(self.wrong)
            if typed:
                found[code] = int(typed)
        return found


class RankingField(NumbersField):
    """Options put in order: 1 beside what comes first."""

    control = "ranking"
    missing = _l("Put the answers in order: write 1 beside what comes first.")
    wrong = _l("Write only whole numbers: 1 beside what comes first, 2 beside what comes second.")

    def meaning(self) -> Given | None:
        ranks = self.numbers()
        return sorted(ranks, key=ranks.__getitem__) or None

    def judge(self, given: Given, offered: Sequence[Option]) -> None:
        ranks = self.numbers()
        if sorted(ranks[code] for code in given) != list(range(1, len(given) + 1)):
            raise UnsoundError(_l("Give each place only once and leave none out: 1, 2, 3 and so on."))
        least, most = ranked(self.question, len(offered))
        if len(given) < least:
            raise UnsoundError(_n("Put at least %(num)s answer in order.", "Put at least %(num)s answers in order.",
                                  least))
        if len(given) > most:
            raise UnsoundError(_n("Put at most %(num)s answer in order.", "Put at most %(num)s answers in order.",
                                  most))

    def written(self, given: Given) -> dict[str, list[str]]:
        return {code: [str(rank)] for rank, code in enumerate(given, 1)}

    @staticmethod
    def hint(question: Question) -> LazyString | str:
        least, most = ranked(question, len(question.options))
        if least == most:
            return _l("Write 1 beside what comes first, 2 beside what comes second, up to %(most)s.", most=most)
        return _l("Write 1 beside what comes first, 2 beside what comes second, and so on: at most %(most)s.",
                  most=most)


def ranked(question: Question, offered: int) -> tuple[int, int]:
    """How many options are put in order at least and at most, of so many offered: all where nothing is said."""
    most = offered if question.maximum is None else min(question.maximum, offered)
    least = most if question.minimum is None and question.maximum is None else question.minimum or 1
    return min(least, most), most


class PointsField(NumbersField):
    """Points shared out among the options."""

    control = "points"
    missing = _l("Share out the points.")
    wrong = _l("Write only whole numbers that are not below zero.")

    def meaning(self) -> Given | None:
        return {code: points for code, points in self.numbers().items() if points} or None

    def judge(self, given: Given, offered: Sequence[Option]) -> None:
        spent, there = sum(given.values()), self.question.maximum
        if there is not None and spent < there:
            raise UnsoundError(_l("You have shared out %(spent)s of %(all)s points: %(left)s are left.", spent=spent,
                                  all=there, left=there - spent))
        if there is not None and spent > there:
            raise UnsoundError(_l("You have shared out %(spent)s points, but there are %(all)s: take away %(over)s.",
                                  spent=spent, all=there, over=spent - there))

    def written(self, given: Given) -> dict[str, list[str]]:
        return {code: [str(points)] for code, points in given.items()}

    @staticmethod
    def hint(question: Question) -> LazyString | str:
        return (_l("Share out %(all)s points: more for what matters more.", all=question.maximum)
                if question.maximum is not None else "")
