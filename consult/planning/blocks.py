"""Blocks in the narrative of the plan: a line in double braces stands for a result, indicators, an action or a quote.

    {{ risultato 12 }}            the key figures of the frozen results of activity 12
    {{ risultato 12 axes }}       one of their tables, with its chart
    {{ indicatori demografia }}   the indicators of a theme, or one of them by its code
    {{ azione A1.2.1 }}           the project sheet of an action
    {{ citazione 3f9a2c71 }}      a quote whose author agreed

A line that cannot be read, or whose thing is not there, becomes a Fault with a sentence: it is shown in the preview
and keeps the plan from being published.
"""

import enum
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.analysis import figures as measures
from consult.analysis import queries as indicators
from consult.analysis.models import Theme
from consult.analysis.words import THEMES
from consult.codings import quoting
from consult.core import charts, richtext
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning import rows, tabled
from consult.planning.models import Action, Objective, Plan, Section
from consult.planning.said import activity, phase, public_result, sheet
from consult.processes import queries as processes
from consult.processes.models import Axis

THEME_WORDS: dict[str, Theme] = {
    "demografia": Theme.PEOPLE, "sociale": Theme.SOCIETY, "economia": Theme.ECONOMY, "infrastrutture": Theme.NETWORKS,
    "bilanci": Theme.FINANCES, "amministrazione": Theme.ADMINISTRATION,
}
"""What a theme is called in a line: the words of the diagnosis."""


class Kind(enum.Enum):
    """What a line stands for, by the word it begins with."""

    RESULT = "risultato"
    INDICATORS = "indicatori"
    ACTION = "azione"
    QUOTE = "citazione"


@dataclass(frozen=True)
class Reference:
    """What a line names."""

    kind: Kind
    name: str
    part: str = ""

    @property
    def line(self) -> str:
        """As it is typed."""
        return "{{ " + " ".join(filter(None, (self.kind.value, self.name, self.part))) + " }}"


@dataclass(frozen=True)
class Result:
    """Frozen results: their key figures, or one table."""

    kind: ClassVar[str] = "result"
    activity_id: int
    title: Localized
    figures: Sequence[charts.KeyFigure]
    tables: Sequence[charts.Table]
    sha256: str
    frozen_at: datetime


@dataclass(frozen=True)
class Indicators:
    """One indicator by municipality, or those of a theme."""

    kind: ClassVar[str] = "indicators"
    tables: Sequence[charts.Table]
    sources: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """The project sheet of an action."""

    kind: ClassVar[str] = "action"
    action: Action


@dataclass(frozen=True)
class Quote:
    """What somebody wrote and agreed to see published."""

    kind: ClassVar[str] = "quote"
    text: str
    prompt: Localized
    survey_id: int


@dataclass(frozen=True)
class Fault:
    """A line that stands for nothing, and why."""

    kind: ClassVar[str] = "fault"
    typed: str
    sentence: LazyString


Shown = Result | Indicators | Sheet | Quote | Fault


class UnreadableBlocksError(ValueError):
    """The plan cannot be published: some of its lines stand for nothing."""

    def __init__(self, faults: "Sequence[tuple[str, Fault]]") -> None:
        super().__init__("; ".join(f"{where}: {fault.typed}: {fault.sentence}" for where, fault in faults))
        self.faults = faults


def read(line: str) -> Reference | Fault:
    """What a line in double braces names."""
    typed = line.strip()
    words = typed.removeprefix("{{").removesuffix("}}").split()
    kinds = {kind.value: kind for kind in Kind}
    if not words or words[0].casefold() not in kinds:
        return Fault(typed, _l("Begin with one of these words: %(words)s.", words=", ".join(kinds)))
    kind = kinds[words[0].casefold()]
    if len(words) == 1:
        return Fault(typed, _l("Say after “%(word)s” which one is meant.", word=kind.value))
    if len(words) > (3 if kind is Kind.RESULT else 2):
        return Fault(typed, _l("There are too many words here."))
    if kind is Kind.RESULT and not re.fullmatch(r"[0-9]{1,9}", words[1]):
        return Fault(typed, _l("Results are called by the number in the address of their page."))
    return Reference(kind, words[1], words[2] if len(words) > 2 else "")


