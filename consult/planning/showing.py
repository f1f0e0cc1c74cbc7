"""What the trace tells on other pages: where a proposal, minutes or an action went, what a commitment comes from."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import g, render_template, url_for
from flask_babel import gettext as _

from consult.contributions import life
from consult.contributions.life import Moment
from consult.contributions.models import Contribution
from consult.core import asking, clock, pages, richtext
from consult.core.policy import can
from consult.core.web import me
from consult.meetings.models import Minutes
from consult.pact import words as pact_words
from consult.pact.models import Commitment
from consult.planning import promised, queries, trace, words
from consult.planning.models import Plan, TraceLink
from consult.planning.promised import Became, Promise, Reported
from consult.proposals.models import Proposal


@asking.question("contribution", "trace")
def _has_trace(contribution: Contribution, _person: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(TraceLink.contribution_id == contribution.id)


def _became(contribution: Contribution) -> Became:
    """What became of the contribution whose page this is, asked once; nothing to whoever may not read the plan."""
    asked: dict[int, Became] = g.setdefault("what_became", {})
    if contribution.id not in asked:
        there = asking.answer("contribution", "trace", contribution)
        found = promised.became(contribution) if there else Became()
        asked[contribution.id] = found if found.plan and can(me(), "plan.read", found.plan) else Became()
    return asked[contribution.id]


def _plan_of(thing: Contribution | Commitment | Minutes) -> Plan | None:
    """The plan of the percorso of what a page shows, asked once; nothing to whoever may not read it."""
    asked: dict[int, Plan | None] = g.setdefault("plans_of_processes", {})
    if thing.process_id not in asked:
        asked[thing.process_id] = queries.of_process(thing.process_id)
    plan = asked[thing.process_id]
    return plan if plan is not None and can(me(), "plan.read", plan) else None


@life.told_by
def linked(contribution: Contribution) -> list[Moment]:
    """In the story of a contribution: the parts of the plan it went into, the commitments of the pact that came of it,
    and the latest reports on these.
    """
    found = _became(contribution)
    return [*(_went(place) for place in found.places if not place.commitment_id),
            *(moment for promise in found.promises for moment in _promised(promise))]


def _went(place: trace.Place) -> Moment:
    return Moment(
        day=clock.local(place.linked_at).date(), at=place.linked_at, by=_("Plan office"), path="#in-plan-title",
        what=_("Linked to the plan: %(where)s", where=f"{place.code} {place.title}"),
        said=str(words.RELATIONS[place.relation]))


def _promised(promise: Promise) -> Iterator[Moment]:
    since = clock.local(promise.linked_at).date()
    yield Moment(
        day=since, at=promise.linked_at, by=_("Plan office"), path=_page_of(promise),
        what=_("Became a commitment of the pact: %(where)s", where=f"{promise.code} {promise.title}"),
        said=_("It carries out the action %(code)s.", code=promise.action) if promise.action else "")
    yield from (_progress(promise, report) for report in promise.reports if report.on >= since)


def _progress(promise: Promise, report: Reported) -> Moment:
    """What was reported of a commitment since it came of the contribution."""
    return Moment(
        day=report.on, at=report.written_at if clock.local(report.written_at).date() == report.on else None,
        by=report.by or _("Plan office"), path=_page_of(promise), said=richtext.excerpt(report.text, 160),
        what=_("Commitment %(code)s: %(standing)s", code=promise.code,
               standing=str(pact_words.PROGRESS[report.standing][0]).lower()))


def _page_of(promise: Promise) -> str:
    return url_for("pact.commitment", slug=promise.pact, code=promise.code)


@pages.slot("proposal.below", position=30)
def where_it_went(proposal: Proposal) -> str:
    """On the page of a proposal: the parts of the plan it went into, and for the plan office the way to add one."""
    office, found = can(me(), "trace.link", proposal), _became(proposal)
    plan = found.plan or (_plan_of(proposal) if office else None)
    if plan is None:
        return ""
    return render_template("planning/of_proposal.html", plan=plan, proposal=proposal, places=found.places,
                           office=office)


@pages.slot("commitment.sources", position=10)
def what_it_comes_from(commitment: Commitment) -> str:
    """On the page of a commitment: the action it carries out and all else it comes from."""
    plan = _plan_of(commitment)
    if plan is None:
        return ""
    found = trace.sources([], [], [commitment.id], each=trace.PAGE).get(("commitment", commitment.id), trace.Sources())
    return render_template("planning/of_commitment.html", plan=plan, commitment=commitment, sources=found,
                           office=can(me(), "trace.link", plan))


@pages.slot("minutes.below", position=10)
def where_minutes_went(minutes: Minutes) -> str:
    """Below approved minutes: the parts of the plan and the commitments that they went into."""
    plan = _plan_of(minutes) if minutes.public else None
    if plan is None:
        return ""
    places = trace.places_of(minutes_ids=[minutes.id]).get(("minutes", minutes.id), [])
    office = can(me(), "trace.link", plan)
    return render_template("planning/of_minutes.html", plan=plan, minutes=minutes, places=places,
                           office=office) if places or office else ""
