"""What came out of each activity, and what became of each proposal."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role, RoleGrant
from consult.comments.views import discussion_of
from consult.contributions import life, subjects
from consult.contributions.life import Moment
from consult.contributions.models import Contribution, State
from consult.core import asking, charts, clock, languages, pages, richtext
from consult.core.charts import Sheet
from consult.core.db import StaleVersionError, db
from consult.core.forms import argument
from consult.core.languages import everywhere
from consult.core.policy import can
from consult.core.spreadsheet import table_as_csv
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Activity, Phase, Process
from consult.proposals import listing
from consult.proposals.models import Proposal
from consult.results import inherited, queries, replies, services, words
from consult.results.forms import DecisionForm, OutcomeForm
from consult.results.models import Outcome, ReplacedSheet, ResultSheet, Verdict

bp = Blueprint("results", __name__)

LATEST = 4
NONE_YET = "nessuno"


def public_proposal(id: int) -> Proposal | None:
    """A proposal that everyone can read."""
    proposal = db.session.get(Proposal, id)
    return proposal if proposal is not None and proposal.state is State.PUBLISHED else None


@bp.route("/percorsi/<slug>/risultati")
@access("process.read", loads=processes.process_called)
def of_process(process):
    readable = [activity for activity in queries.activities(process) if can(me(), "results.read", activity)]
    sheets = queries.sheets_of(activity.id for activity in readable)
    return render_template(
        "results/of_process.html", process=process, activities=readable, words=words,
        sheets={id: Sheet.from_json(sheet.content) for id, sheet in sheets.items()},
        verdicts=queries.by_verdict(process), outcomes=queries.latest_outcomes(process, LATEST))


@bp.route("/risultati/<int:id>")
@access("results.read", loads=queries.activity)
def show(activity):
    frozen = queries.sheet_of(activity.id)
    if frozen is None:
        return render_template("results/pending.html", activity=activity, countable=charts.countable(activity))
    return render_template("results/show.html", activity=activity, frozen=frozen, words=words,
                           sheet=Sheet.from_json(frozen.content), replaced=queries.replaced(activity.id),
                           discussion=discussion_of("risultati", activity.id) if activity.kind == "survey" else None)


@subjects.commentable("risultati", action="results.read", takes=subjects.while_the_phase_lasts)
def _results(id):
    """What a survey answered can be discussed once it is frozen."""
    activity = queries.activity(id)
    if activity is None or activity.kind != "survey" or queries.sheet_of(id) is None:
        return None
    return subjects.Subject(thing=activity, activity=activity, label=everywhere(_l("Results")),
                            path=f"/risultati/{id}")


@bp.route("/risultati/<int:id>.json")
@access("results.read", loads=queries.activity)
def data(activity):
    frozen = _frozen(activity)
    return _file(frozen.content.encode(), "application/json", f"risultati-{activity.id}.json")


def earlier(id: int, edition: int) -> Activity | None:
    """The activity of which earlier results are asked for."""
    return queries.activity(id)


@bp.route("/risultati/<int:id>/versioni/<int:edition>")
@access("results.read", loads=earlier)
def show_earlier(activity, edition):
    replaced = _replaced(activity, edition)
    return render_template("results/earlier.html", activity=activity, frozen=replaced, words=words,
                           sheet=Sheet.from_json(replaced.content))


@bp.route("/risultati/<int:id>/versioni/<int:edition>.json")
@access("results.read", loads=earlier)
def earlier_data(activity, edition):
    replaced = _replaced(activity, edition)
    return _file(replaced.content.encode(), "application/json", f"risultati-{activity.id}-versione-{edition}.json")


def _replaced(activity: Activity, edition: int) -> ReplacedSheet:
    return next((one for one in queries.replaced(activity.id) if one.edition == edition), None) or abort(404)


def with_table(id: int, table: str) -> Activity | None:
    """The activity whose table is asked for."""
    return queries.activity(id)


@bp.route("/risultati/<int:id>/<table>.csv")
@access("results.read", loads=with_table)
def table(activity, table):
    sheet = Sheet.from_json(_frozen(activity).content)
    wanted = next((t for t in sheet.tables if t.code == table), None)
    if wanted is None:
        abort(404)
    return _file(table_as_csv(wanted, languages.current(), _("n. s.")), "text/csv",
                 f"risultati-{activity.id}-{richtext.slug(table)}.csv")


def _frozen(activity: Activity) -> ResultSheet:
    return queries.sheet_of(activity.id) or abort(404)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.route("/proposte/<int:id>/esito", methods=["GET", "POST"])
@access("outcome.propose", loads=public_proposal)
def outcome(proposal):
    known = queries.outcome_of(proposal)
    form = OutcomeForm(data={**_said(known), **_begun_from(proposal)})
    form.offer()
    if form.accepted():
        return _recorded(proposal, form, lambda: services.propose_outcome(
            proposal, me(), verdict=form.chosen, reasons=form.reasons.data or "", on=form.day, seen=form.seen))
    return _page(proposal, form, known)


@bp.route("/proposte/<int:id>/esito/decisione", methods=["GET", "POST"])
@access("outcome.decide", loads=public_proposal)
def decide(proposal):
    known = queries.outcome_of(proposal)
    if known is None:
        abort(404)
    form = DecisionForm(data={**_said(known), "decided_by": known.decided_by, "act": known.act,
                              "on": known.decided_on or clock.today()})
    form.offer()
    if form.accepted():
        return _recorded(proposal, form, lambda: services.decide_outcome(
            known, me(), verdict=form.chosen, reasons=form.reasons.data or "",
            decided_by=form.decided_by.data or "", act=form.act.data or "", on=form.day, seen=form.seen))
    return _page(proposal, form, known)


def _begun_from(proposal):
    """What a template says, where the address names one."""
    id = argument("modello", 9)
    template = queries.template(int(id)) if id.isascii() and id.isdigit() else None
    if template is None or not replies.fits(template, proposal):
        return {}
    return {"verdict": template.verdict.value, "reasons": replies.filled(template, proposal)}


def _said(known):
    if known is None:
        return {"on": clock.today(), "version": "0"}
    return {"verdict": known.verdict.value, "reasons": known.reasons, "on": known.proposed_on,
            "version": str(known.version)}


def _recorded(proposal, form, act):
    """Do it and go back to the proposal; what cannot be done is shown again with what was typed."""
    try:
        act()
    except services.OutcomeError as fault:
        form[fault.field].errors = [fault.sentence]
        db.session.rollback()
        return _page(proposal, form, queries.outcome_of(proposal))
    except StaleVersionError:
        db.session.rollback()
        return _stale(proposal, form, queries.outcome_of(proposal))
    flash(_("The outcome was recorded: it is public, and the author and whoever follows the proposal are told."))
    return redirect(url_for("proposals.show", id=proposal.id, slug=proposal.slug, _anchor="esito"), 303)


def _stale(proposal, form, known):
    theirs = known.verdict if known else None
    fields = [(_("Outcome"), words.VERDICTS[theirs] if theirs else "", words.VERDICTS[form.chosen]),
              (_("Reasons"), known.reasons if known else "", form.reasons.data)]
    return render_template("errors/stale.html", fields=fields,
                           again=url_for(".decide" if _deciding(form) else ".outcome", id=proposal.id)), 409


def _deciding(form):
    return isinstance(form, DecisionForm)


def _page(proposal, form, known):
    return render_template("results/outcome.html", proposal=proposal, form=form, outcome=known, words=words,
                           deciding=_deciding(form),
                           templates=[] if _deciding(form) else replies.of_process(proposal.activity.phase.process))


@asking.question("contribution", "outcome")
def _has_outcome(contribution, _person):
    return sa.exists().where(Outcome.contribution_id == contribution.id)


@asking.question("contribution", "proposed_by_steering")
def _by_steering(contribution, _person):
    return sa.exists().where(Outcome.contribution_id == contribution.id, RoleGrant.role == Role.STEERING,
                             RoleGrant.person_id == Outcome.proposed_by_id)


def _outcome_shown(contribution):
    """The outcome of the contribution whose page this is, asked once."""
    asked = g.setdefault("outcome_shown", {})
    if contribution.id not in asked:
        made_of_others = isinstance(contribution, Proposal) and (contribution.derived or contribution.replaced_at)
        there = made_of_others or asking.answer("contribution", "outcome", contribution)
        asked[contribution.id] = queries.outcome_of(contribution) if there else None
    return asked[contribution.id]


@life.told_by
def proposed_and_decided(contribution: Contribution) -> Iterator[Moment]:
    """In the story of a proposal: what was proposed to become of it, and what was decided."""
    known = _outcome_shown(contribution)
    if known is None:
        return
    proposed = words.VERDICTS[known.proposed or known.verdict]
    steering = asking.answer("contribution", "proposed_by_steering", contribution)
    yield Moment(day=known.proposed_on, what=_("Outcome proposed: %(outcome)s", outcome=proposed), path="#esito",
                 by=_("Steering group") if steering else _("Plan office"))
    if known.decided:
        yield Moment(day=known.decided_on, by=known.decision, path="#esito",
                     what=_("Decided: %(outcome)s", outcome=words.VERDICTS[known.verdict]))


@pages.slot("proposal.below", position=20)
def what_became_of_it(proposal: Proposal) -> str:
    """On the page of a proposal: the outcome with its reasons, and for the staff the way to it."""
    known = _outcome_shown(proposal)
    if known is None and not can(me(), "outcome.propose", proposal):
        return ""
    return render_template("results/of_proposal.html", proposal=proposal, outcome=known, words=words)


@pages.before_list("proposal")
def fetch_outcomes(proposals) -> None:
    """Fetch at once what became of all the proposals of a list."""
    g.outcomes = queries.outcomes_for(proposal.id for proposal in proposals)


@pages.slot("proposal.list_item", position=20)
def verdict(proposal: Proposal) -> str:
    """In a list: the outcome as a label."""
    known = g.get("outcomes", {}).get(proposal.id)
    return render_template("results/verdict.html", outcome=known, words=words) if known else ""


def _by_outcome(value: str) -> sa.ColumnElement[bool]:
    verdict = None if value == NONE_YET else Verdict(value)
    found = Contribution.id.in_(inherited.with_verdict(verdict))
    return ~found if verdict is None else found


listing.narrow(listing.Narrowing(
    name="esito", label=_l("Outcome"), condition=_by_outcome,
    options=lambda: [*((verdict.value, str(label)) for verdict, label in words.VERDICTS.items()),
                     (NONE_YET, _("No outcome yet"))]))


@pages.before_list("activity")
def fetch_frozen(activities) -> None:
    """Fetch at once which of these activities have results."""
    g.frozen = queries.frozen_among(activity.id for activity in activities)


@asking.question("activity", "results")
def _has_results(activity: Activity, _person: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(ResultSheet.activity_id == activity.id)


@pages.slot("activity.below", position=20)
def way_to_results(activity: Activity) -> str:
    """On the card of an activity: the way to its results, once they are there."""
    frozen = activity.id in g.frozen if "frozen" in g else asking.answer("activity", "results", activity)
    if not frozen or not can(me(), "results.read", activity):
        return ""
    return render_template("results/way.html", activity=activity)


@pages.slot("phase.below", position=20)
def of_phase(phase: Phase) -> str:
    """On the page of a phase: what came out of it so far."""
    frozen = [sheet for sheet in queries.frozen_in(phase)
              if sheet.activity.results_listed and can(me(), "results.read", sheet.activity)]
    return render_template("results/of_phase.html", sheets=_told(frozen), phase=phase) if frozen else ""


@pages.slot("process.decided", position=20)
def decided(process: Process) -> str:
    """On the page of the percorso: the outcomes and the results that came last."""
    outcomes, frozen = queries.latest_outcomes(process, LATEST), queries.latest_frozen(process, LATEST)
    if not outcomes and not frozen:
        return ""
    return render_template("results/decided.html", process=process, sheets=_told(frozen), outcomes=outcomes,
                           words=words)


def _told(frozen: Sequence[ResultSheet]) -> list[tuple[Activity, Sheet]]:
    return [(sheet.activity, Sheet.from_json(sheet.content)) for sheet in frozen]
