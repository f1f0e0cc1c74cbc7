"""The ballots of the story, and papers whose sums are those published."""

import random
from collections.abc import Iterable, Sequence
from typing import Any

from consult.contributions.models import Thread
from consult.core import keys
from consult.core.db import db
from consult.demo import bulk, draws
from consult.demo.percorso import described, timed
from consult.demo.story import Story
from consult.ledger import entries, merkle
from consult.ledger.models import PendingEntry
from consult.methods.interface import Marks
from consult.processes.models import Audience, Channel, EngagementLevel, ModerationMode, ResultsVisible
from consult.voting import box
from consult.voting import services as voting
from consult.voting.models import Ballot, BallotOption, BallotPaper, Electorate

OF_AGE = 0.868
"""The share of inhabitants who are sixteen or older."""


def load(story: Story) -> None:
    """The vote on the fund, under way; the poll on the merger and the order of the themes, closed."""
    _fund(story)
    poll = story.told["exploratory_poll"]
    for question in poll["questions"]:
        _poll(story, poll, question)
    _order(story)


def _fund(story: Story) -> None:
    told = story.told["budget_vote"]
    ballot = _ballot(
        story, "fund", told, title=story.text(told["title"]), method="greedy", budget=told["total_budget"],
        question=story.text(story.more["activities"]["fund"]["question"]), minimum=1, maximum=len(told["projects"]),
        engagement_level=EngagementLevel.CO_DECISION, moderation=ModerationMode.BEFORE)
    ballot.options = [
        BallotOption(code=project["id"], position=position, title=story.text(project["title"]),
                     text=story.text(project["text"]), cost=project["cost"],
                     municipality=story.municipalities.get(project["municipality"]))
        for position, project in enumerate(told["projects"], 1)]
    db.session.flush()
    thread = Thread(activity=ballot, label=ballot.title, path=f"/votazioni/{ballot.id}")
    db.session.add(thread)
    story.threads |= {project["id"]: thread for project in told["projects"]}
    _electorate(story, ballot, {code: round(m.population * OF_AGE) for code, m in story.municipalities.items()})
    _fund_papers(story, ballot, told)


def _fund_papers(story: Story, ballot: Ballot, told: dict[str, Any]) -> None:
    rng = random.Random(told["id"])  # noqa: S311 - made-up papers, no secrets
    keys.secret_for(ballot.id)  # papers without a key would be those of a lost one: nobody could vote any more
    summary = told["ballots_summary"]
    places = draws.deck(summary["by_municipality"], rng)
    homes = [list(story.municipalities).index(project["municipality"]) if project["municipality"] else None
             for project in told["projects"]]
    costs = [project["cost"] for project in told["projects"]]

    def leaning(paper: int, option: int) -> float:
        home = homes[option]
        return 1.0 if home is None else 1.7 if home == places[paper] else 0.85

    chosen = draws.choices(
        summary["total"], [summary["votes"][project["id"]] for project in told["projects"]], rng, leaning=leaning,
        fits=lambda paper: bool(paper) and sum(costs[option] for option in paper) <= told["total_budget"])
    _papers(story, ballot, rng, places, [_ticked(ballot.options[o].code for o in sorted(paper)) for paper in chosen],
            on_paper=summary["paper"])


def _poll(story: Story, poll: dict[str, Any], question: dict[str, Any]) -> None:
    named = story.more["activities"]["merger"]["names"][question["id"]]
    title = {code: text + named["suffix"].get(code, "") for code, text in story.text(poll["title"]).items()}
    ballot = _ballot(story, "merger", poll, title=story.text(title), question=story.text(question["text"]),
                     engagement_level=EngagementLevel.CONSULTATION, minimum=0, maximum=1)
    labels = zip(named["codes"], question["options"], strict=True)
    ballot.options = [BallotOption(code=code, position=position, title=story.text(label), text=story.text(None))
                      for position, (code, label) in enumerate(labels, 1)]
    db.session.flush()
    _electorate(story, ballot, {result["municipality"]: result["eligible"] for result in poll["results"]})
    rng = random.Random(question["id"])  # noqa: S311 - made-up papers, no secrets
    places: list[int] = []
    papers: list[Marks] = []
    for result in poll["results"]:
        counts = [result[question["id"]][label] for label in (*question["options"], "bianche_nulle")]
        drawn = draws.deck(counts, rng)
        papers += [_ticked(named["codes"][choice:choice + 1]) for choice in drawn]
        places += [list(story.municipalities).index(result["municipality"])] * len(drawn)
    _papers(story, ballot, rng, places, papers,
            on_paper=round(len(papers) * story.more["activities"]["merger"]["paper_share"]))


