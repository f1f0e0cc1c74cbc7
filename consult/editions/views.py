"""The editions of a plan: listed, read, compared, and kept by the plan office."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.accounts.words import ROLES
from consult.core import diff, pages
from consult.core.forms import argument
from consult.core.languages import Localized
from consult.core.web import access, me
from consult.editions import comparing, embedded, queries, services, snapshot
from consult.editions.comparing import Difference, Field, Words
from consult.editions.forms import EditionForm
from consult.editions.models import PlanEdition
from consult.editions.snapshot import Node
from consult.editions.words import FIELDS, KINDS, VALUES
from consult.planning import queries as planning
from consult.planning.models import Plan
from consult.planning.views import plan_called

bp = Blueprint("editions", __name__)

@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals["role_names"] = ROLES


@bp.app_template_filter()
def in_words(value: Any) -> Any:
    """A value of an edition as it is read: a text in several languages in that of the page."""
    return Localized(value) if isinstance(value, dict) else ", ".join(map(str, value)) if isinstance(value, list) else (
        value)


@bp.app_template_filter()
def iso_day(value: str) -> date:
    """A day that an edition keeps."""
    return date.fromisoformat(value)


HTML = "html"
"""The field of a paragraph in which it is read; its text in Markdown says the same."""


@bp.route("/piani/<slug>/edizioni")
@access("plan.read", loads=planning.by_slug)
def index(plan):
    return render_template("editions/index.html", plan=plan, editions=queries.of_plan(plan))


@bp.route("/piani/<slug>/edizioni/nuova", methods=["GET", "POST"])
@access("edition.make", loads=planning.by_slug)
def new(plan):
    form = EditionForm(data={"name": plan.edition})
    if form.accepted():
        edition = services.make(plan, me(), name=form.name.data, kind=plan.state)
        flash(_("The edition was kept: it can be read as it is now, and never changes."))
        return redirect(url_for(".show", slug=plan.slug, number=edition.number), 303)
    return render_template("editions/new.html", plan=plan, form=form)


def edition_of(plan: Plan, number: int) -> PlanEdition:
    """An edition of this plan, or 404."""
    return queries.numbered(plan, number) or abort(404)


@bp.route("/piani/<slug>/edizioni/<int:number>")
@access("plan.read", loads=plan_called)
def show(plan, number):
    edition = edition_of(plan, number)
    tree = snapshot.from_json(edition.content)
    pages.prepare("edition", [(edition, tree)])
    return render_template("editions/show.html", plan=plan, edition=edition, tree=tree,
                           numbers=snapshot.numbers(tree), fields=FIELDS, kinds=KINDS, words=VALUES,
                           blocks=embedded.read(plan, tree))


@bp.route("/piani/<slug>/edizioni/<int:number>.json")
@access("plan.read", loads=plan_called)
def data(plan, number):
    edition = edition_of(plan, number)
    name = f"{plan.slug}-{edition.number}.json"
    return Response(edition.content.encode(), mimetype="application/json",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.route("/piani/<slug>/edizioni/confronta")
@access("plan.read", loads=planning.by_slug)
def compare(plan):
    every = queries.of_plan(plan)
    if not every:
        abort(404)
    after = _called(plan, argument("a", 9), every[0].number)
    before = _called(plan, argument("da", 9), max(1, after.number - 1))
    one, other = snapshot.from_json(before.content), snapshot.from_json(after.content)
    difference = comparing.compared(one, other)
    return render_template("editions/compare.html", plan=plan, editions=every, before=before, after=after,
                           difference=difference, rows=list(_rows(one, other, difference)))


def _called(plan: Plan, number: str, usual: int) -> PlanEdition:
    asked = int(number) if number.isascii() and number.isdecimal() else usual
    return queries.numbered(plan, asked) or edition_of(plan, usual)


@dataclass(frozen=True)
class Row:
    """A part that differs, as it is shown."""

    marks: tuple[str, ...]
    """`added`, `removed`, `moved`, `changed`."""
    where: str
    """The section or axis it stands in."""
    node: Node
    before: str
    """Its number in the first edition; none where it is new."""
    after: str
    fields: tuple[tuple[Any, str, Any, Any], ...] = ()
    """Name, the difference of its words as HTML, and else what it was and what it is."""

    @property
    def kind(self) -> Any:
        return KINDS.get(self.node.kind, self.node.kind)


def _rows(one: Node, other: Node, difference: Difference) -> Iterator[Row]:
    """What differs, in the order of the second edition; then what is gone, in the order of the first."""
    old, new = snapshot.numbers(one), snapshot.numbers(other)
    was = {node.key: node for node in one.below()}
    for chapter in (other, *other.parts):
        for node in [chapter] if chapter is other else chapter.below():
            marks = tuple(mark for mark, keys in (
                ("added", difference.added), ("moved", difference.moved), ("changed", difference.changed))
                if node.key in keys)
            if marks:
                yield Row(marks, _title(chapter), node, old.get(node.key, ""), new.get(node.key, ""),
                          tuple(_shown(was[node.key], node, difference)) if "changed" in marks else ())
    for chapter in one.parts:
        for node in chapter.below():
            if node.key in difference.removed:
                yield Row(("removed",), _title(chapter), node, old.get(node.key, ""), "")


def _title(chapter: Node) -> str:
    return str(in_words(chapter.fields.get("title", "")))


def _shown(before: Node, after: Node, difference: Difference) -> Iterator[tuple[Any, str, Any, Any]]:
    changes = difference.changed[after.key]
    if HTML in changes:
        yield "", diff.readable(str(before.fields[HTML]), str(after.fields[HTML])), None, None
        return
    for name, change in changes.items():
        yield (FIELDS.get(name, name), *_field(change))


def _field(change: Field) -> tuple[str, Any, Any]:
    if isinstance(change, Words):
        return diff.source(change.before, change.after), None, None
    return "", *(_("nothing") if value in (None, "", comparing.ABSENT) else value
                 for value in (change.before, change.after))


@pages.slot("plan.editions", position=10)
def of_plan(plan: Plan) -> str:
    """On the page of the plan: the way to its editions."""
    return render_template("editions/of_plan.html", plan=plan, edition=queries.put_forward(plan))
