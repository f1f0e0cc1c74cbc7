"""The first phase of the demonstration: everything asked in it was told, and it is closed."""

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db
from consult.processes.models import Phase
from consult.restitution import queries
from consult.restitution.models import RestitutionEdition


def test_the_first_phase_lacks_nothing_and_is_closed(loaded):
    phase = db.session.scalar(sa.select(Phase).where(Phase.position == 1))
    closing = queries.closing_of(phase)
    assert not queries.missing(phase)
    assert closing is not None
    assert not closing.forced
    assert phase.ends_at < closing.closed_at < clock.now()
    assert len(queries.of_phase(phase)) == 4


def test_what_was_told_lies_in_the_past_with_its_figures(loaded):
    editions = db.session.scalars(sa.select(RestitutionEdition)).all()
    assert all(one.published_at <= clock.now() for one in editions)
    assert all(one.figures.figures for one in editions)
    survey = next(one for one in editions if one.figures.title["it"] == "Come funzionano i servizi nella valle?")
    assert survey.figures.figures[0].value == 1675
