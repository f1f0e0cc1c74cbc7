"""A small plan with everything a document can hold."""

from datetime import date

import pytest

from consult.core.db import db
from consult.core.languages import Localized
from consult.planning.models import Objective, Relation
from consult.results.models import Verdict

AUTHORS = ("Ermenegilda Sperandio", "Teodosio Brambilla")


@pytest.fixture
def told(make):
    """The plan, and what was said towards it, by people whose names must be found nowhere."""
    section = make.section("Nel 2035 la valle è **una sola**.\n\n- prossimità\n- cura\n\n| Anno | Abitanti |\n|--|--|\n"
                           "| 2026 | 31.460 |\n\n[Il sito](https://example.org) e [no](javascript:alert(1))",
                           title="Visione")
    axis = make.axis(title=Localized.of("Una valle connessa"))
    objective = make._add(Objective(axis=axis, code="O1", position=1, title="Muoversi", target="Ogni ora"))
    action = make.action(objective=objective, title="Una corsa ogni ora", lead="Unione", cost=250_000,
                         description="Dalle **6** alle 21.")
    citizen, speaker = (make.person(display_name=name) for name in AUTHORS)
    cooperative = make.organisation(speaker, name="Cooperativa del Rovano")
    bus = make.proposal(title="Più autobus la sera", author=citizen, axis_id=axis.id, support_count=41)
    bench = make.proposal(title="Panchine: scrivere a mario.rossi@example.org o 333 1234567", author=speaker,
                          organisation_id=cooperative.id)
    make.outcome(bus, Verdict.ACCEPTED, reasons="Il servizio serale entra nel piano con due corse.",
                 decided_by="Consiglio dell'Unione", decided_on=date(2027, 2, 1))
    make.outcome(bench, Verdict.NOT_ACCEPTED, reasons="Le panchine spettano ai singoli comuni.")
    make.link(bus, action, reason="Chiesta da molte famiglie.", relation=Relation.ADAPTED)
    sheet = make.result()
    make.link(sheet, section, reason="Lo dice il questionario.")
    db.session.commit()
    return {"plan": make.plan(), "bus": bus, "bench": bench, "sheet": sheet, "action": action}
