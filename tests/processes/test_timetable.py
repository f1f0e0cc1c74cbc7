"""Activities open and close by the clock; the office moves the times only where nothing is broken by it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import clock, events, jobs
from consult.core.db import StaleVersionError, db
from consult.processes import services
from consult.processes.models import Standing

DAY = timedelta(days=1)


def recorded(name):
    return db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == name)).all()


@pytest.mark.parametrize(("moment", "standing"), [
    ("before it opens", Standing.COMING), ("as it opens", Standing.OPEN), ("just before it closes", Standing.OPEN),
    ("as it closes", Standing.CLOSED)])
def test_an_activity_opens_and_closes_to_the_instant(make, moment, standing):
    call = make.call()
    instants = {"before it opens": call.opens_at - timedelta(microseconds=1), "as it opens": call.opens_at,
                "just before it closes": call.closes_at - timedelta(microseconds=1), "as it closes": call.closes_at}
    assert call.takes(instants[moment]).standing is standing


def test_permission_does_not_wait_for_the_schedule(make):
    call = make.call("coming")
    with clock.at(call.opens_at + DAY):
        assert call.takes()
        assert call.opened_event_at is None


def test_the_schedule_announces_each_passage_once(bare_app, make):
    call = make.call("coming")
    with clock.at(call.opens_at + timedelta(minutes=1)):
        assert services.announce_passages() == 1
        assert services.announce_passages() == 0
    with clock.at(call.closes_at + timedelta(minutes=1)):
        assert services.announce_passages() == 1
    assert [len(recorded("ActivityOpened")), len(recorded("ActivityClosed"))] == [1, 1]


def test_the_schedule_knows_that_it_announces_passages(bare_app, make):
    make.call()
    db.session.commit()
    jobs.queue(bare_app).run_schedule()
    assert len(recorded("ActivityOpened")) == 1


def test_one_activity_that_fails_does_not_keep_the_others_from_closing(make, monkeypatch):
    failing, sound = make.call("closed"), make.call("closed")

    def refuse(event):
        if event.activity_id == failing.id:
            raise RuntimeError("no")

    monkeypatch.setitem(events._reactions, services.ActivityClosed, [refuse])
    services.announce_passages()
    assert (failing.closed_event_at, sound.closed_event_at is not None) == (None, True)


@pytest.mark.parametrize(("when", "opens", "closes", "field"), [
    ("open", 0, 10, None),
    ("open", 1, 0, "opens_at"),
    ("open", 0, -5.5, "closes_at"),
    ("open", 0, -50, "closes_at"),
    ("open", 0, 400, "closes_at"),
    ("coming", 1, 0, None),
    ("coming", -100, 0, "opens_at"),
    ("coming", 20, 0, "closes_at"),
    ("closed", 0, 5, "closes_at"),
])
def test_which_times_can_move(make, when, opens, closes, field):
    call, actor = make.call(when), make.person(Role.PLAN_OFFICE)
    wanted = {"opens_at": call.opens_at + opens * DAY, "closes_at": call.closes_at + closes * DAY}
    before = (call.opens_at, call.closes_at)
    if field is None:
        services.change_activity(call, actor, seen=1, **wanted)
        assert (call.opens_at, call.closes_at) == tuple(wanted.values())
    else:
        with pytest.raises(services.TimetableError) as refusal:
            services.change_activity(call, actor, seen=1, **wanted)
        assert refusal.value.field == field
        assert (call.opens_at, call.closes_at) == before


def test_a_change_is_recorded_with_what_changed(make):
    call, actor = make.call(), make.person(Role.PLAN_OFFICE)
    services.change_activity(call, actor, seen=1, published=False, notice="")
    assert recorded("ActivityChanged")[0].facts == {"activity_id": call.id, "changed": ["published"]}
    assert call.version == 2


def test_an_equal_activity_is_no_change(make):
    call = make.call()
    services.change_activity(call, make.person(Role.PLAN_OFFICE), seen=1, published=True)
    assert call.version == 1
    assert recorded("ActivityChanged") == []


def test_a_stale_change_is_refused(make):
    call, actor = make.call(), make.person(Role.PLAN_OFFICE)
    services.change_activity(call, actor, seen=1, published=False)
    with pytest.raises(StaleVersionError):
        services.change_activity(call, actor, seen=1, published=True)
    assert call.published is False


def test_an_extension_tells_everyone(make):
    call, actor = make.call(), make.person(Role.PLAN_OFFICE)
    later = call.closes_at + 3 * DAY
    services.extend(call, actor, seen=1, closes_at=later, notice="Prorogata per la neve.")
    assert (call.closes_at, call.notice) == (later, "Prorogata per la neve.")
    assert recorded("ActivityExtended")[0].facts["after"] == later.isoformat()


def test_an_extension_never_shortens(make):
    call = make.call()
    with pytest.raises(services.TimetableError):
        services.extend(call, make.person(), seen=1, closes_at=call.closes_at - DAY, notice="Prima.")


def test_suspending_stops_and_resuming_starts_again(make):
    call, actor = make.call(), make.person(Role.PLAN_OFFICE)
    services.suspend(call, actor, seen=1, reason="verifica in corso")
    assert call.takes().standing is Standing.PAUSED
    services.resume(call, actor)
    services.resume(call, actor)
    assert call.takes()
    assert len(recorded("ActivitySuspended")) == len(recorded("ActivityResumed")) == 1


@pytest.mark.parametrize(("position", "start", "end", "field"), [
    (2, 0, 5, None), (2, -50, 0, "starts_at"), (2, 0, 30, "ends_at"), (2, 0, -200, "ends_at"), (2, 58, 0, "starts_at"),
    (2, 0, -88, "ends_at")])
def test_which_times_of_a_phase_can_move(make, position, start, end, field):
    make.call()
    phase = make.phase(position)
    wanted = {"starts_at": phase.starts_at + start * DAY, "ends_at": phase.ends_at + end * DAY}
    if field is None:
        services.change_phase(phase, make.person(), seen=1, **wanted)
        assert phase.ends_at == wanted["ends_at"]
        assert recorded("PhaseChanged")[0].facts == {"phase_id": phase.id, "changed": ["ends_at"]}
    else:
        with pytest.raises(services.TimetableError) as refusal:
            services.change_phase(phase, make.person(), seen=1, **wanted)
        assert refusal.value.field == field
