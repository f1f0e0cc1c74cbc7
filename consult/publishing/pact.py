"""The pact as a document: its text, who signs it, what each promises and how far that is; nobody's name."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask_babel import format_currency, format_date
from flask_babel import gettext as _

from consult.core import config
from consult.core.charts import written
from consult.pact import figures as counted
from consult.pact import monitoring, queries
from consult.pact.models import Commitment, Pact, Signatory
from consult.pact.monitoring import Line
from consult.pact.words import (
    COMMITMENT_STATES,
    OVERDUE,
    PACT_STATES,
    PROGRESS,
    SIGNATORY_STATES,
    SIGNATURE_KINDS,
    UNTOLD,
    VERDICTS,
)
from consult.publishing import figures, prose
from consult.publishing.document import Block, Document, Heading, Paragraph, Span, Table, anchor_of, words
from consult.publishing.framing import framed
from consult.publishing.models import Names


def document(pact: Pact, names: Names = Names.ORGANISATIONS) -> Document:
    """The pact with all that is public of it, in a number of questions to the database that does not grow with it."""
    parties = queries.signatories(pact)
    lines = monitoring.lines(queries.commitments(pact, milestones=True))
    blocks = [*_text(pact), *_parties(parties), *_overview(lines), *_commitments(lines), *_progress(lines),
              *_method(pact)]
    return framed(pact.process, blocks, title=pact.title, subtitle=str(pact.process.title), names=names,
                  edition=_edition(pact))


def _edition(pact: Pact) -> str:
    """How far the pact is, since when it is in force and by which act."""
    told = [str(PACT_STATES[pact.state][0])]
    if pact.in_force_since is not None:
        told.append(str(_("In force since %(day)s", day=format_date(pact.in_force_since, "long"))))
    return " · ".join([*told, *([pact.act] if pact.act else [])])


def _text(pact: Pact) -> Iterator[Block]:
    if pact.premise:
        yield Heading(level=1, text=str(_("Premise")))
        yield from prose.blocks(pact.premise, level=2)
    if pact.clauses:
        yield Heading(level=1, text=str(_("Clauses")))
    for number, clause in enumerate(pact.clauses, 1):
        yield Heading(level=2, number=str(number), text=clause.title)
        yield from prose.blocks(clause.body, level=3)


def _parties(parties: Sequence[Signatory]) -> Iterator[Block]:
    if not parties:
        return
    yield Heading(level=1, text=str(_("Who signs it")), page=True)
    yield Table(
        caption=str(_("The signatories and how far each is")),
        header=(str(_("Signatory")), str(_("Who signs")), str(_("How far it is"))),
        rows=tuple((words(party.name), words(party.signer_title or "–"),
                    words(_with_reason(str(SIGNATORY_STATES[party.state][0]), party))) for party in parties),
        align=("left", "left", "left"), widths=(.5, .25, .25))
    signed = [(party, one) for party in parties for one in party.signatures]
    if signed:
        yield Table(
            caption=str(_("The signatures, each with the fingerprint of its file")),
            header=(str(_("Signatory")), str(_("Signed on")), str(_("How it was signed")), str(_("What was found")),
                    str(_("Fingerprint"))),
            rows=tuple((words(party.name), words(str(format_date(one.signed_on, "medium"))),
                        words(str(SIGNATURE_KINDS[one.kind])), words(str(VERDICTS[one.verdict][0])),
                        (Span(one.sha256, code=True),)) for party, one in signed),
            align=("left",) * 5, widths=(.22, .13, .2, .15, .3))


def _overview(lines: Sequence[Line]) -> Iterator[Block]:
    if not lines:
        return
    yield Heading(level=1, text=str(_("Commitments")), page=True)
    yield Table(
        caption=str(_("All commitments")),
        header=(str(_("Code")), str(_("What is promised")), str(_("Who is responsible")), str(_("By when")),
                str(_("State"))),
        rows=tuple(((Span(line.commitment.code, to=anchor_of(line.commitment.code)),), words(line.commitment.title),
                    words(_answering(line.commitment)), words(_dated(line.commitment.due_on)),
                    words(str(COMMITMENT_STATES[line.commitment.state][0]))) for line in lines),
        align=("left",) * 5, widths=(.1, .36, .26, .14, .14))


def _commitments(lines: Sequence[Line]) -> Iterator[Block]:
    for line in lines:
        one = line.commitment
        yield Heading(level=2, number=one.code, text=one.title, anchor=anchor_of(one.code))
        yield from prose.blocks(one.body, level=3)
        yield Table(
            caption=str(_("What %(code)s is about", code=one.code)), header=(str(_("What")), str(_("How"))),
            rows=tuple((words(str(name)), words(value)) for name, value in _facts(line) if value),
            align=("left", "left"), widths=(.28, .72))
        if one.milestones:
            yield Table(
                caption=str(_("Milestones of %(code)s", code=one.code)),
                header=(str(_("What is reached")), str(_("By")), str(_("Reached on"))),
                rows=tuple((words(each.title), words(_dated(each.due_on)), words(_dated(each.reached_on)))
                           for each in one.milestones),
                align=("left", "left", "left"), widths=(.6, .2, .2))
        if line.latest:
            yield Paragraph(spans=(*words(str(_("What was reported last")), bold=True), *words(
                f": {format_date(line.latest.on, 'long')}, {PROGRESS[line.latest.standing][0]}")))
            yield from prose.blocks(line.latest.text, level=3)


def _facts(line: Line) -> list[tuple[object, str]]:
    one = line.commitment
    values = " → ".join(_value(value, one.unit) for value in (one.baseline, one.target))
    return [
        (_("State"), str(COMMITMENT_STATES[one.state][0])), (_("Why it was withdrawn"), one.withdrawn_reason),
        (_("Who is responsible"), _answering(one)),
        (_("With whom"), ", ".join(party.name for party in one.partners)), (_("By when"), _dated(one.due_on)),
        (_("Cost"), "" if one.cost is None else str(format_currency(one.cost, "EUR", format="#,##0 ¤"))),
        (_("Where the money comes from"), one.resources),
        (_("What is measured"), f"{one.measure}: {values}" if one.measure else ""),
        (_("Latest value"), _value(line.measured.value, one.unit) if line.measured else ""),
        (_("How it goes"), _goes(line))]


def _with_reason(state: str, party: Signatory) -> str:
    """How far a party is, and why where it has withdrawn."""
    return f"{state}: {party.withdrawn_reason}" if party.withdrawn_reason else state


def _goes(line: Line) -> str:
    if not line.counted:
        return ""
    said = str((PROGRESS[line.standing] if line.standing else UNTOLD)[0])
    return f"{said}. {OVERDUE[line.overdue]}" if line.overdue else said


def _progress(lines: Sequence[Line]) -> Iterator[Block]:
    if not any(line.counted for line in lines):
        return
    yield Heading(level=1, text=str(_("How far the commitments are")), page=True)
    yield from figures.drawn(counted.standings(lines))
    taken_on = [line for line in lines if line.counted]
    yield Table(
        caption=str(_("The commitments and how far they are")),
        header=(str(_("Commitment of the pact")), str(_("How it goes")), str(_("Latest value")),
                str(_("To be reached")), str(_("Latest report"))),
        rows=tuple((words(f"{line.commitment.code} {line.commitment.title}"), words(_goes(line)),
                    words(_value(line.measured.value if line.measured else None, "")),
                    words(_value(line.commitment.target, line.commitment.unit)),
                    words(_dated(line.latest.on if line.latest else None))) for line in taken_on),
        align=("left", "left", "right", "right", "left"), widths=(.36, .2, .12, .16, .16))


def _method(pact: Pact) -> Iterator[Block]:
    address = f"{config.current().address}/patti/{pact.slug}"
    yield Heading(level=1, text=str(_("How this document was made")), page=True)
    for text in (
        _("How a commitment goes is what its latest report says; a report that another one corrects does not count. "
          "Commitments in negotiation and withdrawn ones are not counted in the chart."),
        _("A commitment is overdue when its day has passed and it is not kept, or when it is under way and nobody has "
          "reported for more than a year."),
        _("Signatories stand with their name and with the office that signs: nobody's name stands in it. The pact is "
          "signed outside the site; what is shown is the fingerprint of each signed file."),
        _("The pact and all reports can be read at %(address)s", address=address),
    ):
        yield Paragraph(spans=words(str(text)))


def _answering(one: Commitment) -> str:
    return one.signatory.name if one.signatory else str(_("Nobody yet"))


def _dated(day: date | None) -> str:
    return str(format_date(day, "medium")) if day else "–"


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{written(value, 'number')}{f' {unit}' if unit else ''}"
