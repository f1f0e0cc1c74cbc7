"""The sheet in which a meeting answers: how many came, and who took which position on each point."""

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.contributions.models import Contribution, State
from consult.core.charts import Column, KeyFigure, Row, Sheet, Table
from consult.core.db import db
from consult.core.languages import Localized, everywhere, one_after_another
from consult.meetings import positions, words
from consult.meetings.models import Meeting, Stance


def sheet(meeting: Meeting) -> Sheet:
    """Count a meeting now, from its rows. What is said of people is a number that the staff wrote down."""
    comments = {row.channel.value: row[1] for row in db.session.execute(
        sa.select(Contribution.channel, sa.func.count()).where(
            Contribution.activity_id == meeting.id, Contribution.kind == "comment",
            Contribution.state == State.PUBLISHED).group_by(Contribution.channel))}
    figures = [(_l("People in the room"), meeting.attended), (_l("People online"), meeting.attended_online),
               (_l("Organisations"), len(meeting.organisations)), (_l("Comments"), sum(comments.values()))]
    return Sheet(
        kind=meeting.kind, title=meeting.title, tables=tuple(_tables(meeting)),
        figures=tuple(KeyFigure(label=everywhere(label), value=value) for label, value in figures if value is not None),
        method=everywhere(_l("The staff counted who came. Positions are those recorded for each point of the agenda; "
                             "comments are those that were public. The minutes tell the rest.")),
        conclusion=one_after_another(*map(everywhere, _conclusion(meeting))),
        channels=dict(sorted(comments.items())),
        source={"activity": meeting.id, "process": meeting.phase.process.code,
                "opened": meeting.opens_at.isoformat(), "closed": meeting.closes_at.isoformat()})


def _conclusion(meeting: Meeting) -> list[LazyString]:
    if meeting.cancelled:
        return [_l("The meeting was cancelled.")]
    if meeting.attended is None:
        return [_l("Nobody has written down how many came.")]
    came = meeting.attended + (meeting.attended_online or 0)
    said = [_n("%(num)s person came, in the room or online.", "%(num)s people came, in the room or online.", came)]
    taken = sum(len(item.positions) for item in meeting.agenda)
    if taken:
        said.append(_n("%(num)s position was recorded.", "%(num)s positions were recorded.", taken))
    return said


def _tables(meeting: Meeting) -> list[Table]:
    spoken = [item for item in meeting.agenda if item.positions]
    if not spoken:
        return []
    rows = []
    for item in spoken:
        counted = positions.counted(item.positions)
        rows.append(Row(label=Localized.of(item.title), values=tuple(counted.get(stance, 0) for stance in Stance)))
    return [Table(code="positions", caption=everywhere(_l("Positions on each point")), heading=everywhere(_l("Point")),
                  columns=tuple(Column(label=everywhere(words.STANCES[stance])) for stance in Stance),
                  rows=tuple(rows))]
