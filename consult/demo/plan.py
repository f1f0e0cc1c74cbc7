"""The draft of the plan: sections with paragraphs to comment, objectives, actions, and where they come from."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa

from consult.analysis import queries as indicators
from consult.contributions.models import Thread
from consult.core import richtext
from consult.core.db import db
from consult.demo.story import Story
from consult.drafting import services as drafting
from consult.drafting.contents import OfPlan
from consult.planning import services as planning
from consult.planning.models import (
    Action,
    ActionState,
    Frequency,
    Funding,
    Measure,
    Measured,
    Milestone,
    Objective,
    Paragraph,
    Relation,
    Section,
    TraceLink,
)
from consult.surveys.models import Question


def load(story: Story) -> None:
    """Everything the plan says so far; the threads of its paragraphs take the comments on the draft."""
    for position, entry in enumerate(story.told["plan_draft"]["sections"], 1):
        story.sections[entry["id"]] = _section(story, entry, position)
    db.session.flush()
    planning.give_threads(story.consultation)
    for name, section in story.sections.items():
        story.threads[name] = cast(Thread, section.paragraphs[0].thread)  # what people said is about the first
    for axis in story.told["axes"]:
        for position, entry in enumerate(axis["objectives"], 1):
            story.objectives[entry["id"]] = Objective(
                axis=story.axes[axis["id"]], code=entry["id"], position=position, title=entry["title"],
                description=story.more["plan"]["objectives"][entry["id"]], target=entry["target"])
    db.session.add_all(story.objectives.values())
    for entry in story.told["pact"]["commitments"]:
        story.actions[entry["id"]] = _action(story, entry)
        db.session.add(story.actions[entry["id"]])
    db.session.flush()
    parts: list[OfPlan] = [*story.sections.values(), *story.objectives.values(), *story.actions.values()]
    for part in parts:
        drafting.keep(story.plan, part, story.people["paolo-righini"])


def trace(story: Story) -> None:
    """The links from contributions to what the plan makes of them; to be called once both are there."""
    _link(story, [entry for entry in story.more["plan"]["links"] if not _later(entry)])


def trace_further(story: Story) -> None:
    """The links from the minutes of meetings, and those to commitments, once all these are there."""
    _link(story, [entry for entry in story.more["plan"]["links"] if _later(entry)])


def _later(entry: dict[str, Any]) -> bool:
    return "minutes" in entry or "commitment" in entry


def _link(story: Story, entries: list[dict[str, Any]]) -> None:
    office, first = story.people["paolo-righini"], story.told["plan_draft"]["published_on"]
    draft, pact = story.opening(first), story.opening(first + timedelta(days=1))
    for entry in entries:
        promised = "commitment" in entry  # first it went into the plan, then somebody took it on
        since, until = (pact, story.closing(first + timedelta(days=1))) if promised else (draft, pact)
        section, words = story.sections.get(entry.get("section", "")), entry.get("words", "")
        db.session.add(TraceLink(
            contribution=story.contributions.get(entry.get("of", "")),
            indicator=indicators.called(story.process.id, entry.get("indicator", "")), section=section,
            paragraph=next(one for one in section.paragraphs if words in one.text) if section and words else None,
            minutes=story.minutes.get(entry.get("minutes", "")), action=story.actions.get(entry.get("action", "")),
            carried_action=story.actions.get(entry.get("carries", "")),
            commitment=story.commitments.get(entry.get("commitment", "")), relation=Relation(entry["relation"]),
            reason=entry["reason"], created_by_id=office.id, created_at=story.between(since, until)))
    db.session.flush()


def _section(story: Story, entry: dict[str, Any], position: int) -> Section:
    body = f"{entry['text'].strip()}\n\n{_with_numbers(story.more['plan']['sections'][entry['id']].strip())}"
    published = story.opening(story.told["plan_draft"]["published_on"])
    section = Section(plan=story.plan, code=entry["id"], position=position, title=entry["title"], body=body,
                      updated_at=published)
    section.paragraphs = [Paragraph(position=number, text=block.source, html=block.html)
                          for number, block in enumerate(richtext.staff_blocks(body), 1)]
    db.session.add(section)
    return section


def _with_numbers(text: str) -> str:
    """The text with what the story calls by the code of a question called by the number of its questionnaire."""
    tables = {row.code: f"{row.survey_id} question-{row.id}" for row in db.session.execute(
        sa.select(Question.code, Question.survey_id, Question.id))}
    return re.sub(r"@(q\d\w+)", lambda found: tables[found[1]], text)


def _action(story: Story, entry: dict[str, Any]) -> Action:
    objective, more = story.objectives[entry["objective"]], story.more["plan"]["actions"][entry["id"]]
    parties = {signatory["id"]: signatory["name"] for signatory in story.told["pact"]["signatories"]}
    position = len(objective.actions) + 1
    return Action(
        objective=objective, code=f"{objective.code}.{position}", position=position, title=entry["title"],
        description=more["description"], lead=parties[entry["responsible"]],
        partners=", ".join(parties[partner] for partner in entry["partners"]), need=more.get("need", ""),
        referent=more.get("referent", ""), risks=more.get("risks", ""), dup=more.get("dup", ""),
        pnrr=more.get("pnrr", ""), fesr=more.get("fesr", ""), cost=entry["budget"], starts_on=more["starts_on"],
        ends_on=entry["due_on"], state=ActionState(story.more["plan"]["states"][entry["status"]]),
        municipalities=[story.municipalities[partner.removeprefix("comune-")] for partner in entry["partners"]
                        if partner.startswith("comune-")],
        fundings=list(_fundings(entry)),
        milestones=[Milestone(title=one["title"], due_on=one["due_on"]) for one in more.get("milestones", [])],
        measures=[Measure(title=entry["indicator"], baseline=_figure(entry["baseline"]),
                          target=_figure(entry["target"]), frequency=Frequency.HALF_YEARLY), *_results(story, more)])


def _fundings(entry: dict[str, Any]) -> Iterator[Funding]:
    """The sources as the story tells them: "Unione 50%, Provincia 30%", or one that gives all."""
    granted = entry["status"] == "accettato"
    for told in entry["funding"].split(", "):
        source, share = re.fullmatch(r"(.+?)(?: (\d+)%)?", told).groups("100")  # type: ignore[union-attr]
        yield Funding(source=source, amount=round(entry["budget"] * int(share) / 100), granted=granted)


def _results(story: Story, more: dict[str, Any]) -> Iterator[Measure]:
    """What is to come of an action, by the indicators of the territory."""
    for told in more.get("results", []):
        one = indicators.called(story.process.id, told["indicator"])
        yield Measure(kind=Measured.RESULT, title=told["title"], baseline=told["baseline"], target=told["target"],
                      frequency=Frequency.YEARLY, indicator=one)


def _figure(number: float) -> str:
    return f"{number:,}".replace(",", " ").replace(".", ",").replace(" ", ".")
