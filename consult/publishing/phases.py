"""The results of a phase: figures, tables and charts of its activities, from what is frozen, with every fingerprint."""

from collections.abc import Iterator, Sequence

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from consult.core import config
from consult.processes.models import Phase
from consult.processes.words import PHASE_KINDS
from consult.publishing import figures, queries
from consult.publishing.document import Block, Document, Heading, Paragraph, Span, Table, anchor_of, words
from consult.publishing.framing import framed
from consult.publishing.models import Names
from consult.publishing.queries import Frozen
from consult.results import comparing


def document(phase: Phase, names: Names = Names.ORGANISATIONS) -> Document:
    """The public frozen results of a phase, in two questions to the database however many they are."""
    process, results = phase.process, queries.results(phase.process_id, phase_id=phase.id)
    return framed(
        process, [*_begin(phase, results), *_whole(phase, results), *_activities(results), *_method(),
                  *fingerprints(results)],
        title=str(_("Results of the phase “%(phase)s”", phase=phase.title)), subtitle=str(process.title), names=names,
        edition=str(_("%(kind)s · from %(start)s to %(end)s", kind=PHASE_KINDS[phase.kind],
                      start=format_date(phase.first_day, "long"), end=format_date(phase.last_day, "long"))))


def _begin(phase: Phase, results: Sequence[Frozen]) -> Iterator[Block]:
    yield Heading(level=1, text=str(_("What this phase was for")))
    if str(phase.purpose):
        yield Paragraph(spans=words(str(phase.purpose)))
    if not results:
        yield Paragraph(spans=words(str(_("No activity of this phase has public results yet."))))
        return
    yield Table(
        caption=str(_("Activities with results")), header=(str(_("Activity")), str(_("Frozen on"))),
        rows=tuple(((Span(str(one.sheet.title), to=_anchor(one)),),
                    words(str(format_datetime(one.frozen_at, "d MMMM y, HH:mm")))) for one in results),
        align=("left", "left"), widths=(.7, .3))


def _anchor(one: Frozen) -> str:
    return anchor_of(f"a-{one.activity_id}")


def _whole(phase: Phase, results: Sequence[Frozen]) -> Iterator[Block]:
    """What came in over all, by which way and from where."""
    tables = comparing.tables([(phase.title, [one.sheet for one in results])]) if results else []
    if tables:
        yield Heading(level=1, text=str(_("The phase as a whole")), page=True)
    for table in tables:
        yield Heading(level=2, text=str(table.caption))
        yield from figures.drawn(table)


def _activities(results: Sequence[Frozen]) -> Iterator[Block]:
    if results:
        yield Heading(level=1, text=str(_("Activity by activity")), page=True)
    for one in results:
        yield from figures.sheet(one, anchor=_anchor(one))


def _method() -> Iterator[Block]:
    yield Heading(level=1, text=str(_("How it was counted")), page=True)
    for text in (
        _("Nothing is counted anew here: each figure stands in the frozen results of an activity, or is the sum of "
          "such figures. How each activity was counted stands with its results."),
        _("Figures behind which fewer than five people stand are not shown, nor those that would give such a figure "
          "away. Nobody's name stands in it."),
    ):
        yield Paragraph(spans=words(str(text)))


def fingerprints(results: Sequence[Frozen]) -> Iterator[Block]:
    """The annex by which everybody can check that the figures are those that were frozen."""
    if not results:
        return
    yield Heading(level=1, text=str(_("Annex: fingerprints of the results")), page=True)
    yield Paragraph(spans=words(str(_(
        "Each set of frozen results has a fingerprint (SHA-256): if a single figure changed, the fingerprint would "
        "too. At its address the fingerprint can be computed anew."))))
    address = config.current().address
    yield Table(
        caption=str(_("Frozen results and their fingerprints")),
        header=(str(_("Activity")), str(_("Fingerprint")), str(_("Address"))),
        rows=tuple((words(str(one.sheet.title)), (Span(one.sha256, code=True),),
                    words(f"{address}/risultati/foglio/{one.sha256[:16]}")) for one in results),
        align=("left", "left", "left"), widths=(.3, .4, .3))
