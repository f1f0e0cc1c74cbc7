"""What the pact holds of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.pact.models import ProgressReport, Signatory, Signature

_PACT = _l("As long as the pact; it says in whose name it was written and not who you are.")


@personal_data(
    "progress_reports", position=64, title=_l("Reports you wrote on commitments of the pact"),
    reason=_l("Everybody can see how far each commitment is."), kept=_PACT, columns=(ProgressReport.written_by_id,))
def progress_reports(person: Person) -> Rows:
    """Each report with its text."""
    rows = sa.select(ProgressReport).where(ProgressReport.written_by_id == person.id).options(
        joinedload(ProgressReport.commitment), joinedload(ProgressReport.organisation))
    return [{"commitment": one.commitment.code, "on": one.on, "standing": one.standing, "value": one.value,
             "text": one.text, "in_the_name_of": one.organisation.name if one.organisation else None,
             "written_at": one.created_at} for one in db.session.scalars(rows.order_by(ProgressReport.id))]


@personal_data(
    "signatures_recorded", position=65, title=_l("Signatures of the pact that you recorded as one of the staff"),
    reason=_l("So that it can be told who recorded which file, and when."), kept=_PACT,
    columns=(Signature.recorded_by_id,))
def signatures_recorded(person: Person) -> Rows:
    """Each signature that the person recorded, without the file, which is not theirs."""
    rows = sa.select(Signature).where(Signature.recorded_by_id == person.id).options(
        joinedload(Signature.signatory).joinedload(Signatory.organisation),
        joinedload(Signature.signatory).joinedload(Signatory.municipality))
    return [{"signatory": one.signatory.name, "kind": one.kind, "signed_on": one.signed_on, "sha256": one.sha256,
             "recorded_at": one.recorded_at} for one in db.session.scalars(rows.order_by(Signature.id))]
