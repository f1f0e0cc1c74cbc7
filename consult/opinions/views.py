"""A conversation: its map, its statements, answering them one at a time, and one's own answers."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.accounts.models import Organisation
from consult.comments.views import discussion as comments_on
from consult.core import asking, keys, languages, pages
from consult.core.db import db
from consult.core.forms import argument
from consult.core.policy import Verdict, can
from consult.core.web import RefusedError, access, limiter, me, require
from consult.opinions import queries, services, telling, voices, words
from consult.opinions.forms import AnswerForm, StatementForm
from consult.opinions.models import Conversation, Participant, Statement
from consult.processes import audience

bp = Blueprint("opinions", __name__)


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals["opinion_words"] = words


def _who() -> str:
    return str(me().get_id())


often = limiter.limit("120 per minute", key_func=_who, methods=["POST"])


def public_conversation(id: int) -> Conversation | None:
    """A conversation, unknown to whoever may not read it, whatever is asked of it."""
    found = queries.conversation(id)
    if found is not None:
        require("conversation.read", found)
    return found


@bp.route("/opinioni/<int:id>")
@access("conversation.read", loads=queries.conversation)
def show(conversation):
    shown = queries.shown_map(conversation) if telling.visible(me(), conversation) else None
    told = telling.told(conversation, shown) if shown else None
    known = _known(conversation, _speaker())
    page = render_template(
        "opinions/show.html", conversation=conversation, told=told, shown=shown, known=known,
        standing=telling.standing(conversation, known, shown) if known and shown else None, words=words,
        may=can(me(), "conversation.answer", conversation), may_write=can(me(), "statement.write", conversation),
        statements=queries.public_count(conversation), own=queries.not_public_of(me(), conversation))
    return (page, {"Cache-Control": "private, no-store"}) if known else page


@bp.route("/opinioni/<int:id>/rispondi", methods=["GET", "POST"])
@access("conversation.answer", loads=public_conversation)
@often
def answer(conversation):
    speaker, form = _speaker(), AnswerForm()
    if form.accepted():
        statement = queries.statement_in(conversation, form.statement_id)
        if statement is None:
            flash(_("This statement can no longer be answered. Here is another one."), "warning")
        else:
            _answer(conversation, statement, form, speaker)
        back = "own" if request.form.get("back") == "own" else "answer"
        return redirect(url_for(f".{back}", id=conversation.id, **_per(speaker)), 303)
    known = _known(conversation, speaker)
    wanted = _wanted(conversation)
    following = queries.next_for(conversation, known.tag if known else _tag(conversation, speaker))
    page = render_template(
        "opinions/answer.html", conversation=conversation, form=form, following=following, speaker=speaker,
        statement=wanted or following.statement, again=wanted is not None, words=words, per=_per(speaker),
        before=queries.stance_on(conversation, known.tag, wanted.id) if known and wanted else None,
        may_write=can(me(), "statement.write", conversation))
    return page, {"Cache-Control": "private, no-store"}


def _answer(conversation: Conversation, statement: Statement, form: AnswerForm, speaker: Organisation | None) -> None:
    try:
        services.answer(conversation, _voice(speaker), statement, form.chosen)
    except services.RefusedError as refusal:
        _refuse("conversation.answer", refusal)


def _wanted(conversation: Conversation) -> Statement | None:
    """The statement that one wants to answer anew, as the address says."""
    asked = argument("su", 9)
    return queries.statement_in(conversation, int(asked)) if asked.isascii() and asked.isdecimal() else None


@bp.route("/opinioni/<int:id>/risposte")
@access("conversation.own", loads=public_conversation)
def own(conversation):
    speaker = _speaker()
    known = _known(conversation, speaker)
    page = render_template(
        "opinions/own.html", conversation=conversation, words=words, speaker=speaker, per=_per(speaker), known=known,
        said=queries.said(conversation, known.tag) if known else [], total=queries.public_count(conversation),
        may=can(me(), "conversation.answer", conversation), organisations=me().organisations)
    return page, {"Cache-Control": "private, no-store"}


@bp.route("/opinioni/<int:id>/risposte/ritira", methods=["POST"])
@access("conversation.take_back", loads=public_conversation)
@often
def take_back(conversation):
    try:
        gone = services.take_back(conversation, _voice(_speaker()))
    except services.RefusedError as refusal:
        _refuse("conversation.take_back", refusal)
    flash(_("All your answers were taken back and count no more.") if gone else _("There were no answers of yours."))
    return redirect(url_for(".show", id=conversation.id), 303)


@bp.route("/opinioni/<int:id>/affermazioni")
@access("conversation.read", loads=queries.conversation)
def statements(conversation):
    return render_template("opinions/statements.html", conversation=conversation,
                           page=queries.statements(conversation, argument("dopo", 400)),
                           may_write=can(me(), "statement.write", conversation))


@bp.route("/opinioni/<int:id>/scrivi", methods=["GET", "POST"])
@access("statement.write", loads=public_conversation)
def write(conversation):
    form = StatementForm(me())
    if form.accepted():
        try:
            statement = services.write(conversation, me(), form.text.data, organisation=form.chosen,
                                       language=languages.current())
        except services.RefusedError as refusal:
            form.text.errors = [refusal.reason]
        else:
            flash(_("Your statement is public: now others answer it.") if statement.public else
                  _("Your statement was received. It will be public once a moderator has read it; until then only you "
                    "see it."))
            return redirect(url_for(".show", id=conversation.id), 303)
    return render_template("opinions/write.html", conversation=conversation, form=form,
                           left=services.room(conversation, me()))


@bp.route("/affermazioni/<int:id>")
@access("statement.read", loads=queries.statement)
def statement(statement):
    return render_template("opinions/statement.html", statement=statement, conversation=statement.activity,
                           discussion=comments_on(statement.thread) if statement.public else None,
                           may=can(me(), "conversation.answer", statement.activity))


def readable(id: int) -> Statement | None:
    """A statement, unknown to whoever may not read it."""
    found = queries.statement(id)
    return found if found and can(me(), "statement.read", found) else None


@bp.route("/affermazioni/<int:id>/ritira", methods=["POST"])
@access("statement.withdraw", loads=readable)
def withdraw(statement):
    services.withdraw(statement, me())
    flash(_("The statement was withdrawn: nobody sees it any more."))
    return redirect(url_for(".show", id=statement.activity_id), 303)


@asking.question("contribution", "statements")
def _is_said_in_short(contribution: Any, _person: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(Statement.drawn_from_id == contribution.id)


@pages.slot("proposal.aside", position=35)
def drawn_into(proposal: Any) -> str:
    """On the page of a proposal: the statements that say it in short."""
    there = proposal.public and asking.answer("contribution", "statements", proposal)
    drawn = queries.drawn_into(proposal.id) if there else []
    return render_template("opinions/drawn_into.html", drawn=drawn) if drawn else ""


def _speaker() -> Organisation | None:
    """The organisation for which somebody answers, as the address says; only one that they may speak for."""
    slug = argument("per", 80)
    return next((one for one in me().organisations if one.slug == slug), None) if slug and me().get_id() else None


def _per(speaker: Organisation | None) -> dict[str, Any]:
    return {"per": speaker.slug} if speaker else {}


def _voice(speaker: Organisation | None) -> voices.Voice:
    return voices.of(me(), speaker, channel=audience.channel_of(me()))


def _known(conversation: Conversation, speaker: Organisation | None) -> Participant | None:
    """The row of whoever looks at the page; None for who has not answered, and once the key is destroyed."""
    if not audience.somebody(me(), conversation) or not keys.exists(conversation.id):
        return None
    return queries.participant(conversation, _voice(speaker).tags(conversation))


def _tag(conversation: Conversation, speaker: Organisation | None) -> str:
    """Of somebody who has not answered yet: what is drawn first depends on it. A page that reads makes no key."""
    return _voice(speaker).tags(conversation)[0] if keys.exists(conversation.id) else ""


def _refuse(action: str, refusal: services.RefusedError) -> None:
    """Answer that this cannot be done any more, with the reason; nothing of it is kept."""
    db.session.rollback()
    raise RefusedError(action, Verdict(False, refusal.reason))
