"""What maps of opinions hold of a person: their statements; and, while the key exists, their answers."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions.holdings import STAYS
from consult.contributions.models import Contribution, State
from consult.core import keys
from consult.core.db import db
from consult.core.languages import Localized
from consult.opinions import queries, voices
from consult.opinions.models import Conversation, Participant, Statement
from consult.opinions.words import SAID


@personal_data(
    "statements", position=31, title=_l("Statements you wrote"), reason=_l("You wanted others to answer them."),
    kept=STAYS, columns=(Contribution.author_id,))
def statements(person: Person) -> Rows:
    """Each statement; how others answered it is nobody's datum."""
    rows = sa.select(Statement).where(Contribution.author_id == person.id).options(
        joinedload(Statement.organisation), joinedload(Statement.municipality))
    return [{"code": one.code, "body": one.text, "state": one.state,
             "in_the_name_of": one.organisation.name if one.organisation else None,
             "municipality": one.municipality.name if one.municipality else None, "language": one.language,
             "written_at": one.created_at, "published_at": one.published_at}
            for one in db.session.scalars(rows.order_by(Contribution.id))]


@personal_data(
    "opinions", position=36, title=_l("What you said to statements"),
    reason=_l("So that you can see and change your answers until the conversation closes."),
    kept=_l("Until it closes. Then the key is destroyed that leads from you to your answers, and they stay without "
            "anybody."))
def opinions(person: Person) -> Rows:
    """Each answer in a conversation whose key still exists."""
    found = []
    for conversation in db.session.scalars(sa.select(Conversation).order_by(Conversation.id)).unique():
        if not keys.exists(conversation.id):
            continue
        known: Participant | None = queries.participant(conversation, voices.of(person).tags(conversation))
        found += [{"activity": conversation.title, "subject": one.statement.text, "answer": SAID[one.stance]}
                  for one in (queries.said(conversation, known.tag) if known else [])]
    return found


@erased_with
def remove_texts_taken_back(event: PersonErased) -> None:
    """Of a statement that was taken back, now or before, only the code stays, under which others may have cited it."""
    gone = sa.select(Statement).where(
        Contribution.author_id == event.person_id, Contribution.organisation_id.is_(None),
        Contribution.state == State.WITHDRAWN).options(joinedload(Statement.thread))
    for statement in db.session.scalars(gone).all():
        statement.text = statement.code
        if statement.thread is not None:
            statement.thread.label = Localized.of(statement.code)
    db.session.flush()
