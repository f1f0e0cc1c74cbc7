"""Answers to the statements of a conversation, and the sparse matrix they make: one entry an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeAlias

from consult.core.later import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Floats: TypeAlias = "npt.NDArray[np.float64]"
Ints: TypeAlias = "npt.NDArray[np.int64]"
Flags: TypeAlias = "npt.NDArray[np.bool_]"
AGREE, PASS, DISAGREE = 1, 0, -1


@dataclass(frozen=True)
class Votes:
    """The last answer of each participant to each statement: 1 agrees, -1 disagrees, 0 passes; unseen is absent.

    Three arrays of the same length in any order, one row a pair; ids are whole numbers.
    """

    participants: Ints
    statements: Ints
    values: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        if not self.participants.shape == self.statements.shape == self.values.shape:
            raise ValueError("The three arrays of votes differ in length.")
        if self.values.size and np.abs(self.values).max() > 1:
            raise ValueError("An answer is 1, 0 or -1.")

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]]) -> Self:
        """Votes from rows of participant, statement and value; a later row for the same pair replaces the earlier."""
        last = {(participant, statement): value for participant, statement, value in rows}
        return cls(np.fromiter((participant for participant, _ in last), dtype=np.int64, count=len(last)),
                   np.fromiter((statement for _, statement in last), dtype=np.int64, count=len(last)),
                   np.fromiter(last.values(), dtype=np.int8, count=len(last)))

    def __len__(self) -> int:
        return len(self.values)

    def without(self, statements: Iterable[int]) -> Votes:
        """The votes on all other statements."""
        kept = ~np.isin(self.statements, np.fromiter(statements, dtype=np.int64))
        return Votes(self.participants[kept], self.statements[kept], self.values[kept])


@dataclass(frozen=True)
class Matrix:
    """Rows of answers: those of row i are the entries from `starts[i]` to `starts[i + 1]`, by ascending column."""

    starts: Ints
    columns: npt.NDArray[np.int32]
    values: npt.NDArray[np.int8]
    width: int

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> Ints:
        """How many answers each row has; never none."""
        return np.diff(self.starts)

    def rows(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(self.height), self.lengths)

    def take(self, rows: Ints) -> Matrix:
        """The chosen rows, in the order they are named."""
        lengths = self.lengths[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        entries = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        return Matrix(starts, self.columns[entries], self.values[entries], self.width)

    def sums(self, entries: Floats) -> Floats:
        """The sum of one number an entry over each row."""
        return np.add.reduceat(entries, self.starts[:-1]) if self.height else np.zeros(0)


@dataclass(frozen=True)
class Table:
    """The matrix of some votes, with whose rows and which columns they are.

    The order of the rows comes from what was answered and from the seed alone, never from ids or from the order of
    arrival: whatever is summed, drawn or broken by that order is the same for the same answers. Rows that answer alike
    are neighbours and may be exchanged for one another.
    """

    participants: Ints
    statements: Ints
    matrix: Matrix


def table(votes: Votes, statements: Iterable[int] = (), *, seed: int = 0) -> Table:
    """The matrix of the votes, its columns by ascending id of the statements voted on and those named.

    Raises ValueError when a participant has two answers to one statement.
    """
    # asked for counts it sorts, else it hashes, which is slower for ids in order, and loads masked arrays
    named, _ = np.unique(np.concatenate([votes.statements, np.fromiter(statements, dtype=np.int64)]),
                         return_counts=True)
    people, rows = np.unique(votes.participants, return_inverse=True)
    width = len(named)
    # one sort of packed numbers instead of a slow sort by two keys
    packed = rows * (width * 4) + np.searchsorted(named, votes.statements) * 4 + (votes.values + 1)
    packed.sort()
    if (np.diff(packed >> 2) == 0).any():
        raise ValueError("A participant has two answers to one statement.")
    row, entry = np.divmod(packed, max(width * 4, 1))
    starts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(people)))))
    matrix = Matrix(starts, (entry >> 2).astype(np.int32), ((entry & 3) - 1).astype(np.int8), width)
    if not len(people):
        return Table(people, named, matrix)
    marks = np.random.default_rng(seed).integers(2**64, size=width * 4, dtype=np.uint64)
    order = np.argsort(np.add.reduceat(marks[entry], starts[:-1]), kind="stable")
    return Table(people[order], named, matrix.take(order))
