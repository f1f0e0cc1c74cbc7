"""What is asked of the database before something is decided, by whoever has a part in it, in one question.

A feature that must know something of a matter before it is decided says so, and finds the answer with the decision:

    @asked.question("signs")
    def _signs() -> sa.ColumnElement[Any]:
        return sa.exists().where(Finding.contribution_id == asked.CONTRIBUTION)

    decision.answered["signs"]
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db
from consult.core.statements import made_once
from consult.moderation import record
from consult.moderation.matters import Matter, Source, sources
from consult.moderation.models import Claim, Decision, DecisionHead, Origin
from consult.reasons.models import RuleList

SUBJECT = sa.bindparam("subject", type_=sa.String())
NUMBER = sa.bindparam("number", type_=sa.Integer())
CONTRIBUTION = sa.bindparam("contribution", type_=sa.Integer())
"""NULL for what is no contribution."""
PROCESS = sa.bindparam("process", type_=sa.Integer())
MONTH = sa.bindparam("month", type_=sa.String())
"""The month in which it is decided, as in `2026-11`."""

Question = Callable[[], sa.ColumnElement[Any]]
"""One value, of the parameters above."""
_questions: dict[str, Question] = {}


def question(name: str) -> Callable[[Question], Question]:
    """Have something be asked before every decision."""

    def keep(asked: Question) -> Question:
        _questions[name] = asked
        return asked

    return keep


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a matter stands before it is decided."""

    decided: int
    """How many times something was decided of it."""
    waits: tuple[Origin, datetime] | None
    """Why it lies before the moderators, and since when: the earliest of all reasons; None where nothing waits."""
    in_hands_of: int | None
    """Who has it in hand now."""
    rules: int
    """The number of the version of the rules of its percorso; 0 where those of the site hold."""
    end: tuple[int, str]
    """How many decisions were recorded before, and the digest of the last: nobody adds one until the transaction ends.
    """
    answers: Mapping[str, Any]
    """What features asked, by the names of their questions."""


def of(matter: Matter, at: datetime) -> Standing:
    """How a matter stands; call while it is held, so that it stays so.

    Whoever is about to decide something else waits from here on until the transaction ends.
    """
    source = next(one for one in sources() if one.name == matter.source)
    known = {"subject": matter.subject, "number": matter.number, "contribution": matter.contribution_id,
             "process": matter.process_id, "now": at, "month": f"{clock.local(at):%Y-%m}"}
    row = db.session.execute(_asking(source)(), known).mappings().first()
    if row is None:  # the first decision of all
        record.begin()
        row = db.session.execute(_asking(source)(), known).mappings().one()
    since = [(origin, row[f"since {origin.value}"]) for origin in Origin if row.get(f"since {origin.value}")]
    return Standing(
        decided=row["decided"], waits=min(since, key=lambda each: each[1], default=None), in_hands_of=row["claimed"],
        rules=row["rules"] or 0, end=(row["size"], row["digest"]), answers={name: row[name] for name in _questions})


@cache
def _asking(source: Source) -> Callable[[], Any]:
    """The question about the things of one source, made once."""

    @made_once
    def statement() -> Any:
        waits = [(origin, select.subquery()) for origin, select in source.waiting()]
        return sa.select(
            DecisionHead.size, DecisionHead.digest,
            sa.select(sa.func.count()).select_from(Decision).where(Decision.subject == SUBJECT)
            .scalar_subquery().label("decided"),
            sa.select(Claim.person_id).where(Claim.subject == SUBJECT, Claim.ended_at.is_(None),
                                             Claim.until > sa.bindparam("now", type_=Claim.until.type))
            .scalar_subquery().label("claimed"),
            sa.select(sa.func.max(RuleList.number)).where(RuleList.process_id == PROCESS)
            .scalar_subquery().label("rules"),
            *(sa.select(sa.func.min(rows.c.since)).where(rows.c.number == NUMBER)
              .scalar_subquery().label(f"since {origin.value}") for origin, rows in waits),
            *(ask().label(name) for name, ask in _questions.items())
        ).where(DecisionHead.id == record.ONLY).with_for_update(of=DecisionHead)

    return statement
