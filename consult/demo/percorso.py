"""The percorso of the demonstration: its phases and axes, the call for proposals and the draft in consultation."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db
from consult.demo.story import Story
from consult.planning.models import DraftConsultation, Plan, PlanState
from consult.processes.models import (
    Activity,
    Audience,
    Axis,
    EngagementLevel,
    ModerationMode,
    Phase,
    PhaseKind,
    Process,
    ResultsVisible,
)
from consult.proposals.models import Asking, ProposalCall
from consult.territory.models import Authority

KINDS = {"F1": PhaseKind.ANALYSIS, "F2": PhaseKind.CONCERTATION, "F3": PhaseKind.PACT}


def load(story: Story) -> None:
    """The percorso with what is open in its phases, but for questionnaires and ballots."""
    told, more = story.told["plan"], story.more["process"]
    begins = story.opening(story.told["phases"][0]["starts_on"])
    story.process = Process(
        authority=db.session.scalars(sa.select(Authority)).one(), slug=more["slug"], code=more["code"],
        title=story.text(told["title"]), summary=story.text(more["summary"]), vision=story.text(told["vision"]),
        start_act=told["start_act"], published=True, created_at=begins)
    for entry in story.told["phases"]:
        story.phases[entry["id"]] = Phase(
            process=story.process, position=entry["order"], kind=KINDS[entry["id"]], title=story.text(entry["name"]),
            purpose=story.text(entry["purpose"]), outputs=entry["outputs"],
            starts_at=story.opening(entry["starts_on"]), ends_at=story.closing(entry["ends_on"]))
    for position, entry in enumerate(story.told["axes"], 1):
        story.axes[entry["id"]] = Axis(
            process=story.process, code=entry["id"], position=position, title=story.text(entry["title"]),
            summary=story.text(entry["summary"]), colour=entry["color"])
    db.session.add(story.process)
    _call(story)
    _consultation(story)
    db.session.flush()


def timed(story: Story, phase: str, opens_on: date, closes_on: date) -> dict[str, Any]:
    """The phase and the times of an activity; one that has opened does not open again, the schedule closes it."""
    opens_at, closes_at = story.opening(opens_on), story.closing(closes_on)
    return {"phase": story.phases[phase], "opens_at": opens_at, "closes_at": closes_at,
            "opened_event_at": opens_at if opens_at <= clock.now() else None}


def described(story: Story, name: str) -> dict[str, Any]:
    """What is said of an activity beside its title."""
    more = story.more["activities"][name]
    return {"intro": story.text(more["intro"]), "negotiable": story.text(more.get("negotiable"))}


def _step(story: Story, name: str) -> tuple[str, dict[str, Any]]:
    title = story.more["activities"][name]["step"]
    steps = next(phase["steps"] for phase in story.told["phases"] if phase["id"] == "F2")
    step = next(step for step in steps if step["name"] == title)
    return title, timed(story, "F2", step["starts_on"], step["ends_on"])


def _call(story: Story) -> None:
    title, times = _step(story, "call")
    story.call = ProposalCall(
        title=story.text(title), guide=story.more["activities"]["call"]["guide"], supports_open=True,
        asks_place=Asking.OPTIONAL, asks_attachments=Asking.OPTIONAL, takes_amendments=True,
        audience=Audience.SIGNED_IN, moderation=ModerationMode.BEFORE, results_visible=ResultsVisible.LIVE,
        engagement_level=EngagementLevel.CO_DESIGN, **described(story, "call"), **times)
    _add(story.call)


def _consultation(story: Story) -> None:
    told, draft = story.told["plan"], story.told["plan_draft"]
    story.plan = Plan(
        process=story.process, slug=story.more["process"]["slug"], title=told["title"], subtitle=told["subtitle"],
        first_year=told["horizon"][0], last_year=told["horizon"][1], state=PlanState.IN_CONSULTATION,
        edition=draft["version"], updated_at=story.opening(draft["published_on"]))
    title, times = _step(story, "consultation")
    story.consultation = DraftConsultation(
        plan=story.plan, title=story.text(title), audience=Audience.SIGNED_IN, moderation=ModerationMode.AFTER,
        results_visible=ResultsVisible.LIVE, engagement_level=EngagementLevel.CONSULTATION,
        **described(story, "consultation"), **times)
    _add(story.consultation)


def _add(activity: Activity) -> None:
    db.session.add(activity)
    db.session.flush()
