"""Small questions about the one thing that a page shows, put to the database together.

Each feature that adds something to a page has a question of its own: whether somebody follows it, whether it has a
place. Asked one by one they would cost a query each. A feature says, in its views:

    @asking.question("contribution", "place")
    def _has_place(contribution: Contribution, _person: Any) -> sa.ColumnElement[bool]:
        return sa.exists().where(Place.contribution_id == contribution.id)

and reads the answer with `asking.answer("contribution", "place", contribution)`: the first who asks has all of them
answered. Answers stand until the request is over, so what has written asks the database itself.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import g
from flask_login import AnonymousUserMixin, current_user

from consult.core.db import db
from consult.core.statements import made_once

Question = Callable[[Any, Any], sa.ColumnElement[Any]]
"""Of a thing and of whoever looks at it: an expression that the database answers with one value."""
_questions: dict[str, dict[str, Question]] = defaultdict(dict)
_NOBODY = AnonymousUserMixin()


def question(kind: str, name: str) -> Callable[[Question], Question]:
    """Have something be asked of every thing of a kind that is shown on its own."""

    def keep(asked: Question) -> Question:
        _questions[kind][name] = asked
        return asked

    return keep


def answer(kind: str, name: str, thing: Any) -> Any:
    """What the database answers to a question about a thing of this kind."""
    known: dict[tuple[str, int], dict[str, Any]] = g.setdefault("answered", {})
    if (kind, thing.id) not in known:
        asked = _asked(kind, thing, current_user) if current_user.is_authenticated else _asked_by_visitors(kind)()
        known[kind, thing.id] = dict(db.session.execute(asked, {"asked_of": thing.id}).mappings().one())
    return known[kind, thing.id][name]


def _asked(kind: str, thing: Any, person: Any) -> sa.Select[Any]:
    return sa.select(*(ask(thing, person).label(each) for each, ask in _questions[kind].items()))


@dataclass(frozen=True)
class _Anything:
    """Stands for the thing in a statement that is made once: a question knows nothing of it but its id."""

    id: Any


@cache
def _asked_by_visitors(kind: str) -> Callable[[], sa.Select[Any]]:
    """Who is not signed in is nobody in particular: what is asked for them differs in the thing alone."""
    return made_once(lambda: _asked(kind, _Anything(sa.bindparam("asked_of", type_=sa.Integer)), _NOBODY))
