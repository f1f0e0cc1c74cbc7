"""Meetings with what their pages show, those of a percorso and of its bodies, and all positions side by side."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from consult.accounts.models import Mandate, Organisation, Person
from consult.core import clock, files, paging
from consult.core.db import db
from consult.governance.models import GovernanceBody
from consult.meetings.models import (
    AgendaItem,
    Meeting,
    MeetingDocument,
    Minutes,
    MinutesCorrection,
    Position,
)
from consult.processes.models import Phase, Process

MOST_COMING = 50
_LATEST = (paging.Order(Meeting.begins_at, descending=True), paging.Order(Meeting.id, descending=True))


def meeting(id: int) -> Meeting | None:
    """A meeting with its agenda and the positions on it, its documents and who was there."""
    process = joinedload(Meeting.phase).joinedload(Phase.process)
    items = selectinload(Meeting.agenda).selectinload(AgendaItem.positions).joinedload(Position.organisation)
    found = db.session.scalars(sa.select(Meeting).where(Meeting.id == id).options(
        process.joinedload(Process.blackouts), process.joinedload(Process.authority), joinedload(Meeting.body),
        joinedload(Meeting.thread), joinedload(Meeting.minutes), items, selectinload(Meeting.documents),
        selectinload(Meeting.organisations))).unique().first()
    if found is not None and found.thread is not None:
        set_committed_value(found.thread, "discussed", None)  # what is discussed is a text of the authority
    return found


def item(id: int) -> AgendaItem | None:
    """A point of an agenda, with the positions on it."""
    return db.session.scalar(sa.select(AgendaItem).where(AgendaItem.id == id).options(
        joinedload(AgendaItem.meeting), selectinload(AgendaItem.positions).joinedload(Position.organisation)))


def document(id: int, document_id: int) -> MeetingDocument | None:
    """A file of a meeting."""
    return db.session.scalar(sa.select(MeetingDocument).where(
        MeetingDocument.id == document_id, MeetingDocument.meeting_id == id))


@files.naming
def known(tokens: Sequence[str]) -> set[str]:
    """Which of these files go with a meeting."""
    return set(db.session.scalars(sa.select(MeetingDocument.token).where(MeetingDocument.token.in_(tokens))))


def minutes(id: int) -> Minutes | None:
    """Minutes with their meeting, the notes below them and the corrections that were sent."""
    corrections = selectinload(Minutes.corrections)
    return db.session.scalar(sa.select(Minutes).where(Minutes.id == id).options(
        joinedload(Minutes.meeting), selectinload(Minutes.notes), corrections.joinedload(MinutesCorrection.written_by),
        corrections.joinedload(MinutesCorrection.organisation)))


def minutes_of(id: int) -> Minutes | None:
    """The minutes of a meeting, by the id of the meeting."""
    found = meeting(id)
    return minutes(found.minutes.id) if found is not None and found.minutes is not None else None


def coming(process: Process, body_id: int | None = None) -> Sequence[Meeting]:
    """The public meetings of a percorso that have not ended, the next first."""
    return db.session.scalars(_public(process, body_id).where(Meeting.ends_at > clock.now())
                              .order_by(Meeting.begins_at, Meeting.id).limit(MOST_COMING)).unique().all()


def past(process: Process, body_id: int | None = None, *, after: str | None = None) -> paging.Page:
    """A page of the public meetings of a percorso that have ended, the latest first."""
    return paging.page(_public(process, body_id).where(Meeting.ends_at <= clock.now()), _LATEST, after=after)


def in_preparation(process: Process) -> Sequence[Meeting]:
    """The meetings of a percorso that were not convened yet, the next first: for the staff."""
    return db.session.scalars(_of(process).where(Meeting.convened_at.is_(None)).order_by(Meeting.begins_at, Meeting.id)
                              .limit(MOST_COMING)).unique().all()


def _of(process: Process) -> sa.Select[Meeting]:
    return sa.select(Meeting).join(Phase, Phase.id == Meeting.phase_id).where(Phase.process_id == process.id).options(
        joinedload(Meeting.body), joinedload(Meeting.minutes))


def _public(process: Process, body_id: int | None) -> sa.Select[Meeting]:
    wanted = _of(process).where(Meeting.published.is_(True))
    return wanted if body_id is None else wanted.where(Meeting.body_id == body_id)


def there_are(process_id: int) -> sa.ColumnElement[bool]:
    """Whether a percorso has public meetings."""
    phases = sa.select(Phase.id).where(Phase.process_id == process_id)
    return sa.exists().where(Meeting.phase_id.in_(phases), Meeting.published.is_(True))


def bodies_that_met(process: Process) -> Sequence[GovernanceBody]:
    """The bodies of a percorso of which there are public meetings, in their order."""
    met = sa.select(Meeting.body_id).join(Phase, Phase.id == Meeting.phase_id).where(
        Phase.process_id == process.id, Meeting.published.is_(True))
    return db.session.scalars(sa.select(GovernanceBody).where(GovernanceBody.id.in_(met))
                              .order_by(GovernanceBody.position, GovernanceBody.id)).all()


def of_bodies(body_ids: Collection[int], each: int) -> dict[int, list[Meeting]]:
    """The latest public meetings of some bodies, at most so many of each, in one query."""
    ranked = sa.select(Meeting.id, sa.func.row_number().over(
        partition_by=Meeting.body_id, order_by=(Meeting.begins_at.desc(), Meeting.id.desc())).label("place")).where(
            Meeting.body_id.in_(body_ids), Meeting.published.is_(True)).subquery()
    found: dict[int, list[Meeting]] = defaultdict(list)
    for one in db.session.scalars(
            sa.select(Meeting).join(ranked, ranked.c.id == Meeting.id).where(ranked.c.place <= each)
            .order_by(Meeting.begins_at.desc(), Meeting.id.desc())):
        found[one.body_id or 0].append(one)
    return found


@dataclass(frozen=True)
class Stated:
    """The positions taken at one table: its points, who spoke, and who said what on which."""

    body: GovernanceBody | None
    items: Sequence[AgendaItem]
    subjects: Sequence[tuple[str, Organisation | None]]
    cells: dict[tuple[str, int], Position]

    def of(self, item: AgendaItem) -> list[Position]:
        """The positions on one of the points."""
        return [one for (_subject, item_id), one in self.cells.items() if item_id == item.id]


def positions(process: Process, body_id: int | None = None) -> list[Stated]:
    """All public positions of a percorso, table by table in the order of the bodies, in one query."""
    rows = db.session.scalars(_positions(process, body_id)).unique().all()
    tables: dict[int, list[Position]] = defaultdict(list)
    for one in rows:
        tables[one.item.meeting.body_id or 0].append(one)
    ordered = sorted(tables.values(), key=lambda found: (
        found[0].item.meeting.body is None, found[0].item.meeting.body.position if found[0].item.meeting.body else 0))
    return [_table(found) for found in ordered]


def _table(found: Sequence[Position]) -> Stated:
    items = {one.item.id: one.item for one in found}
    subjects = {one.called: one.organisation for one in found}
    return Stated(found[0].item.meeting.body, list(items.values()),
                  sorted(subjects.items(), key=lambda subject: subject[0].casefold()),
                  {(one.called, one.agenda_item_id): one for one in found})


def _positions(process: Process, body_id: int | None) -> sa.Select[Position]:
    meeting = joinedload(Position.item).joinedload(AgendaItem.meeting)
    wanted = (sa.select(Position).join(AgendaItem, AgendaItem.id == Position.agenda_item_id)
              .join(Meeting, Meeting.id == AgendaItem.meeting_id).join(Phase, Phase.id == Meeting.phase_id)
              .where(Phase.process_id == process.id, Meeting.published.is_(True))
              .options(meeting.joinedload(Meeting.body), joinedload(Position.organisation).joinedload(
                  Organisation.category))
              .order_by(Meeting.begins_at, Meeting.id, AgendaItem.position, Position.id))
    return wanted if body_id is None else wanted.where(Meeting.body_id == body_id)


def positions_in_a_row(process: Process, body_id: int | None = None) -> Sequence[Position]:
    """The same one by one, meeting by meeting, for a file."""
    return db.session.scalars(_positions(process, body_id)).unique().all()


def members(meeting: Meeting) -> Sequence[Person]:
    """Whoever sits on the body that meets, or speaks for an organisation that does."""
    if meeting.body is None:
        return []
    seats = meeting.body.sitting
    people = [seat.person_id for seat in seats if seat.person_id]
    spoken_for = [seat.organisation_id for seat in seats if seat.organisation_id]
    speakers = sa.select(Mandate.person_id).join(Organisation, Organisation.id == Mandate.organisation_id).where(
        Mandate.organisation_id.in_(spoken_for), Mandate.ended_at.is_(None), Organisation.verified_at.is_not(None))
    return db.session.scalars(sa.select(Person).where(
        sa.or_(Person.id.in_(people), Person.id.in_(speakers)), Person.closed_at.is_(None)).order_by(Person.id)).all()


def seated(body: GovernanceBody | None) -> list[Organisation]:
    """The organisations that sit on a body today."""
    return [seat.organisation for seat in body.sitting if seat.organisation is not None] if body else []


def bodies(process: Process) -> Sequence[GovernanceBody]:
    """The bodies of a percorso, in their order, without their members."""
    return db.session.scalars(sa.select(GovernanceBody).where(GovernanceBody.process_id == process.id)
                              .order_by(GovernanceBody.position, GovernanceBody.id)).all()


def correction(id: int) -> MinutesCorrection | None:
    """A correction with who sent it."""
    return db.session.scalar(sa.select(MinutesCorrection).where(MinutesCorrection.id == id).options(
        joinedload(MinutesCorrection.minutes), joinedload(MinutesCorrection.written_by),
        joinedload(MinutesCorrection.organisation)))
