"""What polling places hold of a person: that they got a paper there, and what they did as one of the staff."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core import keys
from consult.core.db import db
from consult.polling.models import BallotBox, BoxPaper
from consult.voting import queries as voting
from consult.voting import reserving
from consult.voting.models import Ballot
from consult.voting.voters import Voter


@personal_data(
    "boxes_worked_on", position=68, title=_l("Boxes of ballot papers on which you worked as one of the staff"),
    reason=_l("So that each paper is keyed by two people, and the minutes say who closed a box."),
    kept=_l("Who keyed a paper until its box is closed, who closed it as long as the ballot; without your name once "
            "you delete your account."),
    columns=(BallotBox.closed_by_id, BoxPaper.first_by_id, BoxPaper.second_by_id))
def boxes_worked_on(person: Person) -> Rows:
    """Each box that the person closed or whose papers they keyed."""
    mine = sa.exists().where(BoxPaper.box_id == BallotBox.id,
                             sa.or_(BoxPaper.first_by_id == person.id, BoxPaper.second_by_id == person.id))
    rows = (sa.select(BallotBox).options(joinedload(BallotBox.ballot)).order_by(BallotBox.id)
            .where(sa.or_(BallotBox.closed_by_id == person.id, mine)))
    return [{"ballot": one.ballot.title, "place": one.place, "closed_at": one.closed_at}
            for one in db.session.scalars(rows)]


@personal_data(
    "ticked", position=41, title=_l("Ballots in which you got a paper at a polling place"),
    reason=_l("So that nobody votes on paper and on the site. The tick lies under a code made with a key that is kept "
              "apart: it is found here because you ask. It does not lead to your paper, and nothing does."),
    kept=_l("Until the ballot closes."))
def ticked(person: Person) -> Rows:
    """Each ballot that is not over in which the person is ticked."""
    rows = sa.select(Ballot).where(sa.exists().where(reserving.Reservation.ballot_id == Ballot.id)).order_by(Ballot.id)
    return [{"ballot": ballot.title} for ballot in db.session.scalars(rows)
            if keys.exists(ballot.id) and reserving.reserved(
                ballot, voting.tags_of(ballot, Voter(person.identities, person.residence_id)))]
