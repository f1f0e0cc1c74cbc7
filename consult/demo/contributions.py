"""What the people of the story propose and say, and what the staff answers and decides."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from consult.accounts.models import Person, Role
from consult.comments import services as comments
from consult.comments.models import Comment, OfficialReply, Stance
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, Flag, FlagReason, Revision, State, Thread
from consult.core import richtext
from consult.core.db import db
from consult.demo.story import Story
from consult.moderation import contributed, record
from consult.moderation.models import Act, Decision, Origin, Reason
from consult.moderation.words import STANDARD
from consult.places.models import Place
from consult.processes.models import Activity, ModerationMode
from consult.proposals.models import Proposal, slug_of
from consult.results.models import Outcome, Verdict

STATES = {"in_moderazione": State.PENDING, "in_attesa": State.PENDING, "nascosto": State.HIDDEN}
STANCES = {"favorevole": Stance.FAVOURABLE, "neutro": Stance.NEUTRAL, "contrario": Stance.AGAINST,
           "domanda": Stance.QUESTION}
REASONS = {"offese_personali": Reason.OFFENCE, "fuori_tema": Reason.OFF_TOPIC}
VERDICTS = {"accolta": Verdict.ACCEPTED, "accolta_parzialmente": Verdict.PARTLY, "non_accolta": Verdict.NOT_ACCEPTED}


def load(story: Story) -> None:
    """Proposals with their outcomes."""
    numbers = codes(story.call, "proposal", len(story.proposals))
    for code, entry in zip(numbers, story.proposals, strict=True):
        _proposal(story, code, entry)
    _outcomes(story)


def discuss(story: Story) -> None:
    """Comments in the order in which they were written; to be called once all that is discussed is there."""
    say(story, story.comments)


def say(story: Story, entries: Sequence[dict[str, Any]]) -> None:
    """Some comments, in the order in which they were written."""
    said = sorted(entries, key=lambda entry: (entry["date"], entry["id"]))
    for code, entry in zip(codes(story.call, "comment", len(said)), said, strict=True):
        _comment(story, code, entry)


def codes(activity: Activity, kind: str, how_many: int) -> list[str]:
    stem, _dash, first = contributions.next_code(activity, kind, how_many).rpartition("-")
    return [f"{stem}-{int(first) + number:04}" for number in range(how_many)]


def keep(story: Story, name: str, contribution: Contribution, state: State, sent_at: Any) -> None:
    """Give a contribution its state and the decision that led there."""
    contribution.state = state
    contribution.created_at = sent_at
    if state is not State.PENDING:
        contribution.published_at = sent_at
    story.contributions[name] = contribution
    db.session.add(contribution)
    db.session.flush()


def approve(story: Story, contribution: Contribution) -> None:
    """Where moderators read first, what is public was approved by one of them, and public from then on."""
    after = timedelta(minutes=story.rng.randint(20, 600))
    contribution.published_at = contribution.created_at + after
    _decide(contribution, Act.APPROVE, story.people[story.rng.choice(["chiara-benassi", "luca-tarozzi"])],
            contribution.published_at)


def _decide(contribution: Contribution, act: Act, moderator: Person, at: Any, **said: Any) -> None:
    db.session.flush()
    matter = contributed.of(contribution)
    held = act is Act.APPROVE
    record.enter(Decision(
        subject=matter.subject, kind=matter.kind, contribution_id=contribution.id, process_id=matter.process_id,
        activity_id=matter.activity_id, moderator_id=moderator.id, role=Role.MODERATOR, act=act, decided_at=at,
        origin=Origin.HELD if held else Origin.FLAGGED, waiting_since=contribution.created_at,
        version_seen=contribution.version, snapshot=matter.snapshot(),
        details={"before": (State.PENDING if held else State.PUBLISHED).value},
        rule_version=STANDARD if "reason" in said else "", **said), record.end())


def _proposal(story: Story, code: str, entry: dict[str, Any]) -> None:
    author, sent_at = story.people[entry["author"]], story.moment(entry["created_on"])
    body = entry["body"].strip()
    thread = Thread(activity=story.call, label=story.text(entry["title"]))
    proposal = Proposal(
        code=code, activity=story.call, author=author, municipality_id=author.municipality_id, thread=thread,
        **_signed(story, author, entry.get("on_behalf_of", "")), title=entry["title"],
        slug=slug_of(entry["title"]), body=body, body_html=richtext.render(body),
        summary=richtext.excerpt(body), axis=story.axes[entry["axis"]], submitted_at=sent_at)
    state = STATES.get(entry["status"], State.PUBLISHED)
    keep(story, entry["id"], proposal, state, sent_at)
    thread.path = f"/proposte/{proposal.id}-{proposal.slug}"
    story.threads[entry["id"]] = thread
    _place(story, entry["id"], proposal)
    if state is State.PUBLISHED:
        approve(story, proposal)


def _place(story: Story, name: str, proposal: Proposal) -> None:
    told = dict(story.more["places"].get(name, {}))
    if told:
        town = story.municipalities[told.pop("town")]
        db.session.add(Place(contribution_id=proposal.id, municipality_id=town.id, **told))


def _signed(story: Story, author: Person, name: str) -> dict[str, Any]:
    """The organisation in whose name something is said, with the mandate of whoever says it."""
    organisation = story.organisations.get(name)
    mandate = author.mandate_for(organisation) if organisation else None
    return {"organisation": organisation, "mandate_id": mandate.id if mandate else None}


def _outcomes(story: Story) -> None:
    steering = story.people["marta-zanelli"]
    for entry in story.proposals:
        answer, pending = entry.get("response"), story.more["outcomes"].get(entry["id"])
        if not answer and not pending:
            continue
        outcome = Outcome(contribution=story.contributions[entry["id"]], proposed_by_id=steering.id, **(
            {"verdict": VERDICTS[answer["outcome"]], "reasons": answer["text"].strip(),
             "proposed_on": story.day(answer["date"]), "updated_at": story.moment(answer["date"])} if answer else
            {"verdict": Verdict(pending["verdict"]), "reasons": pending["reasons"],
             "proposed_on": story.day(pending["date"]), "updated_at": story.moment(pending["date"])}))
        decided = story.more["decided"].get(entry["id"])
        if decided:
            outcome.decided_by, outcome.decided_on = decided["by"], story.day(decided["date"])
        if outcome.verdict is not Verdict.UNDER_REVIEW:
            cast(Proposal, outcome.contribution).settled_at = outcome.updated_at
        db.session.add(outcome)


def _comment(story: Story, code: str, entry: dict[str, Any]) -> None:
    thread, author = story.threads[entry["target"]], story.people[entry["author"]]
    parent = story.contributions.get(entry.get("parent", ""))
    stance = None if entry.get("official") else STANCES.get(entry.get("stance", ""))
    comment = Comment(
        code=code, activity=thread.activity, author=author, municipality_id=author.municipality_id, thread=thread,
        **_signed(story, author, story.speaks_for.get(entry["author"], "")),
        about_id=parent.id if parent else None, body=entry["text"], body_html=richtext.render(entry["text"]),
        stance=stance, official=entry.get("official", False),
        side=None if parent else comments.side_of(thread, stance))
    state = STATES.get(entry.get("moderation", ""), State.PUBLISHED)
    keep(story, entry["id"], comment, state, story.moment(entry["date"]))
    if thread.activity.moderation is ModerationMode.BEFORE and state is not State.PENDING and not comment.official:
        approve(story, comment)
    if state is State.HIDDEN:
        _hide(story, entry, comment)
    if comment.official:
        db.session.add(OfficialReply(comment_id=comment.id, thread_id=thread.id))
        thread.replied_at = thread.replied_at or comment.created_at
    if entry.get("moderation") == "segnalato":
        _flag(story, entry, comment)
    if "was" in entry:
        _changed(story, entry, comment)


def _changed(story: Story, entry: dict[str, Any], comment: Comment) -> None:
    """Others had relied on what it said: that stays readable."""
    comment.edited_at = story.moment(entry["edited"])
    db.session.add(Revision(contribution_id=comment.id, version=comment.version, editor_id=comment.author_id,
                            content={"body": entry["was"]}, public=True, created_at=comment.edited_at))
    comment.version += 1


def _hide(story: Story, entry: dict[str, Any], comment: Comment) -> None:
    log = next(log for log in story.told["moderation"]["log"] if log["item"] == entry["id"])
    hidden_at = (comment.published_at or comment.created_at) + timedelta(hours=2)
    _decide(comment, Act.HIDE, story.people[log["moderator"]], hidden_at,
            reason=REASONS[entry["moderation_reason"]], note=story.more["moderation"][entry["id"]])


def _flag(story: Story, entry: dict[str, Any], comment: Comment) -> None:
    comment.flag_count = 1
    db.session.add(Flag(contribution=comment, person_id=story.people["irene-fabbri"].id,
                        reason=FlagReason(REASONS[entry["moderation_reason"]].value),
                        note=story.more["moderation"][entry["id"]], created_at=comment.created_at + timedelta(hours=3)))
