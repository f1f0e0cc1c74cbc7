"""Each picture and document lies before the moderators by itself; its text stays where it is."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.attachments import queries as attachments
from consult.attachments import services as attaching
from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core.db import db
from consult.core.policy import can
from consult.moderation import matters, queue, services
from consult.moderation.models import Act, Decision, Origin
from consult.processes.models import ModerationMode
from consult.proposals.models import Asking
from tests.browser import text_of
from tests.factories import WHY
from tests.sources.deciding import decide, mails, waiting


@pytest.fixture
def proposal(make):
    return make.proposal(call=make.call(asks_attachments=Asking.OPTIONAL))


def matter_of(one):
    return matters.matter(f"attachment:{one.id}")


def opened(visitor, path):
    return visitor.get(path, buffered=True).status_code


def test_a_hidden_file_is_nowhere_and_its_text_stays(browser, make, proposal, attached, moderator):
    one, other = attached(proposal, words="Una targa"), attached(proposal, words="La piazza")
    decision = decide(matter_of(one), moderator, Act.HIDE, reason="personal_data")
    page = browser().get(f"/proposte/{proposal.id}-proposta").get_data(as_text=True)
    assert (one.token in page, other.token in page, proposal.state) == (False, True, State.PUBLISHED)
    paths = (f"/allegati/{one.token}", f"/allegati/{one.token}/piccola")
    assert [opened(browser(), path) for path in paths] == [404, 404]
    assert [opened(browser(make.person()), path) for path in paths] == [404, 404]
    for keeper in (proposal.author, moderator):
        assert [opened(browser(keeper), path) for path in paths] == [200, 200]
    for path in (f"/raccolte/{proposal.activity_id}", "/cerca?q=targa", f"/segnala/attachment/{one.id}"):
        assert one.token not in browser(make.person()).get(path).get_data(as_text=True)
    assert f"/decisioni/{decision.id}" in mails(proposal.author)[-1]
    statement = browser(proposal.author).get(f"/decisioni/{decision.id}")
    assert one.token in statement.get_data(as_text=True)
    assert "Una targa" in text_of(statement)
    assert WHY in text_of(statement)
    own = browser(proposal.author).get(f"/proposte/{proposal.id}-proposta").get_data(as_text=True)
    assert f"/decisioni/{decision.id}" in own


def test_a_decision_on_a_file_is_undone_and_the_record_holds_nothing_of_the_text(proposal, attached, moderator):
    matter = matter_of(attached(proposal))
    decision = decide(matter, moderator, Act.HIDE)
    assert (decision.kind, decision.contribution_id, decision.activity_id) == (
        "attachment", None, proposal.activity_id)
    services.take_back(decision, matter, moderator)
    assert matter.thing.moderated is State.PUBLISHED
    assert len(mails(proposal.author)) == 0


def test_a_file_added_to_something_public_waits_alone_where_moderators_read_first(browser, make, attached, moderator):
    proposal = make.proposal(call=make.call(asks_attachments=Asking.OPTIONAL, moderation=ModerationMode.BEFORE))
    one = attached(proposal)
    assert proposal.state is State.PUBLISHED
    assert waiting(moderator) == [(f"attachment:{one.id}", Origin.HELD)]
    assert opened(browser(), f"/allegati/{one.token}") == 404
    page = browser(moderator).get(f"/moderazione/attachment/{one.id}")
    assert one.token in page.get_data(as_text=True)
    answer = browser(moderator).submit(f"/moderazione/attachment/{one.id}", {"decision": "approve"})
    assert answer.status_code == 303
    assert opened(browser(), f"/allegati/{one.token}") == 200
    assert waiting(moderator) == []


def test_a_file_of_a_text_that_waits_is_looked_at_with_it(make, attached, moderator):
    proposal = make.proposal(state=State.PENDING)
    attached(proposal)
    assert waiting(moderator) == [(f"contribution:{proposal.id}", Origin.HELD)]
    contributions.change_state(proposal, State.PUBLISHED, moderator)
    assert waiting(moderator) == []


def test_a_file_is_reported_by_itself_and_not_by_whoever_sent_it(browser, make, proposal, attached, moderator):
    one, reader = attached(proposal), make.person()
    path = f"/segnala/attachment/{one.id}"
    assert path in browser(reader).get(f"/proposte/{proposal.id}-proposta").get_data(as_text=True)
    assert path not in browser(proposal.author).get(f"/proposte/{proposal.id}-proposta").get_data(as_text=True)
    assert browser(proposal.author).get(path).status_code == 403
    assert browser(reader).submit(path, {"reason": "spam"}).status_code == 303
    assert waiting(moderator) == [(f"attachment:{one.id}", Origin.FLAGGED)]
    assert proposal.flag_count == 0
    listed = text_of(browser(moderator).get("/moderazione?motivo=spam"))
    assert "foto.jpg" in listed
    decide(matter_of(one), moderator, Act.KEEP, reason=None, note="")
    assert waiting(moderator) == []
    assert "/riesame" in mails(reader)[-1]
    assert reader.email not in str(db.session.scalars(sa.select(Decision.details)).all())


def test_a_file_taken_back_leaves_the_report_without_anything_to_decide(browser, make, proposal, attached, moderator):
    one, reader = attached(proposal), make.person()
    given = browser(reader).submit(f"/segnala/attachment/{one.id}", {"reason": "spam"}).location
    attaching.take_back(one, proposal.author)
    db.session.commit()
    assert waiting(moderator) == []
    assert "ritirato" in text_of(browser(reader).get(given))
    assert browser(reader).get("/profilo/segnalazioni").status_code == 200


def test_nobody_decides_on_a_file_of_their_own(make, attached, moderator):
    judge = make.person(Role.MODERATOR)
    call = make.call(asks_attachments=Asking.OPTIONAL, moderation=ModerationMode.BEFORE)
    one = attached(make.proposal(call=call, author=judge))
    assert not can(judge, "moderation.decide", matter_of(one))
    assert queue.take_next(judge) is None
    assert queue.take_next(moderator).matter.subject == f"attachment:{one.id}"


def test_another_file_or_other_words_are_read_again(make, proposal, attached, moderator):
    one = attached(proposal)
    decide(matter_of(one), moderator, Act.REVISE)
    attaching.describe(one, proposal, proposal.author, "La piazza senza la targa")
    assert waiting(moderator) == [(f"attachment:{one.id}", Origin.HELD)]
    assert [file.id for file in attachments.of_contribution(proposal)] == [one.id]
