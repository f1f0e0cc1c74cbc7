"""What is kept of a map when it is drawn anew: the plane and the groups' centres and letters, and nobody's answers."""

from __future__ import annotations

import itertools
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from consult.core.later import numpy as np
from consult.mapping.plane import Plane
from consult.mapping.votes import Floats, Ints, Matrix


@dataclass(frozen=True)
class Position:
    """Where one participant stands: the point, the letter of the group if there is one, and on how many answers.

    With fewer answers than the map asks for (`enough` is false) the point is uncertain and there is no group.
    """

    x: float
    y: float
    letter: str | None
    votes: int
    enough: bool


@dataclass(frozen=True)
class Projection:
    """A map without its participants: what places anybody's answers on it, and which group that point belongs to."""

    statements: Ints
    plane: Plane
    centres: Floats
    letters: tuple[str, ...]
    least_votes: int

    def record(self) -> dict[str, Any]:
        """The same in plain lists and numbers, for a column of JSON."""
        return {
            "statements": self.statements.tolist(), "means": self.plane.means.tolist(),
            "axes": self.plane.axes.tolist(), "damping": self.plane.damping, "kept": self.plane.kept.tolist(),
            "centres": self.centres.tolist(), "letters": list(self.letters), "least_votes": self.least_votes,
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """What `record` wrote."""
        plane = Plane(np.array(record["means"], dtype=np.float64),
                      np.array(record["axes"], dtype=np.float64).reshape(2, -1), record["damping"],
                      np.array(record["kept"], dtype=np.bool_))
        return cls(np.array(record["statements"], dtype=np.int64), plane,
                   np.array(record["centres"], dtype=np.float64).reshape(-1, 2), tuple(record["letters"]),
                   record["least_votes"])

    def within(self, statements: Ints) -> Plane:
        """The plane in terms of other columns: statements it does not know count for nothing."""
        known = np.isin(statements, self.statements)
        places = np.searchsorted(self.statements, statements[known])
        means, axes, kept = np.zeros(len(statements)), np.zeros((2, len(statements))), np.zeros(len(statements), bool)
        means[known], axes[:, known], kept[known] = (
            self.plane.means[places], self.plane.axes[:, places], self.plane.kept[places])
        return Plane(means, axes, self.plane.damping, kept)


def own_position(projection: Projection, answers: Mapping[int, int]) -> Position | None:
    """Where the answers of one participant, by statement, place them on a stored map; None without any it knows."""
    known = sorted(set(answers) & set(projection.statements[projection.plane.kept].tolist()))
    if not known:
        return None
    columns = np.searchsorted(projection.statements, known).astype(np.int32)
    row = Matrix(np.array([0, len(known)]), columns, np.array([answers[one] for one in known], dtype=np.int8),
                 len(projection.statements))
    point = projection.plane.points(row)[0]
    enough = len(known) >= projection.least_votes
    letter = None
    if enough and projection.letters:
        letter = projection.letters[int(nearest(point[None], projection.centres)[0])]
    return Position(float(point[0]), float(point[1]), letter, len(known), enough)


def nearest(points: Floats, centres: Floats) -> Ints:
    """The centre nearest to each point."""
    apart = points[:, None] - centres[None]
    closest: Ints = np.einsum("ijk,ijk->ij", apart, apart).argmin(axis=1)
    return closest


def lettered(labels: Ints, sizes: Ints, earlier: Ints, letters: tuple[str, ...]) -> tuple[str, ...]:
    """A letter for each group: that of the earlier group it shares most people with, else the next free one by size.

    `earlier` is the earlier group of each of the same people, whose letters are given; none the first time.
    """
    groups = len(sizes)
    shared = np.zeros((groups, len(letters) + groups), dtype=np.int64)  # the last columns stand for new letters
    if letters:
        np.add.at(shared, (labels, earlier), 1)
    choices = itertools.permutations(range(max(len(letters), groups)), groups)
    choice = max(choices, key=lambda places: sum(int(shared[group, place]) for group, place in enumerate(places)))
    given = {group: letters[place] for group, place in enumerate(choice)
             if place < len(letters) and shared[group, place]}
    free = (letter for letter in string.ascii_uppercase if letter not in given.values())
    for group in np.argsort(-sizes, kind="stable"):
        if int(group) not in given:
            given[int(group)] = next(free)
    return tuple(given[group] for group in range(groups))
