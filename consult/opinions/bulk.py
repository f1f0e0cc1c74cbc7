"""Many answers at once, as they come from a file: rows first, then every counter from the rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from consult.contributions.models import Contribution
from consult.core.db import db, table
from consult.opinions.models import Conversation, Opinion, Participant, Stance, Statement, StatementTally
from consult.processes.models import Channel, ParticipationCount

AT_ONCE = 5_000
PEOPLE_AT_ONCE = 500
_opinion, _participant, _statement = table(Opinion), table(Participant), table(Statement)
_NONE: sa.ColumnElement[int] = sa.literal_column("0")


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A tag with all that it says, by id of the statement."""

    tag: str
    stances: Mapping[int, int]
    municipality_id: int | None = None
    category_id: int | None = None
    channel: Channel = Channel.IMPORTED


def take_in(conversation: Conversation, voices: Iterable[Voice]) -> int:
    """Add these voices to a conversation, in the order of their tags; answers how many answers that were."""
    people, said = [], []
    for voice in sorted(voices, key=lambda voice: voice.tag):
        people.append({"conversation_id": conversation.id, "tag": voice.tag, "channel": voice.channel,
                       "municipality_id": voice.municipality_id, "category_id": voice.category_id,
                       "answered": len(voice.stances), "changed": True, "letter": ""})
        said += [{"conversation_id": conversation.id, "tag": voice.tag, "statement_id": id, "stance": int(stance)}
                 for id, stance in sorted(voice.stances.items())]
    for rows, into in ((people, _participant), (said, _opinion)):
        for start in range(0, len(rows), AT_ONCE):
            db.session.execute(sa.insert(into), rows[start:start + AT_ONCE])
    count_anew(conversation)
    return len(said)


def put_in_order(conversation_id: int) -> None:
    """Write who has answered, and their answers, anew in the order of the tags, some hundred participants at a time.

    PostgreSQL keeps rows in the order in which they came, and in which act: beside the register, whose lines have their
    time, that would tell when each has answered.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return  # keeps them in that order by itself
    last = ""
    while tags := db.session.scalars(
            sa.select(_participant.c.tag).where(
                _participant.c.conversation_id == conversation_id, _participant.c.tag > last)
            .order_by(_participant.c.tag).limit(PEOPLE_AT_ONCE)).all():
        for own in (_participant, _opinion):
            taken = sa.delete(own).where(own.c.conversation_id == conversation_id, own.c.tag.in_(tags)).returning(
                own).cte("taken")
            db.session.execute(sa.insert(own).from_select(
                list(own.c.keys()), sa.select(taken).order_by(*(taken.c[key.name] for key in own.primary_key))))
        last = tags[-1]


def count_anew(conversation: Conversation) -> None:
    """Set the counters of a conversation and of its statements to what the rows say."""
    ours = sa.select(Contribution.id).where(Contribution.activity_id == conversation.id,
                                            Contribution.kind == "statement")
    here = (_opinion.c.conversation_id == conversation.id,)
    named = {Stance.AGREE: "agreed", Stance.DISAGREE: "disagreed", Stance.PASS: "passed"}
    for stance, name in named.items():
        counted = sa.select(sa.func.count()).where(_opinion.c.statement_id == _statement.c.id,
                                                   _opinion.c.stance == int(stance))
        db.session.execute(sa.update(_statement).where(_statement.c.id.in_(ours)).values(
            {name: counted.scalar_subquery()}))
    place = sa.func.coalesce(_participant.c.municipality_id, _NONE)
    category = sa.func.coalesce(_participant.c.category_id, _NONE)
    each = [sa.func.sum(sa.case((_opinion.c.stance == int(stance), 1), else_=0)) for stance in named]
    db.session.execute(sa.delete(table(StatementTally)).where(StatementTally.statement_id.in_(ours)))
    db.session.execute(sa.insert(table(StatementTally)).from_select(
        ["statement_id", "municipality_id", "category_id", *named.values()],
        sa.select(_opinion.c.statement_id, place, category, *each)
        .join(_participant, sa.and_(_participant.c.conversation_id == _opinion.c.conversation_id,
                                    _participant.c.tag == _opinion.c.tag))
        .where(*here).group_by(_opinion.c.statement_id, place, category)))
    _count_participants(conversation)
    db.session.expire_all()


def _count_participants(conversation: Conversation) -> None:
    people = _participant.c.conversation_id == conversation.id
    counted = sa.select(sa.func.count()).select_from(_participant).where(people).scalar_subquery()
    db.session.execute(sa.update(table(Conversation)).where(table(Conversation).c.id == conversation.id).values(
        participant_count=counted))
    place = sa.func.coalesce(_participant.c.municipality_id, _NONE)
    db.session.execute(sa.delete(ParticipationCount).where(
        ParticipationCount.activity_id == conversation.id, ParticipationCount.kind == "opinion"))
    db.session.execute(sa.insert(ParticipationCount).from_select(
        ["phase_id", "activity_id", "kind", "municipality_id", "count"],
        sa.select(sa.literal(conversation.phase_id), sa.literal(conversation.id), sa.literal("opinion"), place,
                  sa.func.count()).where(people).group_by(place)))
