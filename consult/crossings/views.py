"""Answers by who gave them, two questionnaires side by side, and by what everybody may see answers."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core import languages, pages, richtext
from consult.core.charts import Sheet
from consult.core.forms import argument, choices
from consult.core.policy import can
from consult.core.spreadsheet import table_as_csv
from consult.core.web import access, me
from consult.crossings import comparing, queries, services, tables, variables
from consult.crossings.forms import SidesForm
from consult.crossings.variables import CATEGORY, CHANNEL, PARTY, PLACE
from consult.processes import queries as processes
from consult.results import queries as results
from consult.surveys import queries as surveys
from consult.surveys.answers import ONE
from consult.surveys.ground import Ground
from consult.surveys.views import public

bp = Blueprint("crossings", __name__)

NOT_FROZEN = _l("The results of this survey are being counted: please come back in a minute.")
GREW = _l("Answers were added after the results were counted for good: answers are no longer crossed here, as the "
          "difference would tell who added what.")
BY_PLACE_ELSEWHERE = _l("By municipality, scales are told by their mean and median: they stand with the results.")


class Choice:
    """What whoever looks may choose, what they chose, and what comes of it."""

    def __init__(self, survey):
        self.survey = survey
        self.staff = bool(plan_office(me(), survey))
        self.ground = Ground(processes.municipalities(survey.phase.process), surveys.submissions_by_place(survey))
        self.opened = queries.open_sides(survey)
        self.rows = variables.rows(survey)
        every = variables.sides(survey, self.ground, [] if survey.anonymous or not self.staff else queries.categories())
        self.category = next((side for side in every if side.key == CATEGORY), None)
        self.public = [side for side in every if side.key in (PLACE, CHANNEL)
                       or (side.question is not None and side.question.id in self.opened)]
        self.sides = every if self.staff else self.public
        self.row = _chosen(self.rows, "domanda")
        self.side = _chosen(self.sides, "per")
        self.of_rows = request.args.get("quote") == "righe"
        self.reason = self._why_closed()
        self.crossing = None
        if self.reason is None and self.row and self.side:
            self._cross()

    @staticmethod
    def offered(offered):
        """Keys and words, as they are offered."""
        return [(one.key, one.label) for one in offered]

    def _why_closed(self):
        """Why nothing is crossed for everybody: only what was counted for good is, and only while nothing is added."""
        if self.staff:
            return None
        frozen = results.sheet_of(self.survey.id)
        if frozen is None:
            return NOT_FROZEN
        counted = Sheet.from_json(frozen.content).figures[0].value
        return None if counted == self.ground.submissions.total() else GREW

    def _cross(self):
        if self.row.key == self.side.key:
            self.reason = _l("Choose two different questions.")
            return
        if self.side.key == PLACE and self.row.question.kind in variables.SCALES:
            self.reason = BY_PLACE_ELSEWHERE
            return
        side = self.category if self.category and self.side.key == PARTY else self.side
        found = tables.crossing(self.survey, self.row, side, self.ground, others=self.public)
        if isinstance(found, LazyString):
            self.reason = found
        else:
            self.crossing = tables.by_party(found, self.side) if self.side.key == PARTY else found


def _chosen(offered, name):
    wanted = argument(name)
    if not wanted:
        return None
    found = next((one for one in offered if one.key == wanted), None)
    return found or abort(404)


@bp.route("/questionari/<int:id>/incroci")
@access("crossing.see", loads=public)
def show(survey):
    choice = Choice(survey)
    found = choice.crossing
    return render_template(
        "crossings/show.html", survey=survey, choice=choice, minimum=tables.minimum_for(choice.side) if found else None,
        counts=tables.counts(found) if found else None,
        shares=tables.shares(found, of_rows=choice.of_rows) if found else None,
        form=_sides_form(survey, choice.opened) if can(me(), "crossing.open", survey) else None)


@bp.route("/questionari/<int:id>/incroci.csv")
@access("crossing.see", loads=public)
def table(survey):
    choice = Choice(survey)
    if choice.crossing is None:
        abort(404)
    name = f"incrocio-{survey.id}-{richtext.slug(choice.row.key)}-{richtext.slug(choice.side.key)}.csv"
    return _file(tables.counts(choice.crossing), name)


def _file(wanted, name):
    return Response(table_as_csv(wanted, languages.current(), _("n. s.")), mimetype="text/csv",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.route("/questionari/<int:id>/incroci/aperti", methods=["POST"])
@access("crossing.open", loads=public)
def open_sides(survey):
    form = _sides_form(survey, queries.open_sides(survey))
    if form.accepted():
        services.open_sides(survey, me(), form.questions.data)
        flash(_("It is kept by which questions everybody may see the answers."))
        return redirect(url_for(".show", id=survey.id), 303)
    return render_template("crossings/sides.html", survey=survey, form=form)


def _sides_form(survey, opened):
    form = SidesForm(questions=sorted(opened))
    form.questions.choices = choices(
        (str(question.id), str(question.prompt)) for question in surveys.questions(survey) if question.kind in ONE)
    return form


@bp.route("/questionari/<int:id>/confronto")
@access("crossing.see", loads=public)
def compare(survey):
    others, other = _others(survey)
    return render_template("crossings/compare.html", survey=survey, others=others, other=other,
                           listed=[(one.id, f"{one.title} · {one.phase.title}") for one in others],
                           found=comparing.comparison(survey, other) if other else None)


@bp.route("/questionari/<int:id>/confronto.csv")
@access("crossing.see", loads=public)
def compared(survey):
    _others_too, other = _others(survey)
    code = argument("domanda")
    found = comparing.comparison(survey, other).tables if other else []
    wanted = next((one for one in found if one.code == code), None)
    return _file(wanted, f"confronto-{survey.id}-{other.id}-{richtext.slug(code)}.csv") if wanted else abort(404)


def _comparable(survey):
    return [one for one in queries.of_process(survey.process_id)
            if one.id != survey.id and can(me(), "crossing.see", one)]


def _others(survey):
    """The questionnaires of the same percorso that whoever looks may see the figures of, and the one they chose."""
    others = _comparable(survey)
    wanted = argument("con")
    if not wanted:
        return others, None
    if wanted not in {str(one.id) for one in others}:
        abort(404)
    return others, surveys.survey(int(wanted))


@pages.slot("survey.below")
@pages.slot("results.below")
def _links(activity):
    if activity.kind != "survey" or not can(me(), "crossing.see", activity):
        return ""
    return render_template("crossings/links.html", survey=activity, comparable=_comparable(activity))
