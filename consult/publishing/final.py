"""The final report of a percorso: who took part, with which tools, what came of it, within what limits. No names."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from consult.core import clock
from consult.governance import queries as governance
from consult.governance.models import GovernanceBody
from consult.planning import queries as planning
from consult.planning.models import Plan
from consult.planning.words import PLAN_STATES
from consult.processes import queries as processes
from consult.processes.models import Activity, Axis, Phase, Process
from consult.processes.words import ACTIVITY_KINDS, COUNTS, LEVELS
from consult.publishing import answers, figures, phases, prose, queries
from consult.publishing.document import Block, Document, Heading, List, Paragraph, Span, Table, anchor_of, words
from consult.publishing.figures import number
from consult.publishing.framing import framed
from consult.publishing.models import Names
from consult.publishing.queries import Frozen
from consult.restitution import queries as restitutions
from consult.restitution.models import PhaseClosing, RestitutionEdition
from consult.results import comparing
from consult.results import queries as outcomes
from consult.results.models import Verdict


@dataclass(frozen=True)
class _Story:
    """Everything the report is made from, asked for once."""

    process: Process
    plan: Plan | None
    bodies: Sequence[GovernanceBody]
    activities: Sequence[Activity]
    took_part: Mapping[int, Mapping[str, int]]
    """How often what was done, by phase."""
    results: Mapping[int, Frozen]
    """By activity."""
    told: Mapping[int, RestitutionEdition]
    of_axes: Mapping[int, RestitutionEdition]
    closings: Mapping[int, PhaseClosing]
    verdicts: Counter[Verdict | None]


def document(process: Process, names: Names = Names.ORGANISATIONS) -> Document:
    """The report of today; the number of questions to the database grows neither with what was said nor with phases."""
    story = _Story(
        process, planning.of_process(process.id), governance.bodies(process), outcomes.activities(process),
        processes.counts(process).by_phase, {one.activity_id: one for one in queries.results(process.id)},
        restitutions.of_process(process), restitutions.of_axes(process),
        restitutions.closings(phase.id for phase in process.phases), outcomes.by_verdict(process))
    blocks = [*_short(story), *_timetable(story)]
    for phase in process.phases:
        blocks += _phase(story, phase)
    blocks += [*_outcomes(story), *_limits(story), *_method(), *phases.fingerprints(list(story.results.values()))]
    return framed(process, blocks, title=str(_("Final report")), subtitle=str(process.title), names=names,
                  edition=str(_("On the participation, as it stood on %(day)s",
                                day=format_date(clock.today(), "long"))))


def _short(story: _Story) -> Iterator[Block]:
    process = story.process
    yield Heading(level=1, text=str(_("The percorso in short")))
    for text in (process.summary, process.vision):
        if str(text):
            yield from prose.blocks(str(text), level=3)
    if process.start_act:
        yield Paragraph(spans=(*words(str(_("Started by:")), bold=True), *words(f" {process.start_act}")))
    if story.plan is not None:
        plan = story.plan
        yield Paragraph(spans=(*words(str(_("It leads to the plan:")), bold=True), *words(
            f" {plan.title}, {PLAN_STATES[plan.state][0]}, {plan.first_year}–{plan.last_year}")))
    if story.bodies:
        yield Heading(level=2, text=str(_("Who decides, who runs it, who guarantees")))
        yield Table(
            caption=str(_("Bodies of the percorso")), header=(str(_("Body")), str(_("Mandate")), str(_("Meets"))),
            rows=tuple((words(str(body.name)), words(str(body.mandate) or "–"), words(str(body.meets) or "–"))
                       for body in story.bodies),
            align=("left", "left", "left"), widths=(.3, .45, .25))


def _timetable(story: _Story) -> Iterator[Block]:
    yield Heading(level=1, text=str(_("The timetable")), page=True)
    yield Table(
        caption=str(_("Phases")), header=(str(_("Phase")), str(_("From")), str(_("To")), str(_("Closed on"))),
        rows=tuple(((Span(f"{phase.position}. {phase.title}", to=_anchor(phase)),), words(_day(phase.first_day)),
                    words(_day(phase.last_day)), words(_closed(story.closings.get(phase.id))))
                   for phase in story.process.phases),
        align=("left",) * 4, widths=(.4, .2, .2, .2))
    if story.activities:
        yield Table(
            caption=str(_("Activities: each tool, and for how long it was open")),
            header=(str(_("Activity")), str(_("Tool")), str(_("Level of participation")), str(_("When it was open"))),
            rows=tuple((words(str(one.title)), words(_tool(one)), words(str(LEVELS[one.engagement_level][0])),
                        words(_open(one))) for one in story.activities),
            align=("left",) * 4, widths=(.35, .2, .2, .25))


def _anchor(phase: Phase) -> str:
    return anchor_of(f"phase-{phase.position}")


def _day(day: object) -> str:
    return str(format_date(day, "d MMM y"))


def _closed(closing: PhaseClosing | None) -> str:
    return _day(clock.local(closing.closed_at)) if closing else "–"


def _tool(activity: Activity) -> str:
    return str(ACTIVITY_KINDS.get(activity.kind, activity.kind))


def _open(activity: Activity) -> str:
    return f"{_day(clock.local(activity.opens_at))} – {_day(clock.local(activity.closes_at))}"


def _phase(story: _Story, phase: Phase) -> Iterator[Block]:
    ours = [one for one in story.activities if one.phase_id == phase.id]
    results = [story.results[one.id] for one in ours if one.id in story.results]
    yield Heading(level=1, text=str(phase.title), page=True, anchor=_anchor(phase))
    if str(phase.purpose):
        yield from prose.blocks(str(phase.purpose), level=3)
    yield from _who(story.took_part.get(phase.id, {}), phase, results)
    for one in ours:
        yield Heading(level=2, text=str(one.title))
        yield Paragraph(spans=words(f"{_tool(one)}, {_open(one)}"), small=True)
        yield from _came_out(story.results.get(one.id))
        yield from _told(story.told.get(one.id))
    if not ours:
        yield Paragraph(spans=words(str(_("Nothing was opened in this phase yet."))))


def _who(counted: Mapping[str, int], phase: Phase, results: Sequence[Frozen]) -> Iterator[Block]:
    rows = tuple((words(str(label)), words(number(counted[kind]))) for kind, label in COUNTS.items()
                 if counted.get(kind))
    if not rows:
        return
    yield Heading(level=2, text=str(_("Who took part")))
    yield Table(caption=str(_("Taking part in “%(phase)s”", phase=phase.title)),
                header=(str(_("What")), str(_("Number"))), rows=rows, align=("left", "right"), widths=(.75, .25))
    tables = comparing.tables([(phase.title, [one.sheet for one in results])]) if results else []
    for table in tables:
        if table.code in ("channels", "from", "voices"):
            yield from figures.drawn(table)


def _came_out(frozen: Frozen | None) -> Iterator[Block]:
    if frozen is None:
        yield Paragraph(spans=words(str(_("It has no public results yet."))))
        return
    if str(frozen.sheet.conclusion):
        yield Paragraph(spans=words(str(frozen.sheet.conclusion)))
    yield from figures.key_figures(frozen.sheet)


def _told(edition: RestitutionEdition | None) -> Iterator[Block]:
    """What was asked, said and done, as it was published."""
    if edition is None:
        return
    parts = ((_("We asked"), edition.asked), (_("You said"), edition.said), (_("We did"), edition.done))
    for label, text in parts:
        if str(text):
            yield Paragraph(spans=words(str(label), bold=True))
            yield from prose.blocks(str(text), level=4)
    yield Paragraph(small=True, spans=words(str(_(
        "Published on %(day)s.", day=format_date(clock.local(edition.published_at), "long")))))


def _outcomes(story: _Story) -> Iterator[Block]:
    yield Heading(level=1, text=str(_("What became of the contributions")), page=True)
    if story.verdicts.total():
        yield from figures.drawn(answers.by_verdict(story.verdicts.elements()))
        yield Paragraph(spans=words(str(_("Each outcome with its reasons stands in the response to contributions."))))
    else:
        yield Paragraph(spans=words(str(_("Nothing was proposed yet."))))
    axes: Sequence[Axis] = [axis for axis in story.process.axes if axis.id in story.of_axes]
    for axis in axes:
        yield Heading(level=2, text=f"{axis.code}. {axis.title}")
        yield from _told(story.of_axes[axis.id])


def _limits(story: _Story) -> Iterator[Block]:
    yield Heading(level=1, text=str(_("The limits")), page=True)
    said = [str(_("Whoever took part chose to: the figures tell what these people said and not what all residents "
                  "think, unless the method of an activity says otherwise."))]
    without = story.verdicts[None] + story.verdicts[Verdict.UNDER_REVIEW]
    if without:
        said.append(ngettext("%(num)s public proposal has no outcome yet.",
                             "%(num)s public proposals have no outcome yet.", without))
    for phase in story.process.phases:
        closing = story.closings.get(phase.id)
        if closing is not None and closing.forced:
            said.append(str(_("“%(phase)s” was closed although something was missing. The reason that was published: "
                              "%(reason)s", phase=phase.title, reason=closing.reason)))
    said += [str(_("From %(start)s to %(end)s participation paused: %(reason)s",
                   start=_day(clock.local(one.starts_at)), end=_day(clock.local(one.ends_at)), reason=one.reason))
             for one in story.process.blackouts]
    untold = [str(one.title) for one in story.activities
              if one.over() and one.id not in story.told and one.kind != "ballot"]
    if untold:
        said.append(str(_("Not told yet what was done with it: %(activities)s.", activities="; ".join(untold))))
    if any(table.suppressed for one in story.results.values() for table in one.sheet.tables):
        said.append(str(_("Some figures are not shown, because fewer than five people stand behind them or because "
                          "they would give such a figure away.")))
    yield List(items=tuple((Paragraph(spans=words(text)),) for text in said))


def _method() -> Iterator[Block]:
    yield Heading(level=1, text=str(_("The method")), page=True)
    for text in (
        _("The report was made by the participation platform from what is public on it: the timetable, the frozen "
          "results of the activities, the outcomes with their reasons and what the plan office told of each activity. "
          "Nothing was copied by hand."),
        _("Who took part is counted once in each phase, from proposals, comments and supports; whoever answered a "
          "survey or voted is counted by answers and papers, because nobody can tell who they are. People of several "
          "phases are therefore not added up."),
        _("Results are frozen when an activity closes. Their fingerprints stand at the end: by them everybody can "
          "check that no figure was changed."),
    ):
        yield Paragraph(spans=words(str(text)))
