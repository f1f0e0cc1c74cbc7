"""How an act on something that was sent is answered where somebody else was faster: alike, whatever was sent."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask_babel import gettext as _

from consult.core.db import StaleVersionError, db


def again(page: str, sentence: str) -> Any:
    """Back to a page, with what is now the case; nothing of the act is kept."""
    db.session.rollback()
    flash(sentence, "warning")
    return redirect(page, 303)


def erased(let_go: Callable[[], None], *, page: str, after: str) -> Any:
    """Let a file go that was not taken, and go on from there; its own page says where it was taken meanwhile."""
    try:
        let_go()
    except StaleVersionError:
        return again(page, _("The file was taken meanwhile."))
    flash(_("The file was erased. Nothing of it was taken."))
    return redirect(after, 303)
