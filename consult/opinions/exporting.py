"""Pages that hand out the answers of a conversation in the files of Polis."""

from flask import Blueprint, Response, abort, url_for

from consult.core.web import access, limiter
from consult.opinions import polis, queries
from consult.opinions.models import Conversation

bp = Blueprint("opinions_export", __name__)


def with_file(id: int, name: str) -> Conversation | None:
    """The conversation whose file is asked for."""
    return queries.conversation(id)


@bp.route("/opinioni/<int:id>/polis/<name>.csv")
@limiter.limit("60 per minute")
@access("conversation.export", loads=with_file)
def file(conversation, name):
    if name not in polis.FILES:
        abort(404)
    address = url_for("opinions.show", id=conversation.id, _external=True)
    content = polis.written(polis.rows(conversation, name, address=address))
    return Response(content.encode(), mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="{name}.csv"'})
