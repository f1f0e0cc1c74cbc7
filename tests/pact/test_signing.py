"""Signatures come as files that were signed outside: each is what it is said to be, and a click is none."""

import base64
import hashlib
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.core import clock, files
from consult.core.db import db
from consult.core.files import RefusedFileError
from consult.pact import parties
from consult.pact.models import PactState, SignatoryState, Signature, SignatureKind, Verdict
from tests.browser import text_of
from tests.pact.conftest import PACT

UNSIGNED = (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n50\n"
            b"%%EOF\n")
SIGNED = UNSIGNED.replace(b"endobj", b"/Sig << /ByteRange [0 10 20 30] /SubFilter /ETSI.CAdES.detached >>\nendobj")
ENVELOPE = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80" + bytes(200)


@pytest.fixture
def party(pact):
    pact.state = PactState.OPEN_FOR_SIGNATURE
    return pact.signatories[0]


def sent(office, party, content, name="patto.pdf", kind=SignatureKind.DIGITAL_PDF, **more):
    path = f"{PACT}/firmatari/{party.id}/firma"
    fields = office.form(path)["fields"]
    return office.post(path, {**fields, "kind": kind.value, "signed_on": clock.today().isoformat(),
                              "signed.file": (io.BytesIO(content), name), **more},
                       content_type="multipart/form-data")


def kept():
    return db.session.scalars(sa.select(Signature)).all()


@pytest.mark.parametrize(("content", "name", "kind"), [
    (SIGNED, "patto.pdf", SignatureKind.DIGITAL_PDF), (ENVELOPE, "patto.pdf.p7m", SignatureKind.DIGITAL_P7M),
    (base64.encodebytes(ENVELOPE), "patto.p7m", SignatureKind.DIGITAL_P7M),
    (UNSIGNED, "scansione.pdf", SignatureKind.ON_PAPER)],
    ids=["pdf", "p7m", "base64", "paper"])
def test_a_signed_file_is_kept_as_it_came_with_its_fingerprint(office, party, content, name, kind):
    id = party.id
    assert sent(office, party, content, name, kind).status_code == 303
    signature, = kept()
    assert (signature.sha256, signature.name) == (hashlib.sha256(content).hexdigest(), name)
    assert signature.signatory_id == id
    assert signature.signatory.state is SignatoryState.SIGNED
    assert files.named([signature.token]) == {signature.token}  # the sweep leaves it where it is
    with office.get(f"{PACT}/firme/{signature.id}/scarica") as answer:
        assert answer.data == content
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert signature.sha256 in text_of(office.get(PACT))


@pytest.mark.parametrize(("content", "name", "kind", "why"), [
    (UNSIGNED, "patto.pdf", SignatureKind.DIGITAL_PDF, "This PDF holds no digital signature"),
    (SIGNED, "patto.pdf", SignatureKind.DIGITAL_P7M, "This is no signed envelope"),
    (ENVELOPE, "patto.p7m", SignatureKind.DIGITAL_PDF, "Send a PDF."),
    (b"MZ\x90\x00 a program", "patto.p7m", SignatureKind.DIGITAL_P7M, "cannot be sent"),
    (SIGNED.replace(b"/Sig", b"/JavaScript"), "patto.pdf", SignatureKind.DIGITAL_PDF, "contains macros")],
    ids=["unsigned", "pdf as p7m", "p7m as pdf", "program", "active"])
def test_what_is_not_what_it_is_said_to_be_is_refused_and_nobody_has_signed(office, party, content, name, kind, why):
    answer = sent(office, party, content, name, kind)
    assert answer.status_code == 200
    assert why in text_of(answer)
    assert kept() == []
    assert db.session.merge(party).state is SignatoryState.INVITED


def test_a_municipality_signs_digitally_as_the_page_says(office, make, party):
    town = make.signatory(municipality=make.town())
    answer = sent(office, town, UNSIGNED, "scansione.pdf", SignatureKind.ON_PAPER)
    assert "A municipality signs digitally" in text_of(answer)
    assert "A click is never a signature." in text_of(answer)
    assert "article 15, paragraph 2-bis" in text_of(answer)
    assert kept() == []


def test_envelopes_are_taken_nowhere_else(app):
    with pytest.raises(RefusedFileError):
        files.keep(io.BytesIO(ENVELOPE), "patto.p7m")


def test_the_same_file_and_a_day_to_come_are_refused(office, party):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert "still to come" in text_of(sent(office, party, SIGNED, signed_on=tomorrow))
    assert sent(office, party, SIGNED).status_code == 303
    assert "recorded already" in text_of(sent(office, party, SIGNED))
    assert len(kept()) == 1


def test_nothing_is_signed_while_the_text_can_change(office, pact):
    pact.state = PactState.IN_NEGOTIATION
    assert office.get(f"{PACT}/firmatari/{pact.signatories[0].id}/firma").status_code == 403


def test_files_are_kept_back_until_the_office_gives_them_to_everybody(office, browser, party):
    sent(office, party, SIGNED)
    signature, = kept()
    path, visitor = f"{PACT}/firme/{signature.id}", browser()
    assert visitor.get(f"{path}/scarica").status_code == 404
    assert signature.sha256 in text_of(visitor.get(PACT))
    fields = office.form(f"{path}/verifica")["fields"]
    answer = office.post(f"{path}/verifica", {
        **fields, "verdict": "valid", "verified_on": clock.today().isoformat(), "verified_by": "Segreteria",
        "file_public": "y", "report.file": (io.BytesIO(UNSIGNED), "verifica.pdf")}, content_type="multipart/form-data")
    assert answer.status_code == 303
    for address, content in ((f"{path}/scarica", SIGNED), (f"{path}/verifica/scarica", UNSIGNED)):
        with visitor.get(address) as answer:
            assert answer.data == content
    assert db.session.get(Signature, signature.id).verdict is Verdict.VALID


def test_of_an_invalid_signature_the_party_has_not_signed(make, office, party):
    sent(office, party, SIGNED)
    signature, = kept()
    actor = make.person()
    parties.verify(signature, actor, seen=1, verdict=Verdict.INVALID, verified_on=clock.today(), verified_by="")
    assert signature.signatory.state is SignatoryState.NEGOTIATING
    with pytest.raises(parties.SignatureError):
        parties.verify(signature, actor, seen=2, verdict=Verdict.VALID, verified_by="",
                       verified_on=clock.today() - timedelta(days=1))