def lines(text: str) -> list[str]:
    """The lines of a text that stand for something, in their order."""
    return [token.content for token in richtext.staff_tokens(text) if token.type == "embed"]


def astray(text: str) -> list[Fault]:
    """Double braces where they stand for nothing: within a sentence, a list, a quotation or a table."""
    return [Fault(found[0], _l("This stands for nothing here: put it on a line of its own, outside lists, quotations "
                               "and tables."))
            for token in richtext.staff_tokens(text) if token.type == "inline" for child in token.children or ()
            if child.type == "text" for found in re.finditer(r"\{\{.*?(\}\}|$)", child.content)]


def shown(plan: Plan, typed: Iterable[str]) -> dict[str, Shown]:
    """What each of these lines stands for, in at most eight queries however many they are."""
    named = {line.strip(): read(line) for line in typed}
    wanted = {kind: {one.name for one in named.values() if isinstance(one, Reference) and one.kind is kind}
              for kind in Kind}
    results = _results(plan) if wanted[Kind.RESULT] or wanted[Kind.QUOTE] else {}
    there = {
        **_of_results(results, [one for one in named.values() if isinstance(one, Reference)]),
        **_indicators(plan, wanted[Kind.INDICATORS]), **_actions(plan, wanted[Kind.ACTION]),
        **(_quotes(plan, results) if wanted[Kind.QUOTE] else {})}
    return {line: one if isinstance(one, Fault) else there.get((one.kind, one.name.casefold(), one.part))
            or Fault(line, _ABSENT[one.kind]) for line, one in named.items()}


_ABSENT: dict[Kind, LazyString] = {
    Kind.RESULT: _l("There are no public results of this activity, or they have no table of this name."),
    Kind.INDICATORS: _l("This percorso has no theme and no indicator of this name, or it has no values."),
    Kind.ACTION: _l("The plan has no action with this code."),
    Kind.QUOTE: _l("This quote is not there: it was taken back, or its results are not public."),
}
Found = dict[tuple[Kind, str, str], Shown]


def unreadable(plan: Plan) -> list[tuple[str, Fault]]:
    """The lines of sections and of the needs of actions that stand for nothing, each with what its part is called."""
    texts = [(row.title, row.body) for row in db.session.execute(
        sa.select(Section.title, Section.body).where(Section.plan_id == plan.id, Section.body.contains("{{"))
        .order_by(Section.position, Section.id))]
    texts += [(f"{row.code} {row.title}", row.need) for row in db.session.execute(
        sa.select(Action.code, Action.title, Action.need).join(Objective).join(Axis)
        .where(Axis.process_id == plan.process_id, Action.need.contains("{{")).order_by(Action.code))]
    return faults(texts, shown(plan, (line for _title, text in texts for line in lines(text))))


def faults(texts: Iterable[tuple[str, str]], there: Mapping[str, Shown]) -> list[tuple[str, Fault]]:
    """What is wrong with these texts, each with what its part is called, given what their lines stand for."""
    return [(title, fault) for title, text in texts for fault in faults_in(text, there)]


def faults_in(text: str, there: Mapping[str, Shown]) -> list[Fault]:
    """What is wrong with the lines of a text, given what they stand for."""
    found = [there[line] for line in lines(text)]
    return [*(one for one in found if isinstance(one, Fault)), *astray(text)]


def check(plan: Plan) -> None:
    """Raises UnreadableBlocksError where some line of the plan stands for nothing."""
    if faults := unreadable(plan):
        raise UnreadableBlocksError(faults)


