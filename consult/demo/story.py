"""The written demonstration: its texts, its days moved so that phase two is under way, and the rows made of it."""

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from consult.accounts.models import Organisation, Person
from consult.contributions.models import Contribution, Thread
from consult.core import clock
from consult.core.languages import Localized
from consult.discussions.models import Topic
from consult.meetings.models import Minutes
from consult.pact.models import Commitment
from consult.planning.models import Action, DraftConsultation, Objective, Plan, Section
from consult.processes.models import Axis, Phase, Process
from consult.proposals.models import ProposalCall
from consult.territory.models import Municipality

HERE = Path(__file__).parent
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same reader, in C where it was built


class Story:
    """What is told, and by its written name what has become a row. The same draws come out at every loading."""

    commitments: dict[str, Commitment]
    minutes: dict[str, Minutes]
    """By the meeting they are of."""

    def __init__(self) -> None:
        self.told = read("unione_rovano.yaml")
        self.more = read("additions.yaml")
        self.proposals: list[dict[str, Any]] = [*self.told["proposals"], *self.more["merging"]["originals"]]
        self.comments: list[dict[str, Any]] = [
            *self.told["comments"], *self.more["merging"]["comments"],
            *({**entry, "target": topic["id"]} for topic in self.more["discussion"]["topics"]
              for entry in topic["comments"])]
        self.reference: date = self.told["meta"]["reference_date"]
        self.present = clock.now() - timedelta(minutes=5)
        """The end of the story: what is made up happened before."""
        self.days: timedelta = clock.today() - self.reference
        self.rng = random.Random(20261123)  # noqa: S311 - made-up answers, no secrets
        self.merged_at = self.opening(self.more["merging"]["merged"]["date"])
        """Until then what was merged could be supported."""
        self._translations = {entry["it"]: entry for entry in self.more["translations"]}
        self.municipalities: dict[str, Municipality] = {}
        self.people: dict[str, Person] = {}
        self.organisations: dict[str, Organisation] = {}
        self.speaks_for: dict[str, str] = {}
        self.residents: list[Resident] = []
        self.phases: dict[str, Phase] = {}
        self.axes: dict[str, Axis] = {}
        self.process: Process
        self.call: ProposalCall
        self.plan: Plan
        self.consultation: DraftConsultation
        self.threads: dict[str, Thread] = {}
        self.sections: dict[str, Section] = {}
        self.objectives: dict[str, Objective] = {}
        self.actions: dict[str, Action] = {}
        self.commitments, self.minutes = {}, {}
        self.contributions: dict[str, Contribution] = {}
        self.topics: dict[str, Topic] = {}

    def text(self, written: str | dict[str, str] | None) -> Localized:
        """A text of the staff in the languages it was given or translated into."""
        return Localized.of(self._translations.get(written, written) if isinstance(written, str) else written)

    def day(self, written: date) -> date:
        """A written day on today's calendar."""
        return written + self.days

    def opening(self, written: date) -> datetime:
        """The hour at which what begins on a written day begins."""
        return self._at(written, time(9))

    def closing(self, written: date) -> datetime:
        """The last minute of a written day."""
        return self._at(written, time(23, 59))

    def moment(self, written: date) -> datetime:
        """Some instant of a written day, between breakfast and bedtime."""
        return self._at(written, time(self.rng.randint(7, 22), self.rng.randint(0, 59)))

    def between(self, first: datetime, last: datetime) -> datetime:
        """Some instant between two others."""
        return first + (last - first) * self.rng.random()

    def _at(self, written: date, hour: time) -> datetime:
        return datetime.combine(self.day(written), hour, tzinfo=clock.ROME)

    def municipality_ids(self) -> list[int]:
        """The municipalities in the order in which the figures of the story are given."""
        return [municipality.id for municipality in self.municipalities.values()]


class Resident:
    """A made-up inhabitant who gives supports: an account that nobody can sign in to."""

    __slots__ = ("id", "municipality_id", "since", "verified")

    def __init__(self, id: int, municipality_id: int, verified: bool, since: datetime) -> None:
        self.id, self.municipality_id, self.verified, self.since = id, municipality_id, verified, since


def read(name: str) -> dict[str, Any]:
    """What a file beside this one says."""
    with (HERE / name).open(encoding="utf-8") as file:
        told: dict[str, Any] = yaml.load(file, Loader=_Loader)  # noqa: S506 - both loaders are the safe one
    return told
