"""Preparing a ballot, changing it as long as nobody could vote, mending its words after, and cancelling it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from consult.accounts.models import Person
from consult.ballots import state
from consult.ballots.drafts import Draft, OptionSaid, options_of
from consult.core import events
from consult.core.db import db, hold
from consult.core.languages import Localized
from consult.processes import services as processes
from consult.processes.models import Phase
from consult.voting import queries as voting
from consult.voting.models import Ballot, BallotOption, Electorate

APART = 100_000
"""Added to places while others are given out: no two options ever stand in the same."""


@dataclass(frozen=True, kw_only=True)
class BallotPrepared(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class BallotOptionsChanged(events.Event):
    """The options, or how many may vote."""

    activity_id: int


@dataclass(frozen=True, kw_only=True)
class BallotCancelled(events.Event):
    """`erased` where nobody had seen it, so that nothing of it stays."""

    activity_id: int
    erased: bool


class RefusedError(ValueError):
    """Something that cannot be, with the sentence that says why, and the field to put right. Nothing was changed."""

    def __init__(self, sentence: str | LazyString, field: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence, self.field = sentence, field


def prepare(phase: Phase, actor: Person, draft: Draft, **values: Any) -> Ballot:
    """Add a ballot to a phase, not public yet, with these columns of an activity.

    Raises TimetableError where its times cannot be.
    """
    processes.check_times(phase, values["opens_at"], values["closes_at"])
    ballot = Ballot(phase=phase, **{**values, **draft.columns, "published": False})
    db.session.add(ballot)
    db.session.flush()
    _write_options(ballot, draft.coded)
    _write_eligible(ballot, draft.eligible)
    events.record(BallotPrepared(actor_id=actor.id, activity_id=ballot.id))
    return ballot


def change(ballot: Ballot, actor: Person, draft: Draft, *, seen: int, **values: Any) -> None:
    """Let a ballot be as the draft says; equal values change nothing.

    Raises StaleVersionError where the version seen is no longer the one saved, TimetableError where its times cannot
    be, UnreadyError where it is not ready to be public, and RefusedError once people vote or papers lie in the box.
    Nothing is changed then.
    """
    hold(ballot, seen)
    if state.settled(ballot):
        raise RefusedError(state.SETTLED)
    other = options_of(ballot) != draft.coded or voting.electorate(ballot) != dict(draft.eligible)
    if other:
        _write_options(ballot, draft.coded)
        _write_eligible(ballot, draft.eligible)
        events.record(BallotOptionsChanged(actor_id=actor.id, activity_id=ballot.id))
    processes.change_activity(ballot, actor, seen=seen, **values, **draft.columns)
    if other and ballot.version == seen:
        ballot.version += 1
        db.session.flush()


def mend(ballot: Ballot, actor: Person, *, seen: int, **values: Any) -> None:
    """Change what is said around a ballot, whoever has voted; raises as `change`, and UnreadyError for all else."""
    processes.change_activity(ballot, actor, seen=seen, **values)


def translate(ballot: Ballot, actor: Person, code: str, *, seen: int, said: Mapping[str, str]) -> None:
    """Set titles (`title_` and the code of the option) and explanations (`text_`) in a language other than Italian.

    Raises StaleVersionError, and RefusedError once people vote: the ledger holds what they have read.
    """
    hold(ballot, seen)
    if state.settled(ballot):
        raise RefusedError(state.SETTLED)
    before = options_of(ballot)
    for option in ballot.options:
        option.title = _in(option.title, code, said.get(f"title_{option.code}"))
        option.text = _in(option.text, code, said.get(f"text_{option.code}"))
    if options_of(ballot) != before:
        ballot.version += 1
        db.session.flush()
        events.record(BallotOptionsChanged(actor_id=actor.id, activity_id=ballot.id))


def _in(text: Localized, code: str, said: str | None) -> Localized:
    return text if said is None else Localized.of({**text, code: said})


def cancel(ballot: Ballot, actor: Person, *, seen: int, reason: str) -> bool:
    """Let a ballot not take place; answers whether it was erased, which is where it had not been public.

    A public one stays where it was announced, and says why nobody can vote. Raises StaleVersionError, and RefusedError
    once it has opened or papers lie in the box, or where something else hangs on it.
    """
    hold(ballot, seen)
    if state.settled(ballot):
        raise RefusedError(state.SETTLED)
    erased = not ballot.published
    if erased:
        _erase(ballot)
    else:
        ballot.suspended_reason = ballot.notice = reason[:300]
        ballot.version += 1
        db.session.flush()
    events.record(BallotCancelled(actor_id=actor.id, activity_id=ballot.id, erased=erased))
    return erased


def _erase(ballot: Ballot) -> None:
    try:
        with db.session.begin_nested():
            db.session.execute(sa.delete(Electorate).where(Electorate.ballot_id == ballot.id))
            db.session.delete(ballot)
    except IntegrityError as fault:  # what was said of it, a file of papers, a sheet of codes
        raise RefusedError(_l("Something hangs on this ballot already: comments, files of papers or codes. It cannot "
                              "be erased; leave it as it is, and only the staff sees it.")) from fault


def _write_options(ballot: Ballot, options: tuple[OptionSaid, ...]) -> None:
    """Bring the rows of the options to what is said; one that keeps its code keeps its row."""
    there = {option.code: option for option in ballot.options}
    for option in there.values():
        option.position += APART
    ballot.options = [_option(there.get(one.code), one, place) for place, one in enumerate(options, 1)]
    db.session.flush()


def _option(option: BallotOption | None, said: OptionSaid, place: int) -> BallotOption:
    option = option or BallotOption()
    for name, value in vars(said).items():
        setattr(option, name, value)
    option.position = place
    return option


def _write_eligible(ballot: Ballot, eligible: Mapping[int, int]) -> None:
    db.session.execute(sa.delete(Electorate).where(Electorate.ballot_id == ballot.id)
                       .execution_options(synchronize_session="fetch"))
    db.session.add_all(Electorate(ballot_id=ballot.id, municipality_id=place, eligible=number)
                       for place, number in eligible.items())
    db.session.flush()
