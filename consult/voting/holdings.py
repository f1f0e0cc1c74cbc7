"""What supports and ballots hold of a person."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from consult.accounts.former import FormerIdentity
from consult.accounts.models import Person, Verification
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions.models import Contribution
from consult.core import clock, keys
from consult.core.db import db
from consult.methods.interface import Form
from consult.methods.registry import METHODS
from consult.processes.models import Activity
from consult.voting import caveats, counts, queries, services, voters, words
from consult.voting.models import Ballot, BallotPaper, Support


@personal_data(
    "supports", position=35, title=_l("What you support"),
    reason=_l("So that each supports once, and can take it back."),
    kept=_l("When you delete your account your supports stay as a number, which leads to nobody."),
    columns=(Support.person_id,))
def supports(person: Person) -> Rows:
    """Each support."""
    rows = (sa.select(Contribution.code, Support.verified, Support.given_at)
            .join(Support, Support.contribution_id == Contribution.id)
            .where(Support.person_id == person.id).order_by(Support.given_at, Contribution.id))
    return [{"contribution": code, "as_verified_resident": verified, "supported_at": given_at}
            for code, verified, given_at in db.session.execute(rows)]


@personal_data(
    "papers", position=40, title=_l("Your ballot papers"),
    reason=_l("So that each votes once, and can change the vote until the ballot closes. A paper lies under a code "
              "made with a key that is kept apart: it is found here because you ask."),
    kept=_l("A secret ballot: until it closes. Any other: its papers stay, and when you delete your account they "
            "lead to nobody."))
def papers(person: Person) -> Rows:
    """Each paper that can still be found with the key of its ballot, as on its receipt."""
    return [{
        "ballot": ballot.title, "choices": _said(ballot, paper), **_with_reservations(ballot, person),
        "cast_how_often": paper.sequence, "channel": paper.channel, "receipt": paper.entry_hash,
        "receipt_nonce": paper.nonce, "code_of_the_paper": paper.tag}
        for ballot, paper in _found(person)]


def _said(ballot: Ballot, paper: BallotPaper) -> list[str]:
    rules = services.rules(ballot)
    method = METHODS[rules.method]
    if method.form is Form.CHOICES:
        return [str(option.title) for option in ballot.options if option.code in paper.marks]
    return [str(sentence) for sentence in words.said(method, rules, paper.marks, ballot.options)]


def _with_reservations(ballot: Ballot, person: Person) -> dict[str, Any]:
    """What was said of commitments, which lies apart from the paper; nothing of other ballots."""
    said = caveats.of(ballot, voters.voter(ballot, person)) if ballot.method == "consent" else {}
    return {"reservations": list(said.values())} if said else {}


def _found(person: Person) -> Iterator[tuple[Ballot, BallotPaper]]:
    rows = sa.select(Ballot).options(selectinload(Ballot.options)).order_by(Ballot.id)
    for ballot in db.session.scalars(rows).unique():
        if keys.exists(ballot.id) and (paper := queries.paper_of(ballot, person)) is not None:
            yield ballot, paper


@erased_with
def make_numbers_of_supports(event: PersonErased) -> None:
    """Supports become mere numbers: at once where nothing can be supported any more, else when that closes.

    Until then the row with the number of the erased account stays, so that a person who comes back and is verified
    again is not counted twice.
    """
    over = sa.select(Contribution.id).join(Activity, Activity.id == Contribution.activity_id).where(
        Activity.closes_at <= clock.now())
    identified = [sa.select(model.person_id).where(
        model.person_id == event.person_id, model.identifier_hash.is_not(None))
        for model in (FormerIdentity, Verification)]
    recognisable = db.session.scalar(sa.union_all(*identified).limit(1)) is not None
    counts.anonymise_supports(event.person_id, *([Support.contribution_id.in_(over)] if recognisable else []))
