"""Which figures of a cross table must be kept back, so that nobody can be found in it by arithmetic.

A table with its totals is a network: what enters a row through its total leaves it through its cells, and what
enters a column through its cells leaves it through its total. Figures kept back are the edges whose flow a reader
does not know; a reader can narrow one of them exactly as far as flow cannot be pushed around a cycle through it.
Widths of intervals are therefore found exactly, by looking for such cycles (Gusfield, "A graph theoretic approach
to statistical data security", SIAM J. Comput. 17, 1988), and never by enumeration.
"""

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

Cells = Sequence[Sequence[int]]
Kept = list[int | None]

MINIMUM = 5
TOTALS_COST = 10
"""How many times the whole table is rather kept back in cells than one total."""


@dataclass(frozen=True)
class Protected:
    """A table as it may be published: None is a figure kept back."""

    cells: list[Kept]
    row_totals: Kept
    column_totals: Kept


def protect(cells: Cells, minimum: int = MINIMUM, *, row_totals: bool = True, column_totals: bool = True,
            ceilings: Sequence[int] | None = None) -> list[Kept]:
    """The cells that may be published beside all row totals and all column totals; None is a cell kept back.

    Cells under the minimum, 0 included, are kept back, and as many others as it takes. The flags say which totals
    the reader sees; the grand total is always taken to be known. For whoever knows what is published and that
    counts are whole and not negative, the possible values of a cell under the minimum then span at least `minimum`
    (so 0 to 5 or more, never "surely under five"), and those of any other cell kept back at least two values;
    where the totals alone tell more than that, as a total of 0 does, every cell that could blur it is kept back.
    A table whose own totals may be small is published with `protect_with_totals`.

    `ceilings` are what the reader knows no cell of each column can exceed, such as the people who voted there: a
    cell that nearly reaches it tells of nearly everybody, and is kept back as one that nearly reaches 0 is.
    """
    network = _Network(cells, ceilings)
    network.totals(rows=_FIXED if row_totals else _UNSEEN, columns=_FIXED if column_totals else _UNSEEN)
    network.secure(minimum)
    return network.protected().cells


def protect_with_totals(cells: Cells, minimum: int = MINIMUM) -> Protected:
    """The cells and the totals that may be published, where totals too are kept back if they must be.

    The guarantee is that of `protect` for every figure kept back, totals included, without exception as soon as
    the grand total, which is taken to be known, reaches the minimum. Under it nothing but the grand total is left.
    """
    network = _Network(cells)
    network.totals(rows=_PROTECTED, columns=_PROTECTED)
    network.secure(minimum)
    return network.protected()


_FIXED, _UNSEEN, _PROTECTED = "fixed", "unseen", "protected"
_ENDLESS = 1 << 62


@dataclass
class _Edge:
    """A figure: it flows from one node to another."""

    tail: int
    head: int
    value: int
    cost: int
    ceiling: int | None = None
    published: bool = True
    sensitive: bool = True
    """True if it is to be kept back when it is under the minimum, or so near its ceiling."""

    def room(self, way: int, moved: int = 0) -> int:
        """How much further it can rise or fall from its value, once moved."""
        if way < 0:
            return self.value + moved
        return _ENDLESS if self.ceiling is None else self.ceiling - self.value - moved

    def small(self, minimum: int) -> bool:
        """True if it must not be published."""
        return self.sensitive and (self.room(-1) < minimum or self.room(1) < minimum)


