"""QR codes as one line of an SVG, so that a page draws them without styles and without an image of its own."""

from dataclasses import dataclass

import segno

QUIET = 4
"""Empty squares around a code, by which cameras find it (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Squares:
    """A code that leads to an address: how many squares it is wide, and its dark ones as a path."""

    address: str
    width: int
    path: str

    @classmethod
    def leading_to(cls, address: str) -> "Squares":
        """The code of an address, readable also where up to 15 % of it are covered."""
        rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
        runs = [f"M{QUIET + start} {QUIET + y}h{length}v1h-{length}z"
                for y, row in enumerate(rows) for start, length in _dark(row)]
        return cls(address, len(rows) + 2 * QUIET, "".join(runs))


def _dark(row: bytes) -> list[tuple[int, int]]:
    """Where dark squares of a row begin, and how many follow."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((x, 1))
    return runs
