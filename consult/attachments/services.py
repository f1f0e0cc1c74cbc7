"""Keeping files that were sent, giving them to a contribution, taking them back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.attachments import queries
from consult.attachments.models import MOST_WORDS, Attachment
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State
from consult.core import events, files, jobs
from consult.core.db import StaleVersionError, db, rows_touched


class TooManyError(StaleVersionError):
    """A contribution may have no more attachments than this: others were added since the page was opened."""


@dataclass(frozen=True, kw_only=True)
class AttachmentReceived(events.Event):
    attachment_id: int


@dataclass(frozen=True, kw_only=True)
class AttachmentAdded(events.Event):
    attachment_id: int
    contribution_id: int


@dataclass(frozen=True, kw_only=True)
class AttachmentDescribed(events.Event):
    attachment_id: int


@dataclass(frozen=True, kw_only=True)
class AttachmentStands(events.Event):
    """A file by itself is public, hidden or waits from now on."""

    attachment_id: int
    contribution_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class AttachmentTakenBack(events.Event):
    attachment_id: int
    contribution_id: int | None


def receive(owner: Person, kept: files.Kept) -> Attachment:
    """Give a file that was checked its row; it waits a day for the form it came with to be sent in."""
    attachment = Attachment(
        token=kept.token, owner_id=owner.id, name=kept.name, mimetype=kept.mimetype, size=kept.size, width=kept.width,
        height=kept.height, small_width=kept.small_width, small_height=kept.small_height)
    db.session.add(attachment)
    db.session.flush()
    events.record(AttachmentReceived(actor_id=owner.id, attachment_id=attachment.id))
    return attachment


def add(contribution: Contribution, attachments: Sequence[Attachment], actor: Person, *, most: int) -> None:
    """Give files that wait to a contribution.

    Where moderators read before publication, what is added to something public waits by itself; what was hidden is
    read again as a whole. What belongs to it already stays. Raises TooManyError, and changes nothing, where it would
    have more than `most`.
    """
    new = [attachment for attachment in attachments if attachment.contribution_id is None]
    if not new:
        return
    room = sa.update(Contribution).where(
        Contribution.id == contribution.id, Contribution.attachment_count + len(new) <= most)
    if not rows_touched(room.values(attachment_count=Contribution.attachment_count + len(new))
                        .execution_options(synchronize_session=False)):
        raise TooManyError(most)
    db.session.refresh(contribution, ["attachment_count"])
    for attachment in new:
        attachment.contribution_id = contribution.id
        attachment.moderated = State.PENDING if _wait(contribution) else State.PUBLISHED
        events.record(AttachmentAdded(actor_id=actor.id, attachment_id=attachment.id, contribution_id=contribution.id))
    db.session.flush()
    if not _wait(contribution):
        contributions.have_read_again(contribution, actor)


def _wait(contribution: Contribution) -> bool:
    """Whether what is added to a text waits for a moderator though the text stays public."""
    return (contribution.state is State.PUBLISHED
            and contributions.first_state(contribution.activity) is State.PENDING)


def describe(attachment: Attachment, contribution: Contribution, actor: Person, words: str) -> None:
    """Say what a picture of this text shows or a document is about; equal words change nothing.

    Where moderators read before publication they look again, at the file alone; so they do everywhere at one that
    they have hidden.
    """
    words = words[:MOST_WORDS]
    if words == attachment.description:
        return
    say(attachment, attachment.name, words, actor=actor)
    if attachment.moderated is State.HIDDEN or _wait(contribution):
        stand(attachment, State.PENDING, actor=actor)
    else:
        contributions.have_read_again(contribution, actor)


def say(attachment: Attachment, name: str, words: str, *, actor: Person) -> None:
    """Let a file have another name and be described in other words."""
    attachment.name, attachment.description = name, words
    attachment.version += 1
    db.session.flush()
    events.record(AttachmentDescribed(actor_id=actor.id, attachment_id=attachment.id))


def stand(attachment: Attachment, state: State, *, actor: Person | None) -> None:
    """Let a file by itself be public with its text, be hidden or wait; as it stands already nothing changes."""
    before, attachment.moderated = attachment.moderated, state
    db.session.flush()
    if before is not state and attachment.contribution_id is not None:
        events.record(AttachmentStands(
            actor_id=actor.id if actor else None, attachment_id=attachment.id,
            contribution_id=attachment.contribution_id, before=before.value, after=state.value))


def take_back(attachment: Attachment, actor: Person | None) -> None:
    """Remove an attachment; its file goes once this is kept."""
    id, contribution_id = attachment.id, attachment.contribution_id
    if contribution_id is not None:
        db.session.execute(sa.update(Contribution).where(Contribution.id == contribution_id)
                           .values(attachment_count=Contribution.attachment_count - 1)
                           .execution_options(synchronize_session="fetch"))
    jobs.after_commit(remove_file, attachment.token)
    db.session.delete(attachment)
    db.session.flush()
    events.record(AttachmentTakenBack(
        actor_id=actor.id if actor else None, attachment_id=id, contribution_id=contribution_id))


def take_back_all(contribution: Contribution, actor: Person | None) -> None:
    """Remove all that goes with a contribution that nobody will read any more."""
    for attachment in queries.of_contribution(contribution):
        take_back(attachment, actor)


@jobs.task
def remove_file(token: str) -> None:
    """Remove a file whose row is gone."""
    if not files.named([token]):
        files.remove(token)


def forget(*, before: datetime, most: int) -> int:
    """Remove at most so many files of forms never sent in, and files that no row names; answers how many went.

    What a process that died half-way has left is found here.
    """
    loose = queries.forgotten(before=before, most=most)
    leaving = {attachment.token for attachment in loose}  # their files go once this is kept
    for attachment in loose:
        take_back(attachment, None)
    orphans = list(islice((token for token in _orphans(before) if token not in leaving), most - len(loose)))
    for token in orphans:
        files.remove(token)
    return len(loose) + len(orphans)


def _orphans(before: datetime) -> Iterator[str]:
    names = files.tokens(before=before)
    while some := list(islice(names, 500)):
        there = files.named(some)
        yield from (token for token in some if token not in there)
