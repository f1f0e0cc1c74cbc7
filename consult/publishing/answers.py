"""What was said and what became of it: every public proposal, by axis, with its outcome and where it went."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from consult.core import charts
from consult.core.languages import Localized
from consult.core.personal_words import masked
from consult.planning.queries import Whole
from consult.planning.trace import Traced
from consult.planning.words import RELATIONS
from consult.publishing.document import Block, Heading, Paragraph, Span, Table, Words, words
from consult.publishing.figures import drawn
from consult.publishing.naming import voice
from consult.results.models import Verdict
from consult.results.words import VERDICTS


def part(whole: Whole, proposals: Sequence[Traced], known: Mapping[str, str]) -> Iterator[Block]:
    """The chapter, with the names that are `known`; nothing where nothing was proposed."""
    if not proposals:
        return
    yield Heading(level=1, text=str(_("What was said and what became of it")), page=True)
    yield Paragraph(spans=words(str(_(
        "Every public proposal with its public code, who made it, how many people supported it, the outcome with its "
        "reasons, and where it went in the plan."))))
    yield from drawn(by_verdict(proposal.verdict for proposal in proposals))
    of_axis = defaultdict(list)
    for proposal in proposals:
        of_axis[proposal.axis_id].append(proposal)
    for axis in whole.axes:
        if of_axis[axis.axis.id]:
            yield from _chapter(f"{axis.axis.code}. {axis.axis.title}", of_axis.pop(axis.axis.id), known)
    rest = [proposal for left in of_axis.values() for proposal in left]
    if rest:
        yield from _chapter(str(_("Without a theme")), rest, known)


def by_verdict(verdicts: Iterable[Verdict | None]) -> charts.Table:
    """How many have which outcome, as a table with its chart."""
    counted = Counter(verdicts)
    names = [*((verdict, VERDICTS[verdict]) for verdict in Verdict), (None, _("No outcome yet"))]
    rows = [charts.Row(label=_said(name), values=(counted[verdict],)) for verdict, name in names if counted[verdict]]
    total = charts.Row(label=_said(_("In all")), values=(counted.total(),), total=True)
    return charts.Table(
        code="outcomes", caption=_said(_("Proposals by outcome")), heading=_said(_("Outcome")), chart=True,
        columns=(charts.Column(label=_said(_("Proposals"))),), rows=(*rows, total))


def _said(text: object) -> Localized:
    """A text in the language in force, which is that of the document."""
    return Localized.of(str(text))


def _chapter(title: str, proposals: Sequence[Traced], known: Mapping[str, str]) -> Iterator[Block]:
    yield Heading(level=2, text=title)
    yield Table(
        caption=str(_("Proposals and outcomes: %(theme)s", theme=title)),
        header=(str(_("Code")), str(_("Proposal")), str(_("Outcome and reasons")), str(_("In the plan"))),
        rows=tuple(_row(proposal, known) for proposal in proposals),
        align=("left", "left", "left", "left"), widths=(.14, .3, .34, .22))


def _row(proposal: Traced, known: Mapping[str, str]) -> tuple[Words, ...]:
    who = voice(proposal.code, proposal.voice, known)
    supported = ngettext("%(num)s support", "%(num)s supports", proposal.supports)
    return (words(proposal.code),
            (*words(masked(proposal.title), bold=True), Span("\n"), *words(f"{who}, {supported}")),
            _outcome(proposal), _places(proposal))


def _outcome(proposal: Traced) -> Words:
    heirs = words(str(_("Merged or split: see %(codes)s", codes=", ".join(proposal.heirs)))) if proposal.heirs else ()
    if proposal.verdict is None:
        return (*words(str(_("No outcome yet"))), *([Span("\n"), *heirs] if heirs else []))
    said = [*words(str(VERDICTS[proposal.verdict]), bold=True), Span("\n"), *(heirs or words(proposal.reasons))]
    if proposal.decided_by and proposal.decided_on:
        decided = _("Decided by %(body)s on %(day)s.", body=proposal.decided_by,
                    day=format_date(proposal.decided_on, "long"))
        said += [Span("\n"), *words(str(decided))]
    return tuple(said)


def _places(proposal: Traced) -> Words:
    if not proposal.places:
        return words("–")
    lines = [f"{place.code}: {RELATIONS[place.relation]}. {place.reason}" for place in proposal.places]
    return words("\n".join(lines))
