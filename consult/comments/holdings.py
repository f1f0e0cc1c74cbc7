"""What comments hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.comments.models import Comment
from consult.contributions.holdings import STAYS
from consult.contributions.models import Contribution, State
from consult.core.db import db, table


@personal_data(
    "comments", position=31, title=_l("Your comments"), reason=_l("You wanted to say it to everybody."), kept=STAYS,
    columns=(Contribution.author_id,))
def comments(person: Person) -> Rows:
    """Each comment with its text, without those it answers or that answer it."""
    rows = sa.select(Comment).where(Contribution.author_id == person.id).options(
        joinedload(Comment.thread), joinedload(Comment.organisation), joinedload(Comment.municipality))
    return [{
        "code": one.code, "about": one.thread.label if one.thread else None, "body": one.body, "stance": one.stance,
        "state": one.state, "in_the_name_of": one.organisation.name if one.organisation else None,
        "municipality": one.municipality.name if one.municipality else None, "language": one.language,
        "official": one.official, "channel": one.channel, "written_at": one.created_at,
        "published_at": one.published_at}
        for one in db.session.scalars(rows.order_by(Contribution.id))]


@erased_with
def remove_texts_taken_back(event: PersonErased) -> None:
    """What was taken back, now or before, is read by nobody: its text goes; its place in the thread stays."""
    gone = sa.select(Contribution.id).where(
        Contribution.author_id == event.person_id, Contribution.organisation_id.is_(None),
        Contribution.kind == "comment", Contribution.state == State.WITHDRAWN)
    rows = table(Comment)
    db.session.execute(sa.update(rows).where(rows.c.id.in_(gone)).values(body="", body_html="", stance=None))
    db.session.expire_all()
