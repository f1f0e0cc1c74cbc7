"""Meetings: what they need before they are convened, who hears of them, and what was said at them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.accounts.models import Role
from consult.contributions.models import Follow
from consult.core import charts, clock
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.governance import services as governance
from consult.meetings import positions, services
from consult.meetings.models import MinutesState, Position, Stance
from consult.meetings.positions import Stated
from consult.meetings.services import MeetingError, Point
from consult.notices import services as notices
from consult.notices.models import HappeningKind
from consult.notices.queries import happenings
from consult.processes import queries as processes
from consult.processes.models import Standing
from consult.processes.services import TimetableError, announce_passages
from consult.restitution import queries as restitution
from consult.results import queries as results
from tests.factories import DAY


@pytest.fixture
def lead(make):
    return make.person(Role.FACILITATOR)


def values(begins, **changes):
    return {"title": Localized.of("Tavolo del bus"), "intro": Localized.of("Si parla di corse."), "body_id": None,
            "place": "Sala civica", "address": "", "online": "", "directions": "", "begins_at": begins,
            "ends_at": begins + timedelta(hours=2), "closes_at": None, **changes}


def prepared(make, lead, begins=None, *points, **changes):
    return services.prepare(make.phase(), lead, [Point(title=title) for title in points or ("Orari",)],
                            **values(begins or clock.now() + 8 * DAY, **changes))


def refused(act):
    with pytest.raises(MeetingError) as fault:
        act()
    return fault.value.field


def test_a_meeting_is_seen_by_the_staff_only_until_it_is_convened_then_one_can_write_about_it(make, lead):
    meeting = prepared(make, lead)
    assert not meeting.published
    assert meeting.closes_at == meeting.ends_at + services.AFTERWARDS
    services.convene(meeting, lead, seen=meeting.version)
    assert (meeting.published, meeting.short_notice, bool(meeting.takes())) == (True, "", True)
    assert meeting.thread.path == f"/incontri/{meeting.id}"


@pytest.mark.parametrize(("days", "late"), [(4, True), (5, False)])
def test_with_less_than_five_days_it_is_convened_only_with_a_reason_that_is_published(make, lead, days, late):
    meeting = prepared(make, lead, clock.now() + days * DAY)
    assert services.short(meeting) is late
    if late:
        assert refused(lambda: services.convene(meeting, lead, seen=meeting.version, reason="Fretta.")) == "reason"
        assert not meeting.published
    reason = "La Provincia decide gli orari lunedì."
    services.convene(meeting, lead, seen=meeting.version, reason=reason)
    assert meeting.short_notice == (reason if late else "")


@pytest.mark.parametrize("lacking", ["place", "agenda", "future"])
def test_what_lacks_a_place_an_agenda_or_a_future_is_not_convened(make, lead, lacking):
    meeting = prepared(make, lead)
    if lacking == "place":
        meeting.place = ""
    elif lacking == "agenda":
        meeting.agenda = []
    else:
        meeting.begins_at = clock.now() - DAY
    db.session.flush()
    assert refused(lambda: services.convene(
        meeting, lead, seen=meeting.version, reason="Un motivo lungo.")) == "meeting"


def test_it_lies_within_its_phase_and_ends_after_it_begins(make, lead):
    phase = make.phase()
    assert refused(lambda: prepared(make, lead, phase.ends_at + DAY)) == "begins_at"
    begins = clock.now() + DAY
    assert refused(lambda: prepared(make, lead, begins, ends_at=begins - DAY)) == "ends_at"
    with pytest.raises(TimetableError):
        prepared(make, lead, closes_at=phase.ends_at + DAY)


def test_a_point_on_which_somebody_spoke_stays_and_others_come_go_and_move(make, lead):
    meeting = make.meeting("past", "Orari", "Biglietti")
    first, second = meeting.agenda
    positions.record(second, lead, [Stated(stance=Stance.AGREEMENT, name="Comitato")], seen=meeting.version)
    typed = values(meeting.begins_at, closes_at=meeting.closes_at)

    def change(*points):
        services.change(meeting, lead, points, seen=meeting.version, **typed)

    assert refused(lambda: change(Point(title="Orari", id=first.id))) == "agenda"
    change(Point(title="Biglietti unici", id=second.id), Point(title="Fermate"))
    assert [item.title for item in meeting.agenda] == ["Biglietti unici", "Fermate"]
    assert [one.called for one in meeting.agenda[0].positions] == ["Comitato"]


def test_once_begun_its_day_does_not_move_and_two_do_not_overwrite_each_other(make, lead):
    meeting = make.meeting("past")
    seen = meeting.version
    typed = values(meeting.begins_at + DAY, closes_at=meeting.closes_at)
    assert refused(lambda: services.change(meeting, lead, [Point(title="Orari")], seen=seen, **typed)) == "begins_at"
    services.count(meeting, lead, [], seen=seen, attended=12, online=0)
    with pytest.raises(StaleVersionError):
        services.count(meeting, lead, [], seen=seen, attended=14, online=0)
    assert meeting.attended == 12


def test_equal_values_change_nothing(make, lead):
    meeting = prepared(make, lead)
    seen = meeting.version
    services.change(meeting, lead, [Point(title="Orari", id=meeting.agenda[0].id)], seen=seen,
                    **values(meeting.begins_at, closes_at=meeting.closes_at))
    assert meeting.version == seen


def test_positions_replace_those_before_and_each_subject_has_one(make, lead):
    meeting, province = make.meeting("past"), make.organisation(name="Provincia")
    item = meeting.agenda[0]
    agreed = Stated(stance=Stance.AGREEMENT, organisation_id=province.id)
    positions.record(item, lead, [agreed, Stated(stance=Stance.ABSTENTION, name="Comitato")], seen=meeting.version)
    assert refused(lambda: positions.record(item, lead, [agreed, agreed], seen=meeting.version)) == "positions"
    assert refused(lambda: positions.record(
        item, lead, [Stated(stance=Stance.CONDITIONAL, name="Comitato")], seen=meeting.version)) == "positions"
    positions.record(item, lead, [Stated(stance=Stance.CONDITIONAL, name="Comitato", note="Se costa poco.")],
                     seen=meeting.version)
    assert [(one.called, one.stance, one.note) for one in item.positions] == [
        ("Comitato", Stance.CONDITIONAL, "Se costa poco.")]
    assert positions.counted(item.positions) == {Stance.CONDITIONAL: 1}


@pytest.mark.parametrize("wrong", [
    {"name": "Comitato", "stance": Stance.CONDITIONAL}, {"stance": Stance.AGREEMENT},
    {"name": "Già qui", "stance": Stance.AGREEMENT}])
def test_the_database_keeps_the_rules_of_positions_too(make, wrong):
    item = make.meeting("past").agenda[0]
    item.positions = [Position(name="Già qui", stance=Stance.DISAGREEMENT)]
    db.session.flush()
    with pytest.raises(IntegrityError):
        db.session.execute(sa.insert(Position.__table__).values(agenda_item_id=item.id, note=" ", **wrong))
    db.session.rollback()


def test_those_at_the_table_and_followers_hear_once_of_a_convocation_and_of_its_cancellation(make, lead):
    member, speaker, follower, other = (make.person() for _each in range(4))
    body = make.body(member, make.organisation(speaker))
    notices.follow(make.process(), follower)
    notices.follow(make.process(), member)
    meeting = prepared(make, lead, body_id=body.id)
    services.convene(meeting, lead, seen=meeting.version)
    announce_passages()  # that one can write from now on is no second news
    assert {person.id for person in (member, speaker)} == set(db.session.scalars(
        sa.select(Follow.person_id).where(Follow.activity_id == meeting.id)))
    with clock.at(clock.now() + timedelta(minutes=1)):
        services.cancel(meeting, lead, seen=meeting.version, reason="Neve.")
    told = [HappeningKind.CANCELLED, HappeningKind.CONVENED]
    assert [[one.kind for one in happenings(person).items] for person in (member, speaker, follower, other)] == [
        told, told, told, []]


def test_what_took_place_or_was_cancelled_is_over_in_lists_though_one_can_still_write(make, lead):
    coming, held, cancelled = make.meeting(), make.meeting("past"), make.meeting()
    services.cancel(cancelled, lead, seen=cancelled.version, reason="Neve.")
    assert held.takes()
    found = processes.activities(make.process())
    assert ([one.id for one in found[Standing.OPEN]], {one.id for one in found[Standing.CLOSED]}) == (
        [coming.id], {held.id, cancelled.id})


def test_a_meeting_answers_with_who_came_and_who_said_what(make, lead):
    meeting = make.meeting("past", "Orari", "Biglietti")
    services.count(meeting, lead, [make.organisation()], seen=meeting.version, attended=30, online=4)
    positions.record(meeting.agenda[1], lead, [
        Stated(stance=Stance.AGREEMENT, name="Comitato"), Stated(stance=Stance.DISAGREEMENT, name="Gestore")],
        seen=meeting.version)
    make.comment(meeting.thread)
    sheet = charts.count(meeting)
    assert [figure.value for figure in sheet.figures] == [30, 4, 1, 1]
    assert [(str(row.label), row.values) for row in sheet.tables[0].rows] == [("Biglietti", (1, 0, 1, 0))]
    assert "34 persone" in sheet.conclusion.in_language("it")


def test_a_meeting_stays_when_the_body_that_met_is_removed(make, lead):
    body = make.body(make.organisation())
    meeting = make.meeting("past", body=body)
    governance.remove(body, lead)
    db.session.expire_all()
    assert (meeting.body_id, meeting.published) == (None, True)


def test_of_a_meeting_the_minutes_tell_what_came_of_it_when_its_phase_is_to_close(make):
    over = {"closes_at": clock.now() - DAY, "begins_at": clock.now() - 20 * DAY}
    told, untold = make.meeting("past", **over), make.meeting("past", **over)
    make.meeting("past", cancelled_at=clock.now(), cancelled_reason="Neve.", **over)
    make.minutes(MinutesState.APPROVED, meeting=told)
    make.minutes(MinutesState.CIRCULATED, meeting=untold)
    assert [one.id for one in restitution.missing(make.phase()).activities] == [untold.id]


def test_that_one_can_no_longer_write_is_no_news_of_results(make):
    follower = make.person()
    meeting = make.meeting("past", closes_at=clock.now() - DAY)
    notices.follow(meeting, follower)
    announce_passages()
    assert results.sheet_of(meeting.id) is not None
    assert happenings(follower).items == []


def test_results_of_meetings_stand_in_no_list_of_results(make, browser):
    over = {"closes_at": clock.now() - DAY}
    meeting = make.meeting("past", begins_at=clock.now() - 20 * DAY, **over)
    call = make.call("closed", **over)
    announce_passages()
    assert [sheet.activity for sheet in results.latest_frozen(make.process(), 9)] == [call]
    page = browser().get("/percorsi/prova/fasi/2").text
    listed = page.partition('aria-labelledby="results"')[2].partition("</section>")[0]
    assert f'"/risultati/{call.id}"' in listed
    assert f'"/risultati/{meeting.id}"' not in listed
