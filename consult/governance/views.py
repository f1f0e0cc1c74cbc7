"""Who decides, who coordinates and who vouches; who may do what; and setting up the bodies."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core import asking, pages
from consult.core.db import StaleVersionError
from consult.core.web import access, me
from consult.governance import permissions, queries, services, words
from consult.governance.forms import TEXTS, BodyForm, MemberEditForm, MemberForm
from consult.governance.models import BodyMember, GovernanceBody
from consult.processes import queries as processes
from consult.processes.models import Process

bp = Blueprint("governance", __name__)


@asking.question("process", "bodies")
def _has_bodies(process: Process, _person: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(GovernanceBody.process_id == process.id)


@pages.slot("process.governance")
def link(process: Process) -> str:
    """The way to the page of the bodies, from that of the percorso."""
    there = asking.answer("process", "bodies", process)
    return render_template("governance/link.html", process=process) if there else ""


@pages.slot("office.process")
def set_up(process: Process) -> str:
    """The way to the bodies, from the desk of a percorso."""
    return render_template("governance/set_up.html", process=process)


@bp.route("/percorsi/<slug>/governance")
@access("process.read", loads=processes.process_called)
def show(process):
    bodies = queries.bodies(process)
    pages.prepare("body", bodies)
    return render_template("governance/show.html", process=process, bodies=bodies, kinds=words.KINDS)


@bp.route("/permessi", endpoint="permissions")
@access("page.read")
def who_may_do_what():
    return render_template("governance/permissions.html", groups=permissions.groups(), columns=permissions.COLUMNS)


@bp.route("/ufficio/percorsi/<slug>/organi")
@access("governance.manage", loads=processes.process_called)
def bodies(process):
    return render_template("governance/bodies.html", process=process, bodies=queries.bodies(process),
                           kinds=words.KINDS)


@bp.route("/ufficio/percorsi/<slug>/organi/nuovo", methods=["GET", "POST"])
@access("governance.manage", loads=processes.process_called)
def add(process):
    form = BodyForm(process)
    if form.accepted():
        body = services.add(process, me(), **form.values)
        flash(_("The body is added. Now say who sits on it."))
        return redirect(url_for(".body", id=body.id), 303)
    return render_template("governance/body_form.html", process=process, body=None, form=form)


@bp.route("/ufficio/organi/<int:id>")
@access("governance.manage", loads=queries.body)
def body(body):
    return render_template("governance/body.html", process=body.process, body=body, kinds=words.KINDS)


@bp.route("/ufficio/organi/<int:id>/modifica", methods=["GET", "POST"])
@access("governance.manage", loads=queries.body)
def change(body):
    form = BodyForm(body.process, body)
    if form.accepted():
        try:
            services.change(body, me(), seen=form.seen, **form.values)
        except StaleVersionError:
            fields = [(form[f"{name}_it"].label.text, getattr(body, name).get("it", ""), form[f"{name}_it"].data)
                      for name in TEXTS]
            return render_template("errors/stale.html", fields=fields, again=url_for(".change", id=body.id)), 409
        flash(_("Saved."))
        return redirect(url_for(".body", id=body.id), 303)
    return render_template("governance/body_form.html", process=body.process, body=body, form=form)


@bp.route("/ufficio/organi/<int:id>/sposta", methods=["POST"])
@access("governance.manage", loads=GovernanceBody)
def move(body):
    services.move(body, 1 if request.form.get("where") == "down" else -1, me())
    return redirect(url_for(".bodies", slug=body.process.slug), 303)


@bp.route("/ufficio/organi/<int:id>/elimina", methods=["POST"])
@access("governance.manage", loads=GovernanceBody)
def remove(body):
    slug = body.process.slug
    services.remove(body, me())
    flash(_("The body is removed."))
    return redirect(url_for(".bodies", slug=slug), 303)


@bp.route("/ufficio/organi/<int:id>/componenti/nuovo", methods=["GET", "POST"])
@access("governance.manage", loads=queries.body)
def seat(body):
    form = MemberForm(body.process)
    if form.accepted():
        services.seat(body, me(), **form.values)
        flash(_("Added."))
        return redirect(url_for(".body", id=body.id), 303)
    return render_template("governance/member_form.html", process=body.process, body=body, member=None, form=form)


@bp.route("/ufficio/componenti/<int:id>", methods=["GET", "POST"])
@access("governance.manage", loads=BodyMember)
def member(member):
    form = MemberEditForm.of(member)
    if form.accepted():
        services.change_member(member, me(), **form.days)
        flash(_("Saved."))
        return redirect(url_for(".body", id=member.body_id), 303)
    return render_template("governance/member_form.html", process=member.body.process, body=member.body,
                           member=member, form=form)


@bp.route("/ufficio/componenti/<int:id>/togli", methods=["POST"])
@access("governance.manage", loads=BodyMember)
def unseat(member):
    body_id = member.body_id
    services.unseat(member, me())
    flash(_("Removed."))
    return redirect(url_for(".body", id=body_id), 303)
