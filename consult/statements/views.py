"""The page on which an author reads what was decided, and why."""

from flask import Blueprint, render_template

from consult.core.web import access, me
from consult.moderation.words import DONE
from consult.statements import queries, words

bp = Blueprint("statements", __name__)


@bp.route("/decisioni/<int:id>")
@access("reasons.read", loads=queries.statement)
def show(statement):
    since = queries.afterwards(statement)
    theirs = statement.concerns(me())
    return render_template(
        "statements/show.html", statement=statement, decision=statement.decision, matter=statement.matter,
        words=words, DONE=DONE, since=since, theirs=theirs,
        ended=next((one for one in since if one.act in queries.ENDING), None),
        kept=queries.words_kept(statement) if theirs else [],
        correct=statement.matter.correction(me()) if theirs else "")
