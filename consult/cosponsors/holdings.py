"""What endorsements hold of whoever gave them for an organisation."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Mandate, Organisation, Person
from consult.accounts.personal import Rows, personal_data
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.cosponsors.models import Endorsement


@personal_data(
    "endorsements", position=37, title=_l("Proposals that you endorsed for an organisation"),
    reason=_l("So that it is known by whose mandate an organisation stands behind a proposal."),
    kept=_l("It is the organisation's and stays; when you delete your account, without your name."))
def endorsements(person: Person) -> Rows:
    """Each endorsement given with a mandate of the person."""
    rows = db.session.execute(
        sa.select(Contribution.code, Organisation.name, Endorsement.given_at, Endorsement.withdrawn_at)
        .select_from(Endorsement).join(Mandate, Mandate.id == Endorsement.mandate_id)
        .join(Contribution, Contribution.id == Endorsement.proposal_id)
        .join(Organisation, Organisation.id == Endorsement.organisation_id)
        .where(Mandate.person_id == person.id).order_by(Endorsement.id))
    return [{"contribution": code, "organisation": name, "supported_at": given, "withdrawn_at": withdrawn}
            for code, name, given, withdrawn in rows]
