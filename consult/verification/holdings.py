"""What verifying holds of a person beside the verification itself."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core.db import db
from consult.verification.models import CodeBatch, Conflict, DeskCheck, ExternalIdentity, ProvenIdentifier


@personal_data(
    "identities", position=1, title=_l("Digital identities with which you sign in"),
    reason=_l("So that you can sign in without a password. The name that you have there and your tax code are kept as "
              "codes from which they cannot be read."),
    kept=_l("Until you untie them or delete your account."),
    columns=(ExternalIdentity.person_id, ProvenIdentifier.person_id))
def identities(person: Person) -> Rows:
    """Each identity, and the hash of the identifier that it vouched for."""
    known = sa.select(ExternalIdentity).where(ExternalIdentity.person_id == person.id).order_by(ExternalIdentity.id)
    proven = sa.select(ProvenIdentifier).where(ProvenIdentifier.person_id == person.id)
    return [*({"provider": one.provider, "identifier_code": one.subject_hash, "since": one.created_at}
              for one in db.session.scalars(known)),
            *({"identifier_code": one.identifier_hash} for one in db.session.scalars(proven))]


@personal_data(
    "conflicts", position=11, title=_l("Conflicts between verifications"),
    reason=_l("So that each person is verified once, and mistakes are put right."),
    kept=_l("Until you delete your account."),
    columns=(Conflict.person_id, Conflict.holder_id, Conflict.closed_by_id))
def conflicts(person: Person) -> Rows:
    """Each conflict in which the person was refused, without saying who else it was about."""
    rows = sa.select(Conflict).where(Conflict.person_id == person.id).order_by(Conflict.id)
    return [{"kind": one.kind, "method": one.method, "at": one.created_at, "closed_at": one.closed_at}
            for one in db.session.scalars(rows)]


@personal_data(
    "desk", position=64, title=_l("Verifications and codes that you dealt with as one of the staff"),
    reason=_l("Who verified whom must be known for as long as the verification holds."),
    kept=_l("As long as the verification or the codes; the name goes when you delete your account."),
    columns=(DeskCheck.operator_id, CodeBatch.made_by_id))
def desk(person: Person) -> Rows:
    """Each check and each batch, without the people."""
    checks = sa.select(DeskCheck).where(DeskCheck.operator_id == person.id).order_by(DeskCheck.id)
    batches = sa.select(CodeBatch).where(CodeBatch.made_by_id == person.id).order_by(CodeBatch.id)
    return [*({"event": "desk_check", "at": one.checked_at} for one in db.session.scalars(checks)),
            *({"event": "codes_made", "at": one.created_at, "number": one.number}
              for one in db.session.scalars(batches))]


@erased_with
def forget_identities(event: PersonErased) -> None:
    """Nobody signs in any more, and nobody asks any more who was verified twice."""
    for model in (ExternalIdentity, ProvenIdentifier):
        db.session.execute(sa.delete(model).where(model.person_id == event.person_id))
    db.session.execute(sa.delete(Conflict).where(
        sa.or_(Conflict.person_id == event.person_id, Conflict.holder_id == event.person_id)))
