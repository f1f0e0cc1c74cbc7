"""Commenting and replying, and reading threads wherever they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.comments import agreeing, changes, locking, queries, quoting, services
from consult.comments.forms import STANCES, CommentEditForm, CommentForm, LockForm, OfficialReplyForm
from consult.comments.models import Comment
from consult.contributions import correcting, subjects
from consult.contributions import queries as contributions
from consult.contributions.models import Side, Thread
from consult.core import languages, pages
from consult.core.config import MAX_ID
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.policy import Verdict, can
from consult.core.web import access, me, require

bp = Blueprint("comments", __name__)
correcting.changed_at("comment", "comment.edit", "comments.edit")

OPINIONS: dict[str, bool | None] = {"yes": True, "no": False, "none": None}
"""What one may say to a comment with one click, as it is sent."""


@dataclass(frozen=True)
class Reading:
    """What whoever reads a page of comments said to them, and what is new to them."""

    thread: Thread
    news: queries.News
    own: dict[int, bool]
    order: str = ""
    """The order asked for, empty for the usual one: permalinks keep it."""

    def new(self, comment: Comment) -> bool:
        """True for what came since the last visit."""
        return bool(self.news.seen_id) and comment.id > self.news.seen_id and comment.author_id != me().id


@dataclass(frozen=True)
class Discussion:
    """What `comments/thread.html` shows: comments, and a form or the reason why there is none."""

    thread: Thread
    parts: list[queries.ThreadPage]
    """One list of comments, or one for each column."""
    begins_later: bool
    refusal: Verdict
    form: CommentForm | None
    reading: Reading
    action: str
    official: Sequence[Comment] = ()
    """What the authority has answered, which stands above."""

    @property
    def empty(self) -> bool:
        return not any(part.items for part in self.parts)

    @property
    def side(self) -> Side | None:
        """The only column that is shown, if it is one alone."""
        return self.parts[0].side if len(self.parts) == 1 else None

    def address(self, **asked: str | None) -> str:
        """This thread with something else asked for: `ordine`, `lato`, `dopo`."""
        sides = {side: name for name, side in contributions.SIDES.items()}
        kept = {"ordine": self.reading.order, "lato": sides[self.side] if self.side else "", **asked}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"{self.thread.path}{'?' if query else ''}{query}#commenti"


def discussion(thread: Thread) -> Discussion:
    """A thread for the page that owns it, in the order, the column and at the place that the address asks for."""
    after, order = argument("dopo", 400), argument("ordine", 20)
    order = order if order in list(contributions.THREAD_ORDERS)[1:] else ""
    side = contributions.SIDES.get(argument("lato", 20)) if thread.columns else None
    parts = _parts(thread, after, order, side)
    if parts[0].official is not None:
        g.setdefault("official_replies", {})[thread.id] = parts[0].official
    shown = [comment for part in parts for comment in part.comments]
    pages.prepare("comment", shown)
    verdict = can(me(), "comment.post", thread)
    reading = Reading(thread, *queries.read_by(me(), thread, shown), order)
    return Discussion(thread, parts, bool(after), verdict, _form(thread) if verdict else None, reading, _action(thread),
                      official_replies(thread))


def official_replies(thread: Thread) -> Sequence[Comment]:
    """What the authority has answered in a thread, asked once for each page."""
    asked: dict[int, Sequence[Comment]] = g.setdefault("official_replies", {})
    if thread.id not in asked:
        asked[thread.id] = queries.official(thread)
    return asked[thread.id]


def discussion_of(kind: str, id: int) -> Discussion | None:
    """The discussion of a thing that holds no thread itself; None where there is no such thing."""
    thread = subjects.thread_about(kind, id)
    return discussion(thread) if thread else None


def _parts(thread: Thread, after: str, order: str, side: Side | None) -> list[queries.ThreadPage]:
    if not thread.begun:
        return [queries.ThreadPage([], None)]
    if thread.columns and side is None:
        return queries.columns(thread, me(), order=order)
    return [queries.thread_page(thread, me(), after, order=order, side=side)]


def _action(thread: Thread) -> str:
    if thread.begun:
        return url_for("comments.post", id=thread.id)
    kind, _colon, id = (thread.subject or "").partition(":")
    return url_for("comments.post_about", kind=kind, id=id)


def _form(thread: Thread, replied_to: Comment | None = None) -> CommentForm:
    offered = {}
    if replied_to is not None and (asked := argument("cita", 500)):
        offered["quote"] = quoting.beginning(replied_to.body_html) if asked == "1" else quoting.passage(asked)
    official = bool(can(me(), "comment.official", thread))
    return CommentForm(thread, me(), official=official, replied_to=replied_to, data=offered)


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(STANCES=STANCES, draft_key=_draft_key)


def _draft_key(thread: Thread, about: Comment | None = None) -> str:
    """Under which name the browser of this person keeps what they type here."""
    return f"{me().id}:{thread.subject or thread.id}:{about.id if about else 0}"


def readable_thread(id: int) -> Thread | None:
    """A thread, unknown to whoever may not read what it is about."""
    thread = contributions.thread(id)
    if thread is None or not can(me(), "activity.read", thread.activity) or not subjects.readable(thread, me()):
        return None
    readable = thread.discussed is None or can(me(), "contribution.read", thread.discussed)
    return thread if readable else None


def thread_about(kind: str, id: int) -> Thread | None:
    """The thread of a subject, unknown to whoever may not read about it."""
    thread = subjects.thread_about(kind, id)
    return thread if thread and subjects.readable(thread, me()) else None


def readable_comment(id: int) -> Comment | None:
    """A comment, unknown to whoever may not read its text."""
    comment = queries.comment(id)
    return comment if comment and can(me(), "contribution.read", comment) else None


@bp.route("/discussioni/<kind>/<int:id>")
@access("thread.read", loads=thread_about)
def about(thread):
    return render_template("comments/about.html", thread=thread, discussion=discussion(thread))


@bp.route("/discussioni/<kind>/<int:id>/commenti", methods=["GET", "POST"])
@access("comment.post", loads=thread_about)
def post_about(thread):
    return _post(thread)


@bp.route("/discussioni/<int:id>/commenti", methods=["GET", "POST"])
@access("comment.post", loads=readable_thread)
def post(thread):
    return _post(thread)


def _post(thread: Thread) -> Any:
    form = _form(thread)
    if form.accepted():
        return _posted(thread, form, "comment.post", thread)
    return render_template("comments/post.html", thread=thread, form=form, about=None, action=_action(thread))


@bp.route("/discussioni/<int:id>/riscontro", methods=["GET", "POST"])
@access("comment.official", loads=readable_thread)
def official_reply(thread):
    form = OfficialReplyForm()
    if form.accepted():
        services.post(thread, me(), body=form.body.data, official=True, language=languages.current())
        flash(_("The official reply is public, and those concerned are told."))
        return redirect(f"{thread.path}#riscontri", 303)
    return render_template("comments/official.html", thread=thread, form=form)


@bp.route("/commenti/<int:id>/rispondi", methods=["GET", "POST"])
@access("comment.reply", loads=readable_comment)
def reply(comment):
    form = _form(comment.thread, comment)
    if form.accepted():
        return _posted(comment.thread, form, "comment.reply", comment)
    return render_template("comments/post.html", thread=comment.thread, form=form, about=comment,
                           action=url_for(".reply", id=comment.id))


def _posted(thread: Thread, form: CommentForm, action: str, thing: Thread | Comment) -> Any:
    try:
        comment = services.post(thread, me(), language=languages.current(), **form.values)
    except services.LockedError:
        require(action, thing)  # refused now, with what whoever locked it said
        raise
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
    shown = [comment, *replies.items]
    pages.prepare("comment", shown)
    reading = Reading(comment.thread, *queries.read_by(me(), comment.thread, shown))
    return render_template("comments/branch.html", comment=comment, replies=replies, begins_later=bool(after),
                           reading=reading)


@bp.route("/commenti/<int:id>/versioni")
@access("comment.read", loads=queries.comment)
def history(comment):
    found = changes.of(comment) if can(me(), "contribution.read", comment) else []
    if not found:
        abort(404)
    return render_template("comments/history.html", comment=comment, changes=found,
                           back=contributions.address(comment))


@bp.route("/commenti/<int:id>/accordo", methods=["POST"])
@access("comment.agree", loads=readable_comment)
def agree(comment):
    said = request.form.get("agrees", "")
    if said not in OPINIONS:
        abort(400)
    if said == "no":
        require("comment.disagree", comment)
    agreeing.agree(comment, me(), OPINIONS[said])
    return redirect(contributions.address(comment, request.form.get("ordine", "")[:20]), 303)


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


@bp.route("/discussioni/<int:id>/chiudi", methods=["GET", "POST"])
@access("thread.lock", loads=readable_thread)
def lock(thread):
    form = LockForm(data={"reason": thread.lock_reason})
    if form.accepted():
        locking.lock(thread, me(), reason=form.reason.data)
        flash(_("The discussion is closed. Everyone reads why."))
        return redirect(f"{thread.path}#commenti", 303)
    return render_template("comments/lock.html", thread=thread, form=form)


@bp.route("/discussioni/<int:id>/riapri", methods=["POST"])
@access("thread.lock", loads=readable_thread)
def unlock(thread):
    locking.unlock(thread, me())
    flash(_("The discussion is open again."))
    return redirect(f"{thread.path}#commenti", 303)


@bp.route("/discussioni/<int:id>/visto", methods=["POST"])
@access("thread.visit", loads=readable_thread)
def visit(thread):
    latest = request.form.get("latest", "")
    if not latest.isdecimal() or not latest.isascii() or not 0 < int(latest[:12]) <= MAX_ID:
        abort(400)
    locking.visit(thread.id, me(), upto=int(latest))
    return "", 204
