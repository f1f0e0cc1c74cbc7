"""What results hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.results.models import Outcome, OutcomeBatch


@personal_data(
    "outcomes", position=37, title=_l("What became of what you proposed"),
    reason=_l("Everybody can know what was decided of each proposal, and why."),
    kept=_l("Among the documents of the plan."))
def outcomes(person: Person) -> Rows:
    """Each outcome of a contribution of the person."""
    return _told(Contribution.author_id == person.id)


@personal_data(
    "outcomes_proposed", position=61, title=_l("Outcomes that you proposed as one of the staff"),
    reason=_l("Everybody can know what was decided of each proposal, and why."),
    kept=_l("Among the documents of the plan; without your name once you delete your account."),
    columns=(Outcome.proposed_by_id,))
def outcomes_proposed(person: Person) -> Rows:
    """Each outcome that the person proposed."""
    return _told(Outcome.proposed_by_id == person.id)


@personal_data(
    "outcome_files", position=63, title=_l("Files of outcomes that you sent as one of the staff"),
    reason=_l("So that it can be seen what was recorded with a file, and by whom."),
    kept=_l("Among the documents of the plan; without your name once you delete your account."),
    columns=(OutcomeBatch.sent_by_id,))
def files(person: Person) -> Rows:
    """Each file, with how many outcomes it made."""
    rows = sa.select(OutcomeBatch).where(OutcomeBatch.sent_by_id == person.id).order_by(OutcomeBatch.id)
    return [{"file": one.name, "sent_at": one.sent_at, "outcomes": len(one.recorded)}
            for one in db.session.scalars(rows)]


def _told(which: sa.ColumnElement[bool]) -> Rows:
    rows = (sa.select(Contribution.code, Outcome).join(Outcome, Outcome.contribution_id == Contribution.id)
            .where(which).order_by(Outcome.id))
    return [{"contribution": code, "verdict": one.verdict, "reasons": one.reasons, "proposed_on": one.proposed_on,
             "decided_by": one.decision, "decided_on": one.decided_on} for code, one in db.session.execute(rows)]
