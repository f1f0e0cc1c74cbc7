"""What joins and what parts: the whole, the groups, the places; what of it may be told, and how shares are said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from consult.core import disclosure
from consult.core.disclosure import MINIMUM
from consult.core.later import numpy as np
from consult.mapping.counts import informed
from consult.mapping.maps import SILHOUETTE, SMALLEST, SMALLEST_SHARE, OpinionMap, Reason
from consult.mapping.territory import AreaCounts, Label, Territorial, territorial
from consult.territory.models import Municipality

BASE = 10
"""Of fewer answers no share is said."""
OF_CATEGORIES = 10
"""The minimum of a figure that tells what organisations of a kind think."""
BANDS = ((0.9, "nearly_all"), (0.75, "three_in_four"), (0.6, "clear_majority"))
"""What a share is called that is at least so large; what exceeds a half has a name as well."""
CERTAIN = 2.576
"""Standard errors beyond which a difference is not put down to chance: once in a hundred there is none all the same."""
FAR = 0.25
"""Parts of the territory whose shares differ by less are not said to be divided."""
ROOT = 0.6
"""The geometric mean of the groups' shares from which a statement unites all."""

Leaning = tuple[int, int, str]
"""A statement by its place, the way most lean (1 agree, -1 disagree), and what their share is called."""


@dataclass(frozen=True)
class Answered:
    """All answers: who by place, to what by place, and what was said."""

    who: Any
    what: Any
    said: Any
    statements: int

    def counted(self, labels: Sequence[int], how_many: int) -> Any:
        """Counts by label, statement and answer (disagreed, passed, agreed); labels under 0 are left out."""
        of = np.array(labels, dtype=np.int64)[self.who]
        kept = of >= 0
        flat = (of[kept] * self.statements + self.what[kept]) * 3 + self.said[kept].astype(np.int64) + 1
        counts = np.bincount(flat, minlength=how_many * self.statements * 3)
        return counts.reshape(how_many, self.statements, 3)


def band(share: float) -> str:
    """What a share is called; empty where it is no majority."""
    return next((name for least, name in BANDS if share >= least), "more_than_half" if share > 0.5 else "")


def why(found: OpinionMap) -> str:
    """Why a map has no groups, in a word; empty where it has some."""
    if found.reason is None:
        return ""
    if found.reason is Reason.TOO_FEW:
        return "few"
    if found.smallest < max(SMALLEST, SMALLEST_SHARE * int(found.clustered.sum())):
        return "small"
    return "alike" if found.silhouette < SILHOUETTE else "unstable"


def totals(found: OpinionMap) -> list[list[int]]:
    """How many agreed, disagreed and passed, for each statement."""
    whole = found.total
    return [list(map(int, row)) for row in zip(whole.agree[0], whole.disagree[0], whole.passed[0], strict=True)]


def united(found: OpinionMap) -> list[Leaning]:
    """The statements on which all groups lean the same way, the clearest first; without groups, most of all."""
    if not found.groups:
        return [(one.column, way, band(one.count / one.seen)) for way, ones in (
            (1, found.consensus.agree), (-1, found.consensus.disagree)) for one in ones if one.seen >= BASE]
    chosen = []
    for way, given in ((1, found.counts.agree), (-1, found.counts.disagree)):
        seen = found.counts.seen
        shares = given / np.maximum(seen, 1)
        roots = informed(given, seen).root
        clear = (seen >= MINIMUM).all(axis=0) & (shares > 0.5).all(axis=0) & (roots >= ROOT)
        chosen += [(float(roots[at]), (int(at), way, band(float(shares[:, at].min())))) for at in np.flatnonzero(clear)]
    return [leaning for _root, leaning in sorted(chosen, key=lambda one: -one[0])]


def marks(found: OpinionMap, group: int, elsewhere: set[int]) -> list[Leaning]:
    """The statements that mark a group and do not unite all."""
    return [(one.column, 1 if one.agrees else -1, band(one.count / one.seen))
            for one in found.groups[group].representative if one.column not in elsewhere]


def by_label(counts: Answered, labels: Sequence[int], how_many: int, *, minimum: int = MINIMUM,
             people: Sequence[int] | None = None) -> dict[str, Any]:
    """For each statement how many of each label agreed and disagreed, as far as it may be told beside the sums.

    `people` are how many of each label there are, where that is known: nearly everybody is kept back as nearly nobody
    is.
    """
    found = counts.counted(labels, how_many)
    answers = found.sum(axis=(0, 2))
    told: dict[str, Any] = {}
    for name, at in (("agreed", 2), ("disagreed", 0)):
        rows = [list(map(int, row)) for row in found[:, :, at].T]
        told[name] = [disclosure.protect([row], minimum, column_totals=False, ceilings=people)[0] for row in rows]
        told[f"{name}_all"] = [sum(row) if seen >= minimum else None for row, seen in zip(rows, answers, strict=True)]
    return told


