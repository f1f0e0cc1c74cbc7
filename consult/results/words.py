"""What verdicts are called on the pages, and what they mean."""

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _l

from consult.results.awaited import Row, Sorting, Standing
from consult.results.models import Verdict

VERDICTS: dict[Verdict, LazyString] = {
    Verdict.ACCEPTED: _l("Accepted"),
    Verdict.PARTLY: _l("Accepted in part"),
    Verdict.NOT_ACCEPTED: _l("Not accepted"),
    Verdict.OUT_OF_SCOPE: _l("Outside the plan"),
    Verdict.UNDER_REVIEW: _l("Under review"),
}

VERDICT_LABELS: dict[Verdict, str] = {
    Verdict.ACCEPTED: "good", Verdict.PARTLY: "good", Verdict.NOT_ACCEPTED: "bad", Verdict.OUT_OF_SCOPE: "closed",
    Verdict.UNDER_REVIEW: "waiting",
}
"""The kind of label a verdict has."""

MEANINGS: dict[Verdict, LazyString] = {
    Verdict.ACCEPTED: _l("What the proposal asks for enters the plan."),
    Verdict.PARTLY: _l("A part of what the proposal asks for enters the plan."),
    Verdict.NOT_ACCEPTED: _l("What the proposal asks for does not enter the plan."),
    Verdict.OUT_OF_SCOPE: _l("The plan cannot answer this proposal: others have to decide on it."),
    Verdict.UNDER_REVIEW: _l("The proposal is being examined: an answer will follow."),
}

CHANNELS: dict[str, LazyString] = {
    "online": _l("On this site"),
    "paper": _l("On paper"),
    "desk": _l("At the help desk"),
    "assembly": _l("At a meeting"),
    "imported": _l("Taken over from another system"),
}
"""By which way contributions came in, by the name in a sheet."""

COLUMNS: dict[str, LazyString] = {
    "code": _l("Code"),
    "title": _l("Title"),
    "axis": _l("Theme"),
    "municipality": _l("Municipality"),
    "voice": _l("Who proposes"),
    "supports": _l("Supports"),
    "comments": _l("Comments"),
    "before": _l("Outcome so far"),
    "version": _l("Version (leave it as it is)"),
    "verdict": _l("Outcome"),
    "reasons": _l("Reasons"),
    "on": _l("Day"),
    "decided_by": _l("Who decided"),
    "act": _l("Number of the act"),
}
"""The columns of the file in which many proposals are answered; from `verdict` on they are filled in."""

STANDINGS: dict[Standing, LazyString] = {
    Standing.NONE: _l("Nothing yet"),
    Standing.REVIEW: _l("Under review"),
    Standing.PROPOSED: _l("An outcome is proposed"),
    Standing.DECIDED: _l("Decided"),
}
"""How far an answer is."""

SORTINGS: dict[Sorting, LazyString] = {
    Sorting.SUPPORTED: _l("Most supported first"),
    Sorting.DISCUSSED: _l("Most commented first"),
    Sorting.WAITING: _l("Oldest first"),
}


def why(row: Row, sorting: Sorting) -> str:
    """Why a row stands where it stands."""
    if sorting is Sorting.DISCUSSED:
        return str(ngettext("It has %(num)s comment.", "It has %(num)s comments.", row.comments))
    if sorting is Sorting.WAITING:
        return str(ngettext("It has been here for %(num)s day.", "It has been here for %(num)s days.", row.days))
    return str(ngettext("It has %(num)s support.", "It has %(num)s supports.", row.supports))
