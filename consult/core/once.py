"""A form sent twice is one act: the second time gets the answer of the first."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import g, redirect, request, session
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.wrappers import Response as BaseResponse

from consult.core import clock
from consult.core.db import Base, db, insert, rows_deleted, rows_touched, table
from consult.core.statements import made_once

REMEMBERED = timedelta(days=2)
"""Longer than the token of any form holds."""


class OnceKey(Base):
    """A form already accepted: sent again, it gets the same answer and nothing is done twice."""

    __tablename__ = "once_key"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    location: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


_repeating: dict[str, Callable[[str], None]] = {}


def sent_again(endpoint: str) -> Callable[[Callable[[str], None]], Callable[[str], None]]:
    """Have a function called with the key of a form that was accepted and comes again: its answer may be lost."""

    def register(repeat: Callable[[str], None]) -> Callable[[str], None]:
        _repeating[endpoint] = repeat
        return repeat

    return register


def first_time_only() -> Any:
    """Answer a form sent twice as it was answered the first time."""
    once = request.form.get("once", "") if request.method == "POST" else ""
    if not once:
        return None
    owner = session.get("sid") or session.get("csrf_token") or ""
    g.once_key = hashlib.sha256(f"{owner}\0{request.path}\0{once}".encode("utf-8", "replace")).hexdigest()
    if rows_touched(_first(), key=g.once_key):
        return None
    location = db.session.scalar(sa.select(OnceKey.location).where(OnceKey.key == g.once_key))
    del g.once_key
    if repeat := _repeating.get(request.endpoint or ""):
        repeat(once)
    return redirect(location or "/", 303)


@made_once
def _first() -> Any:
    """Whoever sends the same at the same instant waits here until the first has been answered."""
    return insert(table(OnceKey)).on_conflict_do_nothing(index_elements=["key"])


def keep_answer(response: BaseResponse) -> None:
    """Remember where an accepted form led.

    A form answered with a page, to be put right or to be previewed, was not accepted yet and may be sent again.
    """
    if "once_key" not in g:
        return
    location = response.headers.get("Location")
    if location:
        db.session.execute(_leading(), {"known": g.once_key, "where": location[:500]})
    else:
        db.session.execute(sa.delete(OnceKey).where(OnceKey.key == g.once_key))


@made_once
def _leading() -> Any:
    own = table(OnceKey)
    return sa.update(own).where(own.c.key == sa.bindparam("known")).values(location=sa.bindparam("where"))


def forget(*, before: datetime, most: int) -> int:
    """Drop at most so many keys of forms that were sent before an instant; answers how many went."""
    return rows_deleted(OnceKey, OnceKey.created_at < before, most=most)
