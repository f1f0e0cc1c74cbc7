"""The plan office sets up a ballot on one page, sees how it goes, and mends or cancels it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from consult.ballots import electorate, forms, parameters, promised, queries, reading, services, state, words
from consult.ballots.faults import faults
from consult.ballots.services import RefusedError
from consult.core import pages
from consult.core.config import LANGUAGES
from consult.core.db import StaleVersionError, db
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.uploads import takes_long_forms
from consult.core.web import access, me
from consult.methods import conditions
from consult.methods.examples import Example, example
from consult.methods.interface import Method
from consult.methods.registry import METHODS
from consult.office.forms import differences
from consult.pact.models import Commitment
from consult.processes import queries as processes
from consult.processes.models import Activity, Process
from consult.processes.services import TimetableError, UnreadyError
from consult.voting import queries as voting
from consult.voting import services as casting
from consult.voting import words as casting_words
from consult.voting.models import Ballot, BallotOption

bp = Blueprint("ballots", __name__)


@pages.slot("office.process", position=17)
def _way_in(process: Process) -> str:
    return render_template("ballots/link.html", process=process)


@pages.slot("office.activity", position=12)
def _way_to_setup(activity: Activity) -> str:
    return render_template("ballots/of_activity.html", ballot=activity) if isinstance(activity, Ballot) else ""


@pages.before_list("ballot_option")
def _fetch_commitments(options: Sequence[BallotOption]) -> None:
    g.voted_commitments = promised.of_options(options)


@pages.slot("option.below")
def _commitment_of(option: BallotOption) -> str:
    """The way from an option to the commitment of the pact that it is."""
    one = g.get("voted_commitments", {}).get(option.commitment_id)
    if one is None or not can(me(), "commitment.read", one):
        return ""
    return render_template("ballots/of_option.html", commitment=one)


@pages.slot("commitment.votes")
def _votes_on(commitment: Commitment) -> str:
    """On the page of a commitment: the ballots in which it was voted on, and what came out once everybody may know."""
    found = promised.votes(commitment, lambda ballot: bool(can(me(), "results.read", ballot)))
    return render_template("ballots/of_commitment.html", votes=found) if found else ""


@bp.route("/ufficio/percorsi/<slug>/nuova-votazione", methods=["GET", "POST"])
@takes_long_forms
@access("process.manage", loads=processes.process_called)
def new(process):
    earlier = _earlier(request.form.get("earlier", "") if request.method == "POST" else argument("come", 12))
    form = _new_form(process, earlier)
    if form.accepted():
        try:
            with db.session.begin_nested():
                ballot = services.prepare(form.chosen, me(), form.draft, **form.values)
        except TimetableError as fault:
            form.refuse(fault)
        else:
            flash(_("The ballot was prepared. Look at the paper as voters see it, then make the ballot public."))
            return redirect(url_for(".show", id=ballot.id), 303)
    return _page("ballots/new.html", process, form, earlier=earlier, ballots=queries.ballots(me()))


def _earlier(id: str) -> Ballot | None:
    """The ballot that a new one is to be like, if it is there and its office asks."""
    ballot = voting.ballot(int(id)) if id.isascii() and id.isdigit() and len(id) < 10 else None
    return ballot if ballot is not None and can(me(), "ballot.prepare", ballot) else None


def _new_form(process: Process, earlier: Ballot | None) -> Any:
    towns = queries.towns(process)
    rows = forms.rows_wanted(len(earlier.options) if earlier else 0, request.form)
    data: dict[str, Any] = {"audience": "verified", "earlier": ""}
    if earlier is not None:
        data = reading.like(earlier, voting.electorate(earlier), {town.id: town.istat_code for town in towns})
        data["earlier"] = str(earlier.id)
    else:
        numbers = electorate.beginning(process, towns, None, None).numbers
        data |= {f"eligible_{code}": number for code, number in numbers.items()}
    form = forms.new_form(towns, rows)(process, data=data)
    del form.published
    return _offered(form, process, None)


def _offered(form: Any, process: Process, ballot: Ballot | None) -> Any:
    """The form with the proposals that can be taken over, and what it must know of the options that are there."""
    form.trim()
    form.process = process
    form.before = {one.code: one for one in queries.draft(ballot).options} if ballot else {}
    sent = [form[f"option{at}_contribution"].data or "" for at in range(form.rows)]
    form.known = reading.known(process, [str(id) for id in sent])
    voted = {one.commitment_id for one in form.before.values() if one.commitment_id}
    form.promises = {str(one.id): one for one in promised.commitments(process, voted)}
    form.offer(queries.offered(process))
    form.fill_in(electorate.beginning(process, form.towns, form.minimum_age.data, form.maximum_age.data))
    return form


@bp.route("/ufficio/votazioni/<int:id>")
@access("ballot.prepare", loads=voting.ballot)
def show(ballot):
    process = ballot.phase.process
    draft = queries.draft(ballot)
    return render_template(
        "ballots/show.html", ballot=ballot, process=process, settled=state.settled(ballot), said=state, words=words,
        faults=faults(draft), turnout=queries.turnout(ballot), method=METHODS[ballot.method],
        rules=casting.rules(ballot), conditions=conditions.told(ballot.conditions, draft.towns),
        files=queries.files(ballot), cancel=forms.CancelForm(data={"version": ballot.version}))


@bp.route("/ufficio/votazioni/<int:id>/prepara", methods=["GET", "POST"])
@takes_long_forms
@access("ballot.prepare", loads=voting.ballot)
def edit(ballot):
    if state.settled(ballot):
        return _mend(ballot)
    process = ballot.phase.process
    towns = queries.towns(process)
    saved = reading.data_of(ballot, voting.electorate(ballot), {town.id: town.istat_code for town in towns})
    form = _offered(forms.edit_form(towns, forms.rows_wanted(len(ballot.options), request.form)).of(ballot, **saved),
                    process, ballot)
    if form.accepted():
        answer = _saved(ballot, form, lambda: services.change(ballot, me(), form.draft, seen=form.seen, **form.values))
        if answer:
            return answer
    return _page("ballots/edit.html", process, form, ballot=ballot)


def _mend(ballot: Ballot) -> Any:
    """What can still be changed once people vote."""
    form = forms.MendForm.of(ballot)
    if form.accepted():
        answer = _saved(ballot, form, lambda: services.mend(ballot, me(), seen=form.seen, **form.values))
        if answer:
            return answer
    return render_template("ballots/mend.html", ballot=ballot, process=ballot.phase.process, form=form, said=state)


def _saved(ballot: Ballot, form: Any, act: Any) -> Any:
    """To the overview once it is saved; None where what is wrong now stands in the form."""
    try:
        with db.session.begin_nested():
            act()
    except StaleVersionError:
        return render_template("errors/stale.html", fields=differences(form),
                               again=url_for(".edit", id=ballot.id)), 409
    except (TimetableError, UnreadyError) as fault:
        form.refuse(fault)
    except RefusedError as refusal:
        form.form_errors.append(refusal.sentence)
    else:
        flash(_("The ballot was changed."))
        return redirect(url_for(".show", id=ballot.id), 303)
    return None


def _page(template: str, process: Process, form: Any, **more: Any) -> str:
    """The page of the form, with each way of voting explained."""
    return render_template(template, process=process, form=form, explained=_explained(), matters=parameters.MATTERS,
                           words=words, **more)


@cache
def _explained() -> list[tuple[str, Method, Example]]:
    """Each way of voting with its example, counted once for all pages; its words wait for who reads them."""
    return [(name, method, example(name)) for name, method in METHODS.items()]


@bp.route("/ufficio/votazioni/<int:id>/anteprima")
@access("ballot.prepare", loads=voting.ballot)
def preview(ballot):
    """The paper as whoever votes sees it, in a language; it cannot be sent."""
    code = argument("in", 2) if argument("in", 2) in LANGUAGES else "it"
    with force_locale(code):
        rules = casting.rules(ballot)
        return render_template("ballots/preview.html", ballot=ballot, process=ballot.phase.process, rules=rules,
                               method=METHODS[ballot.method], code=code, words=casting_words,
                               conditions=conditions.told(ballot.conditions, len(queries.towns(ballot.phase.process))))


@bp.route("/ufficio/votazioni/<int:id>/annulla", methods=["POST"])
@access("ballot.cancel", loads=voting.ballot)
def cancel(ballot):
    form, slug = forms.CancelForm(), ballot.phase.process.slug
    if not form.accepted() or (ballot.published and not form.reason.data):
        flash(_("Say why it does not take place: everyone reads it."), "warning")
        return redirect(url_for(".show", id=ballot.id, _anchor="annulla"), 303)
    try:
        erased = services.cancel(ballot, me(), seen=form.seen, reason=form.reason.data or "")
    except (StaleVersionError, RefusedError) as refusal:
        db.session.rollback()
        flash(str(getattr(refusal, "sentence", _("Somebody changed the ballot meanwhile: look at it again."))),
              "warning")
        return redirect(url_for(".show", id=ballot.id, _anchor="annulla"), 303)
    flash(_("The ballot was erased: nobody had seen it.") if erased else
          _("The ballot does not take place. Its page says why."))
    return redirect(url_for("office.process", slug=slug) if erased else url_for(".show", id=ballot.id), 303)
