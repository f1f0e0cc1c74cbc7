"""The conversations of Polis that are kept beside the repository, with what was published of them; and made up ones."""

import csv
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consult.mapping.maps import OpinionMap, Settings
from consult.mapping.partition import likeness
from consult.mapping.votes import Votes

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass(frozen=True)
class Published:
    """A conversation: its votes, the statements moderated out, and the group of each participant who has one."""

    votes: Votes
    moderated: frozenset[int]
    groups: dict[int, int]

    @property
    def parity(self) -> Settings:
        """As Polis draws it: at the published number of groups, with the participants that it grouped."""
        return Settings(parity=True, moderated=self.moderated, kept=frozenset(self.groups),
                        k=len(set(self.groups.values())), recomputations=1)

    def likeness(self, drawn: OpinionMap) -> float:
        """How alike the groups that were found are to those published."""
        return self.alike(dict(zip(drawn.participants.tolist(), drawn.measured.tolist(), strict=True)))

    def alike(self, found: dict[int, int]) -> float:
        """The same for groups by participant, below 0 for none."""
        both = [one for one in self.groups if found.get(one, -1) >= 0]
        return likeness(np.array([self.groups[one] for one in both]), np.array([found[one] for one in both]))


@cache
def published(name: str) -> Published:
    """One of the conversations by the name of its folder; skips where the data are not there."""
    folder = DATA / "polis" / name
    if not folder.is_dir():
        pytest.skip(f"the conversations of Polis are not in {DATA / 'polis'}")
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
        moderated = frozenset(int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1")
    rows, groups = [], {}
    with (folder / "participants-votes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            participant = int(row["participant"])
            rows += [(participant, int(statement), int(float(vote)))
                     for statement, vote in row.items() if statement.isdigit() and vote]
            if row["group-id"]:
                groups[participant] = int(row["group-id"])
    return Published(Votes.of(rows), moderated, groups)


@dataclass(frozen=True)
class Mathematics:
    """A conversation with all that the program of Polis made of it."""

    votes: Votes
    made: dict[str, Any]
    groups: dict[int, int]


@cache
def mathematics(name: str) -> Mathematics:
    """One of the conversations with its whole mathematics; skips where the data are not there."""
    folder = DATA / "polis-math" / name
    if not folder.is_dir():
        pytest.skip(f"the mathematics of Polis is not in {DATA / 'polis-math'}")
    made = json.loads((folder / "math-pca2.json").read_text(encoding="utf-8"))
    votes = Votes.of((row.get("participant_id", row.get("pid")), row.get("statement_id", row.get("tid")), row["vote"])
                     for row in json.loads((folder / "votes.json").read_text(encoding="utf-8")))
    members = dict(zip(made["base-clusters"]["id"], made["base-clusters"]["members"], strict=True))
    groups = {participant: group["id"] for group in made["group-clusters"]
              for base in group["members"] for participant in members[base]}
    return Mathematics(votes, made, groups)


def conversation(participants: int, statements: int, *, seed: int = 0, answers: int = 40) -> tuple[Votes, np.ndarray]:
    """Votes of three planted groups of unlike size, about so many answers each, and the group of each participant."""
    rng = np.random.default_rng(seed)
    group = rng.choice(3, size=participants, p=[0.5, 0.3, 0.2])
    leaning = rng.normal(0, 1.1, size=(3, statements)) + rng.normal(0, 0.8, size=statements)
    active = np.clip(rng.lognormal(math.log(answers), 0.5, size=participants), 3, statements).astype(np.int64)
    who = np.repeat(np.arange(participants), active)
    what = np.concatenate([rng.permutation(statements)[:number] for number in active])
    feeling = leaning[group[who], what] + rng.logistic(0, 0.6, size=len(who))
    values = np.where(np.abs(feeling) < 0.25, 0, np.sign(feeling)).astype(np.int8)
    return Votes(who, what, values), group
