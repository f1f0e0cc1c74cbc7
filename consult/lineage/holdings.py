"""What merging and splitting hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.contributions.holdings import official
from consult.contributions.models import Contribution
from consult.core.db import db, table
from consult.lineage.models import Derivation
from consult.proposals.models import Proposal
from consult.voting.models import Support, SupportConsent


@personal_data(
    "support_consents", position=36, title=_l("Whether your support went along when proposals were merged or split"),
    reason=_l("So that no support moves without its person, and nobody is asked twice."),
    kept=_l("Until you delete your account; the support stays as a number, which leads to nobody."),
    columns=(SupportConsent.person_id,))
def consents(person: Person) -> Rows:
    """Each answer, and whether a support stands by it."""
    rows = (sa.select(Contribution.code, SupportConsent, Support.person_id)
            .join(SupportConsent, SupportConsent.successor_id == Contribution.id)
            .outerjoin(Support, Support.consent_id == SupportConsent.id)
            .where(SupportConsent.person_id == person.id).order_by(SupportConsent.id))
    return [{"contribution": code, "goes_along": consent.carries, "counted": supporter is not None,
             "answered_at": consent.answered_at} for code, consent, supporter in db.session.execute(rows)]


@personal_data(
    "derivations", position=62, title=_l("Proposals that you merged or split as one of the staff"),
    reason=_l("Everybody can know what became of each proposal, and why."),
    kept=_l("Among the documents of the plan; without your name once you delete your account."),
    columns=(Derivation.made_by_id,))
def derivations(person: Person) -> Rows:
    """Each merging and splitting, with its reason."""
    rows = sa.select(Derivation).where(Derivation.made_by_id == person.id).order_by(Derivation.id)
    return [{"kind": one.kind, "reason": one.reason, "made_at": one.made_at} for one in db.session.scalars(rows)]


@official
def made_by_the_office() -> sa.ColumnElement[bool]:
    """What the plan office made of other proposals is the authority's."""
    return Contribution.id.in_(sa.select(table(Proposal).c.id).where(table(Proposal).c.derived))
