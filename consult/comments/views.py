"""Commenting and replying."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.comments import queries, services
from consult.comments.forms import STANCES, CommentEditForm, CommentForm
from consult.comments.models import Comment
from consult.contributions import queries as contributions
from consult.contributions.models import Thread
from consult.core import languages, pages
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.policy import Verdict, can
from consult.core.web import access, me

bp = Blueprint("comments", __name__)


@dataclass(frozen=True)
class Discussion:
    """What `comments/thread.html` shows: comments, and a form or the reason why there is none."""

    thread: Thread
    page: queries.ThreadPage
    begins_later: bool
    refusal: Verdict
    form: CommentForm | None


def discussion(thread: Thread) -> Discussion:
    """A thread for the page that owns it, at the place named by `?dopo=`."""
    after = argument("dopo", 400)
    page = queries.thread_page(thread, me(), after)
    pages.prepare("comment", page.comments)
    verdict = can(me(), "comment.post", thread)
    return Discussion(thread, page, bool(after), verdict, _form(thread) if verdict else None)


def _form(thread: Thread) -> CommentForm:
    return CommentForm(thread, me(), official=bool(can(me(), "comment.official", thread)))


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["STANCES"] = STANCES


def readable_thread(id: int) -> Thread | None:
    """A thread, unknown to whoever may not read what it is about."""
    thread = contributions.thread(id)
    if thread is None or not can(me(), "activity.read", thread.activity):
        return None
    readable = thread.discussed is None or can(me(), "contribution.read", thread.discussed)
    return thread if readable else None


def readable_comment(id: int) -> Comment | None:
    """A comment, unknown to whoever may not read its text."""
    comment = queries.comment(id)
    return comment if comment and can(me(), "contribution.read", comment) else None


@bp.route("/discussioni/<int:id>/commenti", methods=["GET", "POST"])
@access("comment.post", loads=readable_thread)
def post(thread):
    form = _form(thread)
    if form.accepted():
        return _posted(services.post(thread, me(), language=languages.current(), **form.values))
    return render_template("comments/post.html", thread=thread, form=form, about=None)


@bp.route("/commenti/<int:id>/rispondi", methods=["GET", "POST"])
@access("comment.reply", loads=readable_comment)
def reply(comment):
    form = _form(comment.thread)
    if form.accepted():
        values = {**form.values, "about": comment, "language": languages.current()}
        return _posted(services.post(comment.thread, me(), **values))
    return render_template("comments/post.html", thread=comment.thread, form=form, about=comment)


def _posted(comment: Comment) -> Any:
    flash(_("Your comment is public.") if comment.public else
          _("Your comment was received. It will be public once a moderator has read it; until then only you see it."))
    return redirect(contributions.address(comment), 303)


@bp.route("/commenti/<int:id>")
@access("comment.read", loads=queries.comment)
def branch(comment):
    if comment.about_id:
        return redirect(url_for(".branch", id=comment.about_id, _anchor=f"c-{comment.code}"), 303)
    after = argument("dopo", 400)
    replies = queries.replies(comment, me(), after)
    pages.prepare("comment", [comment, *replies.items])
    return render_template("comments/branch.html", comment=comment, replies=replies, begins_later=bool(after))


@bp.route("/commenti/<int:id>/modifica", methods=["GET", "POST"])
@access("comment.edit", loads=readable_comment)
def edit(comment):
    form = CommentEditForm(obj=comment)
    if form.accepted():
        try:
            services.edit(comment, me(), seen=form.seen, body=form.body.data)
        except StaleVersionError:
            texts = [(_("Your comment"), comment.body, form.body.data)]
            return render_template("errors/stale.html", fields=texts, again=url_for(".edit", id=comment.id)), 409
        flash(_("Your comment was changed.") if comment.public else
              _("Your comment was changed. It will be public again once a moderator has read it."))
        return redirect(contributions.address(comment), 303)
    return render_template("comments/edit.html", comment=comment, form=form, back=contributions.address(comment))


@bp.route("/commenti/<int:id>/ritira", methods=["POST"])
@access("comment.withdraw", loads=readable_comment)
def withdraw(comment):
    services.withdraw(comment, me())
    flash(_("Your comment was withdrawn."))
    return redirect(contributions.address(comment), 303)
