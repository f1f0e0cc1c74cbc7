"""What came out of an activity is counted from its rows when it closes, and never changes afterwards."""

import hashlib
import logging

import pytest
import sqlalchemy as sa

from consult.audit.models import AuditEntry
from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core import charts, clock
from consult.core.charts import Sheet
from consult.core.db import db
from consult.core.jobs import queue
from consult.ledger import sequencing, voiding
from consult.processes import services as processes
from consult.processes.models import Channel, ResultsVisible
from consult.results import queries, services
from consult.results.models import FrozenError, ResultSheet, Verdict
from consult.voting import services as voting
from consult.voting.models import SupportTally
from tests.browser import text_of
from tests.factories import DAY


def cells(sheet, code):
    table = next(table for table in sheet.tables if table.code == code)
    return {row.label.in_language("en"): row.values for row in table.rows}


def figures(sheet):
    return {figure.label["en"]: figure.value for figure in sheet.figures}


def frozen(activity):
    with clock.at(activity.closes_at):
        return services.freeze(activity)


def test_an_activity_that_closes_is_frozen_in_the_same_transaction(make):
    ballot = make.ballot()
    voting.cast(ballot, make.person(), {"B01": 1})
    with clock.at(ballot.closes_at):
        processes.announce_passages()
    sheet = queries.sheet_of(ballot.id)
    assert Sheet.from_json(sheet.content).conclusion
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "ResultsFrozen")).all()
    assert [entry.facts for entry in entries] == [{"activity_id": ballot.id, "sha256": sheet.sha256}]


def test_the_schedule_freezes_what_has_closed(bare_app, make):
    call = make.call("closed")
    db.session.commit()
    queue(bare_app).run_schedule()
    db.session.expire_all()
    assert queries.sheet_of(call.id) is not None


def test_nothing_is_frozen_before_it_is_over(make):
    call = make.call()
    with pytest.raises(FrozenError):
        services.freeze(call)
    assert queries.sheet_of(call.id) is None


def test_results_are_frozen_once(make):
    call = make.call("closed")
    services.freeze(call)
    with pytest.raises(FrozenError):
        services.freeze(call)


def test_frozen_results_refuse_every_change(make):
    sheet = services.freeze(make.call("closed"))
    sheet.content = "{}"
    with pytest.raises(FrozenError):
        db.session.flush()
    db.session.rollback()


def test_frozen_results_cannot_be_deleted(make):
    sheet = services.freeze(make.call("closed"))
    db.session.delete(sheet)
    with pytest.raises(FrozenError):
        db.session.flush()


def test_the_fingerprint_is_that_of_the_text(make):
    sheet = services.freeze(make.call("closed"))
    assert hashlib.sha256(sheet.content.encode()).hexdigest() == sheet.sha256
    assert Sheet.from_json(sheet.content).as_json() == sheet.content


def test_counters_that_were_tampered_with_change_nothing_but_the_log(make, caplog):
    proposal, ballot = make.proposal(), make.ballot()
    voting.support(proposal, make.person())
    voting.cast(ballot, make.person(), {"B01": 1})
    make.comment(proposal.thread)
    proposal.support_count, proposal.comment_count, proposal.thread.comment_count = 900, 800, 700
    ballot.paper_count = 600
    db.session.execute(sa.text("UPDATE participation_count SET count = 500"))
    db.session.flush()
    with caplog.at_level(logging.WARNING, "consult.results"):
        call_sheet = Sheet.from_json(frozen(proposal.activity).content)
        ballot_sheet = Sheet.from_json(frozen(ballot).content)
    assert figures(call_sheet) == {"Proposals": 1, "Supports": 1, "Comments": 1, "People who proposed": 1,
                                   "Organisations that proposed": 0}
    assert cells(call_sheet, "supported") == {proposal.code: (1, 1)}
    assert figures(ballot_sheet)["Ballot papers"] == 1
    said = "\n".join(record.getMessage() for record in caplog.records)
    for counter in ("support_count", "comment_count", "paper_count"):
        assert f"{counter} differs from the rows in 1 places" in said


def test_counters_that_are_right_are_not_mentioned(make):
    proposal, ballot = make.proposal(), make.ballot()
    voting.support(proposal, make.person())
    voting.cast(ballot, make.person(), {"B01": 1})
    make.comment(proposal.thread)
    make.comment(proposal.thread, state=State.HIDDEN)
    assert queries.drift(proposal.activity) == queries.drift(ballot) == []


