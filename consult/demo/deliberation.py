"""How texts of the story came to be what they are: amendments, versions, organisations that stand behind them."""

from typing import Any, cast

from consult.amendments.models import Amendment, Answer
from consult.contributions.models import Contribution, Revision, State, Thread
from consult.core import richtext
from consult.core.db import db
from consult.cosponsors.models import Endorsement
from consult.demo import contributions
from consult.demo.story import Story
from consult.proposals import answers
from consult.proposals.models import Proposal


def load(story: Story) -> None:
    """Amendments in the order in which they were made; what was accepted is in the text that the story tells."""
    told = [(story.contributions[name], entry) for name, more in story.more["deliberation"].items()
            for entry in more["amendments"]]
    codes = contributions.codes(story.call, "amendment", len(told))
    for code, (contribution, entry) in zip(codes, told, strict=True):
        _amendment(story, cast(Proposal, contribution), code, entry)
    for name, more in story.more["deliberation"].items():
        for entry in more["endorsed"]:
            _endorse(story, story.contributions[name], entry)
    db.session.flush()


def _amendment(story: Story, proposal: Proposal, code: str, entry: dict[str, Any]) -> None:
    author, accepted = story.people[entry["author"]], "answered" in entry
    before = proposal.body.replace(entry["becomes"], entry["was"])
    amendment = Amendment(
        code=code, activity=story.call, author=author, municipality_id=author.municipality_id, proposal=proposal,
        thread=Thread(activity=story.call, label=story.text(code)), base_version=proposal.version, title=proposal.title,
        body=before.replace(entry["was"], entry["becomes"]), reason=entry["reason"],
        body_html=richtext.render(entry["reason"]))
    contributions.keep(story, code, amendment, State.PUBLISHED, story.moment(entry["date"]))
    contributions.approve(story, amendment)
    cast(Thread, amendment.thread).path = f"/emendamenti/{amendment.id}"
    if accepted:
        _accept(story, proposal, amendment, before, entry)


def _accept(story: Story, proposal: Proposal, amendment: Amendment, before: str, entry: dict[str, Any]) -> None:
    at = story.moment(entry["answered"])
    db.session.add(Revision(
        contribution_id=proposal.id, version=proposal.version, editor_id=proposal.author_id,
        content={"title": proposal.title, "body": before, **answers.facts(proposal)}, reason=entry["answer"],
        applied_id=amendment.id, public=True, created_at=at))
    proposal.version += 1
    amendment.answer, amendment.answer_reason, amendment.answered_at = Answer.ACCEPTED, entry["answer"], at
    amendment.answered_by_id, amendment.applied_version = proposal.author_id, proposal.version


def _endorse(story: Story, contribution: Contribution, entry: dict[str, Any]) -> None:
    organisation = story.organisations[entry["organisation"]]
    mandate = story.people[entry["by"]].mandate_for(organisation)
    if mandate is not None:
        proposal = cast(Proposal, contribution)
        proposal.endorsement_count += 1
        db.session.add(Endorsement(proposal_id=proposal.id, organisation_id=organisation.id, mandate_id=mandate.id,
                                   version=proposal.version, given_at=story.moment(entry["date"])))
