"""The project sheet of an action in a document."""

from collections.abc import Iterator

from flask_babel import format_currency, format_date
from flask_babel import gettext as _

from consult.planning.models import Action
from consult.planning.words import ACTION_STATES
from consult.publishing.document import Block, Table, words


def of(action: Action) -> Iterator[Block]:
    """What is known of an action, as tables."""
    facts = [
        (_("State"), str(ACTION_STATES[action.state])), (_("Who carries it out"), action.lead),
        (_("With whom"), action.partners), (_("When"), _period(action)), (_("Cost"), cost(action)),
        (_("Where the money comes from"), action.funding), (_("Indicator"), action.indicator),
        (_("Value today"), action.baseline), (_("Value to be reached"), action.target)]
    yield Table(
        caption=str(_("Project sheet of %(code)s", code=action.code)), header=(str(_("What")), str(_("How"))),
        rows=tuple((words(str(name)), words(value)) for name, value in facts if value),
        align=("left", "left"), widths=(.28, .72))


def cost(action: Action) -> str:
    """In whole euros, or nothing."""
    return "" if action.cost is None else str(
        format_currency(action.cost, "EUR", "#,##0 ¤", currency_digits=False))


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