class _Network:
    """A table as a circulation: source, rows, columns, sink. The edge from sink to source, the grand total, is known.

    A total that is published whatever happens has no edge: its flow never changes.
    """

    def __init__(self, cells: Cells, ceilings: Sequence[int] | None = None) -> None:
        self.height, self.width = len(cells), len(cells[0]) if cells else 0
        self.counts = [list(row) for row in cells]
        self.edges = [_Edge(1 + i, 1 + self.height + j, value, value, ceilings[j] if ceilings else None)
                      for i, row in enumerate(self.counts) for j, value in enumerate(row)]
        self.sink = 1 + self.height + self.width
        self.row_edges: list[_Edge] = []
        self.column_edges: list[_Edge] = []

    def totals(self, *, rows: str, columns: str) -> None:
        """Add the totals: published in any case, never shown, or kept back where they must be."""
        sums = [sum(row) for row in self.counts]
        dear = TOTALS_COST * (sum(sums) + 1)
        if rows != _FIXED:
            self.row_edges = [_Edge(0, 1 + i, value, dear + value) for i, value in enumerate(sums)]
        if columns != _FIXED:
            sums = [sum(column) for column in zip(*self.counts, strict=True)]
            self.column_edges = [_Edge(1 + self.height + j, self.sink, value, dear + value)
                                 for j, value in enumerate(sums)]
        for edges, kind in ((self.row_edges, rows), (self.column_edges, columns)):
            for edge in edges:
                edge.published = edge.sensitive = kind == _PROTECTED
        self.edges = [*self.edges, *self.row_edges, *self.column_edges]
        self.arcs: list[list[tuple[int, int, int]]] = [[] for _ in range(self.sink + 1)]
        for index, edge in enumerate(self.edges):
            self.arcs[edge.tail].append((index, edge.head, 1))
            self.arcs[edge.head].append((index, edge.tail, -1))

    def secure(self, minimum: int) -> None:
        """Keep back what is under the minimum, then whatever gives each such figure its width."""
        small = [index for index, edge in enumerate(self.edges) if edge.small(minimum)]
        for index in small:
            self.edges[index].published = False
        spans = dict.fromkeys(small, 0)
        for index in small:
            if spans[index] < minimum:
                self._widen(index, minimum, spans)

    def _widen(self, index: int, minimum: int, spans: dict[int, int]) -> None:
        """Let a figure rise by `minimum`, or else rise and fall by as much in all, over figures kept back."""
        edge = self.edges[index]
        risen = self._push(index, 1, min(minimum, edge.room(1)), spans)
        if risen < minimum:
            self._push(index, -1, min(minimum - risen, edge.room(-1)), spans)

    def _push(self, index: int, sense: int, wanted: int, spans: dict[int, int]) -> int:
        """Move a figure by up to `wanted`, keeping back the cheapest figures that must move with it."""
        edge = self.edges[index]
        start, end = (edge.head, edge.tail) if sense > 0 else (edge.tail, edge.head)
        change = {index: 0}
        moved = 0
        while moved < wanted:
            path = (self._shortest(start, end, change, index)
                    or self._cheapest(start, end, change, index))
            if not path:
                break
            step = min([wanted - moved, *(self.edges[i].room(way, change.get(i, 0)) for i, way in path)])
            for i, way in path:
                change[i] = change.get(i, 0) + way * step
            moved += step
        change[index] = sense * moved
        for i, by in change.items():
            if by:
                self.edges[i].published = False
                if i in spans:
                    spans[i] = max(spans[i], abs(by))
        return moved

    def _shortest(self, start: int, end: int, change: dict[int, int], without: int) -> list[tuple[int, int]]:
        """The shortest way from a node to another over figures that are kept back already."""
        came: dict[int, tuple[int, int, int]] = {start: (start, without, 0)}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for index, other, way in self.arcs[node]:
                edge = self.edges[index]
                if other in came or index == without or edge.published or not edge.room(way, change.get(index, 0)):
                    continue
                came[other] = (node, index, way)
                if other == end:
                    return self._way(came, start, end)
                waiting.append(other)
        return []

    def _cheapest(self, start: int, end: int, change: dict[int, int], without: int) -> list[tuple[int, int]]:
        """The way from a node to another over the least that is still published."""
        best: dict[int, tuple[int, int]] = {start: (0, 0)}
        came: dict[int, tuple[int, int, int]] = {}
        waiting = [(0, 0, start)]
        while waiting:
            cost, hops, node = heapq.heappop(waiting)
            if node == end:
                return self._way(came, start, end)
            if (cost, hops) > best[node]:
                continue
            for index, other, way in self.arcs[node]:
                edge = self.edges[index]
                if index == without or not edge.room(way, change.get(index, 0)):
                    continue
                reached = (cost + (edge.cost if edge.published and not change.get(index) else 0), hops + 1)
                if other not in best or reached < best[other]:
                    best[other] = reached
                    came[other] = (node, index, way)
                    heapq.heappush(waiting, (*reached, other))
        return []

    def _way(self, came: dict[int, tuple[int, int, int]], start: int, end: int) -> list[tuple[int, int]]:
        steps = []
        while end != start:
            end, index, way = came[end]
            steps.append((index, way))
        return steps

    def protected(self) -> Protected:
        """What may be published."""
        shown = [edge.value if edge.published else None for edge in self.edges[:self.height * self.width]]
        return Protected(
            cells=[shown[i * self.width:(i + 1) * self.width] for i in range(self.height)],
            row_totals=[edge.value if edge.published else None for edge in self.row_edges],
            column_totals=[edge.value if edge.published else None for edge in self.column_edges])