def territory(counts: Answered, places: Sequence[Municipality], municipalities: Sequence[int | None],
              categories: Sequence[int | None]) -> dict[str, Any]:
    """What places and kinds of organisations share, what parts them, and the figures that may be told of them."""
    towns = [place.id for place in places]
    own = [towns.index(id) if id in towns else len(towns) for id in municipalities]
    kinds = sorted({id for id in categories if id is not None})
    kind = [-1 if id is None else kinds.index(id) for id in categories]
    by_town, by_kind = counts.counted(own, len(towns) + 1), counts.counted(kind, len(kinds))
    across_kinds = _across(by_kind, kinds)
    people = [own.count(label) for label in range(len(towns) + 1)]
    shown = [*towns, *([0] if people[-1] else [])]
    return {
        "territory": {
            "heard": int((by_town[:-1].sum(axis=2) >= MINIMUM).any(axis=1).sum()),
            "shared": [one for one in _shared(_across(by_town[:-1], towns)) if not _dissented(across_kinds, one)],
            "divided": _divided(by_town[:-1], places)},
        "municipalities": {"ids": shown, **by_label(counts, own, len(shown), people=people[:len(shown)])},
        "categories": {"ids": kinds, "shared": _shared(across_kinds),
                       **by_label(counts, kind, len(kinds), minimum=OF_CATEGORIES)},
    }


Across = Mapping[int, Sequence[Territorial]]
"""What is said of each statement across places, for agreeing (1) and for disagreeing (-1)."""


def _across(counted: Any, ids: Sequence[int]) -> Across:
    held = AreaCounts(tuple(ids), tuple(range(counted.shape[1])), counted[:, :, 2], counted[:, :, 0],
                      counted.sum(axis=2))
    return {1: territorial(held), -1: territorial(held.turned())}


def _shared(across: Across) -> list[Leaning]:
    """The statements on which all places lean the same way, the clearest first."""
    found = [(one.share or 0.0, (one.statement, way, band(one.share or 0.0)))
             for way, ones in across.items() for one in ones if one.label is Label.CONSENSUS and one.eligible > 1]
    return [leaning for _share, leaning in sorted(found, key=lambda one: (-one[0], one[1][0]))]


def _dissented(across: Across, leaning: Leaning) -> bool:
    at, way, _band = leaning
    return bool(across[way][at].dissenting)


def _divided(by_town: Any, places: Sequence[Municipality]) -> list[Any]:
    """The statements on which parts of the territory stand apart, each with how its parts lean; the farthest first.

    Parts are the belts of height where there are several, else the municipalities.
    """
    belts = list(dict.fromkeys(place.belt for place in places if place.belt))
    names = belts if len(belts) > 1 else [place.name for place in places]
    of = [names.index(place.belt if len(belts) > 1 else place.name) if place.belt or len(belts) < 2 else -1
          for place in places]
    parts = np.zeros((len(names), *by_town.shape[1:]), dtype=np.int64)
    for town, part in enumerate(of):
        if part >= 0:
            parts[part] += by_town[town]
    found = []
    for at in range(by_town.shape[1]):
        far = max((abs(apart(one[at], other[at])) for one, other in combinations(parts, 2)), default=0.0)
        if far >= FAR:
            sides = [[name, *lean] for name, lean in zip(names, map(leaning_of, parts[:, at]), strict=True) if lean]
            found.append((far, [at, sides]))
    return [said for _far, said in sorted(found, key=lambda one: (-one[0], one[1][0]))]


def leaning_of(counts: Any) -> tuple[int, str] | None:
    """Which way answers lean, and how far: 0 for neither. None where too few answered for a share to be said."""
    total = int(counts.sum())
    if total < BASE:
        return None
    for way, at in ((1, 2), (-1, 0)):
        if name := band(counts[at] / total):
            return way, name
    return 0, ""


def apart(first: Any, second: Any) -> float:
    """The difference of two shares of agreement; 0 where chance would explain it or too few answered."""
    one, other = int(first.sum()), int(second.sum())
    if min(one, other) < BASE:
        return 0.0
    difference = float(first[2] / one - second[2] / other)
    pooled = float(first[2] + second[2]) / (one + other)
    spread = (max(pooled * (1 - pooled), 1e-9) * (1 / one + 1 / other)) ** 0.5
    return difference if abs(difference) / spread > CERTAIN else 0.0
