"""What the plan office decides of organisations: whether they exist, when what they say is read, their kinds."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.models import Organisation
from consult.core.db import StaleVersionError
from consult.core.forms import VersionedForm, localized, one_for_each_language
from consult.core.web import access, me
from consult.organisations import categories, describing, queries, services
from consult.organisations.forms import CategoryForm, ReadingForm, RefusalForm
from consult.territory.models import StakeholderCategory

bp = Blueprint("checking", __name__)


@bp.route("/ufficio/organizzazioni")
@access("organisation.check")
def organisations():
    waiting = queries.waiting()
    return render_template(
        "organisations/waiting.html", waiting=waiting, speakers=queries.speakers_of(waiting),
        alone=queries.without_speakers(), reading=ReadingForm(data={
            "reading": "first" if queries.read_first() else "afterwards"}))


def _changed_meanwhile() -> None:
    flash(_("It was changed while you were reading it: read it again, then decide."), "warning")


@bp.route("/ufficio/organizzazioni/<int:id>/verifica", methods=["POST"])
@access("organisation.verify", loads=Organisation)
def verify(organisation):
    try:
        services.verify(organisation, actor=me(), seen=VersionedForm().seen)
    except StaleVersionError:
        _changed_meanwhile()
    else:
        flash(_("The organisation is verified: whoever registered it can now speak for it."))
    return redirect(url_for(".organisations"), 303)


@bp.route("/ufficio/organizzazioni/<int:id>/rifiuta", methods=["GET", "POST"])
@access("organisation.verify", loads=queries.with_id)
def refuse(organisation):
    form = RefusalForm(data={"version": organisation.version})
    if form.accepted():
        try:
            services.refuse(organisation, form.reason.data, actor=me(), seen=form.seen)
        except StaleVersionError:
            _changed_meanwhile()
        else:
            flash(_("The organisation is not verified. Whoever registered it is told why."))
        return redirect(url_for(".organisations"), 303)
    return render_template("organisations/refuse.html", organisation=organisation, form=form)


@bp.route("/ufficio/organizzazioni/descrizioni", methods=["POST"])
@access("organisation.moderate_descriptions")
def read_first():
    form = ReadingForm()
    if form.accepted():
        describing.read_first(form.first, actor=me())
        flash(_("Saved. It holds for what is written from now on."))
    return redirect(url_for(".organisations"), 303)


@bp.route("/ufficio/categorie", methods=["GET", "POST"])
@access("category.manage")
def list_categories():
    form = CategoryForm()
    if form.accepted():
        categories.add(localized(form, "name"), actor=me())
        flash(_("The category is added."))
        return redirect(url_for(".list_categories"), 303)
    return render_template("organisations/categories.html", form=form, categories=accounts.categories(),
                           counted=queries.counted_by_category())


@bp.route("/ufficio/categorie/<int:id>", methods=["GET", "POST"])
@access("category.manage", loads=StakeholderCategory)
def rename_category(category):
    form = CategoryForm(data=one_for_each_language(name=category.name))
    if form.accepted():
        categories.rename(category, localized(form, "name"), actor=me())
        flash(_("The category is renamed."))
        return redirect(url_for(".list_categories"), 303)
    return render_template("organisations/category.html", form=form, category=category)


@bp.route("/ufficio/categorie/<int:id>/sposta", methods=["POST"])
@access("category.manage", loads=StakeholderCategory)
def move_category(category):
    categories.move(category, 1 if request.form.get("where") == "down" else -1, actor=me())
    return redirect(url_for(".list_categories"), 303)


@bp.route("/ufficio/categorie/<int:id>/elimina", methods=["POST"])
@access("category.manage", loads=StakeholderCategory)
def remove_category(category):
    try:
        categories.remove(category, actor=me())
    except categories.InUseError:
        flash(_("This category is in use: it can be renamed, not removed."), "error")
    else:
        flash(_("The category is removed."))
    return redirect(url_for(".list_categories"), 303)
