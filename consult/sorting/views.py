"""The desk: all contributions of a percorso, reading and tagging them, deciding on differences, and the figures."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.contributions.words import KINDS
from consult.core import clock, languages, pages
from consult.core.db import db
from consult.core.forms import argument
from consult.core.spreadsheet import as_csv
from consult.core.web import access, limiter, me
from consult.crossings.queries import categories
from consult.processes import queries as processes
from consult.results.words import VERDICT_LABELS, VERDICTS
from consult.sorting import agreement, corpus, counting, listing, queries, reading, words
from consult.sorting.asked import Asked
from consult.sorting.forms import DecidingForm, TaggingForm
from consult.sorting.models import DECIDED

bp = Blueprint("sorting", __name__, url_prefix="/ufficio/percorsi/<slug>/spoglio")

LAST = 10
"""Decisions shown below those that are still to be taken."""


@bp.app_context_processor
def _for_templates():
    return {"desk_words": {"kinds": KINDS, "verdicts": VERDICTS, "labels": VERDICT_LABELS}}


@pages.slot("office.process", position=30)
def way(process):
    """On the page on which a percorso is set up: the way to the desk."""
    return render_template("sorting/way.html", process=process)


@bp.route("")
@access("sorting.see", loads=processes.process_called)
def desk(process):
    asked = Asked.of(process)
    page = listing.listed(process, asked.wanted, asked.seat, asked.order, argument("dopo", 400))
    return render_template(
        "sorting/desk.html", process=process, asked=asked, page=page, words=words, text_of=corpus.text_of,
        number=listing.number(process, asked.wanted, asked.seat), whole=corpus.number_of(process))


@bp.route("/contributi.csv", endpoint="table")
@access("sorting.see", loads=processes.process_called)
@limiter.limit("30 per minute")
def as_table(process):
    asked = Asked.of(process)
    response = make_response(as_csv(_rows(process, asked), languages.current()))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="contributi-{process.slug}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/leggi", methods=["GET", "POST"])
@access("sorting.tag", loads=processes.process_called)
def read(process):
    asked = Asked.of(process)
    mine = asked.values.get("lettura") == listing.MINE
    wanted = asked.wanted if mine else listing.Filter(**{**vars(asked.wanted), "standing": listing.TO_READ})
    page = listing.listed(process, wanted, asked.seat, asked.order, argument("dopo", 400))
    form = TaggingForm(page.items, asked.seat)
    if form.accepted():
        try:
            kept = reading.save(process, me(), form.found, form.seen)
        except reading.StaleReadingError as fault:
            return _stale(fault, form, asked)
        _say_kept(kept)
        return redirect(request.full_path.rstrip("?"), 303)
    return render_template(
        "sorting/read.html", process=process, asked=asked, page=page, form=form, mine=mine, text_of=corpus.text_of,
        left=listing.number(process, wanted, asked.seat), progress=queries.progress(process))


@bp.route("/differenze", methods=["GET", "POST"])
@access("sorting.decide", loads=processes.process_called)
def decide(process):
    asked = Asked.of(process)
    page = listing.listed(process, listing.Filter(standing=listing.DIFFERING), asked.seat, listing.FIRST,
                          argument("dopo", 400))
    form = DecidingForm(page.items)
    if form.accepted():
        try:
            kept = reading.decide(process, me(), form.found, form.seen)
        except reading.StaleReadingError as fault:
            return _stale(fault, form, asked)
        _say_kept(kept)
        return redirect(request.full_path.rstrip("?"), 303)
    decided = listing.lines(queries.decided_last(process, LAST), asked.seat)
    readers = queries.readers(process)
    people = {*readers.values(), *(line.read.rows[DECIDED].decided_by_id for line in decided)}
    return render_template("sorting/decide.html", process=process, asked=asked, page=page, form=form, decided=decided,
                           readers=readers, names=queries.names(people), text_of=corpus.text_of)


@bp.route("/conteggi")
@access("sorting.see", loads=processes.process_called)
def counts(process):
    tags, progress, readers = queries.tags(process), queries.progress(process), queries.readers(process)
    return render_template(
        "sorting/counts.html", process=process, progress=progress, pairs=agreement.pairs(process, tags),
        readers=readers, names=queries.names(readers.values()), strength=words.strength,
        tables=counting.tables(
            process, tags, contributions=progress.contributions, counting=progress.counting))


def _rows(process, asked):
    yield [_("Code"), _("Kind"), _("Title"), _("Text"), _("Phase"), _("Activity"), _("Who wrote it"),
           _("Municipality"), _("Category of organisation"), _("Theme"), _("Supports"), _("Outcome"), _("Tags"),
           _("Sent on"), _("Address of the page")]
    phases = {activity.id: phase for phase, found in listing.phases_with_activities(process) for activity in found}
    kinds = {one.id: one.name for one in categories()}
    axes = {axis.id: axis.title for axis in process.axes}
    codes = {tag.id: tag.code for tag in asked.tags}
    for line in listing.exported(process, asked.wanted, asked.seat, asked.order):
        one, text = line.contribution, corpus.text_of(line.contribution)
        tags = sorted(codes[id] for id in line.read.tags.get(DECIDED, ()) if id in codes)
        yield [
            one.code, str(KINDS[one.kind]), text.title, text.body, phases[one.activity_id].title,
            one.activity.title, one.byline, one.municipality.name if one.municipality else "",
            kinds.get(one.organisation.category_id or 0, "") if one.organisation else "",
            axes.get(getattr(one, "axis_id", None), ""), one.support_count,
            str(VERDICTS[line.outcome.verdict]) if line.outcome else "", ", ".join(tags),
            clock.local(one.published_at or one.created_at).date().isoformat(),
            url_for("contributions.short", code=one.code, _external=True)]


def _say_kept(number):
    flash(_("Saved.") if number else _("There was nothing new to save."))


def _stale(fault, form, asked):
    """Somebody was faster: what they found and what was ticked, nothing lost."""
    names = {tag.id: str(tag.name) for tag in asked.tags}
    known = {line.contribution.id: line.contribution.code
             for line in listing.lines(sorted(fault.known), asked.seat)}

    def said(ids):
        return ", ".join(names[id] for id in sorted(ids) if id in names) or _("None of the tags fits")

    fields = []
    for id, read in sorted(fault.known.items()):
        seat = form.seat if form.deciding or form.seat else -1
        now = said(read.tags[seat]) if seat in read.tags else (
            _("Two others have read it by now") if read.full else _("The text has changed"))
        fields.append((known.get(id, _("A contribution that is no longer public")), now, said(form.found.get(id, ()))))
    db.session.rollback()
    return render_template("errors/stale.html", fields=fields, again=request.full_path.rstrip("?")), 409
