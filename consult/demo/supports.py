"""The supports given to proposals, one by one and on paper, up to the numbers of the story."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, Revision
from consult.core.db import db
from consult.demo import bulk, draws
from consult.demo.story import Resident, Story
from consult.processes.models import Channel
from consult.voting.models import Support, SupportTally

ON_PAPER, AT_THE_DESK = 0.09, 0.05
NEIGHBOURS = 4.0
"""How much likelier a proposal is supported from its own municipality."""


def load(story: Story) -> None:
    """Real supports of made-up residents; what came on paper or to a desk is kept as a number."""
    merged = story.more["merging"]["originals"]
    for entry in story.proposals:
        contribution, total = story.contributions[entry["id"]], entry["supports"]
        on_paper, at_desk = round(total * ON_PAPER), round(total * AT_THE_DESK)
        if total:
            ends = story.merged_at if entry in merged else story.present
            _give(story, contribution, total - on_paper - at_desk, ends)
            _tally(story, contribution, Channel.PAPER, on_paper)
            _tally(story, contribution, Channel.DESK, at_desk)


def _give(story: Story, contribution: Contribution, how_many: int, ends: datetime) -> None:
    begins = contribution.published_at or contribution.created_at

    def chance(one: Resident) -> float:  # the greatest of weighted draws are a weighted sample without repetition
        near = NEIGHBOURS if one.municipality_id == contribution.municipality_id else 1.0
        return float(story.rng.random() ** (1 / near))

    givers = sorted((one for one in story.residents if one.since < ends), key=chance, reverse=True)[:how_many]
    changed = db.session.scalars(sa.select(Revision.created_at).where(
        Revision.contribution_id == contribution.id).order_by(Revision.version)).all()
    rows: list[dict[str, Any]] = [
        {"contribution_id": contribution.id, "person_id": one.id, "municipality_id": one.municipality_id,
         "verified": one.verified, "given_at": story.between(max(begins, one.since), ends)} for one in givers]
    bulk.write(Support, [{**row, "version": 1 + sum(at <= row["given_at"] for at in changed)} for row in rows])


def _tally(story: Story, contribution: Contribution, channel: Channel, how_many: int) -> None:
    weights = [municipality.population * (NEIGHBOURS if municipality.id == contribution.municipality_id else 1)
               for municipality in story.municipalities.values()]
    rows = [{"contribution_id": contribution.id, "channel": channel, "municipality_id": id, "count": count}
            for id, count in zip(story.municipality_ids(), draws.shares(how_many, weights), strict=True) if count]
    bulk.write(SupportTally, rows)
