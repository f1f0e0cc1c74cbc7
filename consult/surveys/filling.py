"""A questionnaire being filled in, page by page.

What was written on other pages travels in the form itself as hidden fields, so that nothing is kept before it is sent
and nothing is lost on the way; all of it is checked again at the end. Which questions are shown is decided by what
was answered so far: where the answers of a page open others, the page comes back with them before one goes on.
"""

import random
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, StringField
from wtforms.validators import Length

from consult.accounts.models import Person
from consult.core import codes
from consult.core.forms import OnceForm
from consult.core.languages import Localized
from consult.surveys import paths, piping, queries, scripting
from consult.surveys.answers import Given
from consult.surveys.bringing import FileField, PlaceField
from consult.surveys.choosing import NOWHERE, MunicipalityField
from consult.surveys.fields import AnswerField
from consult.surveys.models import Option, Question, Survey, SurveySection

SEEDS = 2**31
MORE = _l("Your answers open more questions: they are marked as new. Answer them too, then go on.")
NO_MORE = _l("After these answers nothing more is asked: send them.")


@dataclass(frozen=True)
class Block:
    """A section as it is shown: its questions are fields; without a section, what is asked beside them."""

    section: SurveySection | None
    names: list[str]


@dataclass(frozen=True)
class Part:
    """What stands on one page."""

    number: int
    blocks: list[Block]

    @property
    def names(self) -> list[str]:
        return [name for block in self.blocks for name in block.names]


