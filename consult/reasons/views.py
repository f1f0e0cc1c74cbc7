"""The rules of a percorso: their versions for everybody, and the pages on which the plan office writes them."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.core import pages
from consult.core.db import StaleVersionError
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.reasons import queries, services, standard, words
from consult.reasons.entries import TEXTS, Entry, placed
from consult.reasons.forms import NewRuleForm, RuleForm

bp = Blueprint("reasons", __name__)


@pages.slot("office.process", position=18)
def _from_office(process: Process) -> str:
    return render_template("reasons/set_up.html", process=process)


@bp.route("/percorsi/<slug>/regole")
@access("process.read", loads=processes.process_called)
def show(process):
    return _shown(process, queries.latest(process.id))


def _with_version(slug: str, number: int) -> Process | None:
    """A percorso that has or had such a version of the rules; 0 are those of the site."""
    process = processes.process_called(slug)
    return process if process and (number == 0 or queries.version(process.id, number)) else None


@bp.route("/percorsi/<slug>/regole/<int:number>")
@access("process.read", loads=_with_version)
def version(process, number):
    return _shown(process, number)


def _shown(process: Process, number: int) -> str:
    return render_template("reasons/show.html", process=process, number=number, rules=_rules(process, number),
                           versions=queries.versions(process.id), families=words.FAMILIES, acts=words.ACTS)


def _rules(process: Process, number: int) -> list[Entry]:
    """The rules of a version; those of the site before the first."""
    return list(queries.entries(queries.named(process.id, number))) if number else [
        one.entry() for one in standard.STANDARD]


@bp.route("/ufficio/percorsi/<slug>/regole")
@access("rules.manage", loads=processes.process_called)
def manage(process):
    number = queries.latest(process.id)
    return render_template("reasons/manage.html", process=process, number=number, rules=_rules(process, number),
                           acts=words.ACTS, families=words.FAMILIES)


@bp.route("/ufficio/percorsi/<slug>/regole/nuova", methods=["GET", "POST"])
@access("rules.manage", loads=processes.process_called)
def add(process):
    number = queries.latest(process.id)
    rules = _rules(process, number)
    form = NewRuleForm(number, [rule.code for rule in rules])
    return _write(process, rules, form, None)


def _of(slug: str, code: str) -> Process | None:
    """The percorso, whatever the rule: the page itself looks for it among those of the version that holds."""
    return processes.process_called(slug)


@bp.route("/ufficio/percorsi/<slug>/regole/<code>", methods=["GET", "POST"])
@access("rules.manage", loads=_of)
def change(process, code):
    number = queries.latest(process.id)
    rules = _rules(process, number)
    at, rule = next(((at, rule) for at, rule in enumerate(rules, 1) if rule.code == code), (0, None))
    if rule is None:
        abort(404)
    return _write(process, rules, RuleForm(number, rule, at), rule)


def _write(process: Process, rules: list[Entry], form: Any, rule: Entry | None) -> Any:
    here = url_for(".change", slug=process.slug, code=rule.code) if rule else url_for(".add", slug=process.slug)
    if form.accepted():
        entry = form.entry(rule.code if rule else form.code.data)
        try:
            written = services.write(process, placed(rules, entry, form.position.data), entry.code, me(),
                                     seen=form.seen)
        except StaleVersionError:
            fields = [(form[f"{name}_it"].label.text, getattr(rule, name).get("it", "") if rule else "",
                       form[f"{name}_it"].data) for name in TEXTS]
            return render_template("errors/stale.html", fields=fields, again=here), 409
        flash(_("Saved: version %(number)s of the rules holds from now on.", number=written.number))
        return redirect(url_for(".manage", slug=process.slug), 303)
    return render_template("reasons/form.html", process=process, rule=rule, form=form, here=here)