def offered(plan: Plan) -> list[tuple[LazyString, list[tuple[str, str]]]]:
    """What can be put into a text, by kind: the line, and what it stands for in words."""
    results = _results(plan)
    of_results = [
        (Reference(Kind.RESULT, str(id), part).line, f"{title}: {caption}" if caption else str(title))
        for id, (title, content, _hash, _at) in results.items()
        for part, caption in [("", ""), *((table.code, str(table.caption))
                                          for table in charts.Sheet.from_json(content).tables)]]
    known = indicators.indicators(plan.process)
    themes = {one.theme for one in known}
    of_territory = [
        *((Reference(Kind.INDICATORS, word).line, str(THEMES[theme])) for word, theme in THEME_WORDS.items()
          if theme in themes),
        *((Reference(Kind.INDICATORS, one.code).line, str(one.title)) for one in known)]
    of_plan = [(Reference(Kind.ACTION, row.code).line, f"{row.code} · {row.title}") for row in db.session.execute(
        sa.select(Action.code, Action.title).join(Objective).join(Axis).where(Axis.process_id == plan.process_id)
        .order_by(Axis.position, Objective.position, Action.position, Action.id))]
    of_people = [(Reference(Kind.QUOTE, one.mark).line, richtext.excerpt(one.text, 80))
                 for one in quoting.of_process(plan.process_id) if one.survey_id in results]
    groups = [(_l("Results"), of_results), (_l("Figures of the territory"), of_territory),
              (_l("Project sheets"), of_plan), (_l("In their own words"), of_people)]
    return [(group, offers) for group, offers in groups if offers]


Rows = Mapping[int, tuple[Localized, str, str, datetime]]


def _results(plan: Plan) -> Rows:
    """The public frozen results of the percorso by the id of their activity: title, content, hash and when."""
    rows = db.session.execute(
        sa.select(activity.c.id, activity.c.title, sheet.c.content, sheet.c.sha256, sheet.c.frozen_at)
        .join(sheet, sheet.c.activity_id == activity.c.id).join(phase, phase.c.id == activity.c.phase_id)
        .where(phase.c.process_id == plan.process_id, public_result())
        .order_by(phase.c.position, activity.c.closes_at, activity.c.id))
    return {id: (title, content, sha256, at) for id, title, content, sha256, at in rows}


def _of_results(results: Rows, references: Sequence[Reference]) -> Found:
    found: Found = {}
    for one in references:
        if one.kind is not Kind.RESULT or int(one.name) not in results:
            continue
        title, content, sha256, at = results[int(one.name)]
        whole = charts.Sheet.from_json(content)
        tables = [table for table in whole.tables if table.code == one.part]
        if tables or not one.part:
            found[one.kind, one.name.casefold(), one.part] = Result(
                int(one.name), title, () if one.part else whole.figures, tables, sha256, at)
    return found


def _indicators(plan: Plan, names: Collection[str]) -> Found:
    if not names:
        return {}
    known = indicators.indicators(plan.process)
    of_name = {name: [one for one in known if one.code.casefold() == name.casefold()
                      or THEME_WORDS.get(name.casefold()) is one.theme] for name in names}
    wanted = list({one.id: one for found in of_name.values() for one in found}.values())
    weights = {one.weighted_by_id for one in wanted if one.weighted_by_id}
    values = indicators.values({one.id for one in wanted} | weights)
    measured = {one.indicator.id: one for one in measures.measured(
        wanted, processes.municipalities(plan.process), values) if one.values or one.indicator.stated is not None}
    found: Found = {}
    for name, each in of_name.items():
        there = [measured[one.id] for one in each if one.id in measured]
        if there:
            theme = THEME_WORDS.get(name.casefold())
            tables = [tabled.of_theme(theme, there)] if theme else measures.tables(there[0])
            sources = dict.fromkeys(f"{one.indicator.source}, {one.indicator.year}" for one in there)
            found[Kind.INDICATORS, name.casefold(), ""] = Indicators(tables, list(sources))
    return found


def _actions(plan: Plan, codes: Collection[str]) -> Found:
    if not codes:
        return {}
    found = db.session.scalars(
        sa.select(Action).join(Objective).join(Axis).where(
            Axis.process_id == plan.process_id, sa.func.lower(Action.code).in_([code.lower() for code in codes]))
        .options(joinedload(Action.objective).joinedload(Objective.axis))).all()
    return {(Kind.ACTION, one.code.casefold(), ""): Sheet(one) for one in rows.fetch(found)}


def _quotes(plan: Plan, results: Rows) -> Found:
    return {(Kind.QUOTE, one.mark, ""): Quote(one.text, one.prompt, one.survey_id)
            for one in quoting.of_process(plan.process_id) if one.survey_id in results}
