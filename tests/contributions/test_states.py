"""From one state to another, one passage at a time."""

import pytest
import sqlalchemy as sa

from consult.contributions import services
from consult.contributions.models import Contribution, State
from consult.core.db import db


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_only_the_passages_of_the_table_are_taken(make, before, after):
    proposal = make.proposal(state=before)
    if after in services.PASSAGES[before]:
        services.change_state(proposal, after, None)
        assert proposal.state is after
    else:
        with pytest.raises(services.PassageError):
            services.change_state(proposal, after, None)
        assert proposal.state is before


def test_a_passage_starts_from_the_state_that_is_kept_not_from_the_one_read_before(make):
    proposal = make.proposal()
    elsewhere = sa.update(Contribution).where(Contribution.id == proposal.id).values(state=State.HIDDEN)
    db.session.execute(elsewhere.execution_options(synchronize_session=False))
    assert proposal.state is State.PUBLISHED
    with pytest.raises(services.PassageError):
        services.change_state(proposal, State.WITHDRAWN, None)
