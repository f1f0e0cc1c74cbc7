"""What discussions hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions.holdings import STAYS
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.core.languages import Localized
from consult.discussions.models import Topic


@personal_data(
    "topics", position=30, title=_l("Topics you opened"), reason=_l("You wanted it to be discussed."), kept=STAYS,
    columns=(Contribution.author_id,))
def topics(person: Person) -> Rows:
    """Each topic with its text."""
    rows = sa.select(Topic).where(Contribution.author_id == person.id).options(
        joinedload(Topic.organisation), joinedload(Topic.municipality))
    return [{
        "code": one.code, "title": one.title, "body": one.body, "state": one.state,
        "in_the_name_of": one.organisation.name if one.organisation else None,
        "municipality": one.municipality.name if one.municipality else None, "language": one.language,
        "channel": one.channel, "comments": one.comment_count, "written_at": one.created_at,
        "published_at": one.published_at} for one in db.session.scalars(rows.order_by(Contribution.id))]


@personal_data(
    "summaries", position=30, title=_l("Summaries you wrote"), reason=_l("It was your task to say what came of it."),
    kept=_l("Among the documents of the plan; once you delete your account, without your name."),
    columns=(Topic.summarised_by_id,))
def summaries(person: Person) -> Rows:
    """Each summary, without the topic's own text."""
    rows = sa.select(Topic).where(Topic.summarised_by_id == person.id).order_by(Contribution.id)
    return [{"code": one.code, "summary": one.summary, "at": one.summarised_at} for one in db.session.scalars(rows)]


@erased_with
def remove_texts_taken_back(event: PersonErased) -> None:
    """Of a topic that was taken back, now or before, only the code stays, under which others may have cited it."""
    gone = sa.select(Topic).where(
        Contribution.author_id == event.person_id, Contribution.organisation_id.is_(None),
        Contribution.state == State.WITHDRAWN).options(joinedload(Topic.thread))
    for topic in db.session.scalars(gone).all():
        topic.title, topic.slug, topic.body, topic.body_html = topic.code, "argomento", "", ""
        if topic.thread is not None:
            topic.thread.label = Localized.of(topic.code)
            topic.thread.path = f"/argomenti/{topic.id}-{topic.slug}"
    db.session.flush()
