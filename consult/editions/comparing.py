"""What differs between two editions, part by part, exactly: applied to the first it gives the second."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.core import diff
from consult.core.diff import Piece
from consult.editions.snapshot import Node

NOWHERE = ""


@dataclass(frozen=True)
class Place:
    """In which part something stands, by its key, and after how many others."""

    inside: str
    at: int


@dataclass(frozen=True)
class Words:
    """A text of which words differ."""

    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.mark != "ins")

    @property
    def after(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.mark != "del")


@dataclass(frozen=True)
class Other:
    """Values that differ as a whole; a field that one of the two has not is `ABSENT` there."""

    before: Any
    after: Any


ABSENT = "\u0000absent"
Field = Words | Other


@dataclass(frozen=True)
class Difference:
    """What to do to one tree to have the other."""

    removed: frozenset[str]
    added: Mapping[str, tuple[Node, Place]]
    moved: Mapping[str, tuple[Place, Place]]
    """From where to where."""
    changed: Mapping[str, Mapping[str, Field]]

    @property
    def nothing(self) -> bool:
        return not (self.removed or self.added or self.moved or self.changed)


@dataclass(frozen=True)
class _Flat:
    """A tree by keys."""

    nodes: Mapping[str, Node]
    children: Mapping[str, Sequence[str]]
    places: Mapping[str, Place]


def compared(before: Node, after: Node) -> Difference:
    """How to come from one tree to the other. What is in both stays the same part, wherever it stands."""
    one, other = _flat(before), _flat(after)
    both = one.nodes.keys() & other.nodes.keys()
    return Difference(
        removed=frozenset(one.nodes.keys() - other.nodes.keys()),
        added={key: (Node(node.kind, node.id, node.fields), other.places[key])
               for key, node in other.nodes.items() if key not in both},
        moved={key: (one.places[key], other.places[key]) for key in _moved(one, other, both)},
        changed={key: fields for key, node in other.nodes.items() if key in both
                 if (fields := _changed(one.nodes[key].fields, node.fields))})


def applied(before: Node, difference: Difference) -> Node:
    """The other tree, from the one and what differs."""
    flat = _flat(before)
    fields = {key: _with(node.fields, difference.changed.get(key, {})) for key, node in flat.nodes.items()}
    fields |= {key: dict(node.fields) for key, (node, _place) in difference.added.items()}
    placed: dict[str, dict[int, str]] = defaultdict(dict)
    for key, (_node, place) in difference.added.items():
        placed[place.inside][place.at] = key
    for key, (_before, place) in difference.moved.items():
        placed[place.inside][place.at] = key
    gone = difference.removed | difference.moved.keys()

    def built(key: str) -> Node:
        kind, _colon, id = key.partition(":")
        stay = [child for child in flat.children.get(key, ()) if child not in gone]
        return Node(kind, int(id), fields[key], tuple(built(child) for child in _filled(stay, placed[key])))

    return built(next(child for child in _filled(
        [key for key in flat.children[NOWHERE] if key not in gone], placed[NOWHERE])))


def _filled(stay: Sequence[str], placed: Mapping[int, str]) -> list[str]:
    """Those that stay, in their order, in the places that are left."""
    rest = iter(stay)
    return [placed[at] if at in placed else next(rest) for at in range(len(stay) + len(placed))]


def _flat(tree: Node) -> _Flat:
    nodes, children, places = dict[str, Node](), defaultdict[str, list[str]](list), dict[str, Place]()

    def take(node: Node, inside: str) -> None:
        places[node.key] = Place(inside, len(children[inside]))
        nodes[node.key] = node
        children[inside].append(node.key)
        for part in node.parts:
            take(part, node.key)

    take(tree, NOWHERE)
    return _Flat(nodes, children, places)


def _moved(one: _Flat, other: _Flat, both: Iterable[str]) -> list[str]:
    """What stands in another part, or among its neighbours in another order: as few as explain it."""
    common = set(both)
    found = [key for key in common if one.places[key].inside != other.places[key].inside]
    for inside, children in other.children.items():
        stayed = [key for key in children if key in common and one.places[key].inside == inside]
        kept = _longest_in_order([one.places[key].at for key in stayed])
        found += [key for place, key in enumerate(stayed) if place not in kept]
    order = list(other.nodes)
    return sorted(found, key=order.index)


def _longest_in_order(places: Sequence[int]) -> set[int]:
    """The indexes of a longest run of growing numbers, not necessarily side by side."""
    best: list[tuple[int, int]] = []
    for here, number in enumerate(places):
        length, before = max(((best[index][0], index) for index in range(here) if places[index] < number),
                             default=(0, -1), key=lambda pair: (pair[0], -pair[1]))
        best.append((length + 1, before))
    found: set[int] = set()
    last = max(range(len(best)), key=lambda index: best[index][0], default=-1)
    while last >= 0:
        found.add(last)
        last = best[last][1]
    return found


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name, ABSENT), after.get(name, ABSENT)
        if one != other:
            texts = isinstance(one, str) and isinstance(other, str) and ABSENT not in (one, other)
            found[name] = Words(tuple(diff.pieces(one, other))) if texts else Other(one, other)
    return found


def _with(fields: Mapping[str, Any], changes: Mapping[str, Field]) -> dict[str, Any]:
    result = {**fields, **{name: change.after for name, change in changes.items()}}
    return {name: value for name, value in result.items() if value != ABSENT}
