"""The proposals that the plan office merged, and whose support went along."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import db
from consult.demo.story import Story
from consult.lineage import services as lineage
from consult.proposals.models import Proposal
from consult.voting import carrying
from consult.voting import services as voting
from consult.voting.models import Support


def load(story: Story) -> None:
    """Merge them, and ask their supporters: to be called once everybody supports what they support."""
    told = story.more["merging"]
    originals = [cast(Proposal, story.contributions[entry["id"]]) for entry in told["originals"]]
    _support(story)
    residents = db.session.scalars(
        sa.select(Person).where(Person.id.in_(sa.select(Support.person_id).where(
            Support.contribution_id.in_([one.id for one in originals]))), Person.email.is_(None),
            Person.id.not_in([person.id for person in story.people.values()])).order_by(Person.id)).unique().all()
    successor = _merge(story, originals, told["merged"])
    for name in told["newly"]:
        with clock.at(story.merged_at):
            voting.support(successor, story.people[name])
    for at, person, carries in sorted(_answers(story, list(residents), told["answers"]), key=lambda said: said[0]):
        with clock.at(at):
            carrying.answer(successor, person, carries=carries)


def _support(story: Story) -> None:
    """Those who are known by name supported them too."""
    given = [(story.between(_published(story.contributions[proposal]), story.merged_at), name, proposal)
             for name, proposals in story.more["merging"]["supporters"].items() for proposal in proposals]
    for at, name, proposal in sorted(given):
        with clock.at(at):
            voting.support(story.contributions[proposal], story.people[name])


def _published(contribution: Any) -> datetime:
    at: datetime = contribution.published_at or contribution.created_at
    return at


def _merge(story: Story, originals: list[Proposal], entry: dict[str, Any]) -> Proposal:
    draft = lineage.Draft(title=entry["title"], body=entry["body"].strip(), axis=story.axes[entry["axis"]])
    with clock.at(story.merged_at):
        successor = lineage.merge(story.call, story.people[entry["by"]], originals, draft, reason=entry["reason"])
    story.contributions[entry["id"]] = successor
    return successor


def _answers(story: Story, residents: list[Person], told: dict[str, Any]) -> Iterator[tuple[datetime, Person, bool]]:
    """Who takes their support along and who does not; the others have not answered yet."""
    asked = story.rng.sample(residents, len(residents))
    carried, declined = (round(len(asked) * told[name]) for name in ("carried_share", "declined_share"))
    along = [*(story.people[name] for name in told["carried"]), *asked[:carried]]
    against = [*(story.people[name] for name in told["declined"]), *asked[carried:carried + declined]]
    for person in along + against:
        yield story.between(story.merged_at, story.present), person, person in along
