"""Setting up a call: its categories and own fields, and taking them over from an earlier call.

What proposals have answered stays valid: a field that has answers keeps its kind, an option or a category that was
chosen is not removed, and nothing becomes obligatory that somebody has left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.core import events
from consult.core.db import db, hold
from consult.core.languages import DEFAULT, Localized
from consult.core.refusing import FieldError
from consult.proposals.models import (
    CallField,
    FieldAnswer,
    FieldKind,
    FieldOption,
    Proposal,
    ProposalCall,
    ProposalCategory,
)

MOST_FIELDS = 20
TAKEN_OVER = ("takes_amendments", "audience", "minimum_age", "maximum_age", "only_from", "workers_too",
              "only_categories", "moderation",
              "engagement_level", "results_visible", "agreements", "title", "intro", "negotiable", "guide",
              "body_template", "supports_open", "supports_each", "most_per_person", "most_per_organisation",
              "asks_axis", "asks_category", "asks_place", "asks_cost", "asks_attachments", "only_axes", "only_places")
"""What a new call takes over from an earlier one; when it opens and closes is its own."""


@dataclass(frozen=True, kw_only=True)
class CallCategoriesChanged(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class CallFieldAdded(events.Event):
    activity_id: int
    field_id: int


@dataclass(frozen=True, kw_only=True)
class CallFieldChanged(events.Event):
    activity_id: int
    field_id: int


@dataclass(frozen=True, kw_only=True)
class CallFieldRemoved(events.Event):
    activity_id: int
    field_id: int


class InUseError(FieldError):
    """A change that would make wrong what was answered: `field` is what to put right, `sentence` says why."""


@dataclass(frozen=True, kw_only=True)
class FieldWording:
    """What is decided of an own field."""

    kind: FieldKind
    label: Localized
    help: Localized
    required: bool = False
    options: Sequence[Localized] = ()


def set_categories(call: ProposalCall, actor: Person, names: Sequence[Localized]) -> None:
    """Let a call have these categories, in this order. Raises InUseError where one that was chosen would go.

    A name in the place of one that is gone is taken for the same category, spelt anew. Nothing is changed on failure.
    """
    if [dict(one.name) for one in call.categories] == [dict(name) for name in names]:
        return
    db.session.execute(sa.select(ProposalCategory.id).where(ProposalCategory.call_id == call.id).with_for_update())
    kept, gone = _matched(call.categories, names)
    for category in gone:
        how_many = _count(Proposal.category_id == category.id)
        if how_many:
            raise InUseError("categories", _n(
                "“%(name)s” cannot be removed: %(num)s proposal has it. You can change its name in its line.",
                "“%(name)s” cannot be removed: %(num)s proposals have it. You can change its name in its line.",
                how_many, name=category.name))
    for category in gone:
        call.categories.remove(category)
    _arrange(call.categories, kept, names, lambda: ProposalCategory(call_id=call.id))
    db.session.flush()
    db.session.expire(call, ["categories"])
    events.record(CallCategoriesChanged(actor_id=actor.id, activity_id=call.id))


def add_field(call: ProposalCall, actor: Person, wording: FieldWording) -> CallField:
    """Ask one thing more, after the others. Raises InUseError where it were obligatory and proposals are in already."""
    if len(call.fields) >= MOST_FIELDS:
        raise InUseError("label", _l("A call can have at most %(most)s own fields: people would not fill in more.",
                                     most=MOST_FIELDS))
    _check_required(call, None, wording)
    field = CallField(call_id=call.id, position=1 + max((one.position for one in call.fields), default=0),
                      kind=wording.kind, label=wording.label, help=wording.help, required=wording.required)
    field.options = [FieldOption(position=position, name=name) for position, name in enumerate(wording.options, 1)]
    db.session.add(field)
    db.session.flush()
    db.session.expire(call, ["fields"])
    events.record(CallFieldAdded(actor_id=actor.id, activity_id=call.id, field_id=field.id))
    return field


def mend_field(field: CallField, actor: Person, wording: FieldWording, *, seen: int) -> None:
    """Change an own field so that all answers stay valid.

    Raises StaleVersionError where the version seen is no longer the one saved, and InUseError where an answer would
    no longer fit; nothing is changed then.
    """
    hold(field, seen)
    answered = how_many_answer(field)
    if wording.kind is not field.kind and answered:
        raise InUseError("kind", _n(
            "%(num)s proposal answers this field: its kind stays. Ask it no more, and add another field.",
            "%(num)s proposals answer this field: its kind stays. Ask it no more, and add another field.", answered))
    _check_required(field.call, field, wording)
    kept, gone = _matched(field.options, wording.options)
    for option in gone:
        chosen = db.session.scalar(sa.select(sa.func.count()).where(FieldAnswer.option_id == option.id)) or 0
        if chosen:
            raise InUseError("options", _n(
                "“%(name)s” cannot be removed: %(num)s proposal has chosen it. You can change its words in its line.",
                "“%(name)s” cannot be removed: %(num)s proposals have chosen it. You can change its words in its line.",
                chosen, name=option.name))
    for option in gone:
        field.options.remove(option)
    _arrange(field.options, kept, wording.options, lambda: FieldOption(field_id=field.id))
    field.kind, field.label, field.help = wording.kind, wording.label, wording.help
    field.required = wording.required
    _touched(field, actor)


def move_field(field: CallField, actor: Person, *, up: bool) -> None:
    """Ask a field one place earlier or later; the first stays first and the last last."""
    order = list(field.call.fields)
    here = order.index(field)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for position, one in enumerate(order, 1):
        one.position = position
    _touched(field, actor)


def ask(field: CallField, actor: Person, *, asked: bool) -> None:
    """Ask a field no more, or again; what was answered stays either way.

    Raises InUseError where it is obligatory and some that were sent in meanwhile have not answered.
    """
    if asked and field.retired:
        _check_required(field.call, field, FieldWording(
            kind=field.kind, label=field.label, help=field.help, required=field.required), again=True)
    if field.retired is asked:
        field.retired = not asked
        _touched(field, actor)


def remove_field(field: CallField, actor: Person) -> None:
    """Forget an own field that nobody has answered. Raises InUseError otherwise."""
    db.session.refresh(field, ["version"], with_for_update=True)
    answered = how_many_answer(field)
    if answered:
        raise InUseError("label", _n(
            "%(num)s proposal answers this field: it is not removed. You can ask it no more.",
            "%(num)s proposals answer this field: it is not removed. You can ask it no more.", answered))
    call, id = field.call, field.id
    db.session.delete(field)
    db.session.flush()
    db.session.expire(call, ["fields"])
    events.record(CallFieldRemoved(actor_id=actor.id, activity_id=call.id, field_id=id))


def take_over(call: ProposalCall, earlier: ProposalCall, actor: Person) -> None:
    """Ask in a new call the own fields that an earlier one asks."""
    for field in earlier.fields:
        if not field.retired:
            add_field(call, actor, FieldWording(
                kind=field.kind, label=field.label, help=field.help, required=field.required,
                options=[option.name for option in field.options]))


def answered(call: ProposalCall) -> dict[int, int]:
    """How many proposals, drafts included, answer each own field, by its id."""
    rows = db.session.execute(sa.select(FieldAnswer.field_id, sa.func.count()).where(
        FieldAnswer.field_id.in_([field.id for field in call.fields])).group_by(FieldAnswer.field_id))
    return {row[0]: row[1] for row in rows}


def how_many_answer(field: CallField) -> int:
    """How many proposals, drafts included, answer a field."""
    return db.session.scalar(sa.select(sa.func.count()).where(FieldAnswer.field_id == field.id)) or 0


def _check_required(call: ProposalCall, field: CallField | None, wording: FieldWording, *, again: bool = False) -> None:
    if not wording.required or (field is not None and field.required and not again):
        return
    answers = sa.select(FieldAnswer.proposal_id).where(FieldAnswer.field_id == (field.id if field else 0))
    without = _count(Contribution.activity_id == call.id, Contribution.state.not_in([State.DRAFT, State.WITHDRAWN]),
                     Proposal.id.not_in(answers))
    if without:
        raise InUseError("required", _n(
            "%(num)s proposal that was sent in does not answer this: it cannot be obligatory.",
            "%(num)s proposals that were sent in do not answer this: it cannot be obligatory.", without))


def _count(*which: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).where(*which)) or 0


def _matched(there: Sequence[Any], names: Sequence[Localized]) -> tuple[dict[int, Any], list[Any]]:
    """Which of the named things are there already, by their place in the names, and which of those there go."""
    by_name = {one.name.in_language(DEFAULT): one for one in there}
    kept = {place: by_name[name.in_language(DEFAULT)] for place, name in enumerate(names)
            if name.in_language(DEFAULT) in by_name}
    staying = {one.id for one in kept.values()}
    for place, one in enumerate(there):
        if one.id not in staying and place < len(names) and place not in kept:
            kept[place] = one
            staying.add(one.id)
    return kept, [one for one in there if one.id not in staying]


def _arrange(there: list[Any], kept: dict[int, Any], names: Sequence[Localized], new: Any) -> None:
    for place, name in enumerate(names):
        one = kept.get(place)
        if one is None:
            one = new()
            there.append(one)
        one.position, one.name = place + 1, name


def _touched(field: CallField, actor: Person) -> None:
    field.version += 1
    db.session.flush()
    db.session.expire(field, ["options"])
    db.session.expire(field.call, ["fields"])
    events.record(CallFieldChanged(actor_id=actor.id, activity_id=field.call_id, field_id=field.id))
