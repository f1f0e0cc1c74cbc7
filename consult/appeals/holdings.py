"""What reviews hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.appeals.models import Appeal
from consult.core.db import db


@personal_data(
    "appeals", position=37, title=_l("The reviews you asked for"),
    reason=_l("Somebody other than whoever decided looks at it again, and answers you."),
    kept=_l("Your words until you delete your account; that a review was asked for, and its outcome, stay without "
            "you."),
    columns=(Appeal.person_id,))
def appeals(person: Person) -> Rows:
    """Each review that the person asked for."""
    rows = db.session.scalars(sa.select(Appeal).where(Appeal.person_id == person.id).order_by(Appeal.id))
    return [{"decision": row.decision.act, "body": row.words, "asked_at": row.asked_at,
             "answer": row.answer.note if row.answer else "", "answered_at": row.answered_at} for row in rows]


@personal_data(
    "reviews", position=62, title=_l("Reviews of what you decided, and those you answered"),
    reason=_l("Nobody reviews a decision of their own: who took it is kept with the review."),
    kept=_l("As long as decisions on what people wrote must be accounted for; once you delete your account they "
            "lead to nobody."),
    columns=(Appeal.decider_id, Appeal.reviewer_id))
def reviews(person: Person) -> Rows:
    """Each review of a decision of theirs, or that they answered, without anybody's words."""
    rows = db.session.scalars(sa.select(Appeal).where(sa.or_(
        Appeal.decider_id == person.id, Appeal.reviewer_id == person.id)).order_by(Appeal.id))
    return [{"decision": row.decision.act, "asked_at": row.asked_at, "answered_at": row.answered_at} for row in rows]


@erased_with
def forget_the_words(event: PersonErased) -> None:
    """What somebody wrote to have it decided again goes with them."""
    db.session.execute(sa.update(Appeal).where(Appeal.person_id == event.person_id).values(words=""))
