"""What lines in double braces stand for, in a document: results, indicators, project sheets and quotes."""

from collections.abc import Iterable, Iterator

from flask_babel import format_datetime
from flask_babel import gettext as _

from consult.core import charts
from consult.core.personal_words import masked
from consult.planning import blocks
from consult.planning.queries import Whole
from consult.publishing import sheets
from consult.publishing.document import Block, Paragraph, Quote, Table, words
from consult.publishing.figures import drawn
from consult.publishing.prose import Embedded


def of(whole: Whole) -> Embedded:
    """How the lines of this plan are written."""

    def embedded(line: str) -> Iterable[Block]:
        return _written(line, whole.blocks.get(line))

    return embedded


def _written(line: str, one: blocks.Shown | None) -> Iterator[Block]:
    match one:
        case blocks.Result():
            yield from _result(one)
        case blocks.Indicators():
            for table in one.tables:
                yield from drawn(table)
            yield _small(_("Source: %(source)s", source="; ".join(one.sources)))
        case blocks.Sheet():
            yield Paragraph(spans=words(f"{one.action.code} {one.action.title}", bold=True))
            yield from sheets.of(one.action)
        case blocks.Quote():
            yield Quote(blocks=(Paragraph(spans=words(masked(one.text))),))
            yield _small(_("From an answer to the question: %(question)s", question=one.prompt))
        case _:
            yield Paragraph(spans=words(line))


def _result(one: blocks.Result) -> Iterator[Block]:
    if one.figures:
        yield Table(
            caption=str(_("Key figures: %(activity)s", activity=one.title)),
            header=(str(_("What")), str(_("Number"))),
            rows=tuple((words(str(f.label)), words(charts.written(f.value, f.unit))) for f in one.figures),
            align=("left", "right"), widths=(.75, .25))
    for table in one.tables:
        yield from drawn(table)
    yield _small(_("From the results of %(activity)s, frozen on %(when)s. SHA-256: %(hash)s", activity=one.title,
                   when=format_datetime(one.frozen_at, "d MMMM y, HH:mm"), hash=one.sha256))


def _small(text: object) -> Paragraph:
    return Paragraph(spans=words(str(text)), small=True)
