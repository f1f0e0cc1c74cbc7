"""The tags of the plan office, and how two of its people read the proposals and some comments with them."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution
from consult.core.db import db
from consult.demo import bulk
from consult.demo.story import Story
from consult.sorting.models import DECIDED, READINGS, Tag, TagAct, TagChange, TagFound, TagReader, TagReading
from consult.sorting.services import key_of


def load(story: Story) -> None:
    """The codebook, two readers, what they found, and what one of them decided where they differ."""
    told = story.more["sorting"]
    readers = [story.people[name].id for name in told["readers"]]
    tags = _tags(story, told["tags"], readers[0])
    db.session.add_all(TagReader(process_id=story.process.id, seat=seat, person_id=id)
                       for seat, id in enumerate(readers, 1))
    known = {row.code: row for row in db.session.execute(
        sa.select(Contribution.code, Contribution.id, Contribution.version).where(
            Contribution.code.in_(told["found"])))}
    db.session.flush()
    readings: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    at = story.opening(told["decided_on"])
    for code, (first, *others) in told["found"].items():
        second = others[0] if others else first
        seats = dict(enumerate((first, second), 1))
        if first == second or len(others) == READINGS:
            seats[DECIDED] = others[-1] if others else first
        for seat, codes in seats.items():
            decided = seat == DECIDED and first != second
            key = {"contribution_id": known[code].id, "seat": seat}
            readings.append({**key, "text_version": known[code].version, "agreed": seat == DECIDED and not decided,
                             "decided_by_id": readers[0] if decided else None,
                             "at": at - timedelta(days=0 if decided else 1)})
            found += [{**key, "tag_id": tags[one]} for one in codes]
    bulk.write(TagReading, readings)
    bulk.write(TagFound, found)


def _tags(story: Story, told: list[dict[str, Any]], maker: int) -> dict[str, int]:
    """The ids of the tags by their codes; each stands under one that was named before it, or under none."""
    ids: dict[str, int] = {}
    for entry in told:
        name, definition = story.text(entry["name"]), story.text(entry["definition"])
        tag = Tag(process_id=story.process.id, code=entry["code"], key=key_of(name), name=name, definition=definition,
                  example=entry["example"], parent_id=ids.get(entry.get("under", "")))
        db.session.add(tag)
        db.session.flush()
        db.session.add(TagChange(tag_id=tag.id, act=TagAct.ADDED, person_id=maker, said={
            "code": tag.code, "name": dict(name), "definition": dict(definition), "example": tag.example}))
        ids[tag.code] = tag.id
    return ids
