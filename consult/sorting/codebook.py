"""Pages on which the tags of a percorso are made, changed, retired and merged."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.sorting import queries, services, words
from consult.sorting.forms import MergeTagForm, TagEditForm, TagForm
from consult.sorting.models import Tag

bp = Blueprint("sorting_tags", __name__, url_prefix="/ufficio/percorsi/<slug>/spoglio/etichette")


def process_of(slug: str, **_others: Any) -> Process | None:
    """The percorso named in an address, whatever else the address names."""
    return processes.process_called(slug)


@bp.route("")
@access("sorting.see", loads=processes.process_called)
def show(process: Process) -> Any:
    return render_template("sorting/tags.html", process=process, tags=queries.tags(process),
                           uses=queries.uses(process), merged=queries.merged(process))


@bp.route("/storia")
@access("sorting.see", loads=processes.process_called)
def history(process: Process) -> Any:
    return render_template("sorting/history.html", process=process, changes=queries.changes(process), words=words)


@bp.route("/nuova", methods=["GET", "POST"])
@access("sorting.codebook", loads=processes.process_called)
def add(process: Process) -> Any:
    """A new tag; one that takes a topic over has its words to begin with."""
    tags = queries.tags(process)
    form = TagForm(data=_from_topic(process, tags))
    form.offer(tags)
    if form.accepted():
        try:
            services.add(process, me(), form.said)
        except services.TagError as fault:
            form[fault.field].errors = [fault.sentence]
        else:
            flash(_("The tag was added."))
            return redirect(url_for(".show", slug=process.slug), 303)
    return render_template("sorting/tag.html", process=process, tag=None, form=form)


@bp.route("/<int:tag>", methods=["GET", "POST"])
@access("sorting.codebook", loads=process_of)
def change(process: Process, tag: int) -> Any:
    known = _tag(process, tag)
    form = TagEditForm.of(known)
    form.offer(queries.tags(process), known.id)
    if form.accepted():
        try:
            services.change(process, known, me(), form.said, seen=form.seen)
        except services.TagError as fault:
            form[fault.field].errors = [fault.sentence]
        except StaleVersionError:
            return _stale([(_("Short code"), known.code, form.code.data), (_("Name"), known.name, form.said.name),
                           (_("Definition"), known.definition, form.said.definition),
                           (_("Example"), known.example, form.said.example)], request.path)
        else:
            flash(_("Saved."))
            return redirect(url_for(".show", slug=process.slug), 303)
    return render_template("sorting/tag.html", process=process, tag=known, form=form)


@bp.route("/<int:tag>/ritira", methods=["POST"])
@access("sorting.codebook", loads=process_of)
def retire(process: Process, tag: int) -> Any:
    retired = request.form.get("again") is None
    services.retire(_tag(process, tag), me(), retired=retired)
    flash(_("The tag is no longer offered. Where it was found it stays.") if retired
          else _("The tag is offered again."))
    return redirect(url_for(".show", slug=process.slug), 303)


@bp.route("/<int:tag>/unisci", methods=["GET", "POST"])
@access("sorting.codebook", loads=process_of)
def merge(process: Process, tag: int) -> Any:
    known = _tag(process, tag)
    form = MergeTagForm(known, queries.tags(process))
    if form.accepted():
        try:
            services.merge(process, known, _tag(process, form.into.data), me(), seen=form.seen)
        except StaleVersionError:
            return _stale([(_("Name"), known.name, known.name)], url_for(".show", slug=process.slug))
        flash(_("The two tags are one now."))
        return redirect(url_for(".show", slug=process.slug), 303)
    return render_template("sorting/merge.html", process=process, tag=known, form=form)


def _tag(process: Process, id: int) -> Tag:
    return queries.tag(process, id) or abort(404)


def _stale(fields: list[Any], again: str) -> Any:
    """Somebody was faster: both texts, nothing lost."""
    return render_template("errors/stale.html", fields=fields, again=again), 409


def _from_topic(process: Process, tags: list[Tag]) -> dict[str, str]:
    """What a tag begins with that takes over the topic named in the address."""
    asked, look = argument("tema", 3), queries.look(process)
    number = int(asked) if asked.isascii() and asked.isdigit() else 0
    if look is None or not 0 < number <= len(look.topics):
        return {}
    said = [word for word, _weight in look.topics[number - 1]]
    return {"code": services.code_for(said[0], [tag.code for tag in tags]), "name_it": ", ".join(said[:3]),
            "definition_it": _("Texts that speak of: %(words)s.", words=", ".join(said))}
