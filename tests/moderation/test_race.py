"""Two moderators decide at the same moment: one of them does."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import State
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.moderation.models import Decision
from tests.factories import WHY


def test_of_two_decisions_at_once_exactly_one_counts(browser, make):
    proposal = make.proposal(state=State.PENDING)
    path = f"/moderazione/{proposal.id}"
    desks = [browser(make.person(Role.MODERATOR)) for _each in range(2)]
    forms = [{**desk.form(path)["fields"], "csrf_token": desk.token()} for desk in desks]
    forms[0]["decision"] = "approve"
    forms[1] |= {"decision": "hide", "reason": "spam", "note": WHY}
    start = Barrier(2)

    def decide(desk, form):
        start.wait()
        return desk._client.post(path, data=form).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, desks, forms))
    db.session.expire_all()
    assert sorted(answers) == [303, 409]
    decision = db.session.scalars(sa.select(Decision)).one()
    assert proposal.state is {"approve": State.PUBLISHED, "hide": State.HIDDEN}[decision.act.value]
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "Decided")) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 1
