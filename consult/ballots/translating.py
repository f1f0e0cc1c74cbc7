"""The page on which titles and explanations of options are translated, a language at a time."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from consult.ballots import services
from consult.ballots.services import RefusedError
from consult.core import languages
from consult.core.config import LANGUAGES
from consult.core.db import StaleVersionError
from consult.core.forms import VersionedForm, argument
from consult.core.uploads import takes_long_forms
from consult.core.web import access, me
from consult.office.forms import differences
from consult.voting import queries as voting
from consult.voting.models import Ballot

bp = Blueprint("ballots_translating", __name__)


def _form(ballot: Ballot, code: str) -> Any:
    """The form with a title and an explanation for each option."""
    fields: dict[str, Any] = {}
    for option in ballot.options:
        fields[f"title_{option.code}"] = StringField(
            _l("Title: %(what)s", what=option.title.in_language(languages.DEFAULT)), [Length(max=200)])
        if option.text:
            fields[f"text_{option.code}"] = TextAreaField(
                _l("Explanation: %(what)s", what=option.title.in_language(languages.DEFAULT)), [Length(max=2000)])
    kind: type[Any] = type("TranslationForm", (VersionedForm,), fields)
    said = {f"title_{option.code}": option.title.get(code, "") for option in ballot.options}
    said |= {f"text_{option.code}": option.text.get(code, "") for option in ballot.options}
    return kind(data={**said, "version": ballot.version})


@bp.route("/ufficio/votazioni/<int:id>/traduzioni", methods=["GET", "POST"])
@takes_long_forms
@access("ballot.prepare", loads=voting.ballot)
def translate(ballot: Ballot) -> Any:
    code = argument("in", 2) if argument("in", 2) in set(LANGUAGES) - {languages.DEFAULT} else "en"
    form, here = _form(ballot, code), f"{url_for('.translate', id=ballot.id)}?in={code}"
    if form.accepted():
        try:
            services.translate(ballot, me(), code, seen=form.seen, said={
                name: field.data or "" for name, field in form._fields.items() if name.startswith(("title_", "text_"))})
        except StaleVersionError:
            return render_template("errors/stale.html", fields=differences(form), again=here), 409
        except RefusedError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The ballot was changed."))
            return redirect(url_for("ballots.show", id=ballot.id), 303)
    return render_template("ballots/translate.html", ballot=ballot, process=ballot.phase.process, form=form,
                           code=code, here=here)
