"""Files are kept, given to a text, taken back, and counted; nothing stays on the disk for nobody."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.attachments import queries, services
from consult.attachments.models import Attachment
from consult.attachments.services import TooManyError
from consult.audit.models import AuditEntry
from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core import clock, files, jobs
from consult.core.db import db
from consult.privacy import erasure, exports, retention
from consult.processes.models import ModerationMode
from consult.proposals import services as proposals
from tests import recount
from tests.enclosures import pdf


def work(app):
    """Keep what was done, and do what waits for that."""
    db.session.commit()
    jobs.release()
    jobs.queue(app).run_waiting()
    db.session.expire_all()


def events():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


def test_attachments_are_counted_with_their_text(make, attached):
    proposal = make.proposal()
    first, second = attached(proposal), attached(proposal, pdf(), "piano.pdf")
    assert proposal.attachment_count == 2
    assert queries.of_contribution(proposal) == [first, second]
    services.take_back(first, proposal.author)
    assert proposal.attachment_count == 1
    assert recount.drift() == []


def test_no_more_than_allowed_are_added_and_then_none(make, attached, received):
    proposal = make.proposal()
    attached(proposal)
    more = [received(proposal.author), received(proposal.author)]
    with pytest.raises(TooManyError):
        services.add(proposal, more, proposal.author, most=2)
    assert proposal.attachment_count == 1
    services.add(proposal, more, proposal.author, most=3)
    assert proposal.attachment_count == 3


def test_adding_what_is_there_already_changes_nothing(make, attached):
    proposal = make.proposal()
    one = attached(proposal)
    before = events()
    services.add(proposal, [one], proposal.author, most=5)
    assert (proposal.attachment_count, events()) == (1, before)


def test_a_new_picture_of_a_public_text_waits_by_itself_where_moderators_read_first(make, attached):
    proposal = make.proposal(call=make.call(moderation=ModerationMode.BEFORE))
    one = attached(proposal)
    assert (proposal.state, one.moderated) == (State.PUBLISHED, State.PENDING)


def test_what_was_hidden_is_looked_at_again_once_it_is_described_otherwise(make, attached):
    one = attached(make.proposal())
    services.stand(one, State.HIDDEN, actor=make.person())
    services.describe(one, one.contribution, one.owner, "La piazza vista dal ponte")
    assert (one.moderated, one.contribution.state) == (State.PENDING, State.PUBLISHED)


def test_each_act_leaves_a_line_in_the_register(make, attached):
    proposal = make.proposal()
    services.take_back(attached(proposal), proposal.author)
    assert events()[-4:] == ["AttachmentReceived", "AttachmentAdded", "AttachmentDescribed", "AttachmentTakenBack"]


def test_what_is_taken_back_goes_from_the_disk_once_that_is_kept(app, make, attached, on_disk):
    proposal = make.proposal()
    one = attached(proposal)
    work(app)
    services.take_back(one, proposal.author)
    db.session.rollback()
    jobs.queue(app).run_waiting()
    assert on_disk() == 2
    services.take_back(db.session.get(Attachment, one.id), proposal.author)
    work(app)
    assert on_disk() == 0


def test_a_withdrawn_text_keeps_no_files(app, make, attached, on_disk):
    proposal = make.proposal()
    attached(proposal)
    attached(proposal, pdf())
    contributions.change_state(proposal, State.WITHDRAWN, proposal.author)
    work(app)
    assert (on_disk(), proposal.attachment_count) == (0, 0)
    assert recount.drift() == []


def test_a_hidden_text_keeps_its_files_for_the_day_on_which_it_is_shown_again(app, make, attached, on_disk):
    proposal = make.proposal()
    attached(proposal)
    contributions.change_state(proposal, State.HIDDEN, make.person())
    work(app)
    assert (on_disk(), proposal.attachment_count) == (2, 1)


def test_a_deleted_draft_takes_its_files_along(app, make, attached, on_disk):
    draft = make.proposal(state=State.DRAFT)
    attached(draft)
    proposals.withdraw(draft, draft.author)
    work(app)
    assert on_disk() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0


def test_files_never_sent_in_go_after_a_day_and_others_stay(app, make, attached, received, on_disk):
    proposal = make.proposal()
    attached(proposal)
    received(make.person())
    db.session.commit()
    assert services.forget(before=clock.now() - timedelta(hours=1), most=10) == 0
    assert services.forget(before=clock.now() + timedelta(minutes=1), most=10) == 1
    work(app)
    assert on_disk() == 2


def test_files_without_a_row_go_with_the_sweep_and_no_more_at_once_than_asked(make, attached, received, on_disk):
    attached(make.proposal())
    for _ in range(3):
        received(make.person())
    db.session.execute(sa.delete(Attachment).where(Attachment.contribution_id.is_(None)))
    soon = clock.now() + timedelta(minutes=1)
    assert [services.forget(before=soon, most=2), services.forget(before=soon, most=2),
            services.forget(before=soon, most=2)] == [2, 1, 0]
    assert on_disk() == 2


def test_the_rules_of_keeping_sweep_once_a_day(make, received, on_disk):
    received(make.person())
    db.session.commit()
    with clock.at(clock.now() + timedelta(days=2)):
        db.session.execute(sa.delete(Attachment))
        db.session.commit()
        retention.run(clock.today())
    assert on_disk() == 0


def test_whoever_leaves_with_their_texts_leaves_no_file(app, make, attached, received, on_disk):
    person = make.person()
    attached(make.proposal(author=person))
    attached(make.proposal(author=person, state=State.DRAFT))
    received(person)
    erasure.erase(person, withdraw=True, actor=person)
    work(app)
    assert on_disk() == 0
    assert recount.drift() == []


def test_whoever_leaves_their_texts_leaves_files_that_do_not_name_them(app, make, attached, received, on_disk):
    person = make.person()
    one = attached(make.proposal(author=person), name="Rosa Bianchi.jpg")
    received(person)
    erasure.erase(person, withdraw=False, actor=person)
    work(app)
    kept = db.session.get(Attachment, one.id)
    assert (kept.name, kept.contribution.attachment_count, on_disk()) == (f"allegato-{one.id}.jpg", 1, 2)


def test_the_copy_of_ones_data_tells_each_file(make, attached):
    person = make.person()
    one = attached(make.proposal(author=person), pdf(), "piano.pdf", "Il piano")
    attached(make.proposal())
    copy = exports.packed(person)
    assert copy
    rows = [exports.plain(row) for holding in exports.holdings() if holding.code == "attachments"
            for row in holding.rows(person)]
    assert [(row["name"], row["description"], row["address"]) for row in rows] == [
        ("piano.pdf", "Il piano", f"/allegati/{one.token}")]


def test_names_given_by_a_form_lead_only_to_ones_own_loose_files(make, attached, received):
    me, other = make.person(), make.person()
    mine, theirs, elsewhere = received(me), received(other), attached(make.proposal(author=me))
    here = attached(proposal := make.proposal(author=me))
    named = [one.token for one in (mine, theirs, elsewhere, here)] + ["x" * 32, "../../x"]
    assert queries.in_form(me, named, None) == [mine]
    assert queries.in_form(me, named, proposal) == [mine, here]


def test_many_texts_cost_one_query(make, attached, queries_of_files):
    texts = [make.proposal() for _ in range(4)]
    for text in texts[:3]:
        attached(text)
    assert queries_of_files(texts) == (3, 1)
    assert queries_of_files(texts[3:]) == (0, 0)


@pytest.fixture
def queries_of_files(queries):
    def count(texts):
        for text in texts:
            db.session.refresh(text)
        with queries() as seen:
            found = _of(texts)
        return len(found), len(seen)

    return count


def _of(texts):
    return queries.of_contributions(texts)


def test_a_second_removal_of_a_file_is_no_error(make, attached):
    one = attached(make.proposal())
    files.remove(one.token)
    services.remove_file(one.token)
