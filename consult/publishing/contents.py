"""What stands in the document of a plan, in the language in force."""

from collections.abc import Iterator, Sequence

from flask_babel import format_date
from flask_babel import gettext as _

from consult.core import clock, config
from consult.core.personal_words import masked
from consult.editions import queries as editions
from consult.planning import queries as planning
from consult.planning import trace
from consult.planning.blocks import UnreadableBlocksError
from consult.planning.coverage import Coverage
from consult.planning.models import Plan
from consult.planning.queries import ActionPart, AxisPart, ObjectivePart, Whole
from consult.planning.words import PLAN_STATES, RELATIONS
from consult.publishing import answers, embedding, figures, naming, prose, queries, sheets
from consult.publishing.document import Block, Document, Heading, List, Paragraph, Table, Words, words
from consult.publishing.figures import number
from consult.publishing.framing import framed, on_names
from consult.publishing.models import Names


def document(plan: Plan, names: Names = Names.ORGANISATIONS) -> Document:
    """The plan with its sources, what became of everything said, and the results, as a tree of plain text.

    The number of questions to the database does not grow with the plan; what is answered holds nothing of it.
    Raises UnreadableBlocksError where a line of the plan stands for nothing.
    """
    whole, known = planning.whole(plan), naming.shown(plan.process, names)
    if whole.faults:
        raise UnreadableBlocksError(whole.faults)
    proposals, results = trace.every_proposal(plan), queries.results(plan.process_id)
    blocks: list[Block] = [
        *_sections(whole), *_axes(whole), *answers.part(whole, proposals, known), *figures.part(results),
        *_how_it_was_made(plan, whole.coverage, names)]
    return framed(
        plan.process, blocks, title=plan.title, subtitle=plan.subtitle, names=names,
        edition=_edition(plan))


def _edition(plan: Plan) -> str:
    """Which edition it is, how far the plan is, and with which act it came there."""
    told = str(_("Edition %(edition)s · %(state)s · %(first)s–%(last)s", edition=plan.edition,
                 state=PLAN_STATES[plan.state][0], first=plan.first_year, last=plan.last_year))
    forward = editions.put_forward(plan)
    if forward is None or forward.kind is not plan.state or not forward.act_told:
        return told
    return f"{told} · {forward.act_told}, {format_date(forward.dated, 'long')}"


def _sections(whole: Whole) -> Iterator[Block]:
    for part in whole.sections:
        yield Heading(level=1, text=part.section.title)
        yield from prose.blocks(part.section.body, level=2, embedded=embedding.of(whole))
        yield from _sources(part.sources)


def _axes(whole: Whole) -> Iterator[Block]:
    for part in whole.axes:
        yield Heading(level=1, number=f"{part.axis.code}.", text=str(part.axis.title), page=True)
        if str(part.axis.summary):
            yield Paragraph(spans=words(str(part.axis.summary)))
        if part.objectives:
            yield _objectives(part)
        if any(objective.actions for objective in part.objectives):
            yield _actions(part)
        for objective in part.objectives:
            yield from _objective(objective, whole)


def _objectives(part: AxisPart) -> Table:
    rows = tuple((words(objective.objective.code), words(objective.objective.title),
                  words(objective.objective.target or "–")) for objective in part.objectives)
    return Table(
        caption=str(_("The objectives of %(axis)s", axis=part.axis.title)),
        header=(str(_("Code")), str(_("Objective")), str(_("Target"))), rows=rows,
        align=("left", "left", "left"), widths=(.12, .44, .44))


def _actions(part: AxisPart) -> Table:
    rows = tuple(
        (words(each.action.code), words(each.action.title), words(each.action.lead or "–"),
         words(sheets.years(each.action) or "–"), words(sheets.cost(each.action) or "–"))
        for objective in part.objectives for each in objective.actions)
    return Table(
        caption=str(_("The actions of %(axis)s", axis=part.axis.title)),
        header=(str(_("Code")), str(_("Action")), str(_("Who carries it out")), str(_("Years")), str(_("Cost"))),
        rows=rows, align=("left", "left", "left", "left", "right"), widths=(.12, .38, .22, .12, .16))


def _objective(part: ObjectivePart, whole: Whole) -> Iterator[Block]:
    objective = part.objective
    yield Heading(level=2, number=objective.code, text=str(objective.title))
    yield from prose.blocks(objective.description, level=3)
    if objective.target:
        yield Paragraph(spans=(*words(str(_("Target:")), bold=True), *words(f" {objective.target}")))
    for action in part.actions:
        yield from _action(action, whole)


def _action(part: ActionPart, whole: Whole) -> Iterator[Block]:
    action = part.action
    yield Heading(level=3, number=action.code, text=str(action.title))
    yield from prose.blocks(action.description, level=4)
    if action.need:
        yield Paragraph(spans=words(str(_("Which need it answers")), bold=True))
        yield from prose.blocks(action.need, level=4, embedded=embedding.of(whole))
    yield from sheets.of(action)
    yield from _sources(part.sources)


def _sources(sources: trace.Sources) -> Iterator[Block]:
    if not sources.items:
        return
    yield Paragraph(spans=words(str(_("What this comes from:")), bold=True))
    yield List(items=tuple((Paragraph(spans=_source(source)),) for source in sources.items))


def _source(source: trace.Source) -> Words:
    title = masked(str(source.title))
    why = f"{RELATIONS[source.relation]}. {source.reason}"
    if source.voice is None:
        kind = _("Indicator:") if source.indicator else _("Minutes:") if source.meeting_id else _("Results:")
        return (*words(str(kind), bold=True), *words(f" {title}. {why}"))
    return (*words(source.code, bold=True), *words(f" {title} ({source.voice}). {why}"))


def _how_it_was_made(plan: Plan, coverage: Coverage, names: Names) -> Iterator[Block]:
    yield Heading(level=1, text=str(_("How this document was made")), page=True)
    address = f"{config.current().address}/piani/{plan.slug}"
    for text in (
        _("It was made on %(day)s by the participation platform from what the plan office wrote, from the public "
          "proposals with their outcomes, and from the frozen results of the activities: nothing was copied by hand.",
          day=format_date(clock.today(), "long")),
        on_names(names),
        _("The plan, the proposals and the results can be read at %(address)s", address=address),
    ):
        yield Paragraph(spans=words(str(text)))
    yield _coverage(coverage)


def _coverage(coverage: Coverage) -> Table:
    rows: Sequence[tuple[object, int]] = [
        (_("Public proposals"), coverage.proposals), (_("Proposals with an outcome"), coverage.answered),
        (_("Proposals without an outcome"), coverage.unanswered),
        (_("Of these, under review"), coverage.under_review), (_("Proposals linked to the plan"), coverage.linked),
        (_("Actions"), coverage.actions), (_("Actions without a source"), coverage.unsourced_actions),
        (_("Sections"), coverage.sections), (_("Sections without a source"), coverage.unsourced_sections),
        (_("Frozen results"), coverage.results), (_("Frozen results linked to the plan"), coverage.linked_results)]
    return Table(
        caption=str(_("How much of what was said was answered, and how much of the plan says where it comes from")),
        header=(str(_("What")), str(_("Number"))),
        rows=tuple((words(str(name)), words(number(value))) for name, value in rows),
        align=("left", "right"), widths=(.8, .2))
