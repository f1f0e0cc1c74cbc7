"""What can be discussed without holding a thread of its own: a feature names the kind, and that is all.

A feature says, in its views or reactions:

    @subjects.commentable("opzione", action="ballot.read")
    def option(id: int) -> Subject | None:
        ...

and shows `comments.views.discussion_of("opzione", option.id)`. The kind stands in the addresses. The thread is made
with the first comment.
Contributions (proposals, amendments, topics) and paragraphs of the plan hold their thread themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin

from consult.contributions.models import Thread
from consult.core.db import db, insert
from consult.core.languages import Localized
from consult.core.policy import can
from consult.processes.models import Activity, Standing, Taking

VISITOR = AnonymousUserMixin()


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is discussed, as far as its thread must know; `thing` is what the action of its kind is asked of."""

    thing: Any
    activity: Activity
    label: Localized
    path: str
    columns: bool = False


Finder = Callable[[int], Subject | None]
Taker = Callable[[Activity], Taking]


@dataclass(frozen=True)
class Kind:
    """How a kind of subject is found, who may read about it, and until when comments are taken."""

    find: Finder
    action: str
    takes: Taker


_kinds: dict[str, Kind] = {}


def while_the_phase_lasts(activity: Activity) -> Taking:
    """Whether comments are taken of what an activity left behind: also once it has closed, until its phase ends."""
    if activity.phase.past():
        return Taking(Standing.CLOSED, _l("The phase it belongs to is over."))
    if activity.phase.process.paused():
        return Taking(Standing.PAUSED, _l("Participation is paused before the elections, as the law requires."))
    return Taking(Standing.OPEN, "")


def commentable(kind: str, *, action: str, takes: Taker = Activity.takes) -> Callable[[Finder], Finder]:
    """Let things of a kind be discussed: the function answers what its thread must know of one.

    Whoever may do `action` to the thing may read the comments; `takes` says until when they are taken.
    """

    def register(find: Finder) -> Finder:
        _kinds[kind] = Kind(find, action, takes)
        return find

    return register


def kinds() -> list[str]:
    """The kinds that can be discussed."""
    return sorted(_kinds)


def subject(kind: str, id: int) -> Subject | None:
    """What is discussed under a kind and an id; None where there is no such thing."""
    return _kinds[kind].find(id) if kind in _kinds else None


def readable(thread: Thread, person: Any = VISITOR) -> bool:
    """Whether somebody, or else everybody, may read about the subject of a thread; true where it has none."""
    if thread.subject is None:
        return True
    kind, _colon, id = thread.subject.partition(":")
    found = subject(kind, int(id))
    return found is not None and bool(can(person, _kinds[kind].action, found.thing))


def taking(thread: Thread) -> Taking:
    """Whether a thread takes comments at this instant, and why not."""
    kind = _kinds.get((thread.subject or "").partition(":")[0])
    return kind.takes(thread.activity) if kind else thread.activity.takes()


def thread_about(kind: str, id: int) -> Thread | None:
    """The thread of a subject; one that is not kept yet, and has no id, where nobody has commented."""
    found = subject(kind, id)
    if found is None:
        return None
    name = f"{kind}:{id}"
    kept = db.session.scalar(sa.select(Thread).where(Thread.subject == name))
    return kept or Thread(activity=found.activity, label=found.label, path=found.path, columns=found.columns,
                          subject=name, locked=False, lock_reason="", comment_count=0)


def kept(thread: Thread) -> Thread:
    """The same thread with its row, made now if it is the first comment: two at once make one."""
    if thread.begun:
        return thread
    row = insert(Thread).values(
        activity_id=thread.activity.id, label=thread.label, path=thread.path, columns=thread.columns,
        subject=thread.subject)
    db.session.execute(row.on_conflict_do_nothing(index_elements=["subject"]))
    return db.session.scalars(sa.select(Thread).where(Thread.subject == thread.subject)).one()
