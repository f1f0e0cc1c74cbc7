"""Reading contributions of every kind at once, always in one query."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, with_polymorphic
from sqlalchemy.orm.interfaces import LoaderOption

from consult.accounts.models import Organisation, Person, Role
from consult.contributions.models import DISCUSSED, Contribution, Flag, Side, State, Thread
from consult.core import paging
from consult.core.db import db, table
from consult.core.graphs import Graph, part
from consult.processes.models import Activity, BlackoutWindow, Phase, Process

FIRST_COMMENTS = 50
"""Comments of the first level on a page of a thread."""
FIRST_REPLIES = 3
"""Replies shown under a comment before a link to all of them: so a page is short where much is answered, too."""
FIRST_IN_COLUMN = 20
"""Comments of the first level at the top of each column, where a thread has columns."""

_NEWEST = paging.Order(Contribution.id, descending=True)
THREAD_ORDERS: dict[str, tuple[paging.Order, ...]] = {
    "primi": (paging.Order(Contribution.id),),
    "ultimi": (_NEWEST,),
    "condivisi": (paging.Order(Contribution.agree_count, descending=True), _NEWEST),
    "discussi": (paging.Order(Contribution.comment_count, descending=True), _NEWEST),
}
"""The orders in which a thread can be read, by their name in the address; the first is the usual one."""
SIDES: dict[str, Side] = {"favorevoli": Side.FOR, "contrari": Side.AGAINST, "altri": Side.OTHER}
"""The columns of a thread, by their name in the address."""

MODERATORS = frozenset({Role.MODERATOR, Role.PLATFORM_ADMIN})


def _of_the_first_level(of: Any = Contribution) -> tuple[sa.ColumnElement[bool], ...]:
    return (of.about_id.is_(None), of.kind.not_in(DISCUSSED))


def part_of_a_thread(of: Any = Contribution) -> sa.ColumnElement[bool]:
    """What was once public, so that hidden and withdrawn comments leave a trace.

    Said by what it is not: a database without statistics would else look for states instead of threads.
    """
    return sa.and_(of.state.not_in([State.DRAFT, State.PENDING]), of.published_at.is_not(None))


@cache
def whole_activity(start: Any) -> tuple[LoaderOption, ...]:
    """Load an activity with all that decides whether it takes anything; `start` is the attribute that leads to it."""
    process = joinedload(start).joinedload(Activity.phase).joinedload(Phase.process)
    return (process.joinedload(Process.blackouts),)


@cache
def by_names() -> tuple[LoaderOption, ...]:
    """Load what a contribution is signed with: author, organisation and municipality, only by their names."""
    return (joinedload(Contribution.author).load_only(Person.display_name, Person.shows_name, Person.minor,
                                                      Person.erased_at, Person.title),
            joinedload(Contribution.organisation).load_only(Organisation.name, Organisation.slug),
            joinedload(Contribution.municipality))


def visible_to(person: Any) -> sa.ColumnElement[bool]:
    """What a list may show to somebody: all that is public, their own, and for moderators all that was sent in."""
    public = Contribution.state == State.PUBLISHED
    if not person.is_authenticated:
        return public
    own = Contribution.author_id == person.id
    moderated = [grant.process_id for grant in person.active_grants if grant.role in MODERATORS]
    if not moderated:
        return sa.or_(public, own)
    sent_in = Contribution.state != State.DRAFT
    if None in moderated:
        return sa.or_(sent_in, own)
    theirs = sa.select(Activity.id).join(Phase, Activity.phase_id == Phase.id).where(Phase.process_id.in_(moderated))
    return sa.or_(public, own, sa.and_(sent_in, Contribution.activity_id.in_(theirs)))


def in_the_open() -> sa.ColumnElement[bool]:
    """Holds for contributions that everybody can read: they are public, and so is what they are a comment on."""
    discussed = aliased(Contribution)
    return sa.and_(Contribution.state == State.PUBLISHED, ~sa.exists().where(
        discussed.thread_id == Contribution.thread_id, discussed.kind.in_(DISCUSSED),
        discussed.state != State.PUBLISHED))


def with_text(ids: Iterable[int], *, held: bool = False) -> Sequence[Contribution]:
    """The contributions with these ids, in this order, whole: text, author, organisation, municipality, activity.

    One query whatever their number and kinds; an id that does not exist is left out. Once they are `held`, nobody
    else changes them until the transaction ends.
    """
    wanted = list(ids)
    anything = with_polymorphic(Contribution, "*")
    select = sa.select(anything).with_for_update(of=table(Contribution)) if held else sa.select(anything)
    found = db.session.scalars(select.where(anything.id.in_(wanted)).options(
        joinedload(anything.author), joinedload(anything.organisation), joinedload(anything.municipality),
        joinedload(anything.thread).joinedload(Thread.discussed) if held else joinedload(anything.thread),
        *whole_activity(anything.activity))).unique()
    by_id = {contribution.id: contribution for contribution in found}
    return [by_id[id] for id in wanted if id in by_id]


def with_id(id: int, *, held: bool = False) -> Contribution | None:
    """One contribution, whole."""
    return next(iter(with_text([id], held=held)), None)


def of_organisation(organisation: Organisation, after: str | None) -> paging.Page:
    """What is public of all that was written in the name of an organisation, the latest first, with its text."""
    wanted = (sa.select(Contribution.id).join(Contribution.activity).join(Activity.phase).join(Phase.process)
              .where(Contribution.organisation_id == organisation.id, Contribution.state == State.PUBLISHED,
                     Activity.published.is_(True), Process.published.is_(True)))
    page = paging.page(wanted, [paging.Order(Contribution.id, descending=True)], after=after)
    return paging.Page(with_text(page.items), page.next)


def by_code(code: str) -> Contribution | None:
    """The contribution with a public code, in capitals or not, and whether or not its number has all its zeros."""
    return db.session.scalar(sa.select(Contribution).where(Contribution.code == _whole(code)).options(
        joinedload(Contribution.thread)))


def _whole(code: str) -> str:
    """`rov-p-12` as `ROV-P-0012`."""
    letters, _hyphen, number = code.upper()[:24].rpartition("-")
    short = number.isascii() and number.isdigit() and len(number) < 12
    return f"{letters}-{int(number):04}" if short else code.upper()[:24]


def thread(id: int) -> Thread | None:
    """A thread with what is discussed in it and all that decides whether comments are taken."""
    return _thread().first({"wanted": id})


@cache
def _thread() -> Graph[Thread]:
    """Without what is only read on other pages: an act would have it fetched and taken apart for nothing."""
    process = part(Process, without=(Process.summary, Process.vision), blackouts=part(BlackoutWindow))
    phase = part(Phase, without=(Phase.purpose, Phase.outputs, Phase.title), process=process)
    activity = part(Activity, without=(Activity.intro, Activity.negotiable), phase=phase)
    return Graph(part(Thread, activity=activity, discussed=part(Contribution)),
                 table(Thread).c.id == sa.bindparam("wanted"))


def address(contribution: Contribution, order: str = "") -> str:
    """The path of the page on which a contribution is read, down to its place in the thread where it stands in one.

    `order` is one of THREAD_ORDERS: the page is then one of the thread in that order.
    """
    where = contribution.thread.path if contribution.thread else ""
    if not contribution.in_thread or contribution.thread is None:
        return where
    anchor = f"#c-{contribution.code}"
    root = contribution.about_id or contribution.id
    if contribution.about_id and _as_many_before(_replies(), FIRST_REPLIES, root=root,
                                                     place=contribution.id):
        return f"/commenti/{root}?dopo={paging.cursor(contribution.id - 1)}{anchor}"
    asked = _asked(contribution.thread, root, order if order in THREAD_ORDERS else "")
    return f"{where}{'?' if asked else ''}{urlencode(asked)}{anchor}"


def _asked(thread: Thread, root: int, order: str) -> dict[str, str]:
    """What the address of a thread says so that a comment of the first level stands on the page."""
    usual = next(iter(THREAD_ORDERS))
    asked = {"ordine": order} if order not in ("", usual) else {}
    keys = THREAD_ORDERS[order or usual]
    values = db.session.execute(
        sa.select(Contribution.side, *(key.column for key in keys)).where(Contribution.id == root)).one() if (
        thread.columns or len(keys) > 1) else (None, root)
    side, *place = values
    shown = FIRST_IN_COLUMN if side else FIRST_COMMENTS
    if not asked and side is None:  # the usual order
        later = _as_many_before(_first_level(), shown, thread=thread.id, place=root)
    else:
        siblings = sa.and_(Contribution.thread_id == thread.id, *_of_the_first_level(),
                           *[Contribution.side == side] if side else [])
        later = _before(list(zip(keys, place, strict=True)), siblings, shown)
    if not later:
        return asked
    if side is not None:
        asked["lato"] = next(name for name, each in SIDES.items() if each is side)
    return {**asked, "dopo": paging.cursor(*place[:-1], root + (1 if keys[-1].descending else -1))}


def _as_many_before(earlier: sa.Select[int], shown: int, **values: int) -> bool:
    """Whether as many as a page shows stand before a place in the usual order."""
    return (db.session.scalar(earlier, {**values, "shown": shown}) or 0) >= shown


@cache
def _first_level() -> sa.Select[int]:
    own = table(Contribution).c
    return _counted_before(own.thread_id == sa.bindparam("thread"), *_of_the_first_level(own))


@cache
def _replies() -> sa.Select[int]:
    return _counted_before(table(Contribution).c.about_id == sa.bindparam("root"))


def _counted_before(*siblings: sa.ColumnElement[bool]) -> sa.Select[int]:
    own = table(Contribution)
    earlier = (sa.select(own.c.id).where(*siblings, part_of_a_thread(own.c), own.c.id < sa.bindparam("place"))
               .order_by(own.c.id.desc()).limit(sa.bindparam("shown")).subquery())
    return sa.select(sa.func.count()).select_from(earlier)


def _before(place: Sequence[tuple[paging.Order, int]], siblings: sa.ColumnElement[bool], at_least: int) -> bool:
    """Whether so many of the siblings stand before a place in an order; looks at no more than that."""
    backwards = [paging.Order(key.column, descending=not key.descending) for key, _value in place]
    earlier = paging.ids_beyond(sa.select(Contribution.id).where(siblings, part_of_a_thread()), backwards,
                                [value for _key, value in place], at_least)
    return (db.session.scalar(sa.select(sa.func.count()).select_from(earlier.subquery())) or 0) >= at_least


def flag_by(contribution: Contribution, person: Person) -> Flag | None:
    """What a person reported of a contribution."""
    return db.session.scalar(sa.select(Flag).where(Flag.contribution_id == contribution.id,
                                                   Flag.person_id == person.id))
