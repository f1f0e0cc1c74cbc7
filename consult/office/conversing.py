"""Setting maps of opinions up: the conversation, its first statements, and those drawn from proposals."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.core import languages, pages, paging
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.web import access, me
from consult.office.conversation_forms import NewConversationForm, ShorteningForm, settings_of
from consult.office.forms import differences
from consult.opinions import queries, services
from consult.opinions.forms import SeedForm
from consult.opinions.models import Conversation
from consult.processes import queries as processes
from consult.processes.models import Activity, Phase, Process
from consult.processes.services import TimetableError
from consult.proposals.models import Proposal

bp = Blueprint("office_opinions", __name__)

OFFERED = 20
"""Proposals on a page from which statements are drawn."""


@pages.slot("office.process", position=25)
def _way_in(process: Process) -> str:
    return render_template("office/conversation_link.html", process=process)


@pages.slot("office.activity", position=25)
def _way_to_overview(activity: Activity) -> str:
    if not isinstance(activity, Conversation):
        return ""
    return render_template("office/conversation_way.html", conversation=activity)


@bp.route("/ufficio/percorsi/<slug>/nuova-mappa-delle-opinioni", methods=["GET", "POST"])
@access("process.manage", loads=processes.process_called)
def new(process):
    form = NewConversationForm(process)
    if form.accepted():
        try:
            conversation = services.prepare(form.chosen, me(), **form.values)
        except TimetableError as fault:
            form.refuse(fault)
        else:
            flash(_("The map of opinions was prepared. Write its first statements, so that nobody finds it empty."))
            return redirect(url_for(".seed", id=conversation.id), 303)
    return render_template("office/new_conversation.html", process=process, form=form)


@bp.route("/ufficio/opinioni/<int:id>", methods=["GET", "POST"])
@access("conversation.lead", loads=queries.conversation)
def overview(conversation):
    form = settings_of(conversation)
    if form.accepted():
        try:
            services.change_settings(conversation, me(), seen=form.seen, **form.values)
        except StaleVersionError:
            return render_template("errors/stale.html", fields=differences(form),
                                   again=url_for(".overview", id=conversation.id)), 409
        flash(_("The map of opinions was changed."))
        return redirect(url_for(".overview", id=conversation.id), 303)
    return render_template("office/conversation.html", conversation=conversation, form=form,
                           process=conversation.phase.process, maps=queries.maps_of(conversation),
                           page=queries.all_statements(conversation, argument("dopo", 400)))


@bp.route("/ufficio/opinioni/<int:id>/affermazioni", methods=["GET", "POST"])
@access("statement.seed", loads=queries.conversation)
def seed(conversation):
    form = SeedForm()
    if form.accepted():
        made = _written(conversation, me(), [(text, None) for text in form.written])
        _say(made, len(form.written))
        return redirect(url_for(".overview", id=conversation.id), 303)
    return render_template("office/conversation_seed.html", conversation=conversation, form=form,
                           process=conversation.phase.process)


@bp.route("/ufficio/opinioni/<int:id>/proposte", methods=["GET", "POST"])
@access("statement.seed", loads=queries.conversation)
def proposals(conversation):
    after = argument("dopo", 400) or None
    page = _offered(conversation, after)
    form = ShorteningForm(page.items)
    if form.accepted():
        made = _written(conversation, me(), [(form.texts[id], id) for id in sorted(form.chosen)])
        _say(made, len(form.chosen))
        return redirect(url_for(".overview", id=conversation.id), 303)
    return render_template("office/conversation_proposals.html", conversation=conversation, form=form, page=page,
                           process=conversation.phase.process, after=after)


def _offered(conversation: Conversation, after: str | None) -> paging.Page:
    """The public proposals of the percorso that no statement says in short yet, the most supported first."""
    here = (sa.select(Activity.id).join(Phase, Phase.id == Activity.phase_id)
            .where(Phase.process_id == conversation.phase.process_id))
    wanted = sa.select(Proposal).where(
        Contribution.activity_id.in_(here), Contribution.kind == "proposal", Contribution.state == State.PUBLISHED,
        Proposal.replaced_at.is_(None), Contribution.id.not_in(queries.drawn_from(conversation)))
    order = [paging.Order(Contribution.support_count, descending=True), paging.Order(Contribution.id)]
    return paging.page(wanted, order, after=after, size=OFFERED)


def _written(conversation: Conversation, author: Person, texts: list[tuple[str, int | None]]) -> int:
    """Write these statements as the staff; answers how many were new."""
    made = 0
    for text, drawn_from in texts:
        try:
            services.write(conversation, author, text, by_staff=True, drawn_from_id=drawn_from,
                           language=languages.current())
        except services.RefusedError:
            continue  # it is there already: nothing is lost
        made += 1
    return made


def _say(made: int, sent: int) -> None:
    flash(ngettext("%(num)s statement can be answered now.", "%(num)s statements can be answered now.", made))
    if made < sent:
        flash(ngettext("%(num)s was there already.", "%(num)s were there already.", sent - made), "info")
