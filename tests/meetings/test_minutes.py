"""Minutes: written by one at a time, free of personal data, corrected within a week, and unchanged once approved."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core import clock
from consult.core.db import StaleVersionError, UnchangeableError, db
from consult.governance.models import BodyMember
from consult.meetings import minutes as acts
from consult.meetings.minutes import PersonalWordsError
from consult.meetings.models import Minutes, MinutesCorrection, MinutesNote, MinutesState, Position, Stance
from consult.meetings.services import MeetingError
from consult.notices import words
from consult.notices.models import HappeningKind
from consult.notices.queries import happenings
from consult.privacy import erasure
from tests.factories import DAY

BODY = "# 1. Orari\n\nLe associazioni chiedono una corsa in più. **Si conviene** di provarla per un anno."


@pytest.fixture
def lead(make):
    return make.person(Role.FACILITATOR)


def test_the_first_of_two_who_begin_writes_and_the_second_sees_that_somebody_was_faster(make, lead):
    meeting = make.meeting("past")
    written = acts.write(meeting, lead, body=BODY, seen=0)
    with pytest.raises(StaleVersionError):
        acts.write(meeting, lead, body="Altro.", seen=0)
    acts.write(meeting, lead, body=f"{BODY} Altro.", seen=written.version)
    assert written.body == f"{BODY} Altro."
    assert "<strong>Si conviene</strong>" in written.body_html


def test_minutes_begin_from_the_agenda(make):
    assert acts.begun(make.meeting("past", "Orari", "Biglietti")) == "# 1. Orari\n\n\n\n# 2. Biglietti"


@pytest.mark.parametrize(("words_", "sort"), [
    ("Scrivere a rita@example.org.", "mail"), ("Il numero è 333 1234567.", "phone"),
    ("Il codice è RSSMRA80A01H501U.", "tax_code"), ("La dott.ssa Verdi è contraria.", "person"),
    ("Rita Guida chiede una corsa.", "account"), ("Parla Ugo Bianchi.", "member")])
def test_what_tells_who_somebody_is_keeps_minutes_from_leaving_and_is_shown_where_it_stands(make, lead, words_, sort):
    make.person(display_name="Rita Guida")
    db.session.add(BodyMember(body=make.body(), name="Ugo Bianchi"))
    db.session.flush()
    minutes = make.minutes(body=f"{BODY} {words_}")
    with pytest.raises(PersonalWordsError) as fault:
        acts.circulate(minutes, lead, seen=minutes.version)
    assert [one.sort for one in fault.value.alarms] == [sort]
    assert minutes.state is MinutesState.DRAFT
    if sort in acts.CERTAIN:
        with pytest.raises(PersonalWordsError):
            acts.circulate(minutes, lead, seen=minutes.version, harmless=True)
    else:
        acts.circulate(minutes, lead, seen=minutes.version, harmless=True)


def test_addresses_of_the_authority_are_for_everybody_and_positions_are_looked_through_too(make, lead):
    minutes = make.minutes(body=f"{BODY} Scrivere a unione@example.org.")
    item = minutes.meeting.agenda[0]
    assert acts.found_in(minutes) == []
    item.positions = [Position(name="Comitato", stance=Stance.ABSTENTION, note="Chiamare 333 1234567.")]
    assert [one.sort for one in acts.found_in(minutes)] == ["phone"]
    assert "Comitato" in acts.found_in(minutes)[0].place


def test_those_at_the_table_are_asked_for_corrections_and_each_leads_to_the_minutes(make, lead):
    member, speaker, other = make.person(), make.person(), make.person()
    body = make.body(member, make.organisation(speaker))
    minutes = make.minutes(meeting=make.meeting("past", body=body))
    acts.circulate(minutes, lead, seen=minutes.version)
    assert minutes.corrections_until - minutes.circulated_at == acts.TERM
    for person in (member, speaker):
        (heard,) = happenings(person).items
        assert (heard.kind, words.told(heard).path) == (
            HappeningKind.CIRCULATED, f"/incontri/{minutes.meeting_id}/verbale")
    assert happenings(other).items == []


def test_minutes_are_approved_after_a_week_once_each_correction_is_answered(make, lead):
    minutes = make.minutes(MinutesState.CIRCULATED)
    correction = acts.send_correction(minutes, make.person(), text="Le corse sono due.", organisation_id=None)
    with pytest.raises(MeetingError):
        acts.approve(minutes, lead, seen=minutes.version)
    with clock.at(clock.now() + 6 * DAY):
        with pytest.raises(MeetingError):
            acts.approve(minutes, lead, seen=minutes.version)
        acts.answer(correction, lead, seen=correction.version, taken=True, text="Giusto.")
        with pytest.raises(StaleVersionError):
            acts.answer(correction, lead, seen=correction.version - 1, taken=False, text="No.")
        acts.write(minutes.meeting, lead, body=f"{BODY} Le corse sono due.", seen=minutes.version)
        acts.approve(minutes, lead, seen=minutes.version)
    assert (minutes.approved, minutes.public) == (True, True)


def test_approved_minutes_never_change_and_notes_stand_below_them(make, lead):
    minutes = make.minutes(MinutesState.APPROVED)
    with pytest.raises(StaleVersionError):
        acts.write(minutes.meeting, lead, body=BODY, seen=minutes.version)
    note = acts.annotate(minutes, lead, text="Le corse sono due.")
    with pytest.raises(PersonalWordsError):
        acts.annotate(minutes, lead, text="Chiamare 333 1234567.")
    db.session.commit()
    for thing, name in ((minutes, "body"), (note, "text")):
        setattr(thing, name, "Altro.")
        with pytest.raises(UnchangeableError):
            db.session.flush()
        db.session.rollback()
    assert [one.text for one in db.session.scalars(sa.select(MinutesNote))] == ["Le corse sono due."]


def test_the_text_that_was_looked_through_is_the_one_that_is_approved(make, lead):
    minutes = make.minutes(MinutesState.CIRCULATED, corrections_until=clock.now() - DAY)
    seen = minutes.version
    acts.write(minutes.meeting, lead, body=f"{BODY} Scrivere a rita@example.org.", seen=seen)
    with pytest.raises(StaleVersionError):
        acts.approve(minutes, lead, seen=seen)
    with pytest.raises(PersonalWordsError):
        acts.approve(minutes, lead, seen=minutes.version)
    assert db.session.scalars(sa.select(Minutes)).one().state is MinutesState.CIRCULATED


def test_of_whoever_leaves_no_correction_tells_the_name_and_their_own_words_go(make):
    person = make.person()
    organisation = make.organisation(person)
    minutes = make.minutes(MinutesState.CIRCULATED, meeting=make.meeting("past", body=make.body(person, organisation)))
    for organisation_id in (None, organisation.id):
        acts.send_correction(minutes, person, text="Le corse sono due.", organisation_id=organisation_id)
    erasure.erase(person, withdraw=False, actor=person)
    left = db.session.scalars(sa.select(MinutesCorrection).order_by(MinutesCorrection.id)).all()
    assert [(one.written_by_id, one.text) for one in left] == [(None, ""), (None, "Le corse sono due.")]
