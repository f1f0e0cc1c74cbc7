"""How much a stem weighs in a text among others, and how far two texts are alike by what they have in common.

The weights are tf·idf, the likeness is their cosine (Manning, Raghavan and Schütze, "Introduction to Information
Retrieval", 2008, §6.3). Words come as `services.counted` gives them and as the index keeps them.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from consult.search import stemming

PRIOR = 20
"""Texts that are taken to be there from the beginning, so that in a small call no word counts as rare."""


def stems(words: Mapping[str, Sequence[Any]]) -> dict[str, int]:
    """The stems of words that can make texts alike, with their weights."""
    weights: Counter[str] = Counter()
    for word, (stem, weight) in words.items():
        if word not in stemming.WEAK:
            weights[stem] += weight
    return dict(weights)


def weighed(stems: Mapping[str, int], spread: Mapping[str, int], total: int) -> dict[str, float]:
    """The weights of stems, from how often each stands here and in how many of all texts."""
    return {stem: (1 + math.log(weight)) * math.log(1 + (total + PRIOR) / (spread.get(stem, 0) + 1))
            for stem, weight in stems.items()}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How far two texts are alike, between 0 and 1."""
    both = sum(weight * other[stem] for stem, weight in one.items() if stem in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return both / lengths if lengths else 0.0


def shared(mine: Mapping[str, float], theirs: Mapping[str, float], words: Mapping[str, Sequence[Any]],
            most: int = 6) -> tuple[str, ...]:
    """The words of the other text by which the two are alike, those first that count most."""
    forms: dict[str, str] = {}
    for word, (stem, _weight) in words.items():
        forms.setdefault(stem, word)
    stems = sorted((stem for stem in mine if stem in theirs), key=lambda stem: (-mine[stem] * theirs[stem], stem))
    return tuple(forms[stem] for stem in stems[:most])
