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
from typing import Any

import sqlalchemy as sa
from flask import g
from flask_login import current_user

from consult.core.db import db

Question = Callable[[Any, Any], sa.ColumnElement[Any]]
"""Of a thing and of whoever looks at it: an expression that the database answers with one value."""
_questions: dict[str, dict[str, Question]] = defaultdict(dict)


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
        asked = {each: ask(thing, current_user).label(each) for each, ask in _questions[kind].items()}
        known[kind, thing.id] = dict(db.session.execute(sa.select(*asked.values())).mappings().one())
    return known[kind, thing.id][name]
