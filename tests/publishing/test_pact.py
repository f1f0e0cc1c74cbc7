"""The document of a pact: text, parties, commitments and how far they are, without the name of a person."""

import hashlib

import pytest

from consult.core import clock
from consult.core.db import db
from consult.pact.models import (
    Clause,
    CommitmentMilestone,
    CommitmentState,
    PactState,
    Progress,
    SignatoryState,
    Signature,
    SignatureKind,
)
from consult.processes import queries as processes
from consult.publishing import kinds
from consult.publishing.models import DocumentFormat
from tests.publishing import reading
from tests.publishing.making import export

WRITER = "Ermenegilda Sperandio"


@pytest.fixture
def pact(make):
    pact = make.pact(PactState.IN_FORCE, title="Patto per la valle", premise="I firmatari **riconoscono** il piano.",
                     act="Delibera 12/2027")
    make._add(Clause(pact=pact, position=1, title="Oggetto e durata", body="Dura otto anni."))
    writer = make.person(display_name=WRITER)
    union = make.signatory(written_name="Unione di prova", signer_title="Presidente", state=SignatoryState.SIGNED)
    helper = make.signatory(organisation=make.organisation(name="Consorzio di prova"))
    make._add(Signature(signatory=union, kind=SignatureKind.DIGITAL_P7M, signed_on=clock.today(), token="a" * 32,
                        name="patto.p7m", mimetype="application/pkcs7-mime", size=1, sha256="5" * 64,
                        recorded_by_id=writer.id))
    going = make.commitment(CommitmentState.UNDER_WAY, title="Avviare il pulmino", signatory=union, partners=[helper],
                            cost=180_000, resources="Unione 50%", measure="Corse al mese", unit="corse", baseline=0,
                            target=620, due_on=clock.today().replace(year=2099))
    make._add(CommitmentMilestone(commitment_id=going.id, title="La gara", due_on=clock.today()))
    make.progress(going, Progress.LATE, value=96, text="Manca un **autista**.", author=writer)
    make.commitment(CommitmentState.DRAFT, title="Segretissimo")
    make.commitment(CommitmentState.WITHDRAWN, withdrawn_reason="Lo fa già la Provincia.")
    make.signatory(state=SignatoryState.WITHDRAWN, withdrawn_reason="Il consiglio ha votato contro.")
    db.session.commit()
    return pact


def test_it_tells_text_parties_commitments_and_progress_and_nobody_by_name(pact, tmp_path):
    target = tmp_path / "pact.html"
    export("html", target, kind="pact")
    said = reading.words_of(target)
    for text in ("Patto per la valle", "In vigore", "Delibera 12/2027", "riconoscono", "Oggetto e durata",
                 "Dura otto anni.", "Unione di prova", "Presidente", "5" * 64, "Avviare il pulmino",
                 "Consorzio di prova", "180.000", "0 corse → 620 corse", "La gara", "In ritardo", "autista", "96",
                 "Lo fa già la Provincia.", "Il consiglio ha votato contro.", "/patti/patto"):
        assert text in said, text
    for text in (WRITER, "Segretissimo"):
        assert text not in said


def test_it_is_made_in_every_form_always_the_same(pact, tmp_path):
    for form in DocumentFormat:
        made = []
        for time in ("a", "b"):
            target = tmp_path / f"{time}.{form.value}"
            export(form, target, kind="pact")
            made.append(target.read_bytes())
        assert made[0], form
        assert hashlib.sha256(made[0]).digest() == hashlib.sha256(made[1]).digest(), form


def test_of_a_pact_that_only_the_staff_see_nothing_is_made(pact):
    process = processes.process_called("prova")
    kind = kinds.called("pact")
    assert [one.thing.id for one in kind.subjects(process)] == [pact.id]
    pact.state = PactState.DRAFT
    assert kind.subjects(process) == []
