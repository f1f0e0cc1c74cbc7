"""What names a person is found wherever it stands, and keeps the document from leaving until somebody has judged it."""

import pytest
import sqlalchemy as sa

from consult.concluding import scanning, services
from consult.concluding.models import Act, HarmlessMark, Part, Stage
from consult.concluding.readiness import Whole
from consult.concluding.services import ConcludingError
from consult.core.db import UnchangeableError, db
from consult.governance.models import BodyKind, BodyMember, GovernanceBody
from consult.publishing import kinds
from consult.results.models import Verdict
from tests.concluding.conftest import SENTENCE, rewrite

WHY = "È il nome della sala in cui si riunisce il tavolo, non di una persona."


@pytest.fixture
def people(make):
    for name in ("Anna De Luca", "Giulia S.", "rossi_77", "Ugo Sala"):
        make.person(display_name=name)
    body = GovernanceBody(process=make.process(), kind=BodyKind.THEMATIC_TABLE, name={"it": "Tavolo"}, mandate={},
                          meets={})
    body.members = [BodyMember(name="Ines Corti")]
    db.session.add(body)
    db.session.flush()


FOUND = (
    ("Scrivere a anna.deluca@libero.it per aderire.", "email", "anna.deluca@libero.it"),
    ("Si chiama il 347 1234567 la sera.", "phone", "347 1234567"),
    ("Codice fiscale RSSMRA80A01H501U.", "tax_code", "RSSMRA80A01H501U"),
    ("L'auto targata AB 123 CD era lì.", "plate", "AB 123 CD"),
    ("Conto IT60X0542811101000000123456.", "iban", "IT60X0542811101000000123456"),
    ("Il signor abita in via Roma 12.", "address", "via Roma 12"),
    ("Lo propone Anna De Luca, del paese.", "account", "Anna De Luca"),
    ("Lo propone DE LUCA ANNA, del paese.", "account", "DE LUCA ANNA"),
    ("Lo propone **Anna** De Luca.", "account", "Anna De Luca"),
    ("Lo propone Anna\nDe Luca.", "account", "Anna De Luca"),
    ("Lo propone Giulia S. del paese.", "account", "Giulia S."),
    ("Lo propone rossi_77 sul sito.", "account", "rossi_77"),
    ("Al tavolo sedeva Ines Corti.", "member", "Ines Corti"),
    ("Ha parlato la dott.ssa Bianchi Verdi.", "person", "Bianchi Verdi"),
)
LEFT_ALONE = (
    "Il Comune di Castelrovano e la Cooperativa Sociale dei Ponti hanno chiesto 12 corse.",
    "L'ufficio risponde allo 0541 123456, protocollo@pec.comune.prova.it, dalle 9 alle 13.",
    "Delibera n. 347 1234567 del 2027, per 3.400.000 euro in dieci anni.",
    "Nella sala. Ugo Grande non c'era.", "Anna\n\nDe Luca")


def test_each_sort_is_found_where_it_stands_and_nothing_else(make, people):
    texts = {f"{number}": text for number, text in enumerate([*(one[0] for one in FOUND), *LEFT_ALONE])}
    found = scanning.alarms(texts, make.process().id)
    assert [(one.place, one.sort, one.words) for one in found] == [
        (f"{number}", sort, words) for number, (_text, sort, words) in enumerate(FOUND)]
    for one in found:
        assert texts[one.place][one.begins:one.ends].replace("*", "").split() == one.words.split()


def test_names_are_asked_for_at_once_however_long_the_text_is(make, people, queries):
    counts = []
    for times in (1, 200):
        text = " ".join(f"Gruppo Numero Uno{n} e Anna De Luca." for n in range(times))
        with queries() as seen:
            found = scanning.alarms({"object": text}, make.process().id)
        assert len(found) >= times
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3


def test_a_name_in_a_field_or_an_annex_keeps_it_from_leaving_and_from_being_made(make, desk, people):
    desk.bring(Stage.DRAFT)
    proposal = make.proposal(title="Intitolare il parco ad Anna De Luca")
    make.outcome(proposal, Verdict.ACCEPTED, reasons="Lo ha chiesto anche Ines Corti, del tavolo.")
    desk.write(Part.PATH, participants=f"{SENTENCE} C'era anche Ugo Sala.")
    whole = Whole(desk.process)
    assert [(one.place, one.words) for one in whole.open_alarms] == [
        ("participants", "Ugo Sala"), (f"responses:{proposal.code}", "Anna De Luca"),
        (f"responses:{proposal.code}", "Ines Corti")]
    for act in (Act.CHECK, Act.SEND):
        with pytest.raises(ConcludingError) as refused:
            desk.do(act)
        assert "dati personali" in str(refused.value.sentence).lower()
    for code in ("docpp", "resolution"):
        assert kinds.called(code).hindered(desk.document), code
    desk.write(Part.PATH)
    assert kinds.called("docpp").hindered(desk.document), "the annex still names somebody"


def test_a_false_alarm_needs_a_reason_stays_in_the_record_and_can_be_taken_back(make, desk, people, office):
    desk.bring(Stage.DRAFT)
    desk.write(Part.PATH, methods=f"{SENTENCE} Il tavolo si riunisce in Ugo Sala.")
    (alarm,) = Whole(desk.process).open_alarms
    with pytest.raises(ConcludingError):
        services.mark(desk.process, alarm, office, reason="È una sala.", harmless=True)
    made = services.mark(desk.process, alarm, office, reason=WHY, harmless=True)
    assert Whole(desk.process).open_alarms == []
    assert kinds.called("docpp").hindered(desk.document) == []
    with db.session.begin_nested() as left:
        desk.do(Act.SEND)
        left.rollback()
    db.session.expire_all()
    services.mark(desk.process, alarm, office, reason="Era proprio una persona: si toglie.", harmless=False)
    with pytest.raises(ConcludingError):
        desk.do(Act.SEND)
    with pytest.raises(UnchangeableError):
        rewrite(made, "reason")
    db.session.refresh(made)
    assert [one.harmless for one in db.session.scalars(sa.select(HarmlessMark).order_by(HarmlessMark.id))] == [
        True, False]
    desk.write(Part.OBJECT, object=f"{SENTENCE} In Ugo Sala.")
    assert {one.place for one in Whole(desk.process).open_alarms} == {"object", "methods"}, "each place is judged"


def test_a_name_in_the_draft_resolution_hinders_it_alone(make, desk, people):
    desk.bring(Stage.VALIDATED)
    desk.write(Part.RESOLUTION, heard=f"{SENTENCE} Ha parlato Ugo Sala.")
    assert kinds.called("docpp").hindered(desk.document) == []
    assert kinds.called("resolution").hindered(desk.document)
    with pytest.raises(ConcludingError):
        desk.do(Act.DELIVER)
