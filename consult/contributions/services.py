"""The acts that every kind of contribution shares: numbering, changing state, flagging."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from consult.accounts.models import Organisation, Person
from consult.contributions.models import (
    DISCUSSED,
    CodeCounter,
    Contribution,
    Flag,
    FlagReason,
    Revision,
    State,
    Thread,
)
from consult.core import adding, clock, events
from consult.core.db import StaleVersionError, db, insert, rows_touched, table
from consult.core.statements import made_once, out_of_date
from consult.processes import services as processes
from consult.processes.models import Activity, ModerationMode

LETTERS = {"proposal": "P", "comment": "C", "amendment": "E", "statement": "A", "remark": "O", "topic": "D"}

PASSAGES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PENDING, State.PUBLISHED}),
    State.PENDING: frozenset({State.PUBLISHED, State.HIDDEN, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.HIDDEN, State.WITHDRAWN, State.PENDING}),
    State.HIDDEN: frozenset({State.PUBLISHED, State.PENDING}),
    State.WITHDRAWN: frozenset(),
}


class Screen(Protocol):
    """What looks through a text."""

    def __call__(self, contribution: Contribution, *, edited: bool) -> bool:
        """Whether a person is to read it first."""


class MandateError(StaleVersionError):
    """Nobody may write in the name of an organisation whose mandate they do not hold: it has ended meanwhile."""


class PassageError(StaleVersionError):
    """A state that cannot follow the present one: somebody was faster."""


@dataclass(frozen=True, kw_only=True)
class ContributionStateChanged(events.Event):
    contribution_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ContributionRevised(events.Event):
    """A text that was public has another version: whoever put their name to an earlier one will want to know."""

    contribution_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class ContributionPublished(events.Event):
    """Everybody can read it, for the first time."""

    contribution_id: int


@dataclass(frozen=True, kw_only=True)
class ContributionReworded(events.Event):
    """Somebody other than its author has put other words in place of some of those that it said."""

    contribution_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class ContributionFlagged(events.Event):
    contribution_id: int
    reason: str


def next_code(activity: Activity, kind: str, how_many: int = 1) -> str:
    """A new public code such as ROV-P-0012; of several taken at once, the first."""
    process = activity.phase.process
    last: int = db.session.scalar(_counting(), {"process_id": process.id, "kind": kind, "last": how_many})
    return f"{process.code}-{LETTERS[kind]}-{last - how_many + 1:04}"


@made_once
def _counting() -> Any:
    own = table(CodeCounter)
    row = insert(own)
    return row.on_conflict_do_update(index_elements=list(own.primary_key),
                                     set_={"last": own.c.last + row.excluded.last}).returning(own.c.last)


def first_state(activity: Activity) -> State:
    """Where a contribution begins: public at once, or waiting for a moderator."""
    return State.PENDING if activity.moderation is ModerationMode.BEFORE else State.PUBLISHED


def sign(contribution: Contribution, author: Person, organisation: Organisation | None) -> None:
    """Say in whose name something is written, and keep the mandate that the author holds at this time.

    Raises MandateError, and changes nothing, where the author holds none.
    """
    mandate = author.mandate_for(organisation) if organisation else None
    if organisation is not None and mandate is None:
        raise MandateError(organisation.slug)
    contribution.organisation, contribution.mandate_id = organisation, mandate.id if mandate else None


_screens: list[Screen] = []


def looks_through(screen: Screen) -> Screen:
    """Have a function look through each text that its author sends in, or changes after that (then it is `edited`).

    It answers whether a person is to read the text before it is public; it decides nothing.
    """
    if screen not in _screens:
        _screens.append(screen)
    return screen


def _to_be_read(contribution: Contribution, *, edited: bool) -> bool:
    found = [screen(contribution, edited=edited) for screen in _screens]  # each keeps what it finds
    return any(found)


def begin(contribution: Contribution, state: State, *, vouched: bool = False) -> None:
    """Put a new contribution into its first state; call once its other columns are set.

    What the authority writes itself is `vouched` for: nothing looks through it.
    """
    contribution.state = state
    if state is State.PUBLISHED:
        contribution.published_at = clock.now()
    adding.add(contribution)
    if not vouched and state is not State.DRAFT and _to_be_read(contribution, edited=False):
        contribution.state = state = State.PENDING
        contribution.published_at = None
        db.session.flush()
    if state is State.PUBLISHED:
        _published(contribution, first=True)


def change_state(contribution: Contribution, state: State, actor: Person | None, *, held: bool = False) -> None:
    """Take a contribution to another state and keep every count true; the only writer of states.

    The row is held, if it is not yet, so that of two passages at once the second follows the first. Raises
    PassageError where that state cannot follow; nothing is changed then.
    """
    if not held:
        db.session.refresh(contribution, ["state", "support_count"], with_for_update=True)
    before = contribution.state
    if state not in PASSAGES[before]:
        raise PassageError(f"{before.value} cannot become {state.value}")
    if before is State.DRAFT and _to_be_read(contribution, edited=False):
        state = State.PENDING
    contribution.state, first = state, state is State.PUBLISHED and contribution.published_at is None
    if first:
        contribution.published_at = clock.now()
    db.session.flush()
    if state is State.PUBLISHED:
        _published(contribution, first=first)
    elif before is State.PUBLISHED:
        _unpublished(contribution)
    events.record(ContributionStateChanged(
        actor_id=actor.id if actor else None, contribution_id=contribution.id, before=before.value, after=state.value))


def _published(contribution: Contribution, *, first: bool) -> None:
    activity, kind, municipality_id = contribution.activity, contribution.kind, contribution.municipality_id
    _move_counts_of_thread(contribution, 1)
    if first:
        processes.count_with_author(activity, kind, municipality_id, contribution.author)
        events.record(ContributionPublished(actor_id=contribution.author_id, contribution_id=contribution.id))
    else:
        processes.count(activity, kind, municipality_id)


def _unpublished(contribution: Contribution) -> None:
    _move_counts_of_thread(contribution, -1)
    processes.count(contribution.activity, contribution.kind, contribution.municipality_id, -1)


def _move_counts_of_thread(contribution: Contribution, by: int) -> None:
    """Always contributions, then the thread, then the counts of the phase: two acts at once never wait in a circle."""
    if contribution.in_thread and contribution.thread_id is not None:
        about, thread = contribution.about_id, contribution.thread_id
        if about is not None:
            db.session.execute(_answered(), {"wanted": about, "more": by})
            out_of_date(Contribution, "comment_count", which=lambda row: row.get("id") == about)
        db.session.execute(_discussed(), {"wanted": thread, "more": by})
        out_of_date(Contribution, "comment_count",
                    which=lambda row: row.get("thread_id") == thread and row.get("kind") in DISCUSSED)
        db.session.execute(_grown(), {"wanted": thread, "more": by})
        out_of_date(Thread, "comment_count", which=lambda row: row.get("id") == thread)


@made_once
def _answered() -> Any:
    own = table(Contribution)
    return (sa.update(own).where(own.c.id == sa.bindparam("wanted"))
            .values(comment_count=own.c.comment_count + sa.bindparam("more")))


@made_once
def _discussed() -> Any:
    own = table(Contribution)
    return (sa.update(own).where(own.c.thread_id == sa.bindparam("wanted"), own.c.kind.in_(DISCUSSED))
            .values(comment_count=own.c.comment_count + sa.bindparam("more")))


@made_once
def _grown() -> Any:
    own = table(Thread)
    return (sa.update(own).where(own.c.id == sa.bindparam("wanted"))
            .values(comment_count=own.c.comment_count + sa.bindparam("more")))


def keep_revision(contribution: Contribution, editor: Person, *, public: bool = False, reason: str = "",
                  applied_id: int | None = None, **content: Any) -> None:
    """Keep the text as it stood before an edit, for everyone to read or not, and count the version up.

    `reason` says why it is changed, `applied_id` names the amendment that is accepted with it. Only what is public
    when it is changed can be read afterwards; once a hidden text is changed, none of its earlier ones can.
    """
    public = public and contribution.state is State.PUBLISHED
    if contribution.state is State.HIDDEN and contribution.written_by(editor):
        db.session.execute(sa.update(Revision).where(Revision.contribution_id == contribution.id)
                           .values(public=False))
    _keep(contribution, editor, content, public=public, reason=reason, applied_id=applied_id)


def _keep(contribution: Contribution, editor: Person, content: dict[str, Any], **told: Any) -> None:
    db.session.add(Revision(contribution_id=contribution.id, version=contribution.version, content=content,
                            editor_id=editor.id, **told))
    contribution.version += 1


def rewrite(contribution: Contribution, editor: Person, texts: Mapping[str, str], *, reason: str) -> None:
    """Let other words stand in place of those that are there; the earlier ones are kept for nobody's eyes."""
    _keep(contribution, editor, dict(contribution.written()), reason=reason)
    for name, text in texts.items():
        contribution.say(name, text)
    contribution.reworded()
    db.session.flush()
    events.record(ContributionReworded(actor_id=editor.id, contribution_id=contribution.id,
                                       version=contribution.version))


