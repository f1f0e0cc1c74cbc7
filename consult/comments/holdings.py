"""What comments hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.comments import agreeing, locking
from consult.comments.models import Agreement, Comment, OfficialReply, ThreadVisit
from consult.contributions.holdings import STAYS, official
from consult.contributions.models import Contribution, Side, State, Thread
from consult.core.db import db, table


@personal_data(
    "comments", position=31, title=_l("Your comments"), reason=_l("You wanted to say it to everybody."), kept=STAYS,
    columns=(Contribution.author_id,))
def comments(person: Person) -> Rows:
    """Each comment with its text, without those it answers or that answer it."""
    rows = sa.select(Comment).where(Contribution.author_id == person.id).options(
        joinedload(Comment.thread), joinedload(Comment.organisation), joinedload(Comment.municipality))
    return [{
        "code": one.code, "about": one.thread.label if one.thread else None, "body": one.body,
        "quote": one.quote or None, "stance": one.stance, "state": one.state,
        "in_the_name_of": one.organisation.name if one.organisation else None,
        "municipality": one.municipality.name if one.municipality else None, "language": one.language,
        "official": one.official, "channel": one.channel, "written_at": one.created_at,
        "published_at": one.published_at}
        for one in db.session.scalars(rows.order_by(Contribution.id))]


@personal_data(
    "agreements", position=36, title=_l("Comments with which you agree or disagree"),
    reason=_l("So that each is counted once, and can change their mind. Others see numbers only."),
    kept=_l("Until you take it back or delete your account."), columns=(Agreement.person_id,))
def agreements(person: Person) -> Rows:
    """Each comment."""
    rows = (sa.select(Contribution.code, Agreement.agrees, Agreement.given_at)
            .join(Agreement, Agreement.comment_id == Contribution.id)
            .where(Agreement.person_id == person.id).order_by(Agreement.given_at, Contribution.id))
    return [{"contribution": code, "agrees": agrees, "at": at} for code, agrees, at in db.session.execute(rows)]


@personal_data(
    "visits", position=37, title=_l("Discussions you have read"),
    reason=_l("So that what is new since your last visit is marked. Nobody else sees it."),
    kept=_l("Only how far you read each discussion, until you delete your account."), columns=(ThreadVisit.person_id,))
def visits(person: Person) -> Rows:
    """Each discussion, with the number of the last comment there was."""
    rows = (sa.select(Thread.label, ThreadVisit.seen_id).join(ThreadVisit, ThreadVisit.thread_id == Thread.id)
            .where(ThreadVisit.person_id == person.id).order_by(Thread.id))
    return [{"about": label, "number": seen} for label, seen in db.session.execute(rows)]


@erased_with
def forget_clicks(event: PersonErased) -> None:
    """What somebody agreed with is no longer counted, and how far they read is forgotten."""
    agreeing.forget(event.person_id)
    locking.forget_visits(event.person_id)


@erased_with
def remove_texts_taken_back(event: PersonErased) -> None:
    """What was taken back, now or before, is read by nobody: its text goes; its place in the thread stays."""
    gone = sa.select(Contribution.id).where(
        Contribution.author_id == event.person_id, Contribution.organisation_id.is_(None),
        Contribution.kind == "comment", Contribution.state == State.WITHDRAWN)
    rows = table(Comment)
    db.session.execute(sa.update(rows).where(rows.c.id.in_(gone)).values(
        body="", body_html="", quote="", quoted_id=None, stance=None))
    db.session.execute(sa.update(rows).where(rows.c.quoted_id.in_(gone)).values(quote="", quoted_id=None))
    db.session.execute(sa.update(Contribution).where(Contribution.id.in_(gone), Contribution.side.is_not(None))
                       .values(side=Side.OTHER).execution_options(synchronize_session=False))
    db.session.expire_all()


@official
def replies() -> sa.ColumnElement[bool]:
    """Official replies are the authority's."""
    return Contribution.id.in_(sa.select(OfficialReply.comment_id))
