"""What proposals hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions.holdings import STAYS
from consult.contributions.models import Contribution, Revision, State
from consult.core.db import db
from consult.core.languages import Localized
from consult.proposals import answers, services
from consult.proposals.models import CoAuthor, Proposal


@personal_data(
    "proposals", position=30, title=_l("Your proposals"), reason=_l("You wanted the plan to contain it."), kept=STAYS,
    columns=(Contribution.author_id,))
def proposals(person: Person) -> Rows:
    """Each proposal with its text, drafts included."""
    rows = sa.select(Proposal).where(Contribution.author_id == person.id).options(
        joinedload(Proposal.axis), joinedload(Proposal.category), joinedload(Proposal.organisation),
        joinedload(Proposal.municipality))
    found = db.session.scalars(rows.order_by(Contribution.id)).all()
    said = answers.shown_of(found)
    return [{
        "code": one.code, "title": one.title, "body": one.body, "axis": one.axis.title if one.axis else None,
        "state": one.state, "in_the_name_of": one.organisation.name if one.organisation else None,
        "municipality": one.municipality.name if one.municipality else None, "language": one.language,
        "channel": one.channel, "supports": one.support_count, "comments": one.comment_count,
        "category": one.category.name if one.category else None,
        "cost": None if one.cost is None else f"{one.cost:.2f}",
        "answers": {str(shown.field.label): str(shown.value) for shown in said.get(one.id, ())},
        "written_at": one.created_at, "sent_at": one.submitted_at, "published_at": one.published_at}
        for one in found]


@erased_with
def remove_drafts_and_texts_taken_back(event: PersonErased) -> None:
    """Drafts go; of what was taken back, now or before, only the code stays, under which others may have cited it."""
    author = db.session.get_one(Person, event.person_id)
    own = sa.select(Proposal).where(Contribution.author_id == author.id)
    for draft in db.session.scalars(own.where(Contribution.state == State.DRAFT)).all():
        services.withdraw(draft, author)
    gone = own.where(Contribution.state == State.WITHDRAWN, Contribution.organisation_id.is_(None))
    for proposal in db.session.scalars(gone).all():
        proposal.title, proposal.slug, proposal.summary = proposal.code, "proposta", ""
        proposal.body = proposal.body_html = ""
        proposal.cost, proposal.answers = None, []
        if proposal.thread is not None:
            proposal.thread.label = Localized.of(proposal.code)
            proposal.thread.path = f"/proposte/{proposal.id}-{proposal.slug}"
    db.session.flush()


@personal_data(
    "coauthored", position=31, title=_l("Proposals that you write with others"),
    reason=_l("So that each of their authors is named and may change them."),
    kept=_l("Until you leave the authors or delete your account."), columns=(CoAuthor.person_id,))
def coauthored(person: Person) -> Rows:
    """Each proposal of which the person is an author without being the first."""
    rows = (sa.select(Contribution.code, CoAuthor.since).join(CoAuthor, CoAuthor.proposal_id == Contribution.id)
            .where(CoAuthor.person_id == person.id).order_by(CoAuthor.since, Contribution.id))
    return [{"contribution": code, "since": since} for code, since in db.session.execute(rows)]


@erased_with
def forget_earlier_versions(event: PersonErased) -> None:
    """Versions keep their place and lose their text and who made them; what others answer for stays to be read.

    That is what was written for an organisation, or together with others.
    """
    alone = sa.select(Proposal.id).where(
        Contribution.author_id == event.person_id, Contribution.organisation_id.is_(None),
        Proposal.coauthor_count == 0)
    db.session.execute(sa.update(Revision).where(Revision.contribution_id.in_(alone)).values(content={}, reason=""))
    db.session.execute(sa.update(Revision).where(Revision.editor_id == event.person_id).values(editor_id=None))
