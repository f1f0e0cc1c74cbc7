"""Files of Polis as the office brings them, and a reservation on a paper that a moderator may withhold."""

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.voting import caveats
from consult.voting.models import Ballot, BallotCaveat, BallotOption

SEND = "/ufficio/percorsi/rovano-2035/mappa-da-polis"
COMMENTS = "comment-id,moderated,comment-body\n" + "".join(
    f"{number},1,Frase numero {number}: più panchine lungo il fiume.\n" for number in range(6)) + "x,1,Senza numero.\n"
VOTES = "comment-id,voter-id,vote\n" + "".join(
    f"{number},{voter},{(number * voter) % 3 - 1}\n" for number in range(6) for voter in range(30))


def chosen(page, **files):
    """Choose files of these names and contents."""
    for name, text in files.items():
        page.set_input_files(f"[name={name}]", {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": text.encode()})


def reservation():
    """The page on which a text is withheld, of a ballot that has just closed."""
    phase = db.session.scalars(sa.select(Ballot)).first().phase
    ballot = Ballot(phase=phase, title=Localized.of("Impegni"), intro=Localized.of("Si decide."),
                    negotiable=Localized(), question=Localized.of("Siete d'accordo?"), method="consent",
                    opens_at=clock.now() - clock.timedelta(2), closes_at=clock.now() - clock.timedelta(1),
                    options=[BallotOption(code="B01", title=Localized.of("Piantare alberi"), position=1)])
    db.session.add(ballot)
    db.session.flush()
    db.session.add(BallotCaveat(ballot_id=ballot.id, tag="0" * 32, code="B01", text="Purché non in piazza."))
    db.session.flush()
    return f"/votazioni/{ballot.id}/riserve/{caveats.published(ballot)['B01'][0].mark}"
