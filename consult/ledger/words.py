"""What the parts of a log are called, for people."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

VOID_REASONS: dict[str, LazyString] = {
    "doppia-identita": _l("The same person voted with two accounts."),
    "non-avente-diritto": _l("Whoever voted was not among those who may vote in this ballot."),
    "scheda-inserita-per-errore": _l("The paper was entered by mistake at the desk or from the box."),
    "ordine-del-giudice": _l("A court or a supervisory authority ordered it."),
}
"""Why a paper may be voided; the codes are fixed in the log of each ballot when it opens."""

VOIDED = _l("Your paper in this ballot was declared void: you cannot vote again. On the page of the register of the "
            "ballot you find the reasons, and whom you can turn to.")


def void_reason(code: str) -> LazyString | str:
    """A reason in words; as it was written, where it is no longer among ours."""
    return VOID_REASONS.get(code, code)
