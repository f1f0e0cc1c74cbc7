"""The pact of the demonstration: in negotiation, with three commitments under way, and what people say of it."""

from typing import Any

from consult.core.db import db
from consult.demo import contributions
from consult.demo.percorso import described, timed
from consult.demo.story import Story
from consult.pact import services
from consult.pact.models import (
    Clause,
    Commitment,
    CommitmentMilestone,
    CommitmentState,
    Pact,
    PactConsultation,
    PactState,
    Progress,
    ProgressReport,
    Signatory,
    SignatoryState,
)
from consult.processes.models import Audience, EngagementLevel, ModerationMode, ResultsVisible

STATES = {"invitato": SignatoryState.INVITED, "disponibile": SignatoryState.WILLING,
          "in_negoziazione": SignatoryState.NEGOTIATING}
TOWN = "comune-"


def load(story: Story) -> None:
    """The pact with its clauses, signatories and commitments; what was reported, and a consultation with comments."""
    told, more = story.told["pact"], story.more["pact"]
    pact = Pact(
        process=story.process, slug=told["id"], title=told["title"], premise=told["premise"].strip(),
        years=told["duration_years"], state=PactState.IN_NEGOTIATION, updated_at=story.opening(more["opens_on"]),
        clauses=[Clause(position=clause["number"], title=clause["title"], body=body.strip())
                 for clause, body in zip(told["clauses"], more["clauses"], strict=True)])
    db.session.add(pact)
    parties = {entry["id"]: _party(story, pact, position, entry)
               for position, entry in enumerate(told["signatories"], 1)}
    story.commitments = {
        entry["id"]: _commitment(story, pact, position, entry, parties)
        for position, entry in enumerate(told["commitments"], 1)}
    db.session.flush()
    for entry in more["reports"]:
        _report(story, entry)
    _consult(story, pact)


def _party(story: Story, pact: Pact, position: int, entry: dict[str, Any]) -> Signatory:
    name = entry["id"]
    who: dict[str, Any] = (
        {"municipality": story.municipalities[name.removeprefix(TOWN)]} if name.startswith(TOWN)
        else {"organisation": story.organisations[name]} if name in story.organisations
        else {"written_name": entry["name"]})
    party = Signatory(pact=pact, position=position, signer_title=entry["signer_title"], state=STATES[entry["status"]],
                      **who)
    db.session.add(party)
    return party


def _commitment(story: Story, pact: Pact, position: int, entry: dict[str, Any],
                parties: dict[str, Signatory]) -> Commitment:
    more, code = story.more["pact"], entry["id"]
    state = CommitmentState.DRAFT if code in more["drafts"] else CommitmentState(more["states"][entry["status"]])
    commitment = Commitment(
        pact=pact, code=code, position=position, title=entry["title"], body=more["bodies"].get(code, "").strip(),
        signatory=parties[entry["responsible"]], partners=[parties[name] for name in entry["partners"]],
        resources=entry["funding"], cost=entry["budget"], due_on=story.day(entry["due_on"]), measure=entry["indicator"],
        baseline=entry["baseline"], target=entry["target"], state=state,
        milestones=[CommitmentMilestone(
            title=one["title"], due_on=story.day(one["due_on"]),
            reached_on=story.day(one["reached_on"]) if "reached_on" in one else None)
            for one in more["milestones"].get(code, [])])
    db.session.add(commitment)
    return commitment


def _report(story: Story, entry: dict[str, Any]) -> None:
    """A report; one that corrects stands in for the one before it."""
    commitment = story.commitments[entry["of"]]
    before = commitment.reports[-1] if entry.get("corrects") else None
    db.session.add(ProgressReport(
        commitment=commitment, on=story.day(entry["day"]), value=entry["value"], standing=Progress(entry["standing"]),
        text=entry["text"].strip(), corrects=before, written_by_id=story.people["paolo-righini"].id,
        created_at=story.moment(entry["day"])))
    db.session.flush()


def _consult(story: Story, pact: Pact) -> None:
    """A consultation within the phase under way: activities lie in their phase, and the pact's own is yet to come."""
    told = story.more["pact"]
    consultation = PactConsultation(
        pact=pact, title=story.text(story.more["activities"]["pact"]["title"]), audience=Audience.SIGNED_IN,
        moderation=ModerationMode.AFTER, results_visible=ResultsVisible.LIVE,
        engagement_level=EngagementLevel.CONSULTATION, **described(story, "pact"),
        **timed(story, "F2", told["opens_on"], told["closes_on"]))
    db.session.add(consultation)
    db.session.flush()
    services.give_threads(consultation)
    db.session.flush()
    for code, commitment in story.commitments.items():
        if commitment.thread is not None:
            story.threads[code] = commitment.thread
    contributions.say(story, told["comments"])
