"""What the authority answers stands above the discussion, is public at once, and those concerned hear of it."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.comments import mails, services
from consult.comments.models import Comment
from consult.contributions.models import State
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.notices import queries as hearing
from consult.notices import services as notices
from consult.notices.models import HappeningKind
from consult.processes.models import ModerationMode
from tests import recount
from tests.browser import text_of

REPLY = "L'Unione ha chiesto un preventivo e risponderà entro marzo."


def test_the_office_replies_and_the_reply_stands_above(browser, make):
    proposal = make.proposal(call=make.call(moderation=ModerationMode.BEFORE))
    office = make.person(Role.PLAN_OFFICE, title="Responsabile dell'ufficio di piano")
    done = browser(office).submit(f"/discussioni/{proposal.thread_id}/riscontro", {"body": REPLY})
    assert done.status_code == 303
    reply = db.session.scalars(sa.select(Comment)).one()
    assert (reply.official, reply.state) == (True, State.PUBLISHED)
    html = browser().get(proposal.thread.path).get_data(as_text=True)
    assert html.index('id="riscontri"') < html.index('id="commenta"')
    assert "Responsabile" in html
    assert recount.drift() == []


def test_a_closed_discussion_can_still_be_answered_by_the_authority(browser, make):
    proposal = make.proposal(call=make.call("closed"))
    proposal.thread.locked = True
    answer = browser(make.person(Role.STEERING)).submit(f"/discussioni/{proposal.thread_id}/riscontro", {"body": REPLY})
    assert answer.status_code == 303


@pytest.mark.parametrize(("role", "status"), [(None, 403), (Role.MODERATOR, 403), (Role.STEERING, 200)])
def test_who_may_reply_for_the_authority(browser, make, role, status):
    person = make.person(role) if role else make.person()
    assert browser(person).get(f"/discussioni/{make.proposal().thread_id}/riscontro").status_code == status


def test_the_author_is_written_to_once_and_followers_hear_at_their_pace(make):
    proposal = make.proposal(author=make.person(language="fr"))
    reader, office = make.person(), make.person(Role.PLAN_OFFICE)
    notices.follow(proposal, reader)
    reply = services.post(proposal.thread, office, body=REPLY, official=True)
    mails.tell_of_reply(reply.id)
    mails.tell_of_reply(reply.id)
    [mail] = db.session.scalars(sa.select(OutboxMessage)).all()
    assert (mail.recipient, mail.language) == (proposal.author.email, "fr")
    assert REPLY in mail.text
    [heard] = hearing.happenings(reader).items
    assert (heard.kind, heard.subject) == (HappeningKind.ANSWERED, reply)


def test_a_reply_that_was_hidden_stands_nowhere(browser, make):
    proposal = make.proposal()
    reply = services.post(proposal.thread, make.person(Role.PLAN_OFFICE), body=REPLY, official=True)
    reply.state = State.HIDDEN
    db.session.flush()
    assert REPLY not in text_of(browser().get(proposal.thread.path))
