"""The fields of a questionnaire: for each kind of question what is sent, what it means as an answer, what is refused.

A field may be sent in several parts: `q12` and, after a point, `q12.other` or, of a matrix, `q12.bus` for a row. What
was typed stays as it was typed; what it means is known before anything is judged, since other questions may depend on
it. Whatever is refused is said with what to do.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import LazyString, format_date
from flask_babel import lazy_gettext as _l
from wtforms import Field

from consult.core.forms import tidy
from consult.core.languages import Localized
from consult.surveys import answers, paths
from consult.surveys.answers import CHOICES, REFUSED, Given
from consult.surveys.models import Option, Question

SHORT_TEXT, LONG_TEXT, LONGEST = 200, 4000, 20_000
PREFER_NOT, OTHER = "prefer_not", "other"
"""Parts of fields that hold no answer proper."""
REFUSING = "-"
"""What a list sends of whoever prefers not to answer: no option can have this code."""
BOTH = _l("You gave an answer and said that you prefer not to answer: keep only one of the two.")
NOT_SHOWN = _l("Choose among the answers shown.")


class UnsoundError(Exception):
    """What was sent is no answer, or not one that is taken; the sentence says what to do."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__("unsound")
        self.sentence = sentence


class AnswerField(Field):
    """What a question asks for. `sent` is what came, by part; `data` is the answer in it, None for none."""

    control = "text"
    """Which macro of the page shows it."""
    missing = _l("Write an answer.")

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(question.prompt, [], description=_hint(self, question), **options)
        self.question = question
        self.options: Sequence[Option] = question.options
        """In the order in which they are shown; those that are not offered at the moment stand here too."""
        self.flags.required = question.required
        self.help: Localized = question.help
        self.sent: dict[str, list[str]] = {}
        self.fault: LazyString | None = None

    def parts(self) -> Sequence[str]:
        """The parts in which it may be sent."""
        return ("",)

    def meaning(self) -> Given | None:
        """The answer in what was sent. Raises UnsoundError where it is none."""
        return self.typed() or None

    def judge(self, given: Given, offered: Sequence[Option]) -> None:
        """Raise UnsoundError for an answer that breaks a rule of the question."""

    def written(self, given: Given) -> dict[str, list[str]]:
        """What would have been sent for an answer."""
        return {"": [str(given)]}

    @staticmethod
    def hint(question: Question) -> LazyString | str:
        """What should be known before one answers."""
        return ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[Any] = []
        self.errors: list[Any] = []
        names = [*self.parts(), PREFER_NOT] if self.question.prefer_not else self.parts()
        for part in names if formdata is not None else ():
            if values := [str(tidy(value))[:LONGEST] for value in formdata.getlist(self.under(part))]:
                self.sent[part] = values
        self._understand()

    def fill(self, given: Given) -> None:
        """Show an answer that was given before."""
        self.sent = {PREFER_NOT: ["1"]} if given == REFUSED else self.written(given)
        self._understand()

    def clear(self) -> None:
        """Hold no answer."""
        self.sent = {}
        self._understand()

    def _understand(self) -> None:
        self.data, self.fault = None, None
        try:
            meant = self.meaning()
        except UnsoundError as unsound:
            self.fault = unsound.sentence
            return
        if self.refused and not answers.is_empty(meant):
            self.fault = BOTH
        else:
            self.data = dict(REFUSED) if self.refused else meant

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        self.errors = []
        if form.path.shows(self.question):
            try:
                self._judge(form.path)
                self._not_full(form)
            except UnsoundError as unsound:
                self.errors = [unsound.sentence]
        return not self.errors

    def _judge(self, path: paths.Path) -> None:
        if self.fault is not None:
            raise UnsoundError(self.fault)
        given = path.answers.get(self.question.code)
        if answers.is_empty(given):
            if self.flags.required:
                raise UnsoundError(self.missing)
        elif given != REFUSED:
            self.judge(given, path.offers(self.question))

    def _not_full(self, form: Any) -> None:
        if self.question.kind not in CHOICES or self.data is None or self.data == REFUSED:
            return
        for option in form.path.offers(self.question):
            if option.code in answers.chosen(self.data) and option.id in form.full:
                raise UnsoundError(_l("We already have as many answers as we need from those who choose “%(answer)s”: "
                                      "thank you, you need not go on.", answer=option.label))

    @property
    def refused(self) -> bool:
        """Whether it was said that one prefers not to answer."""
        return bool(self.question.prefer_not and self.sent.get(PREFER_NOT))

    def under(self, part: str) -> str:
        """The name under which a part is sent."""
        return f"{self.name}.{part}" if part else self.name

    def typed(self, part: str = "") -> str:
        """What was typed, as it was typed."""
        return next(iter(self.sent.get(part, ())), "")

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Everything that was sent, as hidden fields carry it."""
        for part, values in self.sent.items():
            for value in values:
                yield self.under(part), value


def _hint(field: AnswerField, question: Question) -> LazyString | str:
    return type(field).hint(question)


class TextField(AnswerField):
    """A text of one line."""

    usual = SHORT_TEXT

    def meaning(self) -> Given | None:
        text = self.tidied()
        most = self.question.max_length or self.usual
        if len(text) > most:
            raise UnsoundError(_l("This is too long: at most %(most)s characters.", most=most))
        return text or None

    def tidied(self) -> str:
        """The text as it is kept."""
        return " ".join(self.typed().split())

    @classmethod
    def hint(cls, question: Question) -> LazyString | str:
        return _l("At most %(most)s characters.", most=question.max_length or cls.usual)


class LongTextField(TextField):
    """A text of several lines."""

    control, usual = "textarea", LONG_TEXT

    def tidied(self) -> str:
        return self.typed().strip()


class EmailField(AnswerField):
    """An e-mail address; whether it exists nobody asks."""

    control = "email"
    missing = _l("Write an e-mail address.")

    def meaning(self) -> Given | None:
        typed = self.typed().strip()
        if not typed:
            return None
        try:
            return validate_email(typed, check_deliverability=False).normalized
        except EmailNotValidError:
            raise UnsoundError(_l("This is not an e-mail address: check its spelling.")) from None


_NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+")


class NumberField(AnswerField):
    """A number within bounds, written with a comma or a point."""

    control = "number"
    missing = _l("Write a number.")

    def meaning(self) -> Given | None:
        typed = self.typed()[:100]
        if not typed:
            return None
        plain = re.sub(r"[\s’']", "", typed).replace("−", "-")
        if not _NUMBER.fullmatch(plain) or _GROUPED.fullmatch(plain):
            raise UnsoundError(_l("Write only a number, without points between the thousands: 1500, or 12,5."))
        return float(plain.replace(",", "."))

    def judge(self, given: Given, offered: Sequence[Option]) -> None:
        least, most = self.question.minimum, self.question.maximum
        if least is not None and given < least:
            raise UnsoundError(_l("Write a number not smaller than %(least)s.", least=least))
        if most is not None and given > most:
            raise UnsoundError(_l("Write a number not greater than %(most)s.", most=most))

    def written(self, given: Given) -> dict[str, list[str]]:
        return {"": [plain(given)]}

    @staticmethod
    def hint(question: Question) -> LazyString | str:
        least, most = question.minimum, question.maximum
        if least is not None and most is not None:
            return _l("A number from %(least)s to %(most)s.", least=least, most=most)
        if least is not None:
            return _l("A number from %(least)s up.", least=least)
        return "" if most is None else _l("A number up to %(most)s.", most=most)


def plain(number: float) -> str:
    """A number as one would type it."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


