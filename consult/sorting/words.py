"""What things on the desk are called, and why lists stand in their order."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.sorting import listing
from consult.sorting.models import LookState, TagAct

STANDINGS: dict[str, LazyString] = {
    listing.TO_READ: _l("Still to be read by you"),
    listing.MINE: _l("Read by you"),
    listing.UNTAGGED: _l("Without tags that count"),
    listing.DIFFERING: _l("Readers differ: to be decided"),
}
"""How far a contribution is with its tags."""

ORDERS: dict[str, LazyString] = {
    listing.LATEST: _l("The latest first"),
    listing.FIRST: _l("The earliest first"),
    listing.SUPPORTED: _l("Those with the most supports first"),
}

WHY: dict[str, LazyString] = {
    listing.LATEST: _l("In the order in which they came in, the latest first: nothing is put before anything else "
                       "because of what it says or who wrote it."),
    listing.FIRST: _l("In the order in which they came in, the earliest first: nothing is put before anything else "
                      "because of what it says or who wrote it."),
    listing.SUPPORTED: _l("Those that most people support come first; of as many, the latest. Only proposals can be "
                          "supported, so all else follows."),
}
"""Why a list stands in its order."""

ACTS: dict[TagAct, LazyString] = {
    TagAct.ADDED: _l("Tag added"),
    TagAct.CHANGED: _l("Tag changed"),
    TagAct.RETIRED: _l("Tag no longer offered"),
    TagAct.RESUMED: _l("Tag offered again"),
    TagAct.MERGED: _l("Tag merged"),
}

LOOKS: dict[LookState, LazyString] = {
    LookState.WAITING: _l("Waiting for its turn"),
    LookState.RUNNING: _l("Looking through the texts"),
    LookState.READY: _l("Done"),
    LookState.FAILED: _l("It failed"),
}

STRENGTHS: tuple[tuple[float, LazyString], ...] = (
    (0.8, _l("almost perfect")), (0.6, _l("substantial")), (0.4, _l("moderate")), (0.2, _l("fair")),
    (0.0, _l("slight")))
"""From which kappa on an agreement is called what (Landis and Koch, Biometrics 33, 1977)."""


def strength(kappa: float | None) -> LazyString:
    """What an agreement is called."""
    if kappa is None:
        return _l("cannot be said")
    return next((word for least, word in STRENGTHS if kappa >= least), _l("less than by chance"))
