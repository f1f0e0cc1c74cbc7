"""Acts on the tags of a percorso."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import StaleVersionError, db, hold, table
from consult.core.languages import Localized
from consult.processes.models import Process
from consult.search import stemming
from consult.sorting import reading
from consult.sorting.models import Tag, TagAct, TagChange, TagFound


class TagError(ValueError):
    """A tag that cannot be as asked for; the sentence says why, and of which field."""

    def __init__(self, field: str, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True)
class Said:
    """What a tag is to be."""

    code: str
    name: Localized
    definition: Localized
    example: str = ""
    parent_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class _AboutTag(events.Event):
    process_id: int
    tag_id: int


class TagAdded(_AboutTag):
    """A percorso has a new tag."""


class TagChanged(_AboutTag):
    """A tag has another name, definition, example or place."""


class TagRetired(_AboutTag):
    """A tag is no longer offered."""


class TagResumed(_AboutTag):
    """A retired tag is offered again."""


@dataclass(frozen=True, kw_only=True)
class TagMerged(_AboutTag):
    """A tag is part of another now."""

    into_id: int


def add(process: Process, person: Person, said: Said) -> Tag:
    """Add a tag. Raises TagError where there is one of this name or code, or its parent cannot be one."""
    _fits(process, said)
    tag = Tag(process_id=process.id, key=key_of(said.name), **_values(said))
    try:
        with db.session.begin_nested():
            db.session.add(tag)
    except IntegrityError:
        raise TagError("name_it", _l("There is a tag of this name or code already.")) from None
    _keep(tag, TagAct.ADDED, person)
    events.record(TagAdded(actor_id=person.id, process_id=process.id, tag_id=tag.id))
    return tag


def change(process: Process, tag: Tag, person: Person, said: Said, *, seen: int) -> None:
    """Let a tag be something else. Raises TagError, and StaleVersionError where it changed meanwhile."""
    hold(tag, seen)
    _fits(process, said, tag)
    _keep(tag, TagAct.CHANGED, person)
    own = table(Tag)
    try:
        with db.session.begin_nested():
            db.session.execute(sa.update(own).where(own.c.id == tag.id).values(
                key=key_of(said.name), version=own.c.version + 1, **_values(said)))
    except IntegrityError:
        raise TagError("name_it", _l("There is a tag of this name or code already.")) from None
    db.session.refresh(tag)
    events.record(TagChanged(actor_id=person.id, process_id=process.id, tag_id=tag.id))


def retire(tag: Tag, person: Person, *, retired: bool) -> None:
    """Offer a tag no longer, or again; where it was found it stays."""
    if tag.retired == retired:
        return
    _keep(tag, TagAct.RETIRED if retired else TagAct.RESUMED, person)
    tag.retired = retired
    tag.version += 1
    db.session.flush()
    kind = TagRetired if retired else TagResumed
    events.record(kind(actor_id=person.id, process_id=tag.process_id, tag_id=tag.id))


def merge(process: Process, tag: Tag, into: Tag, person: Person, *, seen: int) -> None:
    """Make a tag part of another: wherever it was found, the other was found.

    Raises StaleVersionError where one of them changed meanwhile, and TagError for a tag and itself.
    """
    if tag.id == into.id or into.process_id != process.id:
        raise TagError("into", _l("Choose another tag of the same percorso."))
    reading.alone(process)
    hold(tag, seen)
    db.session.refresh(into, with_for_update=True)
    if into.merged_into_id is not None:
        raise StaleVersionError(seen)
    touched = db.session.scalars(sa.select(TagFound.contribution_id).where(TagFound.tag_id == tag.id).distinct()).all()
    found, there = table(TagFound), aliased(TagFound)
    already = sa.exists().where(there.contribution_id == TagFound.contribution_id, there.seat == TagFound.seat,
                                there.tag_id == into.id)
    rows = sa.select(TagFound.contribution_id, TagFound.seat, sa.literal(into.id)).where(
        TagFound.tag_id == tag.id, ~already)
    db.session.execute(sa.insert(found).from_select(["contribution_id", "seat", "tag_id"], rows))
    db.session.execute(sa.delete(found).where(found.c.tag_id == tag.id))
    _keep(tag, TagAct.MERGED, person, into=into.code)
    own = table(Tag)
    db.session.execute(sa.update(own).where(own.c.parent_id == tag.id, own.c.id != into.id)
                       .values(parent_id=into.parent_id or into.id))
    db.session.execute(sa.update(own).where(own.c.id == into.id, own.c.parent_id == tag.id).values(parent_id=None))
    db.session.execute(sa.update(own).where(sa.or_(own.c.id == tag.id, own.c.merged_into_id == tag.id))
                       .values(merged_into_id=into.id, version=own.c.version + 1))
    db.session.expire_all()
    reading.settle(touched)
    events.record(TagMerged(actor_id=person.id, process_id=process.id, tag_id=tag.id, into_id=into.id))


def key_of(name: Localized) -> str:
    """A name as it is compared with others."""
    italian = name.in_language("it")
    return " ".join(word for _piece, word in stemming.pieces(italian) if word)[:120] or italian.casefold().strip()[:120]


def code_for(name: str, taken: Sequence[str]) -> str:
    """A code that is proposed for a name: its first letters, with a number where these are taken."""
    letters = "".join(stemming.words_of(name)).upper()
    start = "".join(letter for letter in letters if letter.isascii() and letter.isalnum())[:6] or "T"
    known = set(taken)
    return next(code for number in range(1, len(known) + 2)
                if (code := start if number == 1 else f"{start}{number}") not in known)


def _values(said: Said) -> dict[str, Any]:
    return {"code": said.code.upper(), "name": said.name, "definition": said.definition, "example": said.example,
            "parent_id": said.parent_id}


def _fits(process: Process, said: Said, tag: Tag | None = None) -> None:
    """Raise TagError where a tag cannot be this, saying why."""
    own = tag.id if tag else 0
    key = key_of(said.name)
    for other in db.session.scalars(sa.select(Tag).where(
            Tag.process_id == process.id, Tag.id != own,
            sa.or_(Tag.key == key, Tag.code == said.code.upper()))):
        field = "name_it" if other.key == key else "code"
        if other.merged_into is not None:
            raise TagError(field, _l("A tag of this name or code is part of “%(tag)s” now.",
                                     tag=other.merged_into.name))
        raise TagError(field, _l("There is a retired tag of this name or code: it can be offered again.")
                       if other.retired else _l("There is a tag of this name or code already."))
    if said.parent_id is None:
        return
    parent = db.session.get(Tag, said.parent_id)
    fit = parent and parent.process_id == process.id and parent.merged_into_id is None and parent.parent_id is None
    if not fit or said.parent_id == own:
        raise TagError("parent", _l("Choose a tag that stands under no other."))
    if own and db.session.scalar(sa.select(Tag.id).where(
            Tag.parent_id == own, Tag.merged_into_id.is_(None)).limit(1)):
        raise TagError("parent", _l("Other tags stand under this one: it cannot stand under another itself."))


def _keep(tag: Tag, act: TagAct, person: Person, *, into: str = "") -> None:
    said = {"code": tag.code, "name": dict(tag.name), "definition": dict(tag.definition), "example": tag.example}
    db.session.add(TagChange(tag_id=tag.id, act=act, said={**said, "into": into} if into else said,
                             person_id=person.id))
    db.session.flush()
