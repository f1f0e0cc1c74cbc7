"""Proposals of the journeys, made as if they had been there before one looks."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core.db import db
from consult.processes.models import Axis, ModerationMode
from consult.proposals import services
from consult.proposals.models import Proposal, ProposalCall
from consult.voting import services as voting


def open_call():
    """The call of the demonstration that takes proposals now."""
    return next(one for one in db.session.scalars(sa.select(ProposalCall).order_by(ProposalCall.opens_at.desc()))
                if one.takes())


def moderated_after(site):
    """What is written in the open call is public at once; answers its address."""
    with site.app.app_context():
        call = open_call()
        call.moderation = ModerationMode.AFTER
        db.session.commit()
        return f"/raccolte/{call.id}"


def proposed(site, email, title, body):
    """A public proposal of somebody in the open call: its address."""
    with site.app.app_context():
        axis = db.session.scalars(sa.select(Axis).order_by(Axis.id).limit(1)).one()
        proposal = services.submit(open_call(), person(email), services.Wording(title=title, body=body, axis=axis))
        db.session.commit()
        return proposal.thread.path


def supported(site, path, *emails):
    """Let people support a proposal."""
    with site.app.app_context():
        for email in emails:
            voting.support(at(path), person(email))
        db.session.commit()


def person(email):
    """Whoever has this address."""
    return db.session.scalars(sa.select(Person).where(Person.email == email)).one()


def at(path):
    """The proposal at an address."""
    return db.session.get_one(Proposal, int(path.rsplit("/", 1)[1].split("-", 1)[0]))


def code_of(site, path):
    """The public code of the proposal at an address."""
    with site.app.app_context():
        return at(path).code


def process_of(site):
    """The slug of the percorso of the open call."""
    with site.app.app_context():
        return open_call().phase.process.slug
