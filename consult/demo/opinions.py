"""The map of opinions: its statements, and what made-up people say to them, the same at every loading."""

import random
from collections.abc import Iterator
from typing import Any

from consult.core import clock, keys
from consult.core.languages import Localized
from consult.demo.percorso import timed
from consult.demo.story import Story, read
from consult.opinions import bulk, maps
from consult.opinions import services as opinions
from consult.opinions.bulk import Voice
from consult.opinions.models import Conversation, Stance, Statement, Writers
from consult.processes.models import Audience, Channel, EngagementLevel, ModerationMode, ResultsVisible

ANSWERED = 0.88
"""The chance that somebody has come to a statement before they stopped."""
PASSED = 0.07
LATE = 12
"""So many answered after the map that is shown was made."""


def load(story: Story) -> None:
    """The conversation with its statements and answers, and two maps: the first is the one that is shown."""
    told = read("opinions.yaml")
    times = timed(story, "F2", told["opens_on"], told["closes_on"])
    with clock.at(times["opens_at"]):
        conversation = opinions.prepare(
            times.pop("phase"), story.people[told["prepared_by"]], title=Localized.of(told["title"]),
            intro=Localized.of(told["intro"]), negotiable=Localized(), writers=Writers.EVERYBODY, statements_each=3,
            audience=Audience.SIGNED_IN, moderation=ModerationMode.AFTER, results_visible=ResultsVisible.LIVE,
            engagement_level=EngagementLevel.CONSULTATION, seed=f"{20261102:032x}", **times)
        statements = [_statement(story, conversation, entry, told["prepared_by"]) for entry in told["statements"]]
    keys.secret_for(conversation.id)
    voices = list(_voices(story, told, [statement.id for statement in statements]))
    for part in (voices[LATE:], voices[:LATE]):
        bulk.take_in(conversation, part)
        maps.keep(conversation.id, maps.drawn(conversation))


def _statement(story: Story, conversation: Conversation, entry: dict[str, Any], office: str) -> Statement:
    drawn = story.contributions[entry["from"]].id if "from" in entry else None
    return opinions.write(conversation, story.people[entry["by"]], entry["text"], by_staff=entry["by"] == office,
                          drawn_from_id=drawn)


def _voices(story: Story, told: dict[str, Any], ids: list[int]) -> Iterator[Voice]:
    rng = random.Random("opinions")  # noqa: S311 - made-up answers, no secrets
    for height, how_many in told["heights"].items():
        towns = [town for town in story.municipalities.values() if town.belt == height]
        for _ in range(how_many):
            group = rng.choices(list(told["people"]), list(told["people"].values()))[0]
            stances = {}
            for id, entry in zip(ids, told["statements"], strict=True):
                if rng.random() < ANSWERED:
                    agrees = entry[group] + entry.get("height", {}).get(height, 0)
                    stances[id] = (Stance.PASS if rng.random() < PASSED
                                   else Stance.AGREE if rng.random() * 10 < agrees else Stance.DISAGREE)
            town = rng.choices(towns, [each.population for each in towns])[0]
            yield Voice(tag=f"{rng.getrandbits(128):032x}", stances=stances, municipality_id=town.id,
                        channel=Channel.ONLINE)
