"""What contributions of every kind hold of a person; their texts are told by the features that keep them."""

from collections.abc import Callable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions import services
from consult.contributions.models import Contribution, Flag, Revision, State
from consult.core.db import db

STAYS = _l("Among the documents of the plan. When you delete your account it stays without your name, or goes with "
           "you: you choose.")
"""What becomes of a text when its author leaves."""


@personal_data(
    "revisions", position=32, title=_l("Earlier versions of what you wrote"),
    reason=_l("So that it can be seen what a moderator or a reader had before them."),
    kept=_l("Until you delete your account."), columns=(Revision.editor_id,))
def revisions(person: Person) -> Rows:
    """Each text as it stood before the person changed it."""
    rows = db.session.execute(
        sa.select(Contribution.code, Revision).join(Revision, Revision.contribution_id == Contribution.id)
        .where(Revision.editor_id == person.id).order_by(Revision.id))
    return [{"contribution": code, "version": one.version, **one.content, "changed_at": one.created_at}
            for code, one in rows]


@personal_data(
    "flags", position=33, title=_l("What you reported to the moderators"),
    reason=_l("So that a report is looked at, and counted once."),
    kept=_l("What you added in your own words until you delete your account; the report stays without you."),
    columns=(Flag.person_id,))
def flags(person: Person) -> Rows:
    """Each report, without the text that was reported."""
    rows = sa.select(Flag).where(Flag.person_id == person.id).options(joinedload(Flag.contribution))
    return [{"contribution": flag.contribution.code if flag.contribution else flag.subject,
             "reason": flag.reason, "note": flag.note,
             "reported_at": flag.created_at, "decided_at": flag.decided_at}
            for flag in db.session.scalars(rows.order_by(Flag.id))]


Official = Callable[[], sa.ColumnElement[bool]]
_official: list[Official] = []


def official(which: Official) -> Official:
    """Let a feature say which contributions the staff wrote in the name of the authority."""
    if which not in _official:
        _official.append(which)
    return which


@erased_with
def forget_what_is_nobodys_business(event: PersonErased) -> None:
    """Earlier versions and words added to reports go; what was said goes if the person wants it.

    What was written in the name of an organisation is the organisation's and stays; so does what is the authority's.
    """
    theirs = sa.select(Contribution.id).where(Contribution.kind != "proposal")  # those see to theirs themselves
    db.session.execute(sa.delete(Revision).where(
        Revision.editor_id == event.person_id, Revision.contribution_id.in_(theirs)))
    db.session.execute(sa.update(Flag).where(Flag.person_id == event.person_id).values(note="")
                       .execution_options(synchronize_session="fetch"))
    if event.withdraw:
        author = db.session.get_one(Person, event.person_id)
        own = sa.select(Contribution).where(
            Contribution.author_id == author.id, Contribution.organisation_id.is_(None),
            *(~said_officially() for said_officially in _official),
            Contribution.state.in_((State.PENDING, State.PUBLISHED)))
        for contribution in db.session.scalars(own.order_by(Contribution.id)).all():
            services.change_state(contribution, State.WITHDRAWN, author)
