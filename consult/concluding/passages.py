"""Which passage follows which, what each asks for, and the days by which something is due: rules without a database."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from consult.concluding.models import Act, DocumentPassage, Stage

NEXT: Mapping[tuple[Stage, Act], Stage] = {
    (Stage.DRAFT, Act.CHECK): Stage.CHECKED,
    (Stage.RETURNED, Act.CHECK): Stage.CHECKED,
    (Stage.CHECKED, Act.REOPEN): Stage.DRAFT,
    (Stage.DRAFT, Act.SEND): Stage.SENT,
    (Stage.CHECKED, Act.SEND): Stage.SENT,
    (Stage.RETURNED, Act.SEND): Stage.SENT,
    (Stage.SENT, Act.RETURN): Stage.RETURNED,
    (Stage.SENT, Act.VALIDATE): Stage.VALIDATED,
    (Stage.VALIDATED, Act.RETURN): Stage.RETURNED,
    (Stage.VALIDATED, Act.DELIVER): Stage.DELIVERED,
    (Stage.DELIVERED, Act.REPORT): Stage.DELIVERED,
    (Stage.NOTED, Act.REPORT): Stage.NOTED,
    (Stage.DELIVERED, Act.NOTE): Stage.NOTED,
}
"""From where each passage leads where: what is not named here is refused."""
WRITABLE = frozenset({Stage.DRAFT, Stage.RETURNED})
"""In which stages the document can be written; the draft of the resolution until the act is there."""
VALID = frozenset({Stage.VALIDATED, Stage.DELIVERED, Stage.NOTED})
"""In which stages what was validated stands, and everybody reads it."""
WHOLE = frozenset({Act.CHECK, Act.SEND})
"""Passages that need every field, as whoever gets it reads it."""
SEEN = frozenset({Act.CHECK, Act.SEND, Act.DELIVER, Act.REPORT})
"""Passages with which the document goes to somebody: nothing personal may stand in it."""
WITH_PROTOCOL = frozenset({Act.SEND, Act.RETURN, Act.VALIDATE, Act.DELIVER, Act.REPORT})
"""Passages that leave a number in the register of letters; only that of the first is needed."""
TERM = timedelta(days=30)
"""From the sending of the validated document to the deciding body, which ends the percorso (L.R. 15/2018)."""
NEAR = timedelta(days=7)
"""From when on a term is near."""


class Light(enum.Enum):
    """How a term stands on a day."""

    RUNNING = "running"
    NEAR = "near"
    LATE = "late"
    MET = "met"
    MET_LATE = "met_late"


@dataclass(frozen=True, kw_only=True)
class Term:
    """Something that is due by a day, and the day on which it was done."""

    act: Act
    due: date
    done: date | None

    def light(self, today: date) -> Light:
        """On its last day a term still runs."""
        if self.done is not None:
            return Light.MET if self.done <= self.due else Light.MET_LATE
        if today > self.due:
            return Light.LATE
        return Light.NEAR if self.due - today <= NEAR else Light.RUNNING


def last(passages: Iterable[DocumentPassage], *acts: Act) -> DocumentPassage | None:
    """The latest passage of one of these sorts."""
    found = [one for one in passages if one.act in acts]
    return found[-1] if found else None


def terms(passages: Iterable[DocumentPassage]) -> list[Term]:
    """The final report and the act of the deciding body, each within thirty days from the end of the percorso."""
    made = list(passages)
    end = last(made, Act.DELIVER)
    if end is None:
        return []
    done = {act: last(made, act) for act in (Act.REPORT, Act.NOTE)}
    return [Term(act=act, due=end.dated + TERM, done=one.dated if one else None) for act, one in done.items()]
