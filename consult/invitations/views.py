"""The page that a link of an invitation opens."""

from typing import Any

from flask import render_template, request

from consult.accounts.views import unkept
from consult.core.policy import can
from consult.core.web import me
from consult.invitations.models import Invitation


def answer(template: str, invitation: Invitation | None, form: Any, **values: Any) -> Any:
    """What somebody is invited to and how to take it up, or that the link is not good any more: nothing tells why."""
    if invitation is None:
        return unkept(render_template("invitations/worthless.html"), 410)
    verdict = can(me(), "invitation.accept", invitation)
    return unkept(render_template(template, invitation=invitation, form=form, verdict=verdict, path=request.path,
                                  **values))