_ITALIAN_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")


class DateField(AnswerField):
    """A day, chosen in the calendar of the browser or typed as 31/12/2026."""

    control = "date"
    missing = _l("Write a date.")

    def meaning(self) -> Given | None:
        typed = self.typed().strip()
        if not typed:
            return None
        try:
            if found := _ITALIAN_DAY.fullmatch(typed):
                day, month, year = map(int, found.groups())
                return date(year, month, day).isoformat()
            return date.fromisoformat(typed).isoformat()
        except ValueError:
            raise UnsoundError(_l("This is not a date: write it as 31/12/2026.")) from None

    def judge(self, given: Given, offered: Sequence[Option]) -> None:
        day, earliest, latest = date.fromisoformat(given), self.question.earliest, self.question.latest
        if earliest is not None and day < earliest:
            raise UnsoundError(_l("Write a date not before %(day)s.", day=LazyString(format_date, earliest, "long")))
        if latest is not None and day > latest:
            raise UnsoundError(_l("Write a date not after %(day)s.", day=LazyString(format_date, latest, "long")))

    @staticmethod
    def hint(question: Question) -> LazyString | str:
        first, last = (LazyString(format_date, day, "long") if day else None
                       for day in (question.earliest, question.latest))
        if first and last:
            return _l("A date from %(first)s to %(last)s.", first=first, last=last)
        if first:
            return _l("A date from %(first)s on.", first=first)
        return _l("A date up to %(last)s.", last=last) if last else ""


class InformationField(AnswerField):
    """Something to be read; nothing is asked."""

    control = "information"

    def parts(self) -> Sequence[str]:
        return ()
