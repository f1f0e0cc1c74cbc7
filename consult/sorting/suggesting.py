"""Pages of what a look through all texts found: topics that can become tags, and texts that say nearly the same."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.contributions.models import Contribution
from consult.contributions.queries import with_text
from consult.core import paging
from consult.core.db import db
from consult.core.forms import argument
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.search import services as search
from consult.search import weighing
from consult.sorting import corpus, looking, near, queries, topics, words
from consult.sorting.forms import LookForm
from consult.sorting.models import Look, LookedAt

bp = Blueprint("sorting_topics", __name__, url_prefix="/ufficio/percorsi/<slug>/spoglio")

TYPICAL = 3
"""Contributions shown of a topic, those that belong to it most."""
GROUPS = 10


@dataclass
class Group:
    """Contributions that say nearly the same, the first first; each with how near it is and its words as marked."""

    members: list[tuple[Contribution, float, list[tuple[str, bool]]]] = field(default_factory=list)


@bp.route("/temi")
@access("sorting.see", loads=processes.process_called)
def show(process: Process) -> Any:
    look = queries.look(process)
    return render_template(
        "sorting/topics.html", process=process, look=look, latest=queries.latest_look(process), form=LookForm(),
        numbers=_numbers(process, look), typical=_typical(process, look), words=words, text_of=corpus.text_of,
        whole=corpus.number_of(process), least=topics.LEAST, few=topics.FEW)


@bp.route("/temi/cerca", methods=["POST"])
@access("sorting.look", loads=processes.process_called)
def ask(process: Process) -> Any:
    form = LookForm()
    if form.accepted():
        looking.ask(process, me(), form.wanted.data or 0)
        flash(_("All texts are being looked through. You can go on with something else meanwhile."))
    return redirect(url_for(".show", slug=process.slug), 303)


@bp.route("/temi/stato")
@access("sorting.see", loads=processes.process_called)
def progress(process: Process) -> Any:
    """How far the latest look is: the part of the page that renews itself where scripts run."""
    return render_template("sorting/state.html", process=process, latest=queries.latest_look(process), words=words,
                           partial=True)


@bp.route("/somiglianze")
@access("sorting.see", loads=processes.process_called)
def alike(process: Process) -> Any:
    look = queries.look(process)
    page = _groups(process, look, argument("dopo", 400)) if look else paging.Page([], None)
    return render_template("sorting/alike.html", process=process, look=look, page=page, near=near.NEAR)


def _numbers(process: Process, look: Look | None) -> dict[int, int]:
    """By topic: how many contributions that lie there speak of it."""
    if look is None:
        return {}
    rows = db.session.execute(
        sa.select(LookedAt.topic, sa.func.count()).join(Contribution, Contribution.id == LookedAt.contribution_id)
        .where(LookedAt.look_id == look.id, LookedAt.topic.is_not(None), corpus.lying_there(process))
        .group_by(LookedAt.topic))
    return {topic: number for topic, number in rows if topic is not None}


def _typical(process: Process, look: Look | None) -> dict[int, list[Contribution]]:
    """By topic: the contributions that belong to it most, in two queries for all topics."""
    if look is None:
        return {}
    place = sa.func.row_number().over(
        partition_by=LookedAt.topic, order_by=(LookedAt.share.desc(), LookedAt.contribution_id)).label("place")
    ranked = (sa.select(LookedAt.topic, LookedAt.contribution_id, place)
              .join(Contribution, Contribution.id == LookedAt.contribution_id)
              .where(LookedAt.look_id == look.id, LookedAt.topic.is_not(None), corpus.lying_there(process))).subquery()
    rows = db.session.execute(sa.select(ranked.c.topic, ranked.c.contribution_id).where(ranked.c.place <= TYPICAL)
                              .order_by(ranked.c.topic, ranked.c.place)).all()
    whole = {one.id: one for one in with_text(id for _topic, id in rows)}
    found: dict[int, list[Contribution]] = defaultdict(list)
    for topic, id in rows:
        found[topic].append(whole[id])
    return found


def _groups(process: Process, look: Look, after: str | None) -> paging.Page:
    """A page of groups that still have two members, the latest first: three queries."""
    there = (sa.select(LookedAt.near_id.label("near_id"))
             .join(Contribution, Contribution.id == LookedAt.contribution_id)
             .where(LookedAt.look_id == look.id, LookedAt.near_id.is_not(None), corpus.lying_there(process))
             .group_by(LookedAt.near_id).having(sa.func.count() > 1)).subquery()
    page = paging.page(sa.select(there.c.near_id), [paging.Order(there.c.near_id, descending=True)], after=after,
                       size=GROUPS)
    rows = db.session.execute(
        sa.select(LookedAt.near_id, LookedAt.contribution_id, LookedAt.likeness)
        .join(Contribution, Contribution.id == LookedAt.contribution_id)
        .where(LookedAt.look_id == look.id, LookedAt.near_id.in_(list(page.items)), corpus.lying_there(process))
        .order_by(LookedAt.near_id.desc(), LookedAt.contribution_id)).all()
    whole = {one.id: one for one in with_text(id for _near, id, _likeness in rows)}
    groups: dict[int, Group] = defaultdict(Group)
    for near_id, id, likeness in rows:
        groups[near_id or id].members.append((whole[id], likeness, []))
    return paging.Page([_marked(groups[near_id]) for near_id in page.items], page.next)


def _marked(group: Group) -> Group:
    """A group with the words marked that others of it say too: those of the first are looked for in the others, and
    those of the others in the first."""
    texts = [corpus.text_of(one) for one, _likeness, _pieces in group.members]
    stems = [weighing.stems(search.counted(text.title, text.body, text.language)) for text in texts]
    others = {stem: 1 for own in stems[1:] for stem in own}
    members = []
    for at, ((one, likeness, _none), text) in enumerate(zip(group.members, texts, strict=True)):
        said = "\n".join(part for part in (text.title, text.body) if part)
        members.append((one, likeness, near.matching(said, text.language, stems[0] if at else others)))
    return Group(members)
