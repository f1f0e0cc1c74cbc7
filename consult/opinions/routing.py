"""Which statement is asked next: drawn by how much an answer would tell, so that others can draw it again."""

from collections.abc import Sequence

from consult.core.later import numpy as np
from consult.mapping import counts


def weights(tallies: Sequence[tuple[int, int, int]], extremities: Sequence[float]) -> list[float]:
    """How much an answer to each statement would tell; a tally is how many agreed, disagreed and passed."""
    if not tallies:
        return []
    agreed, disagreed, passed = np.array(tallies, dtype=np.int64).T[:, None, :]
    held = counts.Counts(agreed, disagreed, agreed + disagreed + passed)
    plain = np.zeros(len(tallies), dtype=np.bool_)
    return [float(weight) for weight in counts.priorities(held, np.array(extremities), plain)]


def draw(weighing: Sequence[float], chance: bytes) -> int | None:
    """The place of one of these weights, each with a probability in proportion; `chance` is as random as a hash."""
    mark = int.from_bytes(chance[:8], "big") / 2**64 * sum(weighing)
    for place, weight in enumerate(weighing):
        mark -= weight
        if mark < 0:
            return place
    return len(weighing) - 1 if weighing else None
