"""Short codes lead to the page of a contribution; readers report what should not stand."""

import pytest
import sqlalchemy as sa

from consult.audit.models import AuditEntry
from consult.contributions.models import Flag, FlagReason, State
from consult.core.db import db
from tests import recount
from tests.browser import text_of
from tests.payloads import MALFORMED


def test_a_code_leads_to_the_proposal(browser, make):
    proposal = make.proposal()
    for code in (proposal.code, proposal.code.lower()):
        response = browser().get(f"/c/{code}")
        assert (response.status_code, response.location) == (303, proposal.thread.path)


def test_a_code_leads_to_the_comment_within_its_page(browser, make):
    comment = make.comment(make.proposal().thread)
    assert browser().get(f"/c/{comment.code}").location == f"{comment.thread.path}#c-{comment.code}"


def test_a_comment_says_nothing_of_the_hidden_text_that_it_is_on(browser, make):
    """Its short address and its report form would name the page of the text, and with it the title."""
    proposal = make.proposal(slug="parole-che-nessuno-legge")
    comment = make.comment(proposal.thread)
    reader = browser(make.person())
    proposal.state = State.HIDDEN
    db.session.flush()
    for path in (f"/c/{comment.code}", f"/contributi/{comment.id}/segnala"):
        answer = reader.get(path)
        assert answer.status_code == 404, path
        assert "parole-che-nessuno-legge" not in answer.get_data(as_text=True) + str(answer.headers)


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_the_code_of_what_is_not_public_is_unknown(browser, make, state):
    author = make.person()
    proposal = make.proposal(state=state, author=author)
    assert browser().get(f"/c/{proposal.code}").status_code == 404
    assert browser(make.person()).get(f"/c/{proposal.code}").status_code == 404
    assert browser(author).get(f"/c/{proposal.code}").status_code == 303


@pytest.mark.parametrize("code", ["PRV-P-9999", "x", "%00", "a" * 3000, "é", "..%2f..", "'--"])
def test_a_code_that_nobody_has_is_unknown(browser, make, code):
    make.process()
    assert browser().get(f"/c/{code}").status_code == 404


def flags():
    return db.session.scalars(sa.select(Flag).order_by(Flag.id)).all()


def test_a_reader_reports_a_comment(browser, make):
    comment, reader = make.comment(make.proposal().thread), make.person()
    page = browser(reader)
    response = page.submit(f"/contributi/{comment.id}/segnala", {"reason": "offence", "note": "Guardate la fine."})
    flag = flags()[0]
    assert (response.status_code, response.location) == (303, f"/segnalazioni/{flag.id}")
    assert "Grazie" in text_of(page.get(response.location))
    assert (flag.contribution_id, flag.person_id, flag.reason) == (comment.id, reader.id, FlagReason.OFFENCE)
    assert flag.note == "Guardate la fine."
    assert comment.flag_count == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "ContributionFlagged")) == 1
    assert recount.drift() == []


def test_a_second_report_by_the_same_reader_changes_nothing(browser, make):
    proposal = make.proposal()
    page = browser(make.person())
    for reason in ("spam", "off_topic"):
        assert page.post(f"/contributi/{proposal.id}/segnala", {"reason": reason}).status_code == 303
    assert [flag.reason for flag in flags()] == [FlagReason.SPAM]
    assert proposal.flag_count == 1


def test_a_visitor_who_would_report_signs_in_and_comes_back(browser, make):
    proposal = make.proposal()
    response = browser().get(f"/contributi/{proposal.id}/segnala")
    assert response.status_code == 303
    assert response.location == f"/accedi?next=/contributi/{proposal.id}/segnala"


def test_nobody_reports_what_they_wrote(browser, make):
    author = make.person()
    proposal = make.proposal(author=author)
    assert browser(author).get(f"/contributi/{proposal.id}/segnala").status_code == 403


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_what_cannot_be_read_cannot_be_reported(browser, make, state):
    proposal = make.proposal(state=state)
    assert browser(make.person()).post(f"/contributi/{proposal.id}/segnala", {"reason": "spam"}).status_code == 404
    assert flags() == []


def test_a_report_needs_its_reason_and_keeps_what_was_typed(browser, make):
    proposal = make.proposal()
    response = browser(make.person()).post(f"/contributi/{proposal.id}/segnala", {"note": "Non va bene"})
    assert "Non va bene" in response.get_data(as_text=True)
    assert flags() == []


@pytest.mark.parametrize("value", MALFORMED)
def test_whatever_is_sent_is_refused_or_kept_and_never_breaks(browser, make, value):
    proposal = make.proposal()
    page = browser(make.person())
    assert page.post(f"/contributi/{proposal.id}/segnala", {"reason": value, "note": value}).status_code == 200
    assert page.post(f"/contributi/{proposal.id}/segnala", {"reason": "spam", "note": value}).status_code in {200, 303}
