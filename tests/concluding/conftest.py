"""A percorso with its plan office, and its document brought to any stage by the passages that lead there."""

import pytest

from consult.accounts.models import Role
from consult.concluding import queries, services
from consult.concluding.models import Act, Part, Stage
from consult.concluding.services import Facts
from consult.concluding.words import PARTS
from consult.core import clock
from consult.core.db import db
from tests.factories import DAY

SENTENCE = "Un testo di prova, lungo abbastanza per essere letto da qualcuno."
WAYS = {
    Stage.DRAFT: (), Stage.CHECKED: (Act.CHECK,), Stage.SENT: (Act.SEND,), Stage.RETURNED: (Act.SEND, Act.RETURN),
    Stage.VALIDATED: (Act.SEND, Act.VALIDATE), Stage.DELIVERED: (Act.SEND, Act.VALIDATE, Act.DELIVER),
    Stage.NOTED: (Act.SEND, Act.VALIDATE, Act.DELIVER, Act.NOTE)}


class Desk:
    """What the plan office does with the document of a percorso."""

    def __init__(self, process, office):
        self.process, self.office = process, office

    @property
    def document(self):
        return queries.of(self.process)

    def write(self, part, **texts):
        """A part whole, with these texts of it."""
        whole = {field.name: SENTENCE for field in PARTS[part][1]} | texts
        known = queries.part(self.process, part)
        return services.save(self.process, part, self.office, whole, seen=known.version if known else 0)

    def facts(self, **values):
        return Facts(**{"dated": clock.today() - 40 * DAY, "protocol": "12345/2027", "resolution": "21/2027",
                        "body": "Consiglio dell'Unione", "note": "Manca il calendario della seconda fase.", **values})

    def do(self, act, **values):
        return services.pass_on(self.process, act, self.office, self.facts(**values), seen=self.document.version)

    def bring(self, stage):
        """The document written whole and brought to a stage."""
        for part in Part:
            self.write(part)
        for act in WAYS[stage]:
            self.do(act)
        return self.document


def rewrite(row, name):
    """Try to change what is kept."""
    with db.session.begin_nested():
        setattr(row, name, "Un altro testo, scritto dopo che tutto era deciso.")
        db.session.flush()


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE, display_name="Paola Ufficiali")


@pytest.fixture
def desk(make, office):
    return Desk(make.process(), office)
