"""The response to contributions: everything that was proposed or remarked, with what became of it and why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from consult.core import config
from consult.core.personal_words import masked
from consult.planning import queries as planning
from consult.planning import trace
from consult.planning.models import Plan
from consult.planning.trace import Traced
from consult.planning.words import PLAN_STATES, RELATIONS
from consult.processes.models import Process
from consult.publishing import answers, naming
from consult.publishing.document import (
    Align,
    Block,
    Document,
    Heading,
    List,
    Paragraph,
    Quote,
    Span,
    Table,
    Words,
    anchor_of,
    words,
)
from consult.publishing.figures import drawn
from consult.publishing.framing import framed, on_names
from consult.publishing.models import Names
from consult.remarks import queries as remarks
from consult.remarks.models import Wish
from consult.remarks.queries import Response
from consult.remarks.words import PLACINGS, WISHES
from consult.results.models import Verdict
from consult.results.words import VERDICTS


@dataclass(frozen=True)
class _Answer:
    """What became of one contribution, as both kinds tell it."""

    verdict: Verdict | None
    reasons: str
    decision: str
    on: date | None
    heirs: tuple[str, ...] = ()


def document(process: Process, names: Names = Names.ORGANISATIONS) -> Document:
    """Every public proposal and remark with its outcome; the number of questions to the database does not grow."""
    plan = _plan(process)
    known = naming.shown(process, names)
    said, remarked = trace.every_proposal(plan), remarks.response(plan)
    blocks = [*_how_to_read(process, said, remarked), *_outcomes(said, remarked), *_proposals(process, said, known),
              *_remarks(remarked, known), *_method(names), *_codes(said, remarked)]
    return framed(
        process, blocks, title=str(_("Response to contributions")), subtitle=str(process.title), names=names,
        edition=str(_("On the plan “%(plan)s”, edition %(edition)s · %(state)s", plan=plan.title, edition=plan.edition,
                      state=PLAN_STATES[plan.state][0])))


def hindered(process: Process) -> list[str]:
    """Why there is nothing to respond with yet."""
    missing = _("This percorso has no plan yet to which contributions could lead.")
    return [] if planning.of_process(process.id) else [str(missing)]


def _plan(process: Process) -> Plan:
    plan = planning.of_process(process.id)
    if plan is None:
        raise LookupError(f"{process.slug} has no plan")
    return plan


def _how_to_read(process: Process, said: Sequence[Traced], remarked: Sequence[Response]) -> Iterator[Block]:
    yield Heading(level=1, text=str(_("How to read this document")))
    yield Paragraph(spans=words(str(_(
        "Whoever took part in “%(process)s” finds here, by its public code, what was proposed or remarked, what was "
        "decided of it, why, by whom and when, and where it went in the plan.", process=process.title))))
    proposals = ngettext("%(num)s proposal", "%(num)s proposals", len(said))
    comments = ngettext("%(num)s remark on the draft", "%(num)s remarks on the draft", len(remarked))
    verdicts = [*(one.verdict for one in said), *(one.verdict for one in remarked)]
    answered = sum(verdict not in (None, Verdict.UNDER_REVIEW) for verdict in verdicts)
    yield Paragraph(spans=words(str(_(
        "It tells of %(proposals)s and %(remarks)s; %(answered)s of them have an outcome.", proposals=proposals,
        remarks=comments, answered=answered))))


def _outcomes(said: Sequence[Traced], remarked: Sequence[Response]) -> Iterator[Block]:
    yield Heading(level=1, text=str(_("The outcomes at a glance")), page=True)
    if said:
        yield from drawn(answers.by_verdict(one.verdict for one in said))
    if remarked:
        yield _of_remarks(remarked)
    if not said and not remarked:
        yield Paragraph(spans=words(str(_("Nothing was proposed or remarked yet."))))


def _of_remarks(remarked: Sequence[Response]) -> Table:
    """How many remarks of each kind have which outcome."""
    told: list[Verdict | None] = [*(verdict for verdict in Verdict if any(one.verdict is verdict for one in remarked)),
                                  *([None] if any(one.verdict is None for one in remarked) else [])]
    kinds = [wish for wish in Wish if any(one.wish is wish for one in remarked)]
    rows = [(words(_named(verdict)), *(words(str(sum(one.verdict is verdict and one.wish is wish for one in remarked)))
                                       for wish in kinds)) for verdict in told]
    share, sides = .6 / len(kinds), list[Align](["left"])
    sides += ["right"] * len(kinds)
    return Table(
        caption=str(_("Remarks on the draft by outcome and by what they wish")),
        header=(str(_("Outcome")), *(str(WISHES[wish][0]) for wish in kinds)), rows=tuple(rows),
        align=tuple(sides), widths=(.4, *(share for _wish in kinds)))


def _named(verdict: Verdict | None) -> str:
    return str(VERDICTS[verdict]) if verdict else str(_("No outcome yet"))


def _proposals(process: Process, said: Sequence[Traced], known: Mapping[str, str]) -> Iterator[Block]:
    if not said:
        return
    yield Heading(level=1, text=str(_("The proposals")), page=True)
    of_axis: dict[int | None, list[Traced]] = defaultdict(list)
    for one in said:
        of_axis[one.axis_id].append(one)
    titles = [(axis.id, f"{axis.code}. {axis.title}") for axis in process.axes]
    for axis_id, title in [*titles, (None, str(_("Without a theme")))]:
        if of_axis[axis_id]:
            yield Heading(level=2, text=title)
        for one in of_axis[axis_id]:
            yield from _proposal(one, known)


def _proposal(one: Traced, known: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(level=3, number=one.code, text=masked(one.title), anchor=anchor_of(one.code))
    supported = ngettext("%(num)s support", "%(num)s supports", one.supports)
    who = naming.voice(one.code, one.voice, known)
    yield Paragraph(spans=(Span(f"{who}, {supported}", note=_source(one.code)),))
    yield from _answer(_Answer(one.verdict, one.reasons, one.decided_by, one.decided_on, one.heirs))
    if one.places:
        yield Paragraph(spans=words(str(_("In the plan:")), bold=True))
        yield List(items=tuple(
            (Paragraph(spans=words(f"{place.code} {place.title}. {RELATIONS[place.relation]}: {place.reason}")),)
            for place in one.places))


def _source(code: str) -> str:
    return str(_("The text, the discussion and the history: %(address)s",
                 address=f"{config.current().address}/c/{code}"))


def _remarks(remarked: Sequence[Response], known: Mapping[str, str]) -> Iterator[Block]:
    if not remarked:
        return
    yield Heading(level=1, text=str(_("The remarks on the draft")), page=True)
    yield Paragraph(spans=words(str(_("In the order of the text: each with the words it is about."))))
    of_edition: dict[str, list[Response]] = defaultdict(list)
    for one in remarked:
        of_edition[one.edition].append(one)
    for edition, those in of_edition.items():
        yield Heading(level=2, text=str(_("On edition %(edition)s", edition=edition)))
        for one in those:
            yield from _remark(one, known)


def _remark(one: Response, known: Mapping[str, str]) -> Iterator[Block]:
    title = str(_("%(wish)s, paragraph %(paragraph)s", wish=WISHES[one.wish][0], paragraph=one.cited))
    yield Heading(level=3, number=one.code, text=title, anchor=anchor_of(one.code))
    yield Paragraph(spans=(Span(naming.voice(one.code, one.voice, known), note=_source(one.code)),))
    yield _labelled(_("The words of the draft:"), one.quote)
    if one.wording:
        yield _labelled(_("The words that are proposed:"), one.wording)
    yield Quote(blocks=(Paragraph(spans=words(masked(one.text))),))
    yield from _answer(_Answer(one.verdict, one.reasons, one.decision, one.decided_on))
    if one.place is not None:
        yield Paragraph(spans=words(str(PLACINGS[one.place.how])), small=True)
    elif one.change:
        yield Paragraph(spans=words(str(_("The paragraph was changed since."))), small=True)


def _labelled(label: object, text: str) -> Paragraph:
    return Paragraph(spans=(*words(str(label), bold=True), *words(f" {masked(text)}")))


def _answer(one: _Answer) -> Iterator[Block]:
    """The outcome with its reasons, or of what was merged or split where it is told."""
    yield Paragraph(spans=(*words(str(_("Outcome:")), bold=True), *words(f" {_named(one.verdict)}")))
    if one.heirs:
        yield Paragraph(spans=(*words(str(_("Merged or split: see")) + " "), *_led(one.heirs)))
    elif one.reasons:
        yield Paragraph(spans=words(masked(one.reasons)))
    if one.decision and one.on:
        yield Paragraph(small=True, spans=words(str(_("Decided by %(body)s on %(day)s.", body=one.decision,
                                                      day=format_date(one.on, "long")))))
    elif one.verdict is not None and not one.heirs:
        yield Paragraph(small=True, spans=words(str(_("Proposed by the steering group; not decided yet."))))


def _led(codes: Sequence[str]) -> Words:
    """Codes, each leading to where it is told."""
    spans: list[Span] = []
    for code in codes:
        spans += [Span(", "), Span(code, to=anchor_of(code))]
    return tuple(spans[1:])


def _method(names: Names) -> Iterator[Block]:
    yield Heading(level=1, text=str(_("How it was counted")), page=True)
    for text in (
        _("Every public proposal and every public remark stands here once, also those without an outcome: nothing was "
          "chosen and nothing was copied by hand. What moderators hid or authors withdrew is left out."),
        _("A proposal that was merged with others or split has the outcome of what was made of it. Supports are those "
          "of the day on which the document was made. “Decided” means that the deciding body has decided; else the "
          "outcome is what the steering group proposes."),
        on_names(names),
    ):
        yield Paragraph(spans=words(str(text)))


def _codes(said: Sequence[Traced], remarked: Sequence[Response]) -> Iterator[Block]:
    if not said and not remarked:
        return
    yield Heading(level=1, text=str(_("Annex: all codes")), page=True)
    rows = [*((one.code, str(_("Proposal")), one.verdict, one.decided_on) for one in said),
            *((one.code, str(_("Remark")), one.verdict, one.decided_on) for one in remarked)]
    yield Table(
        caption=str(_("Codes of the contributions, with their outcomes")),
        header=(str(_("Code")), str(_("What")), str(_("Outcome")), str(_("Decided on"))),
        rows=tuple(((Span(code, to=anchor_of(code)),), words(what), words(_named(verdict)),
                    words(str(format_date(on, "long")) if on else "–")) for code, what, verdict, on in rows),
        align=("left", "left", "left", "left"), widths=(.25, .2, .3, .25))
