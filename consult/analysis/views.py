"""The territory in figures: its pages, their files, and the desk on which indicators are kept."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.analysis import figures, queries, services, words
from consult.analysis.figures import Measured
from consult.analysis.forms import values_form
from consult.analysis.models import Breakdown, Indicator
from consult.core import languages, pages, spreadsheet
from consult.core.db import StaleVersionError
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Process

bp = Blueprint("analysis", __name__)


@bp.route("/percorsi/<slug>/territorio")
@access("indicator.read", loads=processes.process_called)
def show(process):
    found = _measured(process, queries.indicators(process))
    themes = [(words.THEMES[theme], [one for one in found if one.indicator.theme is theme])
              for theme in words.THEMES]
    return render_template("analysis/show.html", process=process, themes=[one for one in themes if one[1]])


@bp.route("/percorsi/<slug>/territorio/<code>")
@access("indicator.read", loads=queries.indicator)
def indicator(indicator):
    one = _one(indicator)
    return render_template("analysis/indicator.html", process=indicator.process, indicator=indicator, measured=one,
                           tables=figures.tables(one), words=words)


@bp.route("/percorsi/<slug>/territorio/<code>.csv")
@access("indicator.read", loads=queries.indicator)
def as_csv(indicator):
    lines = [[line[name] for name in ("indicator", "municipality_code", "municipality", "age", "gender", "value")]
             for line in _lines(_one(indicator))]
    content = spreadsheet.as_csv([["indicator", "municipality_code", "municipality_name", "age", "gender", "value"],
                                  *lines], languages.current())
    return Response(content, mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="{indicator.code}-{indicator.year}.csv"'})


@bp.route("/percorsi/<slug>/territorio/<code>.json")
@access("indicator.read", loads=queries.indicator)
def as_json(indicator):
    one = _one(indicator)
    told = {"code": indicator.code, "title": indicator.title, "description": indicator.description,
            "unit": indicator.unit, "theme": indicator.theme.value, "year": indicator.year,
            "source": indicator.source, "source_url": indicator.source_url, "breakdown": indicator.breakdown.value,
            "whole_territory": {"how": indicator.gathering.value, "value": one.whole()},
            "values": [{name: value for name, value in line.items() if name != "indicator" and value != ""}
                       for line in _lines(one)]}
    return Response(json.dumps(told, ensure_ascii=False, indent=1), mimetype="application/json")


@bp.route("/percorsi/<slug>/territorio/aggiungi", methods=["GET", "POST"])
@access("indicator.add", loads=processes.process_called)
def add(process):
    form = values_form(processes.municipalities(process), queries.indicators(process))
    if form.accepted():
        try:
            made = services.add(process, me(), form.values, **form.told)
        except services.CodeTakenError:
            form.code.errors = [_("Another indicator has this code.")]
        else:
            return _kept(made, _("The indicator was added."))
    return render_template("analysis/edit.html", process=process, indicator=None, form=form)


@bp.route("/percorsi/<slug>/territorio/<code>/modifica", methods=["GET", "POST"])
@access("indicator.edit", loads=queries.indicator)
def edit(indicator):
    process = indicator.process
    form = values_form(processes.municipalities(process), queries.indicators(process), indicator,
                       queries.values([indicator.id]).get(indicator.id, {}))
    conflict = False
    if form.accepted():
        try:
            services.edit(indicator, me(), form.values, version=form.seen, **form.told)
        except services.CodeTakenError:
            form.code.errors = [_("Another indicator has this code.")]
        except StaleVersionError:
            conflict = True
            form.version.data = str(indicator.version)
        else:
            return _kept(indicator, _("The indicator was changed."))
    return render_template("analysis/edit.html", process=process, indicator=indicator, form=form,
                           conflict=conflict), 409 if conflict else 200


@bp.route("/percorsi/<slug>/territorio/<code>/elimina", methods=["POST"])
@access("indicator.edit", loads=queries.indicator)
def remove(indicator):
    slug = indicator.process.slug
    services.remove(indicator, me(), version=indicator.version)
    flash(_("The indicator was removed."))
    return redirect(url_for(".show", slug=slug), 303)


@pages.slot("process.lists", position=60)
def _link(process: Process) -> str:
    return render_template("analysis/link.html", process=process)


def _kept(indicator: Indicator, sentence: str) -> Any:
    flash(sentence)
    if indicator.breakdown is not Breakdown.TOTAL:
        flash(_("Its values come in a file: send them now."), "info")
        return redirect(url_for("analysis_files.send", slug=indicator.process.slug), 303)
    return redirect(url_for(".indicator", slug=indicator.process.slug, code=indicator.code), 303)


def _measured(process: Process, indicators: Any) -> list[Measured]:
    ids = {one.id for one in indicators} | {one.weighted_by_id for one in indicators if one.weighted_by_id}
    return figures.measured(indicators, processes.municipalities(process), queries.values(ids))


def _one(indicator: Indicator) -> Measured:
    return _measured(indicator.process, [indicator])[0]


def _lines(one: Measured) -> list[dict[str, Any]]:
    """Each value with what it is of, as files give it."""
    places = {place.id: place for place in one.places}
    at = {place.id: number for number, place in enumerate(one.places)}
    bands = {band: number for number, band in enumerate(["", *one.age_bands])}
    return [{"indicator": one.indicator.code, "municipality_code": places[place_id].istat_code,
             "municipality": places[place_id].name, "age": band, "gender": gender,
             "value": int(value) if value.is_integer() else value}
            for (place_id, band, gender), value in sorted(
                one.values.items(), key=lambda item: (at.get(item[0][0], 0), bands[item[0][1]], item[0][2]))
            if place_id in places]
