"""Closing and opening a thread for the time being, and noting how far somebody has read it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.comments.models import ThreadVisit
from consult.contributions import subjects
from consult.contributions.models import Thread
from consult.core import events
from consult.core.db import db, insert, table
from consult.core.statements import made_once


@dataclass(frozen=True, kw_only=True)
class ThreadLocked(events.Event):
    thread_id: int


@dataclass(frozen=True, kw_only=True)
class ThreadUnlocked(events.Event):
    thread_id: int


def lock(thread: Thread, actor: Person, *, reason: str) -> None:
    """Take no more comments, and say why; of a thread that is locked only the reason changes."""
    thread = subjects.kept(thread)
    _hold(thread)
    if thread.locked and thread.lock_reason == reason:
        return
    thread.locked, thread.lock_reason = True, reason
    db.session.flush()
    events.record(ThreadLocked(actor_id=actor.id, thread_id=thread.id))


def unlock(thread: Thread, actor: Person) -> None:
    """Take comments again; of a thread that is open nothing changes."""
    _hold(thread)
    if not thread.locked:
        return
    thread.locked, thread.lock_reason = False, ""
    db.session.flush()
    events.record(ThreadUnlocked(actor_id=actor.id, thread_id=thread.id))


def _hold(thread: Thread) -> None:
    """Not so firmly that a comment could not name the thread: it would wait for this with a row that this waits for."""
    db.session.refresh(thread, ["locked", "lock_reason"], with_for_update={"key_share": True})


def visit(thread_id: int, person: Person, *, upto: int) -> None:
    """Note that somebody has read a thread as far as a comment; never further back than noted before."""
    db.session.execute(_visiting(), {"person_id": person.id, "thread_id": thread_id, "seen_id": upto})


@made_once
def _visiting() -> Any:
    own = table(ThreadVisit)
    row = insert(own)
    return row.on_conflict_do_update(index_elements=list(own.primary_key), set_={"seen_id": row.excluded.seen_id},
                                     where=own.c.seen_id < row.excluded.seen_id)


def visit_open(thread: Thread, person: Person, *, upto: int) -> bool:
    """Note the same, unless the thread is locked by now: answers whether it is not.

    Whoever locks it meanwhile is waited for, and waits until this transaction has ended.
    """
    noted = db.session.execute(_visiting_open(), {"person": person.id, "wanted": thread.id, "seen": upto}).first()
    return noted is not None


@made_once
def _visiting_open() -> Any:
    own, threads = table(ThreadVisit), table(Thread)
    seen = sa.bindparam("seen", type_=sa.Integer)
    still_open = sa.select(sa.bindparam("person", type_=sa.Integer), threads.c.id, seen).where(
        threads.c.id == sa.bindparam("wanted"), threads.c.locked.is_(False)).with_for_update(read=True, of=threads)
    row = insert(own).from_select(["person_id", "thread_id", "seen_id"], still_open)
    furthest = sa.case((own.c.seen_id < row.excluded.seen_id, row.excluded.seen_id), else_=own.c.seen_id)
    return row.on_conflict_do_update(index_elements=list(own.primary_key), set_={"seen_id": furthest}).returning(
        own.c.seen_id)


def forget_visits(person_id: int) -> None:
    """Forget how far somebody has read."""
    db.session.execute(sa.delete(ThreadVisit).where(ThreadVisit.person_id == person_id))
