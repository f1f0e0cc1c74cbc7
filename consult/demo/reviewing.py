"""How far those who write the plan are with its parts, and what they note for each other."""

from typing import Any

from consult.core.db import db
from consult.demo.story import Story
from consult.reviewing import parts, services
from consult.reviewing.models import WHOLE, PlanNote, PlanReview, ReviewState
from consult.reviewing.parts import Part


def load(story: Story) -> None:
    """States of some parts and notes on others, open and resolved."""
    known = {part.code: part for part in parts.every(story.plan)}
    for entry in story.more["reviewing"]["states"]:
        part = known[entry["part"]]
        db.session.add(PlanReview(
            part=part.ref, plan_id=story.plan.id, state=ReviewState(entry["state"]), mark=part.mark,
            set_at=story.moment(entry["date"]), set_by_id=story.people[entry["by"]].id,
            role=services.roles_of(story.people[entry["by"]], story.plan)[0]))
    for entry in story.more["reviewing"]["notes"]:
        part = known[entry["part"]]
        note = _note(story, part, entry, None)
        for answer in entry.get("answers", ()):
            _note(story, part, answer, note)
    db.session.flush()


def _note(story: Story, part: Part, entry: dict[str, Any], about: PlanNote | None) -> PlanNote:
    piece = part.pieces[entry["paragraph"] - 1] if "paragraph" in entry else None
    done, author = entry.get("resolved"), story.people[entry["by"]]
    note = PlanNote(
        plan_id=story.plan.id, part=part.ref, paragraph=piece.id if piece else about.paragraph if about else WHOLE,
        quote=piece.begins if piece else "", about_id=about.id if about else None, body=entry["text"],
        author_id=author.id, role=services.roles_of(author, story.plan)[0], written_at=story.moment(entry["date"]),
        resolved_at=story.moment(done["date"]) if done else None,
        resolved_by_id=story.people[done["by"]].id if done else None)
    db.session.add(note)
    db.session.flush()
    return note
