"""The project sheet of an action in a document: the same facts as on its page."""

from collections.abc import Iterator, Sequence

from flask_babel import format_currency, format_date
from flask_babel import gettext as _

from consult.core.charts import written
from consult.planning.models import Action, Funding
from consult.planning.words import ACTION_STATES, FREQUENCIES, MEASURED
from consult.publishing import prose
from consult.publishing.document import Block, Paragraph, Table, words


def of(action: Action) -> Iterator[Block]:
    """What is known of an action, as tables."""
    facts = [
        (_("State"), str(ACTION_STATES[action.state])), (_("Who carries it out"), action.lead),
        (_("With whom"), action.partners), (_("Who answers for it"), action.referent),
        (_("Municipalities concerned"), ", ".join(town.name for town in action.municipalities)),
        (_("When"), _period(action)), (_("Cost"), cost(action)),
        (_("Granted so far"), "" if action.covered is None else written(action.covered, "share")),
        (_("Programming document (DUP)"), action.dup), (_("Recovery plan (PNRR)"), action.pnrr),
        (_("Regional development fund (FESR)"), action.fesr), (_("Project code (CUP)"), action.cup)]
    yield Table(
        caption=str(_("Project sheet of %(code)s", code=action.code)), header=(str(_("What")), str(_("How"))),
        rows=tuple((words(str(name)), words(value)) for name, value in facts if value),
        align=("left", "left"), widths=(.28, .72))
    yield from _fundings(action)
    yield from _milestones(action)
    yield from _measures(action)
    if action.risks:
        yield Paragraph(spans=words(str(_("Risks")), bold=True))
        yield from prose.blocks(action.risks, level=4)


def _fundings(action: Action) -> Iterator[Table]:
    if action.fundings:
        yield _table(
            _("Where the money of %(code)s comes from", code=action.code),
            (_("Where the money comes from"), _("Amount"), _("State")),
            [(one.source, _amount(one), _("granted") if one.granted else _("to be found"))
             for one in action.fundings], (.5, .25, .25))


def _amount(one: Funding) -> str:
    return "–" if one.amount is None else _money(one.amount)


def _milestones(action: Action) -> Iterator[Table]:
    if action.milestones:
        yield _table(
            _("Milestones of %(code)s", code=action.code), (_("What is reached"), _("By"), _("Reached on")),
            [(one.title, *(str(format_date(day, "long")) if day else "–" for day in (one.due_on, one.reached_on)))
             for one in action.milestones], (.5, .25, .25))


def _measures(action: Action) -> Iterator[Table]:
    if action.measures:
        yield _table(
            _("Indicators of %(code)s", code=action.code),
            (_("Indicator"), _("What it tells"), _("Value today"), _("Value to be reached"), _("How often")),
            [(one.title or str(one.indicator.title if one.indicator else "–"), MEASURED[one.kind], one.baseline or "–",
              one.target or "–", FREQUENCIES[one.frequency]) for one in action.measures], (.32, .17, .15, .18, .18))


def _table(caption: object, header: Sequence[object], rows: Sequence[Sequence[object]],
           widths: tuple[float, ...]) -> Table:
    return Table(caption=str(caption), header=tuple(map(str, header)), widths=widths,
                 align=tuple("left" for _width in widths),
                 rows=tuple(tuple(words(str(cell)) for cell in row) for row in rows))


def cost(action: Action) -> str:
    """In whole euros, or nothing."""
    return "" if action.cost is None else _money(action.cost)


def _money(amount: int) -> str:
    return str(format_currency(amount, "EUR", "#,##0 ¤", currency_digits=False))


def years(action: Action) -> str:
    """The first and the last year, or nothing."""
    years = [str(day.year) for day in (action.starts_on, action.ends_on) if day]
    return "–".join(dict.fromkeys(years))


def _period(action: Action) -> str:
    starts, ends = (str(format_date(day, "long")) if day else "" for day in (action.starts_on, action.ends_on))
    if starts and ends:
        return str(_("from %(start)s to %(end)s", start=starts, end=ends))
    if ends:
        return str(_("by %(end)s", end=ends))
    return str(_("from %(start)s", start=starts)) if starts else ""
