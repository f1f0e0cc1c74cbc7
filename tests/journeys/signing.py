"""What the pages of the pact need that the demonstration has not: a percorso without one, and a text that is signed."""

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.pact.models import Pact, PactState, Signature, SignatureKind
from consult.processes.models import Process
from tests.journeys import proposing


def unsigned(width):
    """The pages of a pact that is still written, and the one on which a pact begins."""
    pact = db.session.scalars(sa.select(Pact)).one()
    other = Process(authority=pact.process.authority, slug=f"altro-{width}", code=f"A{width}",
                    title=Localized.of(f"Altro percorso, largo {width}"), summary=Localized(), vision=Localized())
    db.session.add(other)
    here = f"/patti/{pact.slug}"
    return [f"/percorsi/{other.slug}/patto/nuovo", f"{here}/consultazioni/nuova", f"{here}/impegni/I07/aggiorna"]


def signed(width):
    """The pages of a pact that lies before its signatories, one of which has signed."""
    pact = db.session.scalars(sa.select(Pact)).one()
    pact.state, party = PactState.OPEN_FOR_SIGNATURE, pact.signatories[0]
    signature = Signature(
        signatory=party, kind=SignatureKind.DIGITAL_PDF, signed_on=clock.today(), token=f"{width:032x}",
        name="patto.pdf", mimetype="application/pdf", size=10, sha256="0" * 64,
        recorded_by_id=proposing.person("ufficio@example.org").id)
    db.session.add(signature)
    db.session.flush()
    here = f"/patti/{pact.slug}"
    return [here, f"{here}/firmatari/{party.id}/firma", f"{here}/firme/{signature.id}/verifica"]


def back():
    """Let the text be written again, as the walks that follow expect it."""
    pact = db.session.scalars(sa.select(Pact)).one()
    pact.state = PactState.IN_NEGOTIATION