class QuestionnaireForm(OnceForm):
    """A questionnaire being filled in. Use `questionnaire` to have one with its questions."""

    part = HiddenField(default="1")
    seed = HiddenField(default=lambda: str(secrets.randbelow(SEEDS)))
    """Of the order in which shuffled options stand."""
    seen = HiddenField()
    """What depends on answers and was shown when the page was opened; the script of the page keeps it up to date."""
    saved = HiddenField(validators=[Length(max=codes.LONGEST)])
    """The code under which it was saved on the way."""
    receipt = HiddenField(validators=[Length(max=codes.LONGEST)])
    """The code of the answers that it changes."""
    go = StringField()

    survey: Survey
    questions: dict[str, Question]
    parts: list[Part]
    person: Person | None

    def __init__(self, sent: MultiDict[str, str] | None = None) -> None:
        super().__init__(**({"formdata": sent} if sent is not None else {}))
        self.current = self.parts[0]
        self.note: LazyString | None = None
        self.opened: set[str] = set()
        """What is shown now and was not when the page was opened."""
        self.rules = ""
        """What the script of the page must know to show and hide, as JSON."""
        self.piped: dict[str, Localized] = {}
        """By code, the wording of questions that say again what is answered on the same page."""
        for field in self.asking():
            field.options = self._in_order(field.question)

    def complete(self) -> bool:
        """Go where the button pressed leads; True once everything was sent and is sound."""
        if not self.is_submitted():
            self._show(self.shown_parts[0])
            return False
        here = self._part_sent()
        if self.go.data == "back":
            self._show(next((part for part in reversed(self.shown_parts) if part.number < here.number), here))
        elif self.go.data == "next" and here.number < len(self.parts):
            self._go_on(here)
        elif not self.validate():
            self._show(next((part for part in self.parts if self._faulty(part)), here))
        elif more := self._opened(self.parts):
            self._ask_more(more)
        elif self.answers():
            return True
        else:
            self._show(here)
            self.form_errors.append(_l("Answer at least one question before you send."))
        return False

    def _go_on(self, here: Part) -> None:
        """To the next page that shows something, once this one is sound and has nothing more to ask."""
        following = next((part for part in self.shown_parts if part.number > here.number), None)
        if not self._sound(here):
            self._show(here)
        elif more := self._opened([here]):
            self._ask_more(more)
        else:
            self._show(following or here)
            self.note = None if following else NO_MORE

    def _ask_more(self, more: Part) -> None:
        self._show(more)
        self.note = MORE

    def open(self) -> None:
        """Show the page it was at, with what it holds, as it was sent before by other means."""
        part = self._part_sent()
        self._show(part if part in self.shown_parts else self.shown_parts[0])

    def fill(self, given: Mapping[str, Given], seed: int) -> None:
        """Show answers that were given before, at the first page."""
        for field in self.asking():
            if field.question.code in given:
                field.fill(given[field.question.code])
        self.seed.data = str(seed)
        for field in self.asking():
            field.options = self._in_order(field.question)
        self._show(self.shown_parts[0])

    def everything(self) -> Iterator[tuple[str, str]]:
        """All that was written so far, on all pages."""
        for part in self.parts:
            for name in part.names:
                yield from self[name].pairs()
        yield from (("part", str(self._part_sent().number)), ("seed", str(self.order)))

    @cached_property
    def path(self) -> paths.Path:
        """The way through the questionnaire with what was sent."""
        given = {field.question.code: field.data for field in self.asking() if field.data is not None}
        return paths.path(self.survey, given)

    @cached_property
    def shown_parts(self) -> list[Part]:
        """The pages on which something is asked or said."""
        return [part for part in self.parts if any(map(self._stands, part.blocks))] or self.parts[:1]

    def _stands(self, block: Block) -> bool:
        if block.section is None or not block.names:
            return block.section is None or not block.section.shown_if
        return any(self.path.shows(self.questions[name]) for name in block.names)

    def asking(self) -> Iterator[AnswerField]:
        """The fields of the questions, in their order."""
        return (self[name] for name in self.questions)

    def blocks(self) -> Iterator[tuple[SurveySection | None, list[tuple[Question | None, Field]], bool]]:
        """What stands on the page: sections with their questions and fields, and whether they are shown yet.

        What depends on answers of the same page stands there too, hidden: the page can show it at once.
        """
        for block in self.current.blocks:
            yield (block.section, [(self.questions.get(name), self[name]) for name in block.names],
                   self._stands(block))

    def carried(self) -> Iterator[tuple[str, str]]:
        """What was written on the other pages, for the hidden fields of this one."""
        for part in self.parts:
            if part is not self.current:
                for name in part.names:
                    yield from self[name].pairs()

    def answers(self) -> dict[str, Given]:
        """The answers given to what is shown, by the code of their question."""
        return self.path.answers

    def municipality_id(self) -> int | None:
        """Where whoever answers lives: asked only of those whose account does not say it."""
        if "municipality" in self:
            return int(self["municipality"].chosen or NOWHERE) or None
        return self.person.residence_id if self.person else None

    @property
    def order(self) -> int:
        """The seed of the order of shuffled options."""
        sent = str(self.seed.data)
        return int(sent) % SEEDS if sent.isascii() and sent.isdecimal() and len(sent) < 11 else 0

    @property
    def number(self) -> int:
        """The place of this page among those that show something."""
        return self.shown_parts.index(self.current) + 1 if self.current in self.shown_parts else 1

    @property
    def last(self) -> bool:
        """True if nothing is shown after this page."""
        return self.number == len(self.shown_parts)

    def _in_order(self, question: Question) -> Sequence[Option]:
        """The options as they are shown; those that stand apart from the others come last whatever the order."""
        if not question.shuffled:
            return question.options
        apart = [option for option in question.options if option.other or option.alone]
        mixed = [option for option in question.options if option not in apart]
        random.Random(f"{self.order}:{question.code}").shuffle(mixed)  # noqa: S311 - an order, no secret
        return [*mixed, *apart]

    def _part_sent(self) -> Part:
        sent = str(self.part.data)
        number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else 1
        return self.parts[min(max(number, 1), len(self.parts)) - 1]

    def _sound(self, part: Part) -> bool:
        faulty = [name for name in part.names if not self[name].validate(self)]
        return not faulty

    def _faulty(self, part: Part) -> bool:
        return any(self[name].errors for name in part.names)

    def _opened(self, parts: Sequence[Part]) -> Part | None:
        """The first of these pages that shows what was not shown when it was sent; none where it does not say."""
        if not self.seen.raw_data:
            return None
        before = set(str(self.seen.data).split())
        self.opened = {mark for mark in self._depending() if mark not in before}
        of = {self.questions[name].code: part for part in parts for name in part.names if name in self.questions}
        return min((of[code] for mark in self.opened if (code := mark.partition(".")[0]) in of),
                   key=lambda part: part.number, default=None)

    def _depending(self) -> Iterator[str]:
        """Marks of the questions and options that are shown and need not be."""
        for question in self.questions.values():
            if not self.path.shows(question):
                continue
            if question.shown_if or question.section.shown_if:
                yield question.code
            yield from (f"{question.code}.{option.code}" for option in self.path.offers(question) if option.shown_if)

    def _show(self, part: Part) -> None:
        """Turn to a page; what is wrong on others is said when one comes to them."""
        self.current = part
        self.part.data, self.seed.data = str(part.number), str(self.order)
        self.seen.data = " ".join(self._depending())
        for other in self.parts:
            if other is not part:
                for name in other.names:
                    self[name].errors = ()
        self._say_again(part)

    def _say_again(self, part: Part) -> None:
        """Put earlier answers into the questions of a page."""
        here = {self.questions[name].code for name in part.names if name in self.questions}
        self.rules = scripting.of_page(self.questions.values(), here, self.path)
        texts = (text for question in self.questions.values() for text in (question.prompt, question.help))
        if not piping.asked_for(texts):
            return
        said = piping.said(self.questions.values(), self.path, self.names)
        for name in part.names:
            if (question := self.questions.get(name)) is not None:
                self[name].label.text = piping.filled(question.prompt, said)
                self[name].help = piping.filled(question.help, said)
                if live := scripting.live(question, here, said):
                    self.piped[question.code] = live

    @cached_property
    def names(self) -> piping.Names:
        """The names of the municipalities by their codes."""
        return {code: name for field in self.asking() if isinstance(field, MunicipalityField)
                for code, name in field.choices}

    @cached_property
    def full(self) -> Collection[int]:
        """The options of which enough have been taken."""
        return queries.full(self.survey)

    @property
    def with_places(self) -> bool:
        """True if the page asks for a place."""
        return any(isinstance(self[name], PlaceField) for name in self.current.names)

    @property
    def with_files(self) -> bool:
        """True if the page asks for a file."""
        return any(isinstance(self[name], FileField) for name in self.current.names)
