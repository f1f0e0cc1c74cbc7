"""What the parts of a plan and their columns are called."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

KINDS: dict[str, LazyString] = {
    "plan": _l("The plan"),
    "section": _l("Section"),
    "paragraph": _l("Paragraph"),
    "axis": _l("Axis"),
    "objective": _l("Objective"),
    "action": _l("Action"),
    "link": _l("Source"),
    "block": _l("Figure or sheet"),
    "action_funding": _l("Where the money comes from"),
    "action_milestone": _l("Milestone"),
    "action_measure": _l("Indicator"),
}

FIELDS: dict[str, LazyString | str] = {
    "title": _l("Title"),
    "subtitle": _l("Subtitle"),
    "summary": _l("Summary"),
    "description": _l("Description"),
    "code": _l("Code"),
    "state": _l("State"),
    "edition": _l("Edition"),
    "target": _l("Target"),
    "lead": _l("Who carries it out"),
    "partners": _l("With whom"),
    "funding": _l("Where the money comes from"),
    "cost": _l("Cost"),
    "starts_on": _l("Begins on"),
    "ends_on": _l("Ends on"),
    "indicator": _l("Indicator"),
    "minutes": _l("Minutes"),
    "paragraph": _l("Paragraph"),
    "baseline": _l("Value today"),
    "relation": _l("Relation"),
    "reason": _l("Reason"),
    "need": _l("Which need it answers"),
    "referent": _l("Office that answers for it"),
    "risks": _l("Risks"),
    "municipalities": _l("Municipalities"),
    "dup": "DUP",
    "pnrr": "PNRR",
    "fesr": "FESR",
    "cup": "CUP",
    "source": _l("Source"),
    "amount": _l("Amount in euros"),
    "granted": _l("granted already"),
    "due_on": _l("by"),
    "reached_on": _l("reached on"),
    "frequency": _l("How often it is measured"),
}
"""Columns by the names that people read; one that nobody has named is shown by its own."""

VALUES: dict[str, LazyString] = {
    "output": _l("what is made"), "result": _l("what comes of it"), "quarterly": _l("every three months"),
    "half_yearly": _l("twice a year"), "yearly": _l("once a year"), "at_the_end": _l("at the end"),
}
"""What the values of a project sheet are called."""