def _order(story: Story) -> None:
    """A ranking of the axes of the plan: what people of the plain put first, and what people of the mountain do."""
    told = story.more["activities"]["order"]
    ballot = _ballot(story, "order", {"phase": "F1", **told}, title=story.text(told["title"]), method="schulze",
                     question=story.text(told["question"]), engagement_level=EngagementLevel.CONSULTATION, minimum=1,
                     maximum=len(story.told["axes"]), shuffled=True)
    ballot.options = [
        BallotOption(code=axis["id"], position=position, title=story.text(axis["title"]),
                     text=story.text(axis["summary"])) for position, axis in enumerate(story.told["axes"], 1)]
    db.session.flush()
    eligible = {code: round(m.population * OF_AGE) for code, m in story.municipalities.items()}
    _electorate(story, ballot, eligible)
    rng = random.Random("order")  # noqa: S311 - made-up papers, no secrets
    places = draws.deck([round(count * told["turnout"] * rng.uniform(0.7, 1.5)) for count in eligible.values()], rng)
    half = len(eligible) / 2
    papers = [_ranked([axis["id"] for axis in story.told["axes"]], told["plain" if place < half else "mountain"], rng)
              for place in places]
    _papers(story, ballot, rng, places, papers, on_paper=round(len(papers) * told["paper_share"]))


def _ranked(codes: Sequence[str], liked: Sequence[float], rng: random.Random) -> Marks:
    """What somebody likes more tends to come first; some stop after a few."""
    felt = {code: weight + rng.gauss(0, 0.8) for code, weight in zip(codes, liked, strict=True)}
    first = sorted(codes, key=lambda code: -felt[code])[:rng.choice([len(codes), len(codes), 3, 2])]
    return {code: place for place, code in enumerate(first, 1)}


def _ticked(codes: Iterable[str]) -> Marks:
    return dict.fromkeys(codes, 1)


def _ballot(story: Story, name: str, told: dict[str, Any], **values: Any) -> Ballot:
    ballot = Ballot(audience=Audience.VERIFIED, results_visible=ResultsVisible.AFTER_CLOSE, **values,
                    **described(story, name), **timed(story, told["phase"], told["opens_on"], told["closes_on"]))
    db.session.add(ballot)
    return ballot


def _electorate(story: Story, ballot: Ballot, eligible: dict[str, int]) -> None:
    bulk.write(Electorate, [
        {"ballot_id": ballot.id, "municipality_id": story.municipalities[code].id, "eligible": count}
        for code, count in eligible.items()])


def _papers(story: Story, ballot: Ballot, rng: random.Random, places: Sequence[int], papers: Sequence[Marks],
            *, on_paper: int) -> None:
    """Put papers into the box, and into the ledger, as if they had been cast."""
    channels = draws.deck([len(papers) - on_paper, on_paper], rng)
    towns = story.municipality_ids()
    rows = [
        box.sealed(ballot, tag=f"{rng.getrandbits(128):032x}", marks=marks, municipality_id=towns[place],
                   channel=Channel.PAPER if paper else Channel.ONLINE)
        for place, marks, paper in zip(places, papers, channels, strict=True)]
    bulk.write(BallotPaper, rows)
    voting.open_log(ballot)
    leaves = [entries.cast(ballot.id, row["tag"], row["marks"], row["sequence"], row["nonce"]) for row in rows]
    bulk.write(PendingEntry, [{"activity_id": ballot.id, "hash": merkle.leaf(leaf), "leaf": leaf} for leaf in leaves])
