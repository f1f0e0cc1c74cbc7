"""Discussions and their topics."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.comments.views import discussion as comments_on
from consult.contributions import correcting
from consult.core import languages, pages
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.discussions import policy, queries, services
from consult.discussions.forms import SummaryForm, TopicEditForm, TopicForm
from consult.discussions.models import Topic

bp = Blueprint("discussions", __name__)
correcting.changed_at("topic", "topic.edit", "discussions.edit")


@bp.route("/confronti/<int:id>")
@access("discussion.read", loads=queries.discussion)
def show(discussion):
    order, after = argument("ordine", 20), argument("dopo", 400)
    order = order if order in queries.ORDERS else next(iter(queries.ORDERS))
    page = queries.topics(discussion, order, after)
    pinned = queries.pinned(discussion) if not after else []
    pages.prepare("topic", [*pinned, *page.items])
    return render_template("discussions/show.html", discussion=discussion, page=page, pinned=pinned, order=order,
                           own=queries.not_public_of(me(), discussion), may=can(me(), "topic.open", discussion),
                           begins_later=bool(after))


@bp.route("/confronti/<int:id>/apri", methods=["GET", "POST"])
@access("topic.open", loads=queries.discussion)
def open_topic(discussion):
    leads = policy.leading(me(), discussion)
    form = TopicForm(me(), leads=leads, data={"columns": discussion.columns})
    if form.accepted():
        topic = services.open_topic(
            discussion, me(), title=form.title.data, body=form.body.data, organisation=form.chosen, by_staff=leads,
            columns=bool(form.columns.data) if leads else discussion.columns, language=languages.current())
        flash(_("The topic is public: now it can be discussed.") if topic.public else
              _("Your topic was received. It will be public once a moderator has read it; until then only you see it."))
        return redirect(url_for(".topic", id=topic.id, slug=topic.slug), 303)
    return render_template("discussions/open.html", discussion=discussion, form=form)


@bp.route("/argomenti/<int:id>")
@bp.route("/argomenti/<int:id>-<slug>")
@access("topic.read", loads=queries.topic)
def topic(topic, slug=None):
    if slug != topic.slug:
        asked: dict[str, Any] = {name: request.args.get(name) for name in ("dopo", "ordine", "lato", "lingua")}
        return redirect(url_for(".topic", id=topic.id, slug=topic.slug, **asked), 301)
    return render_template("discussions/topic.html", topic=topic, activity=topic.activity,
                           rests_on=queries.rests_on(topic) if topic.summary else [],
                           discussion=comments_on(topic.thread) if topic.public else None)


def readable(id: int) -> Topic | None:
    """A topic, unknown to whoever may not read it."""
    topic = queries.topic(id)
    return topic if topic and can(me(), "topic.read", topic) else None


@bp.route("/argomenti/<int:id>/modifica", methods=["GET", "POST"])
@access("topic.edit", loads=readable)
def edit(topic):
    form = TopicEditForm(obj=topic)
    if form.accepted():
        try:
            services.edit(topic, me(), seen=form.seen, title=form.title.data, body=form.body.data)
        except StaleVersionError:
            return _stale(topic, [(_("Topic"), topic.title, form.title.data),
                                  (_("What it is about"), topic.body, form.body.data)])
        flash(_("The topic was changed.") if topic.public else
              _("The topic was changed. It will be public again once a moderator has read it."))
        return redirect(topic.thread.path, 303)
    return render_template("discussions/edit.html", topic=topic, form=form)


@bp.route("/argomenti/<int:id>/ritira", methods=["POST"])
@access("topic.withdraw", loads=readable)
def withdraw(topic):
    services.withdraw(topic, me())
    flash(_("The topic was withdrawn: nobody sees it any more."))
    return redirect(url_for(".show", id=topic.activity_id), 303)


@bp.route("/argomenti/<int:id>/in-evidenza", methods=["POST"])
@access("topic.pin", loads=readable)
def pin(topic):
    services.pin(topic, me(), pinned=request.form.get("pinned") == "1")
    flash(_("The topic stands before the others.") if topic.pinned else _("The topic stands among the others again."))
    return redirect(topic.thread.path, 303)


@bp.route("/argomenti/<int:id>/sintesi", methods=["GET", "POST"])
@access("topic.summarise", loads=readable)
def summarise(topic):
    form = SummaryForm(data={"summary": topic.summary, "version": topic.version})
    if form.accepted():
        try:
            services.summarise(topic, me(), seen=form.seen, summary=form.summary.data)
        except StaleVersionError:
            return _stale(topic, [(_("What came of it"), topic.summary, form.summary.data)])
        except services.UnknownCommentsError as fault:
            form.refuse(fault)
        else:
            flash(_("The topic is closed, and everyone reads what came of it."))
            return redirect(topic.thread.path, 303)
    return render_template("discussions/summarise.html", topic=topic, form=form)


def _stale(topic: Topic, texts: list[tuple[str, str, Any]]) -> tuple[str, int]:
    """What others saved beside what was typed."""
    return render_template("errors/stale.html", fields=texts, again=request.path), 409
