"""What the screen of an assembly asks every fifteen seconds is found without reading the whole box."""

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db
from consult.polling import queries as polling
from consult.verification import codes


def test_papers_of_an_assembly_are_found_by_an_index_of_their_own(make, queries):
    ballot = make.ballot(codes_allowed=True)
    codes.make(make.town(), number=1, purpose=codes.CodePurpose.ASSEMBLY, expires_at=clock.now() + clock.timedelta(1),
               process_id=ballot.process_id, activity_id=ballot.id, actor=None)
    with queries() as seen:
        polling.turnout(ballot)
    asked = next(statement for statement in seen if "FROM ballot_paper" in statement)
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (ballot.id,)).all()
    else:
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        db.session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
        plan = connection.exec_driver_sql(f"EXPLAIN {asked}", {"ballot_id_1": ballot.id}).all()
    assert "ix_ballot_paper_assembly" in str(plan)
