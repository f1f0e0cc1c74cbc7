"""Drawings of what flows from where to where: columns of nodes, and between them bands as broad as their numbers."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

WIDTH = 360
"""The drawing is as wide as a telephone, so that its words can be read there; elsewhere it grows."""
NODE = 14
GAP = 16
LEAST = 3
TALL = 300
TOP = 20


@dataclass(frozen=True)
class Node:
    """A bar of a column: its mark in the drawing, its words, how much of it there is, and where it stands."""

    mark: str
    label: str
    value: int
    column: int
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Band:
    """What flows from a node to one of the next column."""

    path: str
    tone: int
    """By which it is coloured: the place of the node of the middle column that it goes to or comes from."""
    words: str


@dataclass(frozen=True)
class Flow:
    """A whole drawing, `WIDTH` wide."""

    nodes: Sequence[Node]
    bands: Sequence[Band]
    height: int
    total: int

    def column(self, number: int) -> list[Node]:
        """The nodes of a column, from above."""
        return [node for node in self.nodes if node.column == number]


def flow(columns: Sequence[Mapping[Hashable, str]], weights: Mapping[tuple[Hashable, ...], int]) -> Flow:
    """Lay out what passes through all columns: `weights` says how much takes each way, by the keys of its nodes.

    Nodes through which nothing passes are left out.
    """
    sums: list[Counter[Hashable]] = [Counter() for _column in columns]
    for way, weight in weights.items():
        for at, key in enumerate(way):
            sums[at][key] += weight
    there = [[key for key in column if sums[at][key]] for at, column in enumerate(columns)]
    total = sum(weights.values())
    scale = TALL / total if total else 0
    nodes: dict[tuple[int, Hashable], Node] = {}
    for at, keys in enumerate(there):
        y = float(TOP)
        for place, key in enumerate(keys):
            height = max(LEAST, sums[at][key] * scale)
            nodes[at, key] = Node(_mark(at, place), columns[at][key], sums[at][key], at, _x(at, len(columns)), y,
                                  height)
            y += height + GAP
    height = max((node.y + node.height for node in nodes.values()), default=TOP) + GAP
    return Flow(list(nodes.values()), _bands(there, weights, nodes), round(height), total)


def _mark(column: int, place: int) -> str:
    """A, B, … in the first column, 1, 2, … in the second, a, b, … in the third."""
    return (chr(65 + place % 26), str(place + 1), chr(97 + place % 26))[column % 3]


def _x(column: int, columns: int) -> float:
    return column * (WIDTH - NODE) / max(1, columns - 1)


def _bands(there: Sequence[Sequence[Hashable]], weights: Mapping[tuple[Hashable, ...], int],
           nodes: Mapping[tuple[int, Hashable], Node]) -> list[Band]:
    found = []
    for at in range(len(there) - 1):
        pairs: Counter[tuple[Hashable, Hashable]] = Counter()
        for way, weight in weights.items():
            pairs[way[at], way[at + 1]] += weight
        left: defaultdict[Hashable, float] = defaultdict(float)
        right: defaultdict[Hashable, float] = defaultdict(float)
        for start in there[at]:
            for end in there[at + 1]:
                if weight := pairs[start, end]:
                    one, other = nodes[at, start], nodes[at + 1, end]
                    here, beyond = weight / one.value * one.height, weight / other.value * other.height
                    tone = there[1].index(end if at == 0 else start)
                    found.append(Band(_path(one, left[start], here, other, right[end], beyond), tone,
                                      f"{one.label} → {other.label}: {weight}"))
                    left[start] += here
                    right[end] += beyond
    return found


def _path(one: Node, above: float, here: float, other: Node, before: float, beyond: float) -> str:
    x1, x2 = one.x + NODE, other.x
    middle = (x1 + x2) / 2
    top1, top2 = one.y + above, other.y + before
    return (f"M{x1:.1f} {top1:.1f}C{middle:.1f} {top1:.1f} {middle:.1f} {top2:.1f} {x2:.1f} {top2:.1f}"
            f"V{top2 + beyond:.1f}C{middle:.1f} {top2 + beyond:.1f} {middle:.1f} {top1 + here:.1f} "
            f"{x1:.1f} {top1 + here:.1f}Z")
