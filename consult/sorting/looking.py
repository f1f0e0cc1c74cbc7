"""Looking through all texts of a percorso behind the pages: what they speak of, and which say nearly the same."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, events, jobs
from consult.core import db as database
from consult.core.db import db, table
from consult.processes.models import Process
from consult.search import services as search
from consult.sorting import corpus, near, queries, topics
from consult.sorting.models import Look, LookedAt, LookState

log = logging.getLogger("consult.sorting")

PATIENCE = timedelta(hours=1)
"""After which a look that has not come to an end is taken for lost."""
AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class TextsLookedThrough(events.Event):
    """Somebody had all texts of a percorso looked through."""

    process_id: int
    look_id: int
    wanted: int


def ask(process: Process, person: Person, wanted: int) -> Look:
    """Have the texts of a percorso looked through once this is kept; where that is being done already, that is all."""
    database.alone(f"looks at percorso {process.id}")
    latest = queries.latest_look(process)
    if latest is not None and not latest.finished and latest.asked_at > clock.now() - PATIENCE:
        return latest
    look = Look(process_id=process.id, wanted=wanted, asked_by_id=person.id)
    db.session.add(look)
    db.session.flush()
    events.record(TextsLookedThrough(actor_id=person.id, process_id=process.id, look_id=look.id, wanted=wanted))
    jobs.after_commit(make, look.id)
    return look


@jobs.task
def make(look_id: int) -> None:
    """Look through the texts, and keep how far that is as it goes; what the look before found is dropped at the end."""
    look = db.session.get(Look, look_id)
    if look is None or look.state is not LookState.WAITING:
        return
    _at(look, 5, LookState.RUNNING)
    process_id, wanted = look.process_id, look.wanted
    try:
        with database.reading():
            texts, authors = words_of(db.session.get_one(Process, process_id))
        _at(db.session.get_one(Look, look_id), 30, LookState.RUNNING)
        found = topics.find(texts, wanted, authors)
        _at(db.session.get_one(Look, look_id), 70, LookState.RUNNING)
        alike = near.groups(texts)
    except Exception:
        db.session.rollback()
        log.exception("look %s failed", look_id)
        _at(db.session.get_one(Look, look_id), 0, LookState.FAILED)
        return
    _keep(db.session.get_one(Look, look_id), len(texts), found, alike)


def words_of(process: Process) -> tuple[dict[int, topics.Words], dict[int, int]]:
    """By contribution: its words as the index of the search counts them, and who wrote it."""
    words: dict[int, topics.Words] = {}
    authors = {}
    for text in corpus.texts_of(process):
        words[text.id] = search.counted(text.title, text.body, text.language)
        authors[text.id] = text.author_id
    return words, authors


def _at(look: Look, progress: int, state: LookState) -> None:
    look.progress, look.state = progress, state
    jobs.keep()


def _keep(look: Look, texts: int, found: topics.Found, alike: dict[int, tuple[int, float]]) -> None:
    rows: list[dict[str, Any]] = []
    for id in sorted({*found.texts, *alike}):
        topic, share = found.texts.get(id, (None, 0.0))
        first, likeness = alike.get(id, (None, 0.0))
        rows.append({"look_id": look.id, "contribution_id": id, "topic": topic, "share": share, "near_id": first,
                     "likeness": likeness})
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(sa.insert(table(LookedAt)), rows[start:start + AT_ONCE])
    look.topics, look.texts = found.words, texts
    look.made_at, look.progress, look.state = clock.now(), 100, LookState.READY
    db.session.flush()
    own = table(Look)
    db.session.execute(sa.delete(own).where(own.c.process_id == look.process_id, own.c.id < look.id))
