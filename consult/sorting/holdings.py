"""What the desk holds of whoever of the staff read, decided, made tags and had texts looked through."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core.db import db
from consult.processes.models import Process
from consult.sorting.models import Look, Tag, TagChange, TagReader, TagReading

LED = (TagReader.person_id, TagReading.decided_by_id, TagChange.person_id, Look.asked_by_id)


@personal_data(
    "contributions_tagged", position=67, title=_l("Contributions that you read and tagged as one of the staff"),
    reason=_l("So that two people read each contribution without knowing of each other, and it can be seen who decided "
              "where they differ and who made and changed the tags."),
    kept=_l("As long as the percorso; without your name once you delete your account."), columns=LED)
def contributions_tagged(person: Person) -> Rows:
    """Each percorso whose contributions the person read, and each tag on which they acted."""
    seats = db.session.execute(
        sa.select(Process.title, TagReader.seat).join(Process, Process.id == TagReader.process_id)
        .where(TagReader.person_id == person.id).order_by(Process.id))
    found = [{"process": title, "reader": seat} for title, seat in seats]
    decided = db.session.scalars(sa.select(TagReading).where(TagReading.decided_by_id == person.id)
                                 .order_by(TagReading.contribution_id))
    found += [{"contribution": row.contribution_id, "decided_at": row.at} for row in decided]
    changed = db.session.execute(
        sa.select(Tag.name, TagChange.at).join(Tag, Tag.id == TagChange.tag_id)
        .where(TagChange.person_id == person.id).order_by(TagChange.id))
    found += [{"name": name, "changed_at": at} for name, at in changed]
    looks = db.session.scalars(sa.select(Look).where(Look.asked_by_id == person.id).order_by(Look.id))
    return [*found, *({"process": look.process_id, "asked_at": look.asked_at} for look in looks)]


@erased_with
def leave_seats_without_names(event: PersonErased) -> None:
    """What was read and decided stays, of a reader known by a number alone."""
    for column in LED:
        db.session.execute(sa.update(column.class_).where(column == event.person_id).values({column.key: None})
                           .execution_options(synchronize_session="fetch"))
