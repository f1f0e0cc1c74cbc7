"""How many rows a statement made or changed is known on every database: unique keys lean on it."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core.db import insert, rows_touched
from consult.processes.models import PhaseParticipant


def test_a_row_that_was_there_already_is_not_made_again(make):
    row = insert(PhaseParticipant).values(phase_id=make.phase().id, person_id=make.person().id).on_conflict_do_nothing()
    assert [rows_touched(row), rows_touched(row)] == [1, 0]


def test_rows_changed_and_removed_are_counted(make):
    people = [make.person().id, make.person().id]
    assert rows_touched(sa.update(Person).where(Person.id.in_(people)).values(title="Dott.")) == 2
    assert rows_touched(sa.delete(Person).where(Person.id == people[0])) == 1
    assert rows_touched(sa.delete(Person).where(Person.id == people[0])) == 0