def test_a_call_is_counted_by_axis_municipality_and_voice(make):
    alta, bassa, axis = make.municipality("Alta"), make.municipality("Bassa"), make.axis()
    call = make.call()
    person = make.person(municipality=alta)
    first = make.proposal(call=call, author=person, axis=axis)
    speaker = make.person(municipality=bassa)
    second = make.proposal(call=call, author=speaker, organisation=make.organisation(speaker), channel=Channel.PAPER)
    hidden = make.proposal(call=call, author=person, axis=axis)
    make.proposal(call=call, state=State.PENDING)
    make.proposal(call=call, state=State.DRAFT)
    for _ in range(7):
        voting.support(first, make.person(municipality=alta))
    voting.support(hidden, make.person(municipality=alta))
    db.session.add(SupportTally(contribution_id=second.id, channel=Channel.PAPER, municipality_id=bassa.id, count=9))
    make.comment(first.thread, author=make.person(municipality=bassa))
    make.comment(first.thread, state=State.HIDDEN)
    make.comment(hidden.thread)
    make.outcome(first, Verdict.PARTLY)
    contributions.change_state(hidden, State.HIDDEN, None)
    sheet = Sheet.from_json(frozen(call).content)
    assert figures(sheet) == {"Proposals": 2, "Supports": 16, "Comments": 1, "People who proposed": 2,
                              "Organisations that proposed": 1}
    assert cells(sheet, "axes") == {str(axis.title): (1, 7, 1), "Without an axis": (1, 9, 0)}
    assert cells(sheet, "supported") == {second.code: (9, 0), first.code: (7, 1)}
    assert cells(sheet, "municipalities")["Alta"] == (1, 0, None)
    assert cells(sheet, "municipalities")["Bassa"] == (1, 1, 9)
    assert cells(sheet, "voices") == {"Citizens": (1,), "Organisations": (1,)}
    assert cells(sheet, "states") == {"Public": (2,), "Waiting for a moderator": (1,), "Hidden by a moderator": (1,)}
    assert cells(sheet, "outcomes")["Accepted in part"] == (1,)
    assert cells(sheet, "outcomes")["No outcome yet"] == (1,)
    assert sheet.channels == {"online": 1, "paper": 1}
    assert second.code in sheet.conclusion["it"]


def test_no_words_of_a_participant_are_frozen(make):
    proposal = make.proposal(title="Titolo riconoscibile")
    voting.support(proposal, make.person())
    make.comment(proposal.thread, body="Commento riconoscibile")
    content = frozen(proposal.activity).content
    assert "riconoscibile" not in content
    assert proposal.author.display_name not in content


def test_an_empty_call_says_so(make):
    sheet = Sheet.from_json(services.freeze(make.call("closed")).content)
    assert sheet.conclusion["en"] == "No proposal was published."
    assert sheet.tables == ()


def test_a_consultation_is_counted_by_paragraph(make):
    make.section("Primo paragrafo.\n\nSecondo paragrafo.")
    consultation = make.consultation()
    threads = db.session.scalars(sa.select(contributions.Thread).where(
        contributions.Thread.activity_id == consultation.id).order_by(contributions.Thread.id)).all()
    make.comment(threads[0], stance=None)
    make.comment(threads[0])
    make.comment(threads[1])
    make.comment(threads[1], state=State.HIDDEN)
    sheet = Sheet.from_json(frozen(consultation).content)
    assert figures(sheet) == {"Comments": 3, "People who commented": 3, "Organisations that commented": 0,
                              "Paragraphs that were commented": 2}
    assert [values[0] for values in cells(sheet, "paragraphs").values()] == [2, 1]
    assert cells(sheet, "states") == {"Public": (3,), "Hidden by a moderator": (1,)}


def test_counting_a_call_costs_the_same_with_ten_times_the_proposals(make, queries):
    counts = []
    for size in (3, 30):
        call = make.call()
        for _ in range(size):
            make.comment(make.proposal(call=call).thread)
        db.session.flush()
        charts.count(call)
        with queries() as seen:
            charts.count(call)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_a_check_says_whether_anything_was_changed(make):
    proposal = make.proposal()
    sheet = frozen(proposal.activity)
    checked = services.verify(sheet)
    assert (checked.sound, checked.recounted, checked.differing) == (True, True, ())
    contributions.change_state(proposal, State.HIDDEN, None)
    assert services.verify(sheet).differing
    db.session.execute(sa.update(ResultSheet).values(content=sheet.content.replace('"value":1', '"value":2')))
    db.session.refresh(sheet)
    assert not services.verify(sheet).sound


def test_a_paper_void_after_the_closing_has_other_results_stand_and_the_earlier_stay_readable(make, browser):
    town = make.town()
    ballot = make.ballot(results_visible=ResultsVisible.AFTER_CLOSE)
    voters = [make.person(municipality=town) for _ in range(7)]
    tags = [voting.cast(ballot, one, {"B01" if at < 6 else "B02": 1}).tag for at, one in enumerate(voters)]
    clock.shift(6 * DAY)
    processes.announce_passages()
    before = queries.sheet_of(ballot.id).sha256
    db.session.commit()
    sequencing.move_what_waits()
    voiding.void_tag(ballot.id, tags[-1], "doppia-identita", make.person())
    stands, (earlier,) = queries.sheet_of(ballot.id), queries.replaced(ballot.id)
    assert (earlier.sha256, earlier.edition, services.fingerprint(earlier.content)) == (before, 1, before)
    assert (services.verify(stands).sound, services.verify(stands).differing) == (True, ())
    told = Sheet.from_json(stands.content)
    assert figures(told)["Ballot papers"] == 6
    assert "turnout" not in [table.code for table in told.tables]  # the difference would be one person of a place
    voiding.void_tag(ballot.id, tags[0], "doppia-identita", make.person())
    page = text_of(browser().get(f"/risultati/{ballot.id}"))
    assert "una scheda è stata annullata. La stessa persona" in page
    assert before in page
    shown = browser().get(f"/risultati/{ballot.id}/versioni/1")
    assert "Questa versione non vale più" in text_of(shown)
    data = browser().get(f"/risultati/{ballot.id}/versioni/1.json").get_data()
    assert hashlib.sha256(data).hexdigest() == before
    assert browser().get(f"/risultati/{ballot.id}/versioni/3").status_code == 404
    noted = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "ResultsReplaced"))
    assert before in [entry.facts["before"] for entry in noted]
    db.session.delete(queries.replaced(ballot.id)[0])
    with pytest.raises(FrozenError):
        db.session.flush()