def have_read_again(contribution: Contribution, editor: Person) -> None:
    """Take a text that was changed back to the moderators.

    That is a public one where they read before publication or where a sign is found that they are to look at first,
    and everywhere a hidden one that its author has changed.
    """
    if contribution.state is State.DRAFT:
        return
    found = _to_be_read(contribution, edited=True)
    public = contribution.state is State.PUBLISHED and (found or first_state(contribution.activity) is State.PENDING)
    if public or (contribution.state is State.HIDDEN and contribution.written_by(editor)):
        change_state(contribution, State.PENDING, editor)


def flag(contribution: Contribution, person: Person, *, reason: FlagReason, note: str) -> bool:
    """Ask the moderators to look at a contribution; a second flag by the same person changes nothing.

    Answers whether it was new.
    """
    given = sa.select(Flag.id).where(Flag.contribution_id == contribution.id, Flag.person_id == person.id)
    if db.session.scalar(given) is not None:
        return False
    row = insert(Flag).values(contribution_id=contribution.id, person_id=person.id, reason=reason, note=note)
    if not rows_touched(row.on_conflict_do_nothing(index_elements=["contribution_id", "person_id"])):
        return False
    contribution.flag_count = Contribution.flag_count + 1
    db.session.flush()
    events.record(ContributionFlagged(actor_id=person.id, contribution_id=contribution.id, reason=reason.value))
    return True
