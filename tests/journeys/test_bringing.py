"""The office brings a conversation of Polis without scripts; its pages, and that of withholding, are accessible."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
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
    for name, text in files.items():
        page.set_input_files(f"[name={name}]", {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": text.encode()})


@pytest.mark.parametrize("width", [375, 1280])
def test_a_conversation_is_brought_and_taken_back_without_scripts(visit, width):
    visitor = visit(width, scripts=False)
    visitor.sign_in("ufficio@example.org")
    page = visitor.open(SEND)
    page.get_by_role("button", name="Guarda che cosa entrerebbe").press("Enter")
    assert visitor.says("Scegli il file delle affermazioni.")
    chosen(page, comments=COMMENTS, votes=VOTES, summary=f"topic,Panchine {width}\n")
    page.get_by_role("button", name="Guarda che cosa entrerebbe").press("Enter")
    assert visitor.says("1 riga è rifiutata")
    assert page.get_by_label("Titolo").input_value() == f"Panchine {width}"
    page.get_by_role("button", name="Fai la mappa delle opinioni").press("Enter")
    page.get_by_role("link", name=f"Panchine {width}").first.press("Enter")
    page.get_by_role("heading", level=1, name=f"Panchine {width}").wait_for()
    assert visitor.says("Hanno risposto in 30, tra persone")
    page.go_back()
    page.get_by_role("button", name="Annulla l’importazione").press("Enter")
    assert visitor.says("I file si possono inviare di nuovo")


@pytest.fixture
def reservation(site):
    """The page on which a text is withheld, of a ballot that has just closed."""
    with site.app.app_context():
        phase = db.session.scalars(sa.select(Person)).first() and db.session.scalars(sa.select(Ballot)).first().phase
        ballot = Ballot(phase=phase, title=Localized.of("Impegni"), intro=Localized.of("Si decide."),
                        negotiable=Localized(), question=Localized.of("Siete d'accordo?"), method="consent",
                        opens_at=clock.now() - clock.timedelta(2), closes_at=clock.now() - clock.timedelta(1),
                        options=[BallotOption(code="B01", title=Localized.of("Piantare alberi"), position=1)])
        db.session.add(ballot)
        db.session.flush()
        db.session.add(BallotCaveat(ballot_id=ballot.id, tag="0" * 32, code="B01", text="Purché non in piazza."))
        db.session.flush()
        address = f"/votazioni/{ballot.id}/riserve/{caveats.published(ballot)['B01'][0].mark}"
        db.session.commit()
    return address


@pytest.mark.parametrize("width", [375, 1280])
def test_the_pages_are_accessible(visit, reservation, width):
    office = visit(width)
    office.sign_in("ufficio@example.org")
    page = office.open(SEND)
    assert office.axe() == []
    chosen(page, comments=COMMENTS, votes=VOTES)
    page.get_by_role("button", name="Guarda che cosa entrerebbe").click()
    assert office.says("1 riga è rifiutata")
    assert office.axe() == []
    moderator = visit(width)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open(reservation)
    assert moderator.axe() == []
    page.get_by_label("Nessuno: è pubblicità").check()
    page.get_by_role("button", name="Salva").click()
    assert moderator.says("I moderatori non mostrano un testo: è pubblicità.")
    assert moderator.axe() == []
